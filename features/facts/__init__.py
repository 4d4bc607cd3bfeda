"""Deployments and transitions, replayed as they were known at a month's end."""
