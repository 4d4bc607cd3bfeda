"""Learning the models of a month."""
