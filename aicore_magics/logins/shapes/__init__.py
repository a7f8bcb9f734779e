"""What a login file can be: one table of shapes, and for each how its logins are read."""
