"""Rolling origins, and what is chosen on them."""
