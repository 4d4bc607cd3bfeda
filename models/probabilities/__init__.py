"""Forecasters of probabilities."""
