"""A month's scores, where they lie and how they did."""
