"""What learns: binned trees, logits, calibration, the effects layer."""
