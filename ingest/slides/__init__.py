"""Decks. Slides become true pictures: through LibreOffice where it is installed, else drawn by Sightline itself."""

from __future__ import annotations

from ingest.documents import Document, Source


def open_document(source: Source, password: str | None = None) -> Document:
    from ingest.slides.deck import Deck

    return Deck(source)
