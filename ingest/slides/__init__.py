"""Decks. Slides become true pictures: through LibreOffice where it is installed, else drawn by Sightline itself.

.ppt and .odp need LibreOffice; .pptx does without, and is drawn by Sightline too when LibreOffice fails, or when the environment
variable SIGHTLINE_NO_OFFICE is set.
"""

from __future__ import annotations

import logging
import os

from ingest import detect
from ingest.documents import Document, Source
from ingest.errors import FormatUnsupported, IngestError

log = logging.getLogger(__name__)

NO_OFFICE_VARIABLE = "SIGHTLINE_NO_OFFICE"
_ENCRYPTED = "application/x-encrypted-office"


def open_document(source: Source, password: str | None = None) -> Document:
    """Open a deck. Raises Damaged, Empty, TooLarge or FormatUnsupported."""
    return open_deck(source)


def open_deck(source: Source, use_office: bool | None = None) -> Document:
    """Open a deck through LibreOffice, without it, or, for None, as the computer allows."""
    from ingest.slides import office
    from ingest.slides.deck import ConvertedDeck, Deck
    from ingest.slides.presentation import Presentation

    if source.media_type == _ENCRYPTED:
        raise FormatUnsupported(
            f"{source.name} is protected by a password. Open it in PowerPoint, remove the password and open the new file here."
        )
    if use_office is None:
        use_office = not os.environ.get(NO_OFFICE_VARIABLE)
    program = office.find() if use_office else None
    if source.media_type in (detect.PPT, detect.ODP):
        if program is None:
            raise FormatUnsupported(
                f"{source.name} is in a format that only LibreOffice opens. Install LibreOffice, or save the file as .pptx."
            )
        return ConvertedDeck(source, office.convert(source), office.version(program), None)
    presentation = Presentation(source)
    if program is not None:
        try:
            deck = ConvertedDeck(source, office.convert(source), office.version(program), presentation)
            if deck.contents.page_count == presentation.count:
                return deck
            log.warning("LibreOffice made %d pages of %d slides", deck.contents.page_count, presentation.count)
            deck.close()
        except IngestError as error:
            log.warning("LibreOffice failed, the slides are drawn without it: %s", error.code)
    return Deck(source, presentation)
