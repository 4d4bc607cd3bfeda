"""What is known at month t: sources, canonical tables, panels, features and targets."""
