"""A text block of an answer, shown while it grows: prose, code and tables below each other, each in a view of its own.

Only the last view changes, so that a long answer costs no more than a short one, and what is read stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.chat.answer import Reference, TextBlock
from app.chat.markdown import Kind, Segment, split
from app.ui.code_lexers import lexers
from app.ui.code_view import CodeView
from app.ui.formula import formulas
from app.ui.markdown_browser import MarkdownBrowser
from app.ui.markdown_inserts import Inserts, marked
from app.ui.markdown_table import TableView
from app.ui.markdown_view import MarkdownView
from app.ui.reference_tag import OBJECT_CHARACTER
from app.ui.theme import FONT_ANSWER_PX
from app.ui.transcript_stack import Stack

GAP_PX = 12

View = MarkdownView | CodeView | TableView
KINDS: dict[type[QWidget], Kind] = {MarkdownView: "prose", CodeView: "code", TableView: "table"}


class RichText(Stack):
    """Attributes:
        views: from top to bottom.

    Signals:
        reference_hovered(number): the pointer or the keyboard is on a reference; 0 when it left.
        reference_activated(number): clicked, or Enter or Space pressed on it.
        link_activated(target, global position): likewise a link. It is not opened.
    """

    reference_hovered = Signal(int)
    reference_activated = Signal(int)
    link_activated = Signal(str, QPoint)

    def __init__(self, font_px: int = FONT_ANSWER_PX) -> None:
        """`font_px` is a size from tokens.json."""
        super().__init__(GAP_PX)
        self.views: list[View] = []
        self._font_px = font_px
        self._source = ""
        self._references: dict[int, Reference] = {}
        self._starts: list[int] = []
        self._is_final = False
        self._current = 0
        self._wanted = ""
        self._counts: list[int] = []
        self._hit = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.parts_changed.connect(self._on_parts_changed)

    def parts(self) -> Sequence[QWidget]:
        return self.views

    def show_block(self, block: TextBlock) -> None:
        """Render what the block holds now; it may only have grown since the last call."""
        self._references = {piece.number: piece for piece in block.pieces if isinstance(piece, Reference)}
        self._source = marked(block.pieces)
        self._show()

    def set_final(self) -> None:
        """Say that the block will not grow any more."""
        if not self._is_final:
            self._is_final = True
            self._show()

    @property
    def current_reference(self) -> int:
        """The highlighted one, 0 for none."""
        return self._current

    def set_current_reference(self, number: int) -> None:
        """Highlight this reference; 0 for none."""
        self._current = number
        for view in self.views:
            if not isinstance(view, CodeView):
                view.set_current_reference(number)

    def reference_rect(self, number: int) -> QRectF | None:
        """Where a reference is, in this widget's coordinates, if it is in this block."""
        for view in self.views:
            rect = view.reference_rect(number) if not isinstance(view, CodeView) else None
            if rect is not None:
                return rect.translated(QPointF(view.pos()))
        return None

    def find(self, text: str) -> int:  # type: ignore[override]  # of a window by its number
        """Mark a text wherever it is, whatever its case and width; how often that is. Empty for no marks."""
        self._wanted, self._hit = text, -1
        heights = [view.height() for view in self.views]
        self._counts = [view.find_all(text) for view in self.views]
        if [view.height() for view in self.views] != heights:
            self.announce_change()  # long tables were shown to their end, and what is below them has moved
        return sum(self._counts)

    def show_hit(self, index: int) -> QRectF | None:
        """Mark this hit more than the others, or none; where it is, in this widget's coordinates."""
        self._hit = index
        found: QRectF | None = None
        for view, count, end in zip(self.views, self._counts, accumulate(self._counts), strict=False):
            rect = view.show_hit(index - end + count if end - count <= index < end else -1)
            found = rect.translated(QPointF(view.pos())) if rect is not None else found
        return found

    def plain_text(self) -> str:
        """All that is said, with ``[1]`` for a reference and its LaTeX for a formula."""
        return "\n\n".join(view.plain_text().rstrip("\n") for view in self.views)

    def selected_text(self) -> str:
        """What is selected, in the same way; empty for nothing."""
        return next((text for view in self.views if (text := view.selected_text())), "")

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for view in self.views:
            if not isinstance(view, CodeView):
                view.setAccessibleName(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_parts_changed()

    def _show(self) -> None:
        segments = self._segments()
        while self.views and (not segments or KINDS[type(self.views[-1])] != segments[0][1].kind):
            self._drop_last()  # it is not what it looked like, and belongs to the view before perhaps
            segments = self._segments()
        unchanged = max(0, len(self.views) - 1)
        for index, (start, segment) in enumerate(segments):
            if index or not self.views:
                self._new_view(segment.kind)
                self._starts.append(start)
            self._show_segment(self.views[-1], segment, is_final=self._is_final or index < len(segments) - 1)
        if self._wanted:
            self._counts[unchanged:] = [view.find_all(self._wanted) for view in self.views[unchanged:]]
            self.show_hit(self._hit)
        if self._is_final:
            self._describe_objects()
        self._on_parts_changed()

    def _describe_objects(self) -> None:
        """Screen readers meet one character where a reference or formula stands; the description has its number or source."""
        for view in self.views:
            if isinstance(view, MarkdownBrowser) and not view.document().find(OBJECT_CHARACTER).isNull():
                view.setAccessibleDescription(view.plain_text())

    def _segments(self) -> list[tuple[int, Segment]]:
        """Segments from the last view's on, and where they start in the source. Those that say nothing are left out."""
        first = self._starts[-1] if self._starts else 0
        last = self.views[-1] if self.views else None
        stable = last.stable if isinstance(last, MarkdownView) else 0
        segments = split(self._source[first + stable :])
        if stable:
            done = self._source[first : first + stable]
            if segments and segments[0].kind == "prose":
                segments[0] = replace(segments[0], source=done + segments[0].source)
            else:
                segments.insert(0, Segment("prose", done))
        starts = accumulate((len(segment.source) for segment in segments), initial=first)
        placed = zip(starts, segments, strict=False)
        return [(start, segment) for start, segment in placed if segment.kind != "prose" or segment.source.strip()]

    def _show_segment(self, view: View, segment: Segment, *, is_final: bool) -> None:
        if isinstance(view, CodeView):
            code = Inserts().restored(segment.code)
            view.show_code(code, Inserts().restored(segment.language), is_whole=is_final or segment.is_closed)
        else:
            view.show_source(segment.source, self._references, is_final=is_final)

    def _new_view(self, kind: Kind) -> None:
        view: View
        if kind == "code":
            view = CodeView()
        else:
            view = MarkdownView(font_px=self._font_px) if kind == "prose" else TableView(font_px=self._font_px)
            view.set_current_reference(self._current)
            view.setAccessibleName(self.accessibleName())
            view.setProperty("kind", self.property("kind"))
            view.reference_hovered.connect(self.reference_hovered)
            view.reference_activated.connect(self.reference_activated)
            view.link_activated.connect(self.link_activated)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # whoever shows the answer has one
        view.resize(max(1, self.width()), view.height())  # so that what comes is laid out once
        self.adopt(view)
        for before, after in pairwise([*(self.views[-1].focus_stops() if self.views else []), *view.focus_stops()]):
            QWidget.setTabOrder(before, after)
        self.views.append(view)

    def _drop_last(self) -> None:
        view = self.views.pop()
        del self._starts[-1:], self._counts[len(self.views) :]
        view.hide()
        view.deleteLater()

    def _on_parts_changed(self) -> None:
        """Be as tall as needed, where nobody else sees to that."""
        if not isinstance(self.parentWidget(), Stack):
            self.setFixedHeight(max(1, self.fit(self.width())))


def close_rich_text() -> None:
    """End the thread and the process that formulas and colours come from. To be called when the program ends."""
    for workers in (formulas, lexers):
        if workers.cache_info().currsize:
            workers().close()
