"""What AI Core wants of templates, and where a secret is named in them."""
