"""A scrolled column of turns of which only those near the viewport have widgets.

What is looked at never moves by itself. Whatever changes rows or heights does it inside `held`: afterwards the view is scrolled so
that the same part stands at the same place, or so that the end is still the end for whoever was there. Positions are logical
pixels from the top of the conversation, as in `Rows`; the scroll bar's value is the one at the top of the viewport.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget
from shiboken6 import isValid

from app.ui.transcript_rows import MARGIN_PX as TOP_PX
from app.ui.transcript_rows import Row, Rows

if TYPE_CHECKING:
    from app.ui.transcript_turn import TurnView

COLUMN_WIDTH_PX_MAX = 720
MARGIN_PX = 32
FOLLOW_SLACK_PX = 24
"""How near the end counts as being at the end."""
STEP_PX = 24
ORDER_MS = 200
"""How soon after a change Tab knows the new order by itself; it is brought up to date at once when Tab is pressed."""
RUNNING_ORDER_MS = 1_000
"""The same while an answer grows."""
NEAR, FAR = 1, 3
"""How many heights of the viewport away widgets are made before they are seen, and kept after."""
SEEN_MARGIN_PX = 64
"""From the edge of the viewport to something that has to be seen."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is to stay: a row, or better a part of it.

    Attributes:
        index: of the row, for when it is gone.
        y_px: the row's top, from the viewport's.
        offset_px: what of the part is above the viewport.
    """

    row: Row
    index: int
    y_px: int
    part: QWidget | None = None
    offset_px: int = 0
    height_px: int = 0


class TurnArea(QAbstractScrollArea):
    """Signals:
    end_left(), end_reached(): by the user or by what was shown.
    """

    end_left = Signal()
    end_reached = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows()
        self._follows = True
        self._was_at_end = True
        self._had_selection = False
        self._refreshed: Row | None = None
        self._is_settling = False
        self._last_value = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._order_timer = QTimer(self)
        self._order_timer.setSingleShot(True)
        self._order_timer.timeout.connect(self.order_focus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(STEP_PX)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_value_changed)

    @property
    def views(self) -> list[TurnView]:
        """The widgets that there are, from top to bottom."""
        return [row.view for row in self.rows if row.view is not None]

    @property
    def column_px(self) -> int:
        """How wide the turns are. The scroll bar takes nothing from it, so that the column stays over the composer."""
        return max(1, min(COLUMN_WIDTH_PX_MAX, self.width() - 2 * MARGIN_PX))

    def new_view(self, row: Row) -> TurnView:
        """Make the widget of a row, as a child of the viewport that is not shown yet."""
        raise NotImplementedError

    @contextmanager
    def held(self, *, is_rewrapped: bool = False) -> Iterator[None]:
        """Rows and heights may change inside; what is looked at does not."""
        had_selection, self._had_selection = self._had_selection, any(view.has_selection for view in self.views)
        if self._had_selection and not had_selection:
            self._follows = False  # the user is busy with what is there
        anchor = None if self._follows else self._find_anchor()
        yield
        self.rows.moved()
        self._settle(self._value_for(anchor, is_rewrapped) if anchor else self.verticalScrollBar().value())

    def fit_row(self, row: Row) -> None:
        """Measure a row anew; to be called inside `held`."""
        if row.view is None or not self.isVisible():
            row.guess(self.column_px)
        else:
            row.height_px, row.is_measured = row.view.fit(self.column_px), True
            row.view.resize(self.column_px, row.height_px)

    def fill(self) -> None:
        """Give every turn in view its widget now, and those near it soon."""
        if not self.isVisible():
            return
        while (row := self._missing(0)) is not None:
            with self.held():
                self._make_view(row)
        self._timer.start(0)

    def scroll_to_end(self) -> None:
        """Show the end, and stay with it."""
        self._follows = True
        self._had_selection = any(view.has_selection for view in self.views)
        self._settle(0)
        self.fill()

    def bring_into_view(self, turn_id: int) -> TurnView | None:
        """The widget of a turn, in view if it was not."""
        row = self.rows.find(turn_id)
        if row is None:
            return None
        top, bar, height = self.rows.top(self.rows.index(row)), self.verticalScrollBar(), self.viewport().height()
        if top + row.height_px <= bar.value() + SEEN_MARGIN_PX or top >= bar.value() + height - SEEN_MARGIN_PX:
            self._follows = False
            self._settle(top - TOP_PX)
        self.fill()
        return row.view

    def show_place(self, widget: QWidget, y_px: int) -> None:
        """Scroll as little as needed so that this height of a widget in here is seen well."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        place = widget.mapTo(self.viewport(), QPoint(0, y_px)).y()
        if not SEEN_MARGIN_PX <= place <= height - SEEN_MARGIN_PX:
            bar.setValue(bar.value() + place - height // 3)

    def drop_view(self, row: Row) -> None:
        """Let go of a row's widget."""
        if row.view is not None:
            row.view.hide()
            row.view.deleteLater()
            row.view = None

    def order_focus_soon(self, ms: int) -> None:
        """Have `order_focus` called in so many milliseconds, or when it is going to be called anyway."""
        if not self._order_timer.isActive():
            self._order_timer.start(ms)

    def order_focus(self) -> None:
        """Tab goes through the turns as they are read, whichever was made first; keys and menus are the transcript's."""
        self._order_timer.stop()
        before: QWidget = self
        for view in self.views:
            for stop in view.focus_stops():
                QWidget.setTabOrder(before, stop)
                before = stop
            for text in view.texts():
                text.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the message has one
                text.installEventFilter(self)  # for keys that scroll; again and again is as good as once

    def _find_anchor(self) -> Anchor | None:
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        seen = self.rows.between(value, value + height)
        index = next((i for i in seen if self.rows[i].view is not None), seen.start if seen else -1)
        if index < 0:
            return None
        row, y_px = self.rows[index], self.rows.top(index) - value
        if row.view is None or y_px >= 0:
            return Anchor(row, index, y_px)
        part, offset_px = row.view.part_at(-y_px)
        return Anchor(row, index, y_px, part, offset_px, part.height())

    def _value_for(self, anchor: Anchor, is_rewrapped: bool) -> int:
        """The bar's value at which the anchor is where it was."""
        rows = list(self.rows)
        index = rows.index(anchor.row) if anchor.row in rows else min(anchor.index, len(rows))
        top, part = self.rows.top(index), anchor.part
        if part is None or not isValid(part) or anchor.row.view is None or not anchor.row.view.isAncestorOf(part):
            return top - anchor.y_px
        offset = anchor.offset_px
        if is_rewrapped and anchor.height_px > 0 and offset > 0:
            offset = round(offset * part.height() / anchor.height_px)
        return top + part.mapTo(anchor.row.view, QPoint(0, 0)).y() + offset

    def _settle(self, value: int) -> None:
        """Scroll there, or to the end while it is followed, and put the widgets in their places."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        maximum = max(0, self.rows.total_px - height)
        self._is_settling = True
        bar.setPageStep(height)
        bar.setRange(0, maximum)
        bar.setValue(maximum if self._follows else value)
        self._is_settling = False
        self._place()

    def _place(self) -> None:
        bar = self.verticalScrollBar()
        self._last_value = value = bar.value()
        left = (self.width() - self.column_px) // 2
        for index, row in enumerate(self.rows):
            if row.view is not None:
                row.view.move(left, self.rows.top(index) - value)
        is_at_end = value >= bar.maximum() - FOLLOW_SLACK_PX
        if is_at_end != self._was_at_end:
            self._was_at_end = is_at_end
            (self.end_reached if is_at_end else self.end_left).emit()

    def _missing(self, heights_around: int) -> Row | None:
        """A row in view, or so many heights of the viewport around it, that has no widget; the one to be made first."""
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        around = heights_around * height
        indices = self.rows.between(value - around, value + height + around)
        return next((self.rows[i] for i in (reversed(indices) if self._follows else indices) if self.rows[i].view is None), None)

    def _make_view(self, row: Row) -> None:
        view = row.view = self.new_view(row)
        view.parts_changed.connect(self._on_view_parts_changed)
        after = next((other.view for other in list(self.rows)[self.rows.index(row) + 1 :] if other.view is not None), None)
        if after is not None:
            view.stackUnder(after)  # screen readers go by this order
        view.move(0, -QApplication.primaryScreen().size().height() - row.height_px)  # nothing is seen of it before it has its place
        view.show()
        self.fit_row(row)
        self.order_focus_soon(ORDER_MS)

    def _release_far(self) -> None:
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        kept = self.rows.between(value - FAR * height, value + (1 + FAR) * height)
        for index, row in enumerate(self.rows):
            if row.view is not None and index not in kept and not row.view.is_in_use:
                self.drop_view(row)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Widgets are moved by `_place`."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_rewrapped = event.size().width() != event.oldSize().width()
        with self.held(is_rewrapped=is_rewrapped):
            for row in self.rows if is_rewrapped else ():
                row.is_measured = False
                if row.view is not None:
                    self.fit_row(row)
        self.fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        with self.held():  # nothing was measured while it was hidden
            for row in self.rows:
                if row.view is not None:
                    self.fit_row(row)
        self.fill()

    def _on_bar_value_changed(self, value: int) -> None:
        if self._is_settling:
            return
        is_back = value < self._last_value  # even a little: whoever begins to scroll back must not be pulled to the end
        self._follows = not is_back and value >= self.verticalScrollBar().maximum() - FOLLOW_SLACK_PX
        self._place()
        self.fill()

    def _on_view_parts_changed(self) -> None:
        sender = self.sender()
        row = next((row for row in self.rows if row.view is sender), None)
        if row is not None and self.isVisible():
            if row is not self._refreshed:
                with self.held():
                    self.fit_row(row)
                self.fill()
            self.order_focus_soon(ORDER_MS)  # a part may be new

    def _on_timer_timeout(self) -> None:
        row = self._missing(NEAR)
        if row is not None:
            with self.held():
                self._make_view(row)
            self._timer.start(0)
        else:
            self._release_far()
