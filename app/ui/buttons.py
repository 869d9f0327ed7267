"""Buttons with a drawn icon that follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from app.ui.icons import ICON_PX, icon
from app.ui.theme import themes
from app.ui.tooltips import plain_tooltip


class IconButton(QToolButton):
    """A square button that is only an icon; its words are in `set_words`. It grows with the text unless it is `inner`."""

    def __init__(self, name: str, parent: QWidget | None = None, size_px: int = ICON_PX, *, is_inner: bool = False) -> None:
        super().__init__(parent)
        self._name = name
        self._size_px = size_px
        self._is_inner = is_inner
        self.setProperty("kind", "inner" if is_inner else "icon")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._on_themes_changed()

    def set_words(self, name: str, shortcut_hint: str = "") -> None:
        """What the button does, for a screen reader and as a tooltip."""
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(f"{name} ({shortcut_hint})" if shortcut_hint else name))

    def _on_themes_changed(self) -> None:
        theme = themes().current
        size_px = self._size_px if self._is_inner else themes().text_px(self._size_px)
        self.setIconSize(QSize(size_px, size_px))
        self.setIcon(icon(self._name, theme.text_2, size_px, theme.line))


class TextButton(QPushButton):
    """A button with words and perhaps an icon. `kind`: primary, outlined, link, fold, chip or plain."""

    def __init__(self, kind: str, icon_name: str = "", parent: QWidget | None = None, icon_px: int = 16) -> None:
        super().__init__(parent)
        self._kind = kind
        self._icon_name = icon_name
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # words are never cut to make room
        if icon_name:
            self._icon_px = icon_px
            themes().changed.connect(self._on_themes_changed)
            self._on_themes_changed()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._on_themes_changed()

    def set_words(self, text: str, tooltip: str = "") -> None:
        """What it says, and what it does where that needs more words. Its name has what it says, for those who call it by that."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(tooltip if text.casefold() in tooltip.casefold() else text)
        self.setToolTip(plain_tooltip(tooltip))

    def _on_themes_changed(self) -> None:
        theme = themes().current
        color = theme.on_accent if self._kind == "primary" else theme.text_2
        size_px = themes().text_px(self._icon_px)
        self.setIconSize(QSize(size_px, size_px))
        self.setIcon(icon(self._icon_name, color, size_px, theme.text_3))
