"""The tool in use, and the mark that is being drawn with it on a shot."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal

from app.capture.drafting import Draft, Tool
from app.capture.models import Rect
from app.capture.overlay_keys import Step
from app.capture.overlay_window import OverlayWindow


class MarkDrawing(QObject):
    """Attributes:
    tool: None while nothing can be drawn.

    Signals:
        drawn(mark): one was finished.
    """

    drawn = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tool: Tool | None = None
        self._draft: Draft | None = None
        self._window: OverlayWindow | None = None

    @property
    def is_drafting(self) -> bool:
        """Whether a mark has been begun."""
        return self._draft is not None

    def begin(self, window: OverlayWindow, area: Rect, point: QPointF) -> None:
        """A mark on an area, from a point of the picture on."""
        assert self.tool is not None
        self._start(window, Draft(self.tool, area, point))

    def lead_to(self, point: QPointF) -> None:
        """Draw on, when a mark has been begun."""
        if self._draft is not None:
            self._draft.lead_to(point)
            self._show()

    def step(self, window: OverlayWindow, area: Rect, step: Step) -> None:
        """Draw with keys: the first one begins a mark amid the area, the others move or stretch it."""
        assert self.tool is not None
        if self._draft is None:
            self._start(window, Draft.amid(self.tool, area))
            return
        (self._draft.stretch if step.sizes else self._draft.move)(step.x, step.y)
        self._show()

    def finish(self) -> None:
        """The mark is done, unless it is too small to be meant."""
        mark = self._draft.mark() if self._draft is not None else None
        self.abandon()
        if mark is not None:
            self.drawn.emit(mark)

    def abandon(self) -> bool:
        """Drop the mark. Whether there was one."""
        if self._draft is None or self._window is None:
            return False
        self._window.show_draft(None)
        self._draft = self._window = None
        return True

    def _start(self, window: OverlayWindow, draft: Draft) -> None:
        self._window, self._draft = window, draft
        self._show()

    def _show(self) -> None:
        if self._draft is not None and self._window is not None:
            self._window.show_draft(self._draft.mark())
