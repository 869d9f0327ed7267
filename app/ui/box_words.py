"""Where a box lies, in words, for those who do not see it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from inference.types import Box


def place_words(box: Box) -> str:
    """The part of the picture that its middle lies in, and how much of the picture it takes."""
    row, column = _third((box.y0 + box.y1) / 2), _third((box.x0 + box.x1) / 2)
    table = {
        (0, 0): QCoreApplication.translate("Box", "upper left"),
        (0, 1): QCoreApplication.translate("Box", "top"),
        (0, 2): QCoreApplication.translate("Box", "upper right"),
        (1, 0): QCoreApplication.translate("Box", "left"),
        (1, 1): QCoreApplication.translate("Box", "middle"),
        (1, 2): QCoreApplication.translate("Box", "right"),
        (2, 0): QCoreApplication.translate("Box", "lower left"),
        (2, 1): QCoreApplication.translate("Box", "bottom"),
        (2, 2): QCoreApplication.translate("Box", "lower right"),
    }
    share = (box.x1 - box.x0) * (box.y1 - box.y0)
    if share >= 1:
        return QCoreApplication.translate("Box", "all of the picture")
    if not share:
        return table[row, column]
    words = QCoreApplication.translate("Box", "{place}, {percent} % of the picture")
    return words.format(place=table[row, column], percent=QLocale().toString(max(1, round(100 * share))))


def box_words(number: int, box: Box) -> str:
    """The box in one line: number, label, place."""
    label = " ".join((box.label or "").split()) or QCoreApplication.translate("Box", "marked place")
    return QCoreApplication.translate("Box", "{number} {label}, {place}").format(
        number=QLocale().toString(number), label=label, place=place_words(box)
    )


def _third(middle: float) -> int:
    return min(2, max(0, int(middle * 3)))
