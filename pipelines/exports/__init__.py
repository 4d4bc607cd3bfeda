"""An issue in the formats of others."""
