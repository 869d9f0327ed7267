"""Makes whole characters of text that JSON spelled in halves: beyond the first 65,536, an escape names one half of a character.

Some servers cut there, and send one half with each of two pieces. Half a character can be neither written nor shown.
"""

from __future__ import annotations


class CharacterJoiner:
    """Takes the pieces of one text in order."""

    def __init__(self) -> None:
        self._half = ""

    def join(self, piece: str) -> str:
        """The piece with what was kept back before it, without a first half at its end; a half without its other is replaced."""
        if not self._half and piece.isascii():
            return piece
        text = self._half + piece
        self._half = text[-1] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return whole_characters(text.removesuffix(self._half) if self._half else text)


def whole_characters(text: str) -> str:
    """Two halves as one character, and U+FFFD for one that stands alone."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
