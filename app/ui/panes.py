"""The three parts of the window beside each other, with the widths that the user gave them, as far as there is room."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

SIDEBAR_WIDTH_PX, SIDEBAR_WIDTHS_PX = 240, (200, 420)
CONVERSATION_WIDTH_PX_MIN = 420
VIEWER_WIDTH_PX, VIEWER_WIDTH_PX_MIN = 412, 280
NARROW_PX = 900
"""Below it, the list of conversations is there only while it is wanted."""
SIDEBAR, CONVERSATION, VIEWER = range(3)


@dataclass(frozen=True, slots=True)
class PaneWishes:
    """What the user wants of the sides, in a window with room for it. Widths in pixels."""

    sidebar_px: int = SIDEBAR_WIDTH_PX
    viewer_px: int = VIEWER_WIDTH_PX
    has_sidebar: bool = True
    has_viewer: bool = True

    def to_text(self) -> str:
        """To be kept, and read again by `read`."""
        return ",".join(str(int(value)) for value in astuple(self))

    @classmethod
    def read(cls, text: str) -> PaneWishes:
        """What was kept; what is usual where it was something else."""
        words = text.split(",")
        if len(words) != 4 or not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
            return cls()
        sidebar_px, viewer_px, has_sidebar, has_viewer = map(int, words)
        sidebar_px = min(max(sidebar_px, SIDEBAR_WIDTHS_PX[0]), SIDEBAR_WIDTHS_PX[1])
        return cls(sidebar_px, max(viewer_px, VIEWER_WIDTH_PX_MIN), bool(has_sidebar), bool(has_viewer))


class Panes(QSplitter):
    """Sidebar, conversation, viewer.

    Signals:
        changed(): a side came or went.
    """

    changed = Signal()

    def __init__(self, sidebar: QWidget, conversation: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.wishes = PaneWishes()
        self._has_pictures = False
        self._peeks = False
        self._sidebar, self._viewer = sidebar, QWidget()
        self.setHandleWidth(1)
        for widget in (sidebar, conversation, self._viewer):
            self.addWidget(widget)
        self.setCollapsible(CONVERSATION, False)
        self.setStretchFactor(SIDEBAR, 0)
        self.setStretchFactor(CONVERSATION, 1)
        self.setStretchFactor(VIEWER, 0)
        sidebar.setMinimumWidth(SIDEBAR_WIDTHS_PX[0])
        sidebar.setMaximumWidth(SIDEBAR_WIDTHS_PX[1])
        conversation.setMinimumWidth(CONVERSATION_WIDTH_PX_MIN)
        self._viewer.hide()
        self.splitterMoved.connect(self._on_splitter_moved)

    @property
    def has_sidebar(self) -> bool:
        """Whether it is seen."""
        return not self._sidebar.isHidden()

    @property
    def has_hidden_viewer(self) -> bool:
        """Whether there is something to look at that is not seen."""
        return self._has_pictures and self._viewer.isHidden()

    @property
    def has_viewer(self) -> bool:
        """Whether it is seen."""
        return not self._viewer.isHidden()

    def set_viewer(self, viewer: QWidget) -> None:
        """Once."""
        self._viewer.deleteLater()
        self.replaceWidget(VIEWER, viewer)
        viewer.setMinimumWidth(VIEWER_WIDTH_PX_MIN)
        self._viewer = viewer
        self._arrange()

    def restore(self, wishes: PaneWishes) -> None:
        """What the user wanted last time."""
        self.wishes = wishes
        self._arrange()

    def set_has_pictures(self, has_pictures: bool) -> None:
        """Whether there is something to look at; without it there is no viewer."""
        self._has_pictures = has_pictures
        self._arrange()

    def show_sidebar(self, is_shown: bool) -> None:
        """As the user wants it; in a narrow window for a moment only."""
        if self._is_narrow():
            self._peeks = is_shown
        else:
            self.wishes = replace(self.wishes, has_sidebar=is_shown)
        self._arrange()

    def show_viewer(self, is_shown: bool) -> None:
        """As the user wants it. In a narrow window the list of conversations gives way."""
        self.wishes = replace(self.wishes, has_viewer=is_shown)
        self._peeks = self._peeks and not is_shown
        self._arrange()

    def end_peek(self) -> None:
        """In a narrow window, what was wanted of the list of conversations is done."""
        self._peeks = False
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _is_narrow(self) -> bool:
        return self.width() < NARROW_PX

    def _arrange(self) -> None:
        before = (self.has_sidebar, self.has_hidden_viewer)
        is_narrow = self._is_narrow()
        self._peeks = self._peeks and is_narrow
        has_sidebar = self._peeks if is_narrow else self.wishes.has_sidebar
        sidebar_px = self.wishes.sidebar_px if has_sidebar else 0
        room_px = self.width() - sidebar_px - CONVERSATION_WIDTH_PX_MIN - 2 * self.handleWidth()
        has_viewer = self._has_pictures and self.wishes.has_viewer and room_px >= VIEWER_WIDTH_PX_MIN
        viewer_px = min(self.wishes.viewer_px, room_px) if has_viewer else 0
        self._sidebar.setVisible(has_sidebar)
        self._viewer.setVisible(has_viewer)
        self.setSizes([sidebar_px, self.width() - sidebar_px - viewer_px, viewer_px])
        if before != (self.has_sidebar, self.has_hidden_viewer):
            self.changed.emit()

    def _on_splitter_moved(self, _place: int, handle: int) -> None:
        """A side that was pulled shut is hidden; it has its width again when it comes back."""
        sidebar_px, _, viewer_px = self.sizes()
        if handle == CONVERSATION and sidebar_px:
            self.wishes = replace(self.wishes, sidebar_px=sidebar_px)
        elif handle == CONVERSATION:
            self.show_sidebar(False)
        elif viewer_px:
            self.wishes = replace(self.wishes, viewer_px=viewer_px)
        else:
            self.show_viewer(False)
