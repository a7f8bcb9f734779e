"""One sender for all: over TLS, within a time limit, true about what was sent."""
