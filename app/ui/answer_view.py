"""An answer in the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from app.chat.answer import Answer, Block, Failure, PictureBlock, TextBlock, ToolBlock
from app.chat.session import Turn
from app.ui.answer_footer import CHANGING, ActionMenu, AnswerFooter
from app.ui.answer_parts import CutLine, FailureCard, NoticeLine, ProgressLine, ReasoningFold
from app.ui.figure_view import FigureView, FindPicture
from app.ui.known_engines import known_engines
from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.remote_notices import ASKING_AGAIN
from app.ui.rich_text import RichText
from app.ui.transcript_stack import Stack
from app.ui.transcript_text import plain_text
from app.ui.words import silence_words

CUT_CODE = "answer_cut"
"""The failure of an answer that was running when the program ended."""
MENU = ("copy_selection", "copy", "copy_text", "", "redo", "redo_with", "edit", "", "export", "delete")
ENGINE_ACTIONS = ASK_OTHER, OPEN_SERVERS = "ask_other", "servers"
"""What a failure of an engine elsewhere can lead to."""
BARE_MENU = ("copy_selection", "copy", "copy_text")


class ToolView(QLabel):
    """A tool call, as a quiet line."""

    def show_block(self, block: ToolBlock) -> None:
        """Show the call's name, and its text until it is whole."""
        self.setProperty("kind", "small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if block.call is not None:
            arguments = ", ".join(f"{name}: {value}" for name, value in block.call.arguments.items())
            self.setText(f"{block.call.name} ({arguments})")
        else:
            self.setText(block.raw)


BlockView = RichText | FigureView | ToolView


class AnswerView(Translated, Stack):
    """An answer, refreshed while it grows.

    Signals:
        reference_hovered(turn id, number), reference_activated(turn id, number): in the text or on a figure.
        link_activated(target, position): in the text.
        retry_wanted(turn id), model_wanted(): from a failure.
        action_wanted(turn id, name): from the line below, the menu or a failure; what is copied is copied already.
        reasoning_toggled(turn id, is open).
    """

    reference_hovered = Signal(int, int)
    reference_activated = Signal(int, int)
    link_activated = Signal(str, QPoint)
    retry_wanted = Signal(int)
    model_wanted = Signal()
    action_wanted = Signal(int, str)
    reasoning_toggled = Signal(int, bool)

    def __init__(
        self,
        turn: Turn,
        find_picture: FindPicture,
        cache: PictureCache,
        parent: QWidget,
        *,
        is_reasoning_open: bool = False,
        is_bare: bool = False,
    ) -> None:
        """A bare one has no line below it, and a menu that only copies: whoever shows it offers the rest."""
        super().__init__(parent=parent)
        self._is_bare = is_bare
        self._turn = turn
        self._answer: Answer = turn.answer
        self._find_picture = find_picture
        self._cache = cache
        self._is_reasoning_open = is_reasoning_open
        self._is_elsewhere = self._is_locked = False
        self._notices: list[NoticeLine] = []
        self._reasoning: ReasoningFold | None = None
        self._blocks: list[BlockView] = []
        self._progress: ProgressLine | None = None
        self._ending: list[QWidget] = []
        self.retranslate()
        self.refresh()

    @property
    def blocks(self) -> Sequence[BlockView]:
        """What shows the answer's blocks, in order."""
        return self._blocks

    def parts(self) -> Sequence[QWidget]:
        reasoning = (self._reasoning,) if self._reasoning is not None else ()
        progress = (self._progress,) if self._progress is not None else ()
        return (*self._notices, *reasoning, *self._blocks, *progress, *self._ending)

    def refresh(self) -> None:
        """Show what came since the last call."""
        answer = self._answer
        for notice in [notice for notice in answer.notices if notice.code != ASKING_AGAIN][len(self._notices) :]:
            self._notices.append(self.adopt(NoticeLine(notice)))
        if answer.reasoning.strip():
            if self._reasoning is None:
                self._reasoning = self.adopt(ReasoningFold(answer, self, is_open=self._is_reasoning_open))
                self._reasoning.toggled.connect(self._on_reasoning_toggled)
            self._reasoning.refresh()
        for index, block in enumerate(answer.blocks):
            if index >= len(self._blocks) - 1:  # all before the last are complete
                self._show_block(index, block)
        for view in self._blocks if answer.is_final else self._blocks[:-1]:
            if isinstance(view, RichText):
                view.set_final()
        self._refresh_progress()
        if answer.is_final and not self._ending:
            self._close()

    def set_elsewhere(self, is_elsewhere: bool) -> None:
        """Whether another window is getting the answer."""
        if is_elsewhere != self._is_elsewhere:
            self._is_elsewhere = is_elsewhere
            self.refresh()

    def set_locked(self, is_locked: bool) -> None:
        """Whether an answer is running, so that nothing can be asked again."""
        self._is_locked = is_locked
        for part in self._ending:
            if isinstance(part, AnswerFooter):
                part.set_locked(is_locked)

    @property
    def open_text(self) -> RichText | None:
        """What shows the reasoning, while it is unfolded."""
        return self._reasoning.text if self._reasoning is not None and self._is_reasoning_open else None

    def open_reasoning(self) -> RichText | None:
        """Unfold the reasoning, if there is any; what shows it."""
        if self._reasoning is None:
            return None
        self._reasoning.open()
        return self._reasoning.text

    def set_current_reference(self, number: int) -> None:
        """Highlight a reference in the text and on the figures; 0 for none."""
        for view in self._blocks:
            if not isinstance(view, ToolView):
                view.set_current_reference(number)

    def reference_place(self, number: int) -> tuple[QWidget, QPoint] | None:
        """The widget that has a reference, and where in it."""
        for view in self._blocks:
            rect = view.reference_rect(number) if isinstance(view, RichText) else None
            if rect is not None:
                return view, rect.center().toPoint()
        return None

    def selected_text(self) -> str:
        """What is selected in the text; empty for nothing."""
        texts = [view for view in (self.open_text, *self._blocks) if isinstance(view, RichText)]
        return next((selected for view in texts if (selected := view.selected_text())), "")

    def retranslate(self) -> None:
        name = self.tr("Answer")
        if self._turn.model_name:
            name = self.tr("Answer, {model}").format(model=self._turn.model_name)
        self.setAccessibleName(name)
        for view in self._blocks:
            if not isinstance(view, FigureView):
                view.setAccessibleName(self.tr("Answer"))
        self._refresh_progress()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        selection = self.selected_text()
        menu_names = BARE_MENU if self._is_bare else MENU
        names = menu_names if selection else menu_names[1:]
        disabled = CHANGING if self._is_locked else frozenset()
        if not self._answer.is_final:
            disabled |= {"export", "delete"}
        menu = ActionMenu(names, disabled, self)
        menu.setProperty("selection", selection)
        menu.action_wanted.connect(self._on_action_wanted)
        menu.popup(event.globalPos())

    def _refresh_progress(self) -> None:
        answer = self._answer
        is_waiting = not answer.blocks and not answer.reasoning
        if not answer.is_final and (is_waiting or self._is_elsewhere):
            if self._progress is None:
                self._progress = self.adopt(ProgressLine(answer, self._turn.host))
            self._progress.refresh(is_elsewhere=self._is_elsewhere)
        elif self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _show_block(self, index: int, block: Block) -> None:
        if index == len(self._blocks):
            view = self.adopt(self._new_view(block))
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the answer has one for all its parts
            if not isinstance(view, FigureView):
                view.setAccessibleName(self.tr("Answer"))
            self._blocks.append(view)
        view = self._blocks[index]
        if isinstance(view, RichText) and isinstance(block, TextBlock):
            view.show_block(block)
        elif isinstance(view, FigureView) and isinstance(block, PictureBlock):
            view.update_block(block)
        elif isinstance(view, ToolView) and isinstance(block, ToolBlock):
            view.show_block(block)

    def _new_view(self, block: Block) -> BlockView:
        if isinstance(block, ToolBlock):
            return ToolView()
        view: RichText | FigureView
        if isinstance(block, PictureBlock):
            view = FigureView(block, self._find_picture, self._cache, self)
        else:
            view = RichText()
            view.link_activated.connect(self.link_activated)
        view.reference_hovered.connect(self._on_reference_hovered)
        view.reference_activated.connect(self._on_reference_activated)
        return view

    def _close(self) -> None:
        """Add what stands below a finished answer."""
        failure = self._answer.failure
        if failure is not None or silence_words(self._answer):
            card = CutLine(self._answer) if failure is None or failure.code == CUT_CODE else self._failure_card(failure)
            card.retry_wanted.connect(self._on_retry_wanted)
            self._ending.append(self.adopt(card))
        if self._is_bare:
            return
        footer = AnswerFooter(self._turn, self)
        footer.action_wanted.connect(self._on_action_wanted)
        footer.set_locked(self._is_locked)
        self._ending.append(self.adopt(footer))

    def _failure_card(self, failure: Failure) -> FailureCard:
        other = known_engines().other(self._turn)
        card = FailureCard(failure, other.name if other is not None else "")
        card.model_wanted.connect(self.model_wanted)
        card.settings_wanted.connect(partial(self.action_wanted.emit, self._turn.id, OPEN_SERVERS))
        card.other_wanted.connect(partial(self.action_wanted.emit, self._turn.id, ASK_OTHER))
        return card

    def _on_reference_hovered(self, number: int) -> None:
        self.reference_hovered.emit(self._turn.id, number)

    def _on_reference_activated(self, number: int) -> None:
        self.reference_activated.emit(self._turn.id, number)

    def _on_retry_wanted(self) -> None:
        self.retry_wanted.emit(self._turn.id)

    def _on_reasoning_toggled(self, is_open: bool) -> None:
        self._is_reasoning_open = is_open
        self.reasoning_toggled.emit(self._turn.id, is_open)

    def _on_action_wanted(self, name: str) -> None:
        sender = self.sender()
        clipboard = QGuiApplication.clipboard()
        if name == "copy":
            clipboard.setText(self._answer.markdown())
        elif name == "copy_text":
            clipboard.setText(plain_text(self._answer.markdown()))
        elif name == "copy_selection" and sender is not None:
            clipboard.setText(str(sender.property("selection")))
        self.action_wanted.emit(self._turn.id, name)
