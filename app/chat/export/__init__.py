"""Conversations as files that other programs read, and ours read back."""
