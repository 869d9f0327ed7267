"""Conversations on disk: one SQLite file, and the attached files beside it by the hash of their bytes."""
