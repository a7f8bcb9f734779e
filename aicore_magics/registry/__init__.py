"""Container registries: whether a login is accepted there, and can pull an image."""
