"""Scenarios and case studies."""
