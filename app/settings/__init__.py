"""The user's settings: each option once, and where they are kept."""
