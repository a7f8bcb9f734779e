"""What AI Core wants of a template, a rule at a time."""
