"""Widgets side by side that go on in the next line where there is no room, the last of them at the right edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.transcript_stack import Stack


class Flow(Stack):
    """As high as its lines are; hidden widgets take no room."""

    def __init__(self, gap_px: int, parent: QWidget | None = None) -> None:
        super().__init__(gap_px, parent=parent)
        self._parts: list[QWidget] = []
        self._last: QWidget | None = None

    def parts(self) -> Sequence[QWidget]:
        return (*self._parts, *((self._last,) if self._last is not None else ()))

    def set_parts(self, parts: Sequence[QWidget], last: QWidget | None = None) -> None:
        """Show these, in this order; what was shown before and is not among them is let go."""
        kept = {*parts, last}
        for old in self.parts():
            if old not in kept:
                old.hide()
                old.deleteLater()
        self._parts, self._last = [self.adopt(part) for part in parts], last
        if last is not None:
            self.adopt(last)
        self.announce_change()

    def fit(self, width_px: int) -> int:
        lines: list[list[tuple[QWidget, int]]] = [[]]
        x = 0
        for part in self.parts():
            if part.isHidden():
                continue
            width = min(part.sizeHint().width(), width_px)
            if x > 0 and x + width > width_px:
                lines.append([])
                x = 0
            lines[-1].append((part, width_px - width if part is self._last else x))
            x += width + self.spacing_px
        y = 0
        for line in lines:
            line_px = max((part.sizeHint().height() for part, _ in line), default=0)
            for part, left in line:
                hint = part.sizeHint()
                part.setGeometry(left, y + (line_px - hint.height()) // 2, min(hint.width(), width_px), hint.height())
            y += line_px + self.spacing_px
        return max(0, y - self.spacing_px)


class ButtonRow(Flow):
    """For a layout: as high as its lines are at the width that it gets."""

    def __init__(self, buttons: tuple[QWidget, ...]) -> None:
        super().__init__(8)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_parts(buttons)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width_px: int) -> int:
        return self.fit(width_px)
