"""What learns: binned trees, logits, calibration."""
