"""Events of releases, kept by vintage, placed in regions and counted by month."""
