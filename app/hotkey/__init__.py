"""Keys that are pressed in any program."""
