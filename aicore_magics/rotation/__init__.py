"""One registry login replaced in many secrets of several tenants, in one run that can go on after a cut."""
