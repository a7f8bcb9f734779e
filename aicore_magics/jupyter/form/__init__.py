"""The form: fields, what runs when they are used, and how it looks."""
