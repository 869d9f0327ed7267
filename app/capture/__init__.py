"""Pictures of the screen: what takes them, what the user chooses of them, and recordings."""
