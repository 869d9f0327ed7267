"""Above the picture: what is in view, which page of how many, and how large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QFontMetrics, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

from app.ui.buttons import IconButton
from app.ui.elided_label import ElidedLabel
from app.ui.header import HEADER_PX
from app.ui.language import Translated
from app.ui.theme import themes
from app.ui.viewer_subjects import Subject
from app.ui.viewer_words import counter_words, subject_words
from app.ui.words import percent_words

FIELD_PADDING_PX = 14


class _PageField(QLineEdit):
    """The number of the page in view; another one can be typed over it.

    Signals:
        entered(number): counted from 1, and one that there is.
    """

    entered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageField")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number = 0
        self._validator = QIntValidator(1, 1, self)
        self.setValidator(self._validator)
        self.returnPressed.connect(self._on_return_pressed)
        themes().changed.connect(self._fit)

    def set_number(self, number: int, count: int) -> None:
        """Show page `number` of `count`, both from 1."""
        self._number = number
        self._validator.setTop(count)
        self.setText(str(number))
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setText(str(self._number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(str(self._number))
            self.selectAll()
        super().keyPressEvent(event)

    def _fit(self) -> None:
        digits = "0" * max(2, len(str(self._validator.top())))
        self.setFixedWidth(QFontMetrics(self.font()).horizontalAdvance(digits) + FIELD_PADDING_PX)

    def _on_return_pressed(self) -> None:
        self.entered.emit(int(self.text()))
        self.selectAll()


class ViewerHeader(Translated, QFrame):
    """Signals:
    page_entered(index): the number field was used.
    subject_chosen(key): in the menu.
    """

    page_entered = Signal(int)
    subject_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerHeader")
        self._subject: Subject | None = None
        self._subjects: tuple[Subject, ...] = ()
        self._index = 0
        self._name = ElidedLabel("title", Qt.TextElideMode.ElideMiddle)
        self._switch = IconButton("fold", size_px=16)
        self._menu = QMenu(self)
        self._before, self._after = QLabel(), QLabel()
        self.field = _PageField()
        self._size = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._percent = QLabel()
        for label in (self._before, self._after, self._percent):
            label.setProperty("kind", "small")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(self._switch)
        layout.addSpacing(4)
        for widget in (self._before, self.field, self._after, self._size):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addSpacing(4)
        layout.addWidget(self._percent)
        self._switch.clicked.connect(self._on_switch_clicked)
        self._menu.triggered.connect(self._on_menu_triggered)
        self.field.entered.connect(self._on_field_entered)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.retranslate()

    @property
    def words(self) -> str:
        """What it says: name, page, size."""
        parts = [self._name.full_text]
        if self.field.isVisibleTo(self):
            parts.append(f"{self._before.text()} {self.field.text()} {self._after.text()}".strip())
        elif self._size.isVisibleTo(self):
            parts.append(self._size.full_text)
        return "   ".join(part for part in parts if part)

    def show_place(self, name: str, size: str, subject: Subject | None, index: int) -> None:
        """What is in view: its name, its size where that is worth saying, and where it stands."""
        self._subject, self._index = subject, index
        self._name.set_full_text(name)
        self._size.set_full_text(size)
        has_pages = subject is not None and len(subject) > 1
        wanted = {self._size: bool(size) and not has_pages, self._before: has_pages, self.field: has_pages, self._after: has_pages}
        for widget in sorted(wanted, key=wanted.__getitem__):  # what goes makes room first, lest the viewer grow
            widget.setVisible(wanted[widget])
        if subject is not None and has_pages:
            before, after = counter_words(subject)
            self._before.setText(before)
            self._after.setText(after)
            self.field.set_number(index + 1, len(subject))

    def set_subjects(self, subjects: Sequence[Subject]) -> None:
        """What can be switched between."""
        self._subjects = tuple(subjects)
        self._switch.setVisible(len(self._subjects) > 1)

    def set_percent(self, percent: int) -> None:
        """How large the picture is shown; 0 for nothing in view."""
        self._percent.setText(percent_words(percent) if percent else "")

    def retranslate(self) -> None:
        self._switch.set_words(self.tr("Switch between attachments"), "Ctrl+PgUp, Ctrl+PgDn")
        self.field.setAccessibleName(self.tr("Go to page"))
        self.field.setToolTip(self.tr("Go to page"))
        self._percent.setToolTip(self.tr("Pixels of the screen for a hundred of the picture"))
        self.show_place(self._name.full_text, self._size.full_text, self._subject, self._index)

    def _on_themes_changed(self) -> None:
        self.setFixedHeight(themes().tall_px(HEADER_PX))

    def _on_switch_clicked(self) -> None:
        self._menu.clear()
        for subject in self._subjects:
            action = QAction(subject_words(subject).replace("&", "&&"), self._menu)
            action.setData(subject.key)
            action.setCheckable(True)
            action.setChecked(self._subject is not None and subject.key == self._subject.key)
            self._menu.addAction(action)
        self._menu.popup(self._switch.mapToGlobal(self._switch.rect().bottomLeft()))

    def _on_menu_triggered(self, action: QAction) -> None:
        self.subject_chosen.emit(action.data())

    def _on_field_entered(self, number: int) -> None:
        self.page_entered.emit(number - 1)
