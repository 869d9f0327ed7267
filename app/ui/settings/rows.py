"""What pages of settings are made of: rows that can be searched, and a question asked in place before something is deleted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.theme import themes

MARGIN_PX = 32
GAP_PX = 16
COLUMN_WIDTH_PX_MAX = 720
SIDE_SHARE_MAX = 0.45
"""A control that needs more of the width goes below its words."""


def label(kind: str, text: str = "") -> QLabel:
    """Plain words, broken into lines."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("kind", kind)
    result.setWordWrap(True)
    return result


def rule() -> QFrame:
    """A thin line."""
    result = QFrame()
    result.setProperty("kind", "rule")
    return result


class Row(QWidget):
    """Words, and what goes with them on their right, or below where there is too little room.

    Attributes:
        body: below the words; for what needs the whole width.
        is_offered: whether it has a meaning now; `Page.filter` shows no others.
    """

    def __init__(self, side: QWidget | None = None, gap_px: int = GAP_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.is_offered = True
        self._label, self._help = label("option"), label("help")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._label)
        words.addWidget(self._help)
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._flow.setSpacing(GAP_PX)
        self._flow.addLayout(words, 1)
        if side is not None:
            self._flow.addWidget(side, 0, Qt.AlignmentFlag.AlignLeft)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, gap_px, 0, gap_px)
        layout.setSpacing(8)
        layout.addLayout(self._flow)
        layout.addLayout(self.body)

    def set_words(self, words: str, help_words: str = "") -> None:
        """What it is and what it does, for the eye, a screen reader and the search."""
        self._label.setText(words)
        self._help.setText(help_words)
        self._help.setVisible(bool(help_words))
        if self._side is not None:
            self._side.setAccessibleName(words)
            self._side.setAccessibleDescription(help_words)

    def matches(self, words: list[str]) -> bool:
        """Whether all of these, in small letters, are in what it says."""
        said = f"{self._label.text()} {self._help.text()}".casefold()
        return all(word in said for word in words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._side is not None:
            is_narrow = self._side.sizeHint().width() > self.width() * SIDE_SHARE_MAX
            self._flow.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)


class Heading(Row):
    """The name of the rows below it; no line parts it from them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(gap_px=0, parent=parent)
        self.setContentsMargins(0, GAP_PX, 0, 0)
        self._label.setProperty("kind", "section")

    def matches(self, words: list[str]) -> bool:
        """Nothing is found by it alone."""
        return not words


class Page(Translated, QScrollArea):
    """A heading, and rows below each other with thin lines between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Row, QFrame]] = []
        self._words: list[str] = []
        self._heading = label("heading")
        self._content = content = QWidget()
        content.setObjectName("settingsPage")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(MARGIN_PX, 20, MARGIN_PX, MARGIN_PX)
        self._column.setSpacing(0)
        self._column.addWidget(self._heading)
        self._column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setProperty("kind", "page")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # to be scrolled with keys
        themes().changed.connect(self._fit)
        self._fit()

    def set_heading(self, words: str) -> None:
        """Its name."""
        self._heading.setText(words)
        self.setAccessibleName(words)

    def add_row(self, row: Row) -> None:
        """Below the others."""
        line = rule()
        line.setVisible(bool(self._rows) and not isinstance(self._rows[-1][0], Heading))
        for widget in (line, row):
            self._column.insertWidget(self._column.count() - 1, widget)
        self._rows.append((row, line))

    def filter(self, words: list[str]) -> bool:
        """Show the rows that say all of these words; whether there are any."""
        self._words = words
        above: Row | None = None
        for row, line in self._rows:
            is_shown = row.is_offered and row.matches(words)
            row.setVisible(is_shown)
            line.setVisible(is_shown and above is not None and not isinstance(above, Heading))
            above = row if is_shown else above
        return above is not None

    def offer(self, row: Row, is_offered: bool) -> None:
        """Whether a row has a meaning now."""
        row.is_offered = is_offered
        self.filter(self._words)

    def minimumSizeHint(self) -> QSize:
        """Wide enough that no word is cut, where the screen is."""
        needed = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(min(needed, self.screen().availableSize().width() // 2), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return is_handled

    def _fit(self) -> None:
        self._content.setMaximumWidth(themes().text_px(COLUMN_WIDTH_PX_MAX) + 2 * MARGIN_PX)

    def retranslate(self) -> None:
        """Pages without words of their own have none to change."""


class Deletion(QWidget):
    """A quiet button that asks before it does anything: once, in words, in its place.

    Signals:
        confirmed(): the user wants it.
    """

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = label("quiet")
        self._yes, self._no, self._start = TextButton("danger"), TextButton("outlined"), TextButton("outlined")
        self._answers = QWidget()
        answers = QHBoxLayout(self._answers)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(8)
        answers.addWidget(self._yes)
        answers.addWidget(self._no)
        answers.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._start)
        layout.addWidget(self._question)
        layout.addWidget(self._answers)
        self._start.clicked.connect(self._on_start_clicked)
        self._yes.clicked.connect(self._on_yes_clicked)
        self._no.clicked.connect(self._on_no_clicked)
        self._ask(False)

    def set_words(self, start: str, name: str, question: str, yes: str, no: str) -> None:
        """What the button says, what a screen reader says to it, the question and its answers."""
        self._start.set_words(start)
        self._start.setAccessibleName(name)
        self._question.setText(question)
        self._yes.set_words(yes)
        self._yes.setAccessibleDescription(question)
        self._no.set_words(no)

    def _ask(self, is_asking: bool) -> None:
        self._start.setVisible(not is_asking)
        self._question.setVisible(is_asking)
        self._answers.setVisible(is_asking)

    def _on_start_clicked(self) -> None:
        self._ask(True)
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_no_clicked(self) -> None:
        self._ask(False)
        self._start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_yes_clicked(self) -> None:
        self._on_no_clicked()
        self.confirmed.emit()
