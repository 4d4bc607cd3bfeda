"""The jobs that commands run."""
