"""Threads that carry work out of the window and results back into it."""
