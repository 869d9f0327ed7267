"""What stands on the card besides answers: a question that was asked on, consent, a quiet line, the header of a pinned card."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.message_text import QuestionText

LINE_CHARACTERS_MAX = 1_000
"""Longer lines are broken: Qt takes a second for one of 50,000 characters."""
_TOO_LONG = re.compile(rf"[^\n]{{{LINE_CHARACTERS_MAX}}}(?!\n)")
ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0), Qt.Key.Key_Right: QPoint(1, 0), Qt.Key.Key_Up: QPoint(0, -1), Qt.Key.Key_Down: QPoint(0, 1),
}  # fmt: skip
STEP_PX = 16


def words_label(kind: str, text: str = "") -> QLabel:
    """Plain words in as many lines as they need, to be selected."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def recognised_text(text: str, name: str) -> QuestionText:
    """To be read and selected, with mouse and keys; `name` is for screen readers."""
    view, flag = QuestionText(_TOO_LONG.sub("\\g<0>\n", text)), Qt.TextInteractionFlag
    view.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
    view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    view.setAccessibleName(name)
    return view


class Consent(Translated, QFrame):
    """Asks whether the picture may go to another computer.

    Signals:
        answered(is allowed)
    """

    answered = Signal(bool)

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host
        self._words = words_label("body")
        self._yes, self._no = TextButton("primary"), TextButton("outlined")
        self._yes.clicked.connect(self._on_yes_clicked)
        self._no.clicked.connect(self._on_no_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addLayout(buttons)
        self.retranslate()

    @property
    def question(self) -> str:
        """What it says."""
        return self._words.text()

    def take_focus(self) -> None:
        """On the answer that sends nothing, as Enter may be pressed once too often."""
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        words = self.tr("Your question and what you chose of the screen will be sent to {host}.").format(host=self._host)
        self._words.setText(words)
        self.setAccessibleName(words)
        for button, text in ((self._yes, self.tr("Send")), (self._no, self.tr("Don't send"))):
            button.set_words(text)
            button.setAccessibleDescription(words)

    def _on_yes_clicked(self) -> None:
        self.answered.emit(True)

    def _on_no_clicked(self) -> None:
        self.answered.emit(False)


class PinnedHeader(Translated, QWidget):
    """By this a pinned card is moved; with the keyboard by arrows, and sized by Shift with arrows.

    Signals:
        drag_started(global position), dragged(global position): with the left button.
        nudged(step), stretched(step): in logical pixels.
        closed(): its cross.
    """

    drag_started = Signal(QPoint)
    dragged = Signal(QPoint)
    nudged = Signal(QPoint)
    stretched = Signal(QPoint)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._close = IconButton("close", size_px=14)
        self._close.clicked.connect(self.closed)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self._close.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._close)
        self.hide()
        self.retranslate()

    def set_title(self, words: str) -> None:
        """What the card is about."""
        self._title.set_full_text(" ".join(words.split()))

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [self, self._close]

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Move the card"))
        self.setAccessibleDescription(self.tr("Arrows move it, Shift with arrows makes it larger or smaller"))
        self._close.set_words(self.tr("Close the card"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stretched.emit(step * STEP_PX)
        else:
            self.nudged.emit(step * STEP_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.drag_started.emit(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.globalPosition().toPoint())
