"""Anyone's forecasts, read and scored."""
