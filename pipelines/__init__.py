"""What is run: the main job, its steps, and the command line."""
