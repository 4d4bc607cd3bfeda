"""From the files of others to a snapshot."""
