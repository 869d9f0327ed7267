"""Parts below each other, each as high as its contents are at a width.

Unlike a layout of Qt's, whose sizes settle only after further events, everything stands where it belongs when `fit` returns.
Only so can the transcript hold still what is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

Part = TypeVar("Part", bound=QWidget)


class Stack(QFrame):
    """Attributes:
        margins: left, top, right and bottom, in logical pixels.
        spacing_px: between parts.

    Signals:
        parts_changed(): a part, or a part of a part, wants another size; `fit` is to be called.
    """

    parts_changed = Signal()

    def __init__(
        self, spacing_px: int = 12, margins: tuple[int, int, int, int] = (0, 0, 0, 0), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.spacing_px = spacing_px
        self.margins = margins

    def parts(self) -> Sequence[QWidget]:
        """From top to bottom; hidden ones take no room."""
        raise NotImplementedError

    def width_for(self, room_px: int) -> int:
        """How much of the room it takes."""
        return room_px

    def fit(self, width_px: int) -> int:
        """Place the parts for this width; the height that they take."""
        left, y, right, bottom = self.margins
        room_px = max(1, width_px - left - right)
        is_first = True
        for part in self.parts():
            if part.isHidden():
                continue
            y += 0 if is_first else self.spacing_px
            is_first = False
            width, height = fit_part(part, room_px)
            part.setGeometry(left, y, width, height)
            y += height
        QCoreApplication.removePostedEvents(self, QEvent.Type.LayoutRequest)  # of parts that have what they asked for
        return y + bottom

    def announce_change(self) -> None:
        """Say at once that other parts are shown than before."""
        self._outermost().parts_changed.emit()

    def adopt(self, part: Part) -> Part:
        """Make a widget a part, to be seen with the others.

        It is not shown before the whole tree is: style sheets would be worked out anew for every parent that it gets. For the
        same reason, a part with parts of its own is best made with its parent.
        """
        if part.parentWidget() is not self:
            part.setParent(self)
        if self.isVisible():
            part.show()
        return part

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.announce_change()
        return super().event(event)

    def _outermost(self) -> Stack:
        stack, parent = self, self.parentWidget()
        while isinstance(parent, Stack):
            stack, parent = parent, parent.parentWidget()
        return stack


def fit_part(part: QWidget, room_px: int) -> tuple[int, int]:
    """Width and height of a part that has this much room."""
    if isinstance(part, Stack):
        width_px = part.width_for(room_px)
        return width_px, part.fit(width_px)
    least_px = part.minimumHeight()
    if least_px == part.maximumHeight() and part.width() == room_px:
        return room_px, least_px  # as nearly all parts of a long answer are, whenever its end grows
    if part.minimumSize() == part.maximumSize():
        return part.minimumWidth(), part.minimumHeight()
    if part.sizePolicy().horizontalPolicy() in (QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum):
        return min(room_px, part.sizeHint().width()), part.sizeHint().height()
    part.resize(room_px, part.height())
    if part.minimumHeight() == part.maximumHeight():
        return room_px, part.minimumHeight()  # it knew its height as soon as it had its width
    if part.hasHeightForWidth():
        return room_px, part.heightForWidth(room_px)
    return room_px, part.sizeHint().height()
