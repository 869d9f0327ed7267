"""The line above the conversation: its title, who can read along, and the menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from app.ui.actions import Actions
from app.ui.badge import Badge
from app.ui.buttons import IconButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.theme import themes

HEADER_PX = 48
"""Of both headers of the window, at the usual size of text."""
TITLE_CHARACTERS_MAX = 200


class Header(Translated, QFrame):
    """Signals:
    rename_wanted(title): the user wrote another title; an empty one takes the user's own away.
    focus_left(): the title was written or given up with a key, and the keyboard is needed elsewhere.
    """

    rename_wanted = Signal(str)
    focus_left = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._title_text = ""
        self._host: str | None = None
        self.setObjectName("header")
        self._sidebar, self._viewer, self._more = IconButton("sidebar"), IconButton("viewer"), IconButton("more")
        self._sidebar.clicked.connect(actions.action("view.sidebar").trigger)
        self._viewer.clicked.connect(actions.action("view.viewer").trigger)
        self._more.clicked.connect(self._on_more_clicked)
        self._title = TitleLabel()
        self._title.renaming_wanted.connect(self.rename)
        self._field = TitleField()
        self._field.finished.connect(self._on_field_finished)
        self._private, self._destination = Badge(), Badge()
        self._private.set_look("private", "quiet")
        for widget in (self._sidebar, self._viewer, self._field, self._private, self._destination):
            widget.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sidebar)
        layout.addSpacing(8)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._field, 1)
        for widget in (self._private, self._destination, self._viewer, self._more):
            layout.addWidget(widget)
        self._menu = actions.build_menu("more", self)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.retranslate()

    def set_title(self, title: str) -> None:
        """The conversation's; empty for a new one. What is being written for another one is given up."""
        title = " ".join(title.split())
        if title != self._title_text:
            self._field.give_up()
        self._title_text = title
        self.retranslate()

    def set_private(self, is_private: bool) -> None:
        """Whether nothing of the conversation is kept."""
        self._private.setVisible(is_private)

    def set_destination(self, is_known: bool, host: str | None = None) -> None:
        """Where questions go: this computer, or the host named. Unknown while there is no model."""
        self._host = host
        self._destination.set_look(*(("dot", "ok") if host is None else ("globe", "warn")))
        self._destination.setVisible(is_known)
        self.retranslate()

    def set_panes(self, *, has_sidebar: bool, has_hidden_viewer: bool) -> None:
        """What is at the sides; a button brings back what is not."""
        self._sidebar.setVisible(not has_sidebar)
        self._viewer.setVisible(has_hidden_viewer)

    def rename(self) -> None:
        """Let the title be written anew, where there is one."""
        if self._title_text:
            self._title.hide()
            self._field.start(self._title_text)

    def retranslate(self) -> None:
        self._sidebar.set_words(self._actions.action("view.sidebar").toolTip())
        self._viewer.set_words(self._actions.action("view.viewer").toolTip())
        self._more.set_words(self.tr("Menu"))
        self._field.setAccessibleName(self.tr("Title of the conversation"))
        self._private.set_words(self.tr("Private"), self.tr("Nothing of this conversation is written to disk"))
        if self._host is None:
            self._destination.set_words(self.tr("On this computer"), self.tr("Your questions and pictures stay on this computer"))
        else:
            words = self.tr("Your questions and pictures go to {host}")
            self._destination.set_words(self._host, words.format(host=self._host))
        self._title.set_full_text(self._title_text or self.tr("New conversation"))

    def _on_themes_changed(self) -> None:
        self.setFixedHeight(themes().tall_px(HEADER_PX))

    def _on_more_clicked(self) -> None:
        corner = self._more.mapToGlobal(QPoint(self._more.width(), self._more.height() + 4))
        self._menu.popup(corner - QPoint(self._menu.sizeHint().width(), 0))

    def _on_field_finished(self, title: str | None) -> None:
        had_focus = self._field.hasFocus()
        self._field.hide()
        self._title.show()
        if had_focus:
            self.focus_left.emit()
        if title is not None and title != self._title_text:
            self.rename_wanted.emit(title)


class TitleLabel(ElidedLabel):
    """Signals:
    renaming_wanted(): it was clicked twice.
    """

    renaming_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("title", Qt.TextElideMode.ElideRight, parent)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.renaming_wanted.emit()


class TitleField(QLineEdit):
    """Where the title is written.

    Signals:
        finished(title): with Enter or by leaving; None when Esc was pressed.
    """

    finished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("titleField")
        self.setMaxLength(TITLE_CHARACTERS_MAX)
        self.editingFinished.connect(self._on_editing_finished)

    def start(self, title: str) -> None:
        """Write this one anew."""
        self.setText(title)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc is meant for the title, not for the answer that runs
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.give_up()
                return True
        return super().event(event)

    def give_up(self) -> None:
        """Leave the title as it is."""
        self._finish(None)

    def _finish(self, title: str | None) -> None:
        if not self.isHidden():
            self.finished.emit(title)

    def _on_editing_finished(self) -> None:
        self._finish(" ".join(self.text().split()))
