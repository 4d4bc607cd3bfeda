"""What a forecaster is asked."""
