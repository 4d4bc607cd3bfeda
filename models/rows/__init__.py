"""Features and labels as rows, one for each unit and month."""
