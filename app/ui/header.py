"""The line above the conversation: New, title, where questions go, and the menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from app.ui.buttons import IconButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.viewer import HEADER_PX

THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "zh_CN")


class Header(Translated, QFrame):
    """Signals:
    new_wanted(): a new conversation is to begin.
    model_wanted(): another model is to be chosen.
    theme_chosen(name), language_chosen(name): in the menu.
    """

    new_wanted = Signal()
    model_wanted = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title_text = ""
        self._host: str | None = None
        self.setObjectName("header")
        self.setFixedHeight(HEADER_PX)
        self._new = IconButton("new")
        self._new.clicked.connect(self.new_wanted)
        self._title = ElidedLabel("title", Qt.TextElideMode.ElideRight)
        self._badge = QLabel()
        self._badge.setProperty("kind", "badge")
        self._badge.hide()
        self._more = IconButton("more")
        self._more.clicked.connect(self._on_more_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self._new)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._badge)
        layout.addWidget(self._more)
        self._build_menu()
        self.retranslate()

    def set_title(self, title: str) -> None:
        """The conversation's; empty for a new one."""
        self._title_text = title
        self.retranslate()

    def set_destination(self, is_known: bool, host: str | None = None) -> None:
        """Where questions go: this computer, or the host named. Unknown while there is no model."""
        self._host = host
        self._badge.setVisible(is_known)
        self._badge.setProperty("remote", host is not None)
        self._badge.style().unpolish(self._badge)
        self._badge.style().polish(self._badge)
        self.retranslate()

    def set_choices(self, theme: str, language: str) -> None:
        """What is ticked in the menu."""
        for group, name in ((self._themes, theme), (self._languages, language)):
            for action in group.actions():
                action.setChecked(action.data() == name)

    def retranslate(self) -> None:
        self._new.set_words(self.tr("New conversation"), "Ctrl+N")
        self._more.set_words(self.tr("Menu"))
        self._badge.setText("● " + (self._host or self.tr("On this computer")))
        self._badge.setToolTip(self.tr("Where your questions and pictures go"))
        names = {
            "themes": self.tr("Theme"), "languages": self.tr("Language"), "model": self.tr("Choose a model…"),
            "system": self.tr("As on the desktop"), "light": self.tr("Light"), "dark": self.tr("Dark"),
            "en": "English", "zh_CN": "简体中文",
        }  # fmt: skip
        self._theme_menu.setTitle(names["themes"])
        self._language_menu.setTitle(names["languages"])
        self._model.setText(names["model"])
        for group in (self._themes, self._languages):
            for action in group.actions():
                action.setText(names[action.data()])
        self._title.set_full_text(self._title_text or self.tr("New conversation"))

    def _build_menu(self) -> None:
        self._menu = QMenu(self)
        self._model = QAction(self._menu)
        self._model.triggered.connect(self.model_wanted)
        self._menu.addAction(self._model)
        self._menu.addSeparator()
        self._theme_menu, self._language_menu = QMenu(self._menu), QMenu(self._menu)
        self._themes, self._languages = QActionGroup(self), QActionGroup(self)
        for menu, group, names in (
            (self._theme_menu, self._themes, THEMES),
            (self._language_menu, self._languages, LANGUAGES),
        ):
            self._menu.addMenu(menu)
            for name in names:
                action = QAction(menu)
                action.setCheckable(True)
                action.setData(name)
                group.addAction(action)
                menu.addAction(action)
        self._themes.triggered.connect(self._on_themes_triggered)
        self._languages.triggered.connect(self._on_languages_triggered)

    def _on_more_clicked(self) -> None:
        corner = self._more.mapToGlobal(QPoint(self._more.width(), self._more.height() + 4))
        self._menu.popup(corner - QPoint(self._menu.sizeHint().width(), 0))

    def _on_themes_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(action.data())

    def _on_languages_triggered(self, action: QAction) -> None:
        self.language_chosen.emit(action.data())
