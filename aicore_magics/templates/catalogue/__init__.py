"""Every rule for templates, in one place: what it finds, why, where that is from, a bad and a good sample."""
