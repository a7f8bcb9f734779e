"""Templates as text: what is written, and where."""
