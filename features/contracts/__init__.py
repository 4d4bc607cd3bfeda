"""What the canonical tables hold: a contract each, of pandera, and the columns that several share."""
