"""Months x units: what was observed, and where."""
