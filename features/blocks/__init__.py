"""What a forecaster is told: features by block, each an array of months x units."""
