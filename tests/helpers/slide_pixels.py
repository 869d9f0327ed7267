"""Looking at slides that Sightline draws itself: colours at places, words and where they stand, all in points of the slide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ingest.documents import Source
from ingest.slides import open_deck
from tests.helpers import deck_parts

WIDTH_PT, HEIGHT_PT = 960, 540


class Drawn:
    """One slide of 960 x 540 points, a pixel each."""

    def __init__(self, data: bytes) -> None:
        deck = open_deck(Source("deck.pptx", data=data), use_office=False)
        try:
            pixels = deck.render(0, WIDTH_PT, HEIGHT_PT)
            text = deck.text(0)
            self.warnings = deck.contents.warnings
        finally:
            deck.close()
        self.pixels = np.frombuffer(pixels.rgb, np.uint8).reshape(HEIGHT_PT, WIDTH_PT, 3).astype(int)
        self.text = text.text
        self.words = [
            (word.text, word.x0 * WIDTH_PT, word.y0 * HEIGHT_PT, word.x1 * WIDTH_PT, word.y1 * HEIGHT_PT) for word in text.words
        ]

    def is_at(self, x: float, y: float, colour: str, tolerance: int = 3) -> bool:
        """Whether a point has a colour, in hex."""
        return bool(self.where(colour, tolerance)[round(y), round(x)])

    def where(self, colour: str, tolerance: int = 3) -> Any:
        """A mask of the pixels of a colour."""
        wanted = [int(colour[index : index + 2], 16) for index in (0, 2, 4)]
        return (abs(self.pixels - wanted) <= tolerance).all(axis=2)

    def count(self, colour: str) -> int:
        """How many pixels have a colour."""
        return int(self.where(colour).sum())

    def box(self, colour: str) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of all pixels of a colour."""
        ys, xs = np.nonzero(self.where(colour))
        return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1

    @property
    def seen(self) -> set[str]:
        """The words that are drawn."""
        return {word for word, *_ in self.words}

    def place(self, word: str) -> tuple[float, float]:
        """The middle of the first word that reads so."""
        _, x0, y0, x1, y1 = next(found for found in self.words if found[0] == word)
        return (x0 + x1) / 2, (y0 + y1) / 2


def draw(fill: Callable[[Any], Any]) -> Drawn:
    """An empty slide after `fill` has put something on it."""
    deck = deck_parts.new_deck()
    fill(deck_parts.add_slide(deck))
    return Drawn(deck_parts.to_bytes(deck))
