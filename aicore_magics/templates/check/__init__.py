"""Templates in files and cells, held against the rules."""
