"""Forecasters of deaths, each a set of draws."""
