"""Scores of forecasts, their intervals and strata."""
