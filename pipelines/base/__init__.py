"""Settings, progress and files, on which every job stands."""
