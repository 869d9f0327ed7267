"""Ways to take pictures of the screens, one a module."""
