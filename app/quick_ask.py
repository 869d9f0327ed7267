"""Quick Ask: from the key to the answer beside the region, without leaving what one looks at.

A capture freezes the screens, the overlay lets the user choose of it, a `QuickConversation` takes the question and shows the
answer. It is in the history as soon as something was asked: closing loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QRect, QTime, Signal, SignalInstance
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QWidget

from app.capture.errors import CaptureCancelled
from app.settings.schema import Settings
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.capture.grabbing import Grabber
    from app.capture.models import Capture, Rect
    from app.capture.overlay import Overlay
    from app.capture.shot import Shot
    from app.quick_conversation import QuickConversation
    from app.ui.intake import Intake
    from app.ui.quick.countdown import Countdown

Purpose = Literal["ask", "attach", "record"]
"""What the region is for: a question beside it, the question in the window, a recording."""
Extent = Literal["region", "screen", "same"]
"""What is taken: what the user chooses, the screen with the pointer, or the region of the last time."""

CLOSE_WAIT_S = 5.0
COUNTED_S_MIN = 1.0
"""Shorter delays are over before they can be read."""

Begin = Callable[[TaskRunner, QObject], "QuickConversation"]
"""From the thread for slow work and the parent."""


class QuickAsk(QObject):
    """One capture at a time.

    Signals:
        attached(image, name): chosen for the question in the window.
        area_chosen(screen, area): chosen for a recording; the area is in image pixels of the screen.
        window_wanted(Conversation): it is to be read in the window.
        model_wanted(words, entries): a model is to be chosen for a question, which is begun.
        ended(purpose): nothing is over the screens any more.
        conversation_ended(): nothing is seen of one any more, on the screens or pinned.
        failed(words): there is no capture.
        prepared(handler, words): what will take the pictures, and what the user should know before the first one; perhaps empty.
    """

    attached = Signal(object, str)
    area_chosen = Signal(object, object)
    window_wanted = Signal(object)
    model_wanted = Signal(str, object)
    ended = Signal(str)
    conversation_ended = Signal()
    failed = Signal(str)
    prepared = Signal(str, str)

    def __init__(self, begin: Begin, settings: Callable[[], Settings], parent: QObject) -> None:
        """`begin` makes a conversation that is not in the window."""
        super().__init__(parent)
        self._begin, self._settings = begin, settings
        self._slow_tasks = TaskRunner("quick ask", self)
        self._grabber_made: Grabber | None = None
        self._overlay_made: Overlay | None = None
        self._all: list[QuickConversation] = []
        self._current: QuickConversation | None = None
        self._last: tuple[str, Rect] | None = None
        self._purpose: Purpose = "ask"
        self._extent: Extent = "region"
        self._is_open = False
        self._countdown: Countdown | None = None

    @property
    def is_open(self) -> bool:
        """Whether a capture is being taken or chosen from, or a question is beside it."""
        return self._is_open

    @property
    def is_seen(self) -> bool:
        """Whether that is so, or a card is pinned, or a bar stands for itself."""
        return self._is_open or bool(self._all)

    def warm_up(self) -> None:
        """Load what the first capture needs. When there is nothing else to do."""
        self._grabber.warm_up()
        self._overlay.prepare()

    def start(self, extent: Extent = "region", purpose: Purpose = "ask", delay_s: float | None = None, handler: str = "") -> None:
        """Freeze the screens and have something chosen; go on with it while that is going on already."""
        if self._is_open:
            self.keep_in_front()
            return
        self._is_open, self._extent, self._purpose = True, extent, purpose
        settings = self._settings()
        delay_s = settings.capture_delay_s if delay_s is None else delay_s
        if delay_s >= COUNTED_S_MIN:
            from app.ui.quick.countdown import Countdown

            self._countdown = Countdown()
        self._grabber.grab(delay_s, handler or settings.capture_handler)

    def ask_about(self, selected: Intake) -> None:
        """Take a question about what was selected or copied, in a window of its own; a blank one gives way."""
        for earlier in tuple(conversation for conversation in self._all if conversation.is_blank):
            earlier.end()
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        self._new_conversation().float_at(screen, selected, self.tr("Copied picture"))

    def keep_in_front(self) -> None:
        """The keyboard stays on the frozen screens, if they are, whatever came up below them."""
        if self._is_open and self._overlay_made is not None:
            self._overlay_made.keep_in_front()

    def close(self) -> None:
        """Leave the screens alone. Answers go on; cards that were pinned stay."""
        if not self._is_open:
            return
        self._is_open = False
        self._hide_countdown()
        if self._grabber_made is not None:
            self._grabber_made.cancel()
        current, self._current = self._current, None
        if current is not None:
            self._part(current)
            current.leave_screen()
        if self._overlay_made is not None:
            self._overlay_made.close()
        self.ended.emit(self._purpose)

    def shut_down(self) -> None:
        """No window of it is left, and no thread."""
        self.close()
        for conversation in tuple(self._all):
            conversation.end()
            conversation.question.wait(CLOSE_WAIT_S)
        if self._grabber_made is not None:
            self._grabber_made.close()
        self._slow_tasks.close()

    @property
    def _grabber(self) -> Grabber:
        if self._grabber_made is None:
            from app.capture.grabbing import Grabber

            self._grabber_made = Grabber(self)
            self._grabber_made.counting.connect(self._on_grabber_counting)
            self._grabber_made.captured.connect(self._on_grabber_captured)
            self._grabber_made.failed.connect(self._on_grabber_failed)
            self._grabber_made.prepared.connect(self.prepared)
        return self._grabber_made

    @property
    def _overlay(self) -> Overlay:
        if self._overlay_made is None:
            from app.capture.overlay import Overlay

            overlay = self._overlay_made = Overlay(self)
            overlay.chosen.connect(self._on_overlay_chosen)
            overlay.changed.connect(self._on_overlay_changed)
            overlay.cancelled.connect(self._on_overlay_cancelled)
            overlay.escape_pressed.connect(self.close)
            overlay.lost.connect(self._on_overlay_lost)
            overlay.box_hovered.connect(self._on_overlay_box_pointed)
            overlay.box_clicked.connect(self._on_overlay_box_pointed)
        return self._overlay_made

    def _new_conversation(self) -> QuickConversation:
        conversation = self._begin(self._slow_tasks, self)
        conversation.left.connect(self.close)
        conversation.ended.connect(self._on_conversation_ended)
        conversation.window_wanted.connect(self.window_wanted)
        conversation.model_wanted.connect(self.model_wanted)
        self._all.append(conversation)
        return conversation

    def _new_current(self) -> QuickConversation:
        conversation = self._current = self._new_conversation()
        for signal, slot in self._ties(conversation):
            signal.connect(slot)
        return conversation

    def _part(self, conversation: QuickConversation) -> None:
        """It goes on without the frozen screens; those that come next are not its own."""
        for signal, slot in self._ties(conversation):
            signal.disconnect(slot)

    def _ties(self, conversation: QuickConversation) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
        return (
            (conversation.more_wanted, self._overlay.choose_more),
            (conversation.shot_removed, self._overlay.remove),
            (conversation.asking, self._overlay.settle),
            (conversation.asked, self._overlay.lock),
            (conversation.boxes_changed, self._on_conversation_boxes_changed),
            (conversation.current_changed, self._overlay.set_current),
        )

    def _place(self, shot: Shot) -> tuple[QWidget, QRect, list[QRect]]:
        tools = self._overlay.tools_rect(shot)
        return self._overlay.surface(shot), self._overlay.region_rect(shot), [tools] if tools.isValid() else []

    def _name(self, shot: Shot) -> str:
        """Of the window that was taken, else of the moment. A title may say what is hidden in the picture."""
        from app.capture.shot import Blur

        title = "" if any(isinstance(mark, Blur) for mark in shot.marks) else shot.title
        return title or self.tr("Screenshot {time}").format(time=QTime.currentTime().toString("HH.mm.ss"))

    def _on_grabber_counting(self, seconds: int) -> None:
        if self._countdown is not None:
            self._countdown.show_seconds(seconds)

    def _hide_countdown(self) -> None:
        countdown, self._countdown = self._countdown, None
        if countdown is not None:
            countdown.hide()
            countdown.deleteLater()

    def _on_grabber_captured(self, capture: Capture) -> None:
        self._hide_countdown()
        if not self._is_open:
            return
        self._overlay.show_capture(capture, self._last)
        if self._extent == "screen":
            self._overlay.take_screen()
        elif self._extent == "same":
            self._overlay.take_last()

    def _on_grabber_failed(self, code: str, message: str) -> None:
        self._is_open = False
        self._hide_countdown()
        if code != CaptureCancelled.code:
            self.failed.emit(message)
        self.ended.emit(self._purpose)

    def _on_overlay_chosen(self, shot: Shot) -> None:
        self._last = shot.picture.screen.name, shot.area
        if self._purpose == "attach":
            self.attached.emit(shot.image(), self._name(shot))
            self.close()
        elif self._purpose == "record":
            self.close()
            self.area_chosen.emit(shot.picture.screen, shot.area)
        else:
            current = self._current or self._new_current()
            current.add_shot(shot, self._name(shot))
            current.put_on(*self._place(shot))

    def _on_overlay_changed(self, shot: Shot) -> None:
        self._last = shot.picture.screen.name, shot.area
        if self._current is not None:
            _, region, taken = self._place(shot)
            self._current.add_shot(shot, self._name(shot), is_change=True)
            self._current.move_to(region, taken)

    def _on_overlay_cancelled(self) -> None:
        if self._current is None:
            self.close()

    def _on_overlay_lost(self) -> None:
        """A screen was unplugged or has another size: what is asked goes on in a window of its own."""
        if self._current is not None:
            self._current.float_away()
        self.close()

    def _on_overlay_box_pointed(self, number: int) -> None:
        if self._current is not None:
            self._current.set_current(number)

    def _on_conversation_boxes_changed(self) -> None:
        if self._current is not None:
            for shot, references in self._current.boxes():
                self._overlay.set_boxes(shot, references)

    def _on_conversation_ended(self) -> None:
        ended = self.sender()
        self._all = [other for other in self._all if other is not ended]
        self.conversation_ended.emit()
