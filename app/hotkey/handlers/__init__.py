"""Ways to hear keys, one a module."""
