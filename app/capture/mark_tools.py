"""The tools beside a chosen region: pen, arrow, blur, and undo."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.capture.drafting import Tool
from app.ui.buttons import IconButton
from app.ui.language import Translated
from app.ui.theme import themes

AWAY_PX = 8
"""From the region."""


class MarkTools(Translated, QFrame):
    """Signals:
    tool_chosen(tool): a `Tool`, or None when it was put away.
    undo_wanted(): the last mark should go.
    """

    tool_chosen = Signal(object)
    undo_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._tools = {tool: IconButton(tool.value) for tool in Tool}
        self._undo = IconButton("undo")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        for tool, button in self._tools.items():
            button.setCheckable(True)
            button.clicked.connect(lambda is_checked, tool=tool: self._on_tool_clicked(tool, is_checked))
            layout.addWidget(button)
        self._undo.clicked.connect(self.undo_wanted)
        layout.addWidget(self._undo)
        themes().changed.connect(self.adjustSize)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Drawing tools"))
        self._tools[Tool.PEN].set_words(self.tr("Draw"))
        self._tools[Tool.ARROW].set_words(self.tr("Point with an arrow"))
        self._tools[Tool.BLUR].set_words(self.tr("Blur: nothing of it is sent"))
        self._undo.set_words(
            self.tr("Undo"), QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        )
        self.adjustSize()

    def set_state(self, tool: Tool | None, can_undo: bool) -> None:
        """Show which tool is in use."""
        for each, button in self._tools.items():
            button.setChecked(each is tool)
        self._undo.setEnabled(can_undo)

    def show_beside(self, region: QRect, label: QRect) -> None:
        """Stand above the region's right end, beside its label; in it where there is no room. All in pixels of the parent."""
        self.adjustSize()
        self.setGeometry(place(region, label, self.size(), self._room.size()))
        self.show()
        self.raise_()

    def _on_tool_clicked(self, tool: Tool, is_checked: bool) -> None:
        self.tool_chosen.emit(tool if is_checked else None)


def place(region: QRect, label: QRect, size: QSize, view: QSize) -> QRect:
    """Where tools of a size stand, wholly in the view."""
    top = region.top() - AWAY_PX - size.height()
    if top < 0:
        top = region.top() + AWAY_PX
    left = region.right() + 1 - size.width()
    beside = QRect(left, top, size.width(), size.height())
    if beside.adjusted(-AWAY_PX, 0, AWAY_PX, 0).intersects(label):
        left = label.right() + 1 + AWAY_PX
    left = min(max(left, 0), max(0, view.width() - size.width()))
    return QRect(left, min(max(top, 0), max(0, view.height() - size.height())), size.width(), size.height())
