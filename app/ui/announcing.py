"""Has a screen reader say something: words, wherever the focus is, or the row of a list that the keyboard has come to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QListView, QWidget


def announce(widget: QWidget, words: str) -> None:
    """Say this in the name of a widget that is shown, after what is being said. Without a screen reader, nothing happens."""
    if words and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)


def tell_row(rows: QListView) -> None:
    """Say the current row too: a list has got the keyboard, and Qt tells of the list alone."""
    if QAccessible.isActive():
        QTimer.singleShot(0, rows, partial(_tell_row, rows))  # after what Qt tells


def _tell_row(rows: QListView) -> None:
    index = rows.currentIndex()
    if index.isValid() and rows.hasFocus():
        event = QAccessibleEvent(rows, QAccessible.Event.Focus)
        event.setChild(index.row())
        QAccessible.updateAccessibility(event)
