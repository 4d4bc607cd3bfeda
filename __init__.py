"""Open forecasts of regional political violence and state fragmentation, month by month."""
