"""Decks. Slides become true pictures: through LibreOffice where it is installed, else drawn by Sightline itself."""
