"""What is learned: forecasters, their calibration, their scores and their drivers."""
