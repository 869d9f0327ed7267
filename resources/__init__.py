"""Data files: icons, themes, translations, prompts and the model catalogue."""
