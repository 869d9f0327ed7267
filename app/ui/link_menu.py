"""A link in an answer shows where it leads before it leads there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.tooltips import plain_tooltip

OPENED_SCHEMES = ("http", "https", "mailto")
"""Anything else, such as a file or a program, is only shown and copied: the model wrote it."""
SHOWN_CHARACTERS_MAX = 90


class LinkMenu(QMenu):
    """The target in full, then what can be done with it."""

    def __init__(self, target: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._target = target
        shown = target if len(target) <= SHOWN_CHARACTERS_MAX else target[:SHOWN_CHARACTERS_MAX] + "…"
        heading = QAction(shown.replace("&", "&&"), self)
        heading.setEnabled(False)
        heading.setToolTip(plain_tooltip(target))
        self.addAction(heading)
        self.addSeparator()
        if QUrl(target).scheme().lower() in OPENED_SCHEMES:
            opening = self.addAction(QCoreApplication.translate("LinkMenu", "Open in the browser"))
            opening.triggered.connect(self._on_opening_triggered)
        copying = self.addAction(QCoreApplication.translate("LinkMenu", "Copy the address"))
        copying.triggered.connect(self._on_copying_triggered)
        self.aboutToHide.connect(self.deleteLater)

    def show_at(self, position: QPoint) -> None:
        """Open at a point of the screen, without waiting."""
        self.popup(position)

    def _on_opening_triggered(self) -> None:
        QDesktopServices.openUrl(QUrl(self._target))

    def _on_copying_triggered(self) -> None:
        QGuiApplication.clipboard().setText(self._target)
