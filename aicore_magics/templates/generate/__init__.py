"""Templates from a few values."""
