"""Container registries: where a login is found."""
