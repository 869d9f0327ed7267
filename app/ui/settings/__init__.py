"""The settings dialog: one page for each group of settings."""
