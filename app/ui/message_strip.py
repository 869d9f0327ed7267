"""What concerns no answer, above the composer: a quiet message, and a question or an offer with buttons."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.announcing import announce
from app.ui.buttons import IconButton, TextButton
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.theme import themes

OFFER_MS = 10_000
"""How long an offer stays."""
WORDS_PX_MIN = 240
"""How much of the width the words of a question get at least, at the usual size of text."""
ICON_PX = 16
BORDER_PX = 2
"""Of words that can be scrolled, where the focus is seen (`style`)."""
HELD_MS = 2_000
"""How soon it is looked again whether the pointer or the keyboard still holds it."""


class MessageStrip(Translated, QWidget):
    """Holds one message and one question; another one takes the place of the one before. Hiding it lets go of both.

    Signals:
        answered(id, index): a button of a question was pressed.
        dismissed(id): a question is gone without an answer: closed, replaced, or an offer that nobody took up in time.
    """

    answered = Signal(str, int)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message, self._question = Line("alert"), Line("info")
        self._question_id = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._message.closed.connect(self._on_message_closed)
        self._question.closed.connect(self._withdraw)
        self._question.pressed.connect(self._on_question_pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._message)
        layout.addWidget(self._question)
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """What the message says; empty without one."""
        return self._message.text

    @property
    def question(self) -> str:
        """What the question says; empty without one."""
        return self._question.text

    def show_message(self, text: str, *, is_good: bool = False) -> None:
        """Say something. Unless `is_good`, it is a warning."""
        self._message.set_icon("check" if is_good else "alert")
        self._message.say(text, ())
        self.show()
        announce(self, text)

    def withdraw_message(self, text: str) -> None:
        """Say this no longer; another message stays."""
        if text == self.text:
            self._on_message_closed()

    def ask(self, question_id: str, text: str, buttons: Sequence[str]) -> None:
        """Say something that up to two buttons answer. With one of them it is an offer, which goes away after a while."""
        self._withdraw()
        self._question_id = question_id
        self._question.say(text, buttons)
        self.show()
        if len(buttons) == 1:
            self._timer.start(OFFER_MS)
        announce(self, text)

    def retranslate(self) -> None:
        self._message.set_closing_words(self.tr("Close this message"))
        self._question.set_closing_words(self.tr("Close this message"))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.isHidden():  # itself, not the window that it is in
            self._message.hide()
            self._withdraw()

    def _withdraw(self) -> None:
        self._timer.stop()
        question_id, self._question_id = self._question_id, ""
        self._question.hide()
        self._hide_if_empty()
        if question_id:
            self.dismissed.emit(question_id)

    def _hide_if_empty(self) -> None:
        if self._message.isHidden() and self._question.isHidden():
            self.hide()

    def _on_message_closed(self) -> None:
        self._message.hide()
        self._hide_if_empty()

    def _on_question_pressed(self, index: int) -> None:
        question_id, self._question_id = self._question_id, ""
        self._withdraw()
        self.answered.emit(question_id, index)

    def _on_timer_timeout(self) -> None:
        focused = QApplication.focusWidget()
        is_held = self._question.underMouse() or (focused is not None and self._question.isAncestorOf(focused))
        if is_held:
            self._timer.start(HELD_MS)
        else:
            self._withdraw()


class Words(QScrollArea):
    """A text that is scrolled where the window has no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # some hold a command to be copied
        self._label.setAutoFillBackground(False)
        self.setWidget(self._label)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setProperty("kind", "page")  # its focus is seen
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._on_bar_range_changed)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Say this, from its beginning."""
        self._label.setText(text)
        self.verticalScrollBar().setValue(0)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._label.heightForWidth(width - 2 * BORDER_PX) + 2 * BORDER_PX

    def sizeHint(self) -> QSize:
        return self._label.sizeHint() + QSize(2 * BORDER_PX, 2 * BORDER_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def _on_bar_range_changed(self, _least: int, most: int) -> None:
        """It is reached with the keyboard where there is something to scroll."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.verticalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()


class Line(QFrame):
    """An icon, a sentence, buttons or a cross.

    Signals:
        closed(): by the cross.
        pressed(index): one of the buttons was.
    """

    closed = Signal()
    pressed = Signal(int)

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setObjectName("notice")
        self._icon, self._words = QLabel(), Words()
        self._buttons: list[TextButton] = []
        self._close = IconButton("close", size_px=16)
        self._close.clicked.connect(self.closed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 8, 8)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self._words, 0, 1)
        self._grid.addWidget(self._close, 0, 3)
        self._choices = QWidget()
        self._row = QHBoxLayout(self._choices)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._grid.addWidget(self._choices, 0, 2)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text

    def say(self, text: str, buttons: Sequence[str]) -> None:
        """Say this. Two buttons are a question, which wants one of them; else there is a cross."""
        for old in self._buttons:
            old.deleteLater()
            old.hide()
        self._buttons = [TextButton("primary" if index == 0 and len(buttons) > 1 else "outlined") for index in range(len(buttons))]
        for button, words in zip(self._buttons, buttons, strict=True):
            button.set_words(words)
            button.clicked.connect(self._on_button_clicked)
            self._row.addWidget(button)
        for before, after in pairwise((self._close, *self._buttons)):  # new ones would come after all else in the window
            self.setTabOrder(before, after)
        self._close.setVisible(len(buttons) < 2)
        self._words.set_text(text)
        self.setAccessibleName(text)
        self._words.setAccessibleName(text)
        self._choices.setVisible(bool(buttons))
        self._place_buttons()
        self.show()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._on_themes_changed()

    def set_closing_words(self, words: str) -> None:
        """What the cross does."""
        self._close.set_words(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Beside the words, or below them where that would leave too little room for words."""
        buttons_px = sum(button.sizeHint().width() + self._row.spacing() for button in self._buttons)
        is_below = bool(self._buttons) and self.width() - buttons_px < themes().text_px(WORDS_PX_MIN)
        if is_below != (self._grid.itemAtPosition(1, 1) is not None):
            self._grid.removeWidget(self._choices)
            place = (1, 1, 1, 3) if is_below else (0, 2, 1, 1)
            self._grid.addWidget(self._choices, *place, Qt.AlignmentFlag.AlignRight)

    def _on_button_clicked(self) -> None:
        self.pressed.emit(next(index for index, button in enumerate(self._buttons) if button is self.sender()))

    def _on_themes_changed(self) -> None:
        theme = themes().current
        color = theme.warn if self._icon_name == "alert" else theme.text_2
        self._icon.setPixmap(pixmap(self._icon_name, color, themes().text_px(ICON_PX), self.devicePixelRatioF()))
