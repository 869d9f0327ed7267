"""Model files: what they hold, and what fits this computer."""
