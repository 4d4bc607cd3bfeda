"""Canonical tables: their columns and contracts, and the snapshot that holds them."""
