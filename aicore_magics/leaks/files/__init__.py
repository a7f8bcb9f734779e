"""Which files are searched, and the texts in them."""
