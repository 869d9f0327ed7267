"""Texts of answers for tests of how they are shown, and the view that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference, TextBlock
from app.ui.code_lexers import lexers
from app.ui.code_view import CodeView
from app.ui.formula import formulas
from app.ui.rich_text import RichText, close_rich_text
from app.ui.theme import themes
from inference.types import Box

EVERYTHING = (
    "# Head\n\nOne **two** `three` and $x_1^2$.\n\n- a\n- b\n\n  more\n- c\n  - nested $y$\n- d\n\n1. x\n2. y\n1. z\n\n"
    "```python\nfor i in x:\n\n    pass  # 中文\n```\n\nBetween.\n\n```\nplain\n```\n"
    "| a | b |\n|---|:-:|\n" + "".join(f"| {row} | *cell* `{row}` |\n" for row in range(12)) + "\n"
    "> quote\n> $$\n> x\n> $$\n\n---\n\n$$\\frac{a}{b}$$\n\n2. two\n   ```sh\n   ls\n   ```\n3. three\n\nEnd of *it* all\n"
)
WAIT_MS = 60_000


@contextmanager
def default_looks() -> Iterator[None]:
    """The light theme and plain size, now and afterwards; and no threads are left behind."""
    themes().choose("light")
    try:
        yield
    finally:
        if formulas().is_busy or lexers().is_busy:
            close_rich_text()
        themes().choose_text_size(100)
        themes().choose("light")


def reference(number: int, picture_id: str | None = "a", label: str | None = None) -> Reference:
    return Reference(number, Box(picture_id, 0, 0, 1, 1, label), picture_id)


def show(qtbot: QtBot, *pieces: str | Reference, width: int = 500) -> RichText:
    """A view with a finished block."""
    view = RichText()
    qtbot.addWidget(view)
    view.resize(width, 10)
    view.show()
    view.show_block(TextBlock(list(pieces)))
    view.set_final()
    return view


def settle(qtbot: QtBot, view: RichText) -> RichText:
    """Wait until all formulas are drawn and all code is coloured."""

    def is_settled() -> None:
        assert all(part.minimumHeight() <= part.height() <= part.maximumHeight() for part in view.views)
        assert view.height() == max((part.geometry().bottom() + 1 for part in view.views), default=1)
        assert not formulas().is_busy
        assert not lexers().is_busy
        assert not any(part.is_coloring for part in view.views if isinstance(part, CodeView))

    qtbot.waitUntil(is_settled, timeout=WAIT_MS)
    return view


def picture_of(view: RichText) -> QImage:
    """Without what has the keyboard, which is a matter of the window."""
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()
    return view.grab().toImage()
