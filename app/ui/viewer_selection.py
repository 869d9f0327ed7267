"""What is selected of the text of the page in view."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.ui.text_layer import TextLayer
from ingest.types import Area


class TextSelection(QObject):
    """Attributes:
    layer: the text of the page in view; None until it is read.

    Signals:
        changed(): another selection, or another text.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.layer: TextLayer | None = None
        self._ends: tuple[int, int] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self._ends is None

    @property
    def text(self) -> str:
        """What the selection says."""
        return self.layer.text(min(self._ends), max(self._ends)) if self.layer is not None and self._ends is not None else ""

    @property
    def areas(self) -> list[Area]:
        """Where it lies."""
        return self.layer.areas(min(self._ends), max(self._ends)) if self.layer is not None and self._ends is not None else []

    def set_layer(self, layer: TextLayer | None) -> None:
        """Another text; nothing of it is selected."""
        self.layer, self._ends = layer, None
        self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        self._select(None)

    def select_all(self) -> None:
        """Select all there is."""
        if self.layer is not None and not self.layer.is_empty:
            self._select((0, self.layer.last))

    def select_word(self, piece: int) -> None:
        """Select the word that a piece belongs to."""
        if self.layer is not None:
            self._select(self.layer.word_at(piece))

    def select_between(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        """Select from the text nearest to a point to that nearest to another, both as fractions of the page."""
        start, end = (self.layer.nearest(*point) if self.layer is not None else None for point in (one, other))
        if start is not None and end is not None:
            self._select((start, end))

    def extend(self, x: int, y: int, visible: Area) -> bool:
        """By a word or a line, from the first word in view where nothing is selected. Whether there is any text."""
        if self.layer is None or self.layer.is_empty:
            return False
        if self._ends is None:
            first = self.layer.first_in(visible) or 0
            self._select((first, first))
        else:
            anchor, end = self._ends
            self._select((anchor, self.layer.beside_line(end, y > 0) if y else min(max(end + x, 0), self.layer.last)))
        return True

    def _select(self, ends: tuple[int, int] | None) -> None:
        if ends != self._ends:
            self._ends = ends
            self.changed.emit()
