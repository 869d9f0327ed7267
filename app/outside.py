"""What Sightline does outside its window: questions about the screen and about what is selected, pictures and recordings of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.asking import Asking
from app.browsing import Browsing
from app.collecting import Collecting
from app.model import CurrentModel
from app.preferences import Preferences
from app.quick_ask import Purpose, QuickAsk
from app.quick_question import QuickQuestion
from app.reading import Reading
from app.requesting import Requesting
from app.screen_recording import ScreenRecording
from app.ui import intake
from app.ui.main_window import MainWindow
from app.ui.picture_levels import PictureCache
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.capture.models import Rect, Screen
    from app.capture_wish import CaptureWish
    from app.chat.session import Conversation
    from app.hotkey.service import Hotkeys
    from app.opening import Entry
    from app.quick_conversation import QuickConversation
    from app.selected import Selected

TOKEN_VARIABLE = "XDG_ACTIVATION_TOKEN"
"""Where Qt looks for the desktop's leave to bring a window to the front, and takes it away when it has used it."""
CLEARING_S = 0.3
"""Between the window's going and the picture, so that what it stood before is seen."""


class Outside(QObject):
    """Attributes:
    quick_ask: what is asked beside a region of the screen.
    recording: videos of the screen.
    hotkeys: what listens for keys, in the process that `listen` was called in; None in others.
    """

    def __init__(
        self,
        window: MainWindow,
        asking: Asking,
        browsing: Browsing,
        collecting: Collecting,
        model: CurrentModel,
        requesting: Requesting,
        reading: Callable[[bool], Reading],
        tasks: TaskRunner,
        cache: PictureCache,
        preferences: Preferences,
        parent: QObject,
    ) -> None:
        """`reading` opens files, and keeps nothing on disk for a private conversation."""
        super().__init__(parent)
        self._window, self._asking, self._browsing, self._collecting = window, asking, browsing, collecting
        self._model, self._requesting, self._reading = model, requesting, reading
        self._tasks, self._cache, self._preferences = tasks, cache, preferences
        self._was_window_hidden = self._is_window_wanted = self._is_first_asked = False
        self._selection_tasks = TaskRunner("selection", self)
        self._selection_tasks.succeeded.connect(self._on_selection_tasks_succeeded)
        self.hotkeys: Hotkeys | None = None
        self.quick_ask = QuickAsk(self._begin, lambda: preferences.settings, self)
        self.quick_ask.attached.connect(self._on_quick_ask_attached)
        self.quick_ask.window_wanted.connect(self._on_quick_ask_window_wanted)
        self.quick_ask.model_wanted.connect(self._on_quick_ask_model_wanted)
        self.quick_ask.ended.connect(self._on_quick_ask_ended)
        self.quick_ask.failed.connect(self._on_quick_ask_failed)
        self.quick_ask.prepared.connect(self._on_quick_ask_prepared)
        self.quick_ask.area_chosen.connect(self._on_quick_ask_area_chosen)
        self.recording = ScreenRecording(lambda: preferences.settings, self)
        self.recording.kept.connect(self._on_recording_kept)
        self.recording.failed.connect(self._on_quick_ask_failed)
        self.recording.ended.connect(self._bring_back)
        window.composer.recording_wanted.connect(self.toggle_recording)
        window.composer.capture_wanted.connect(self.attach_capture)

    def listen(self) -> None:
        """Hear the hotkeys, which belong to one process only, and get ready for the first."""
        from app.hotkey.service import Hotkeys

        self.hotkeys = Hotkeys(self)
        self.hotkeys.pressed.connect(self._on_hotkeys_pressed)
        self._preferences.serve_hotkeys(self.hotkeys)
        self.quick_ask.warm_up()

    def capture(self, wish: CaptureWish) -> None:
        """What another start of Sightline asks for."""
        if wish.kind == "selection":
            self.ask_about_selection()
        else:
            self.quick_ask.start(wish.kind, delay_s=wish.delay_s, handler=wish.handler)

    @property
    def is_seen(self) -> bool:
        """Whether something of it is on the screens, or the window comes back soon."""
        return self.quick_ask.is_seen or self.recording.is_running or self._is_window_wanted or self._was_window_hidden

    def show_window(self) -> None:
        """Bring the window to the front, as far as the desktop allows, when nothing is over the screens any more."""
        self._is_window_wanted = self.quick_ask.is_open  # below, it would take the keyboard
        if not self._is_window_wanted:
            self._was_window_hidden = False
            window = self._window
            window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
            window.show()
            window.raise_()
            window.activateWindow()

    def attach_capture(self) -> None:
        """Have a picture of the screen go along with the question in the window, which steps aside for it."""
        if self.quick_ask.is_open:
            return
        if not self._is_first_asked:
            self._hide_window()
        self.quick_ask.start(purpose="attach", delay_s=self._preferences.settings.capture_delay_s or CLEARING_S)

    def toggle_recording(self) -> None:
        """Have something chosen to be recorded; end a recording that runs."""
        if self.recording.is_running:
            self.recording.stop()
        elif not self.quick_ask.is_open:
            self._hide_window()
            self.quick_ask.start(purpose="record", delay_s=CLEARING_S)

    def ask_about_selection(self) -> None:
        """Ask about what is selected in another program, where the desktop tells, or else about what was copied last."""
        from app import selected  # not needed for the first window

        self._selection_tasks.run(selected.read)

    def new_question(self, slow_tasks: TaskRunner, parent: QObject) -> QuickQuestion:
        """A conversation that is not in the window. Before it is asked, nothing of the screen is on disk."""
        settings = self._preferences.settings
        reading = self._reading(not settings.keeps_history).in_memory()
        return QuickQuestion(
            self._asking, self._model, self._requesting, reading, self._tasks, slow_tasks,
            self._cache, lambda: self._preferences.settings, parent,
        )  # fmt: skip

    def shut_down(self) -> None:
        """Nothing of it is left on the screens, and no thread."""
        if self.hotkeys is not None:
            self.hotkeys.close()
        self.recording.close()
        self.quick_ask.shut_down()
        self._selection_tasks.close()

    def _begin(self, slow_tasks: TaskRunner, parent: QObject) -> QuickConversation:
        from app.quick_conversation import QuickConversation  # not needed for the first window

        question = self.new_question(slow_tasks, parent)
        return QuickConversation(
            question, self._asking, self._model, self._cache, lambda: self._preferences.settings, self._preferences.change, parent
        )

    def _hide_window(self) -> None:
        """It steps aside, if it is there, until `_bring_back`."""
        self._was_window_hidden = self._was_window_hidden or self._window.isVisible()
        self._window.hide()

    def _bring_back(self) -> None:
        if self._is_window_wanted or (self._was_window_hidden and not self.recording.is_running):
            self.show_window()

    def _on_hotkeys_pressed(self, hotkey_id: str, token: str) -> None:
        if token:
            os.environ[TOKEN_VARIABLE] = token
        match hotkey_id:
            case "capture":
                self.quick_ask.start()
            case "selection":
                self.ask_about_selection()
            case "record":
                self.toggle_recording()

    def _on_selection_tasks_succeeded(self, _job_id: int, found: Selected | None) -> None:
        if found is not None:
            received = intake.Intake(found.paths, text=found.text, encoded=found.image)
        else:
            received = intake.read(QGuiApplication.clipboard().mimeData())
        if received:
            self.quick_ask.ask_about(received)
        else:
            self._on_quick_ask_failed(self.tr("Nothing is selected, and nothing was copied. Select or copy something first."))

    def _on_quick_ask_attached(self, image: object, name: str) -> None:
        self._is_first_asked = False
        self._collecting.attachments.add_image(image, name)  # type: ignore[arg-type]

    def _on_quick_ask_window_wanted(self, conversation: Conversation) -> None:
        self.show_window()
        self._browsing.show(conversation)

    def _on_quick_ask_model_wanted(self, words: str, entries: Sequence[Entry]) -> None:
        self.quick_ask.close()
        self.show_window()
        composer, attachments = self._window.composer, self._collecting.attachments
        if words:
            composer.set_draft("\n".join(filter(None, (composer.draft(), words))))
        if entries:
            attachments.put_back((*attachments.entries, *entries))
        composer.open_model_menu()

    def _on_quick_ask_area_chosen(self, screen: Screen, area: Rect) -> None:
        whole = screen.place.width, screen.place.height
        self.recording.start(screen, None if (area.width, area.height) == tuple(round(screen.scale * px) for px in whole) else area)

    def _on_quick_ask_ended(self, _purpose: Purpose) -> None:
        QTimer.singleShot(0, self, self._bring_back)  # a recording may begin now

    def _on_quick_ask_prepared(self, handler: str, words: str) -> None:
        """Say once what the desktop will ask. It may ask only while the window is in front, which then stays for the first time."""
        if handler and words and handler != self._preferences.settings.capture_explained:
            self._is_first_asked = True
            self._preferences.change("capture_explained", handler)
            self._window.strip.show_message(words)

    def _on_recording_kept(self, path: Path) -> None:
        self._collecting.attachments.add_files([path])
        from app.recording_words import dropped_words  # not needed for the first window

        self.show_window()
        progress = self.recording.recording.progress
        missing = dropped_words(progress) if progress else ""
        words = [self.tr("The recording is kept as {path}.").format(path=path), missing]
        self._window.strip.show_message(" ".join(filter(None, words)), is_good=not missing)

    def _on_quick_ask_failed(self, words: str) -> None:
        self.show_window()
        self._window.strip.show_message(words)
