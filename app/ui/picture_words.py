"""What pictures and their places in documents are called, in the user's language. What a model reads of them stays English."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from app.chat.pictures import place_of
from ingest.attachment import Picture

_COUNTED = re.compile(r"([a-z]+) (\d{1,9}(?:-\d{1,9})?)")
"""A piece of a locator: "page 12", "lines 1-58"."""
_SHEET = "sheet "


def picture_words(picture: Picture) -> str:
    """The name in full: "report.pdf, page 12", "report.pdf, part of page 12"."""
    place = place_of(picture)
    if place is None:
        return picture.name
    name = place.source.name
    if place.source.is_single:
        return name if place.area is None else QCoreApplication.translate("Place", "part of {name}").format(name=name)
    if place.area is None:
        words = QCoreApplication.translate("Place", "{name}, {place}")
    else:
        words = QCoreApplication.translate("Place", "{name}, part of {place}")
    return words.format(name=name, place=locator_words(place.locator))


def locator_words(locator: str) -> str:
    """A place in a document, as `ingest` names it: "slide 3", "sheet Costs, rows 1-40". What is not known stays as it is."""
    return QCoreApplication.translate("Place", ", ").join(map(_piece_words, locator.split(", ")))


def _piece_words(piece: str) -> str:
    if piece.startswith(_SHEET):
        return QCoreApplication.translate("Place", "sheet {name}").format(name=piece.removeprefix(_SHEET))
    table = {
        "page": QCoreApplication.translate("Place", "page {number}"),
        "slide": QCoreApplication.translate("Place", "slide {number}"),
        "chapter": QCoreApplication.translate("Place", "chapter {number}"),
        "part": QCoreApplication.translate("Place", "part {number}"),
        "copy": QCoreApplication.translate("Place", "copy {number}"),
        "line": QCoreApplication.translate("Place", "line {number}"),
        "lines": QCoreApplication.translate("Place", "lines {number}"),
        "row": QCoreApplication.translate("Place", "row {number}"),
        "rows": QCoreApplication.translate("Place", "rows {number}"),
        "paragraph": QCoreApplication.translate("Place", "paragraph {number}"),
        "paragraphs": QCoreApplication.translate("Place", "paragraphs {number}"),
        "cell": QCoreApplication.translate("Place", "cell {number}"),
        "cells": QCoreApplication.translate("Place", "cells {number}"),
    }
    counted = _COUNTED.fullmatch(piece)
    return table[counted[1]].format(number=counted[2]) if counted and counted[1] in table else piece
