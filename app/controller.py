"""Owns the services of the window, makes every connection between features, and shuts down in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QTimer

from app import paths
from app.asking import Asking
from app.bookkeeping import Bookkeeping
from app.browsing import Browsing
from app.chat.parts import Room
from app.chat.session import Conversation
from app.collecting import Collecting
from app.commanding import Commanding
from app.earlier_pictures import EarlierPictures
from app.exporting import Exporting
from app.following import Following
from app.indexing import CATCH_UP_AFTER_MS, Indexing
from app.keeping import Keeping
from app.keeping_words import KeepingWords
from app.model import CurrentModel, OpenModel
from app.model_choice import ModelChoice
from app.outside import Outside
from app.preferences import Preferences
from app.reading import Readings
from app.redoing import Redoing
from app.remote_choice import RemoteChoice
from app.remote_offers import LOCAL
from app.requesting import Requesting
from app.sending import Sending
from app.settings.schema import Settings
from app.settings.store import SettingsStore
from app.shelf import Shelf
from app.speed import Speeds
from app.ui.intake import Intake
from app.ui.link_menu import LinkMenu
from app.ui.main_window import MainWindow
from app.ui.picture_levels import PictureCache
from app.unlocking import Unlocking
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.ui.viewer import Viewer
    from app.viewing import Viewing

SHUTDOWN_WAIT_S = 5.0
WARM_UP_AFTER_MS = 500
"""The window comes first: a process that starts beside it takes half of two cores."""
SPEEDS_FILE = "speeds.json"
HISTORY_FOLDER = "history"


class Controller(QObject):
    """Attributes:
    window: what the user sees.
    asking: the conversation in the window, and the answers that run.
    collecting, attachments: how files become what goes along with the next question.
    keeping, browsing: the history, and the list of it.
    model: what answers.
    preferences: what the user chose.
    outside: what it does outside its window.
    """

    def __init__(self, store: SettingsStore, open_model: OpenModel, overrides: dict[str, Any]) -> None:
        """`overrides` are settings from the command line; they hold until the user changes them, and are not written."""
        super().__init__()
        self.preferences = Preferences(store, overrides, self)
        self._readings = Readings()
        self._is_shut_down = False
        self._tasks = TaskRunner("pictures", self)
        self._cache = PictureCache(self._tasks, self)
        self.model = CurrentModel(open_model, self, lambda: self.asking.is_answering)
        self._requesting = Requesting(self.model, lambda: self.settings, Speeds(paths.config_dir() / SPEEDS_FILE))
        self.keeping = Keeping(paths.data_dir() / HISTORY_FOLDER, self)
        self._shelf = Shelf(self._readings.usual, self.keeping.find_file)
        self.window = MainWindow(self._cache)
        KeepingWords(self.keeping, self.window.strip, self)
        self.asking = Asking(lambda: self.model.model, self._requesting.build, self)
        self.collecting = Collecting(self.window, self._tasks, self._cache, self._readings.usual, self._room, self)
        self.attachments = self.collecting.attachments
        self._viewing: Viewing | None = None
        self.asking.switched.connect(self._on_asking_switched)  # before anyone opens or reads something of it
        self._sending = Sending(
            self.window, self.asking, self.collecting, self.model, self._requesting, lambda: self.settings, self.keeping, self
        )
        self.browsing = Browsing(self.window, self.keeping, self.asking, self._shelf, lambda: self.settings.keeps_history, self)
        self._indexing = Indexing(
            self.keeping, self._shelf, self._readings.usual.recogniser, lambda: self.settings.recognises_for_search, self
        )
        self.exporting = Exporting(self.window, self.keeping, self.browsing, self._shelf, self)
        self._model_choice = ModelChoice(self.window, self)
        EarlierPictures(self.window, self.asking, self.collecting, self.model, self)
        self.books = Bookkeeping(self.asking, lambda: self.settings, self)
        self.remote = RemoteChoice(self.window, self.asking, self.model, self.preferences, self)
        self._following = Following(
            self.window, self.asking, self.browsing, self.keeping, self._indexing, self.exporting, self._requesting,
            self._shelf, self,
        )  # fmt: skip
        self._unlocking = Unlocking(self.window, self.asking, self._shelf, self._cache, self)
        self._redoing = Redoing(self.window, self.asking, self._following, self._model_choice, self.remote, self.model, self)
        self.outside = Outside(
            self.window, self.asking, self.browsing, self.collecting, self.model, self._requesting, self._readings.of,
            self._tasks, self._cache, self.preferences, self,
        )  # fmt: skip
        self._commanding = Commanding(self.window, self.asking, self.browsing, self.exporting, self.preferences, self.outside, self)
        self._connect()
        self._restore()

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return self.preferences.settings

    @property
    def conversation(self) -> Conversation:
        """The one in the window."""
        return self.asking.conversation

    def start(self, paths: Sequence[Path]) -> None:
        """Open the model and the files named on the command line, and read the history, once the window is there."""
        self.model.open(self.settings)
        self.keeping.start()
        QTimer.singleShot(WARM_UP_AFTER_MS, self, self._warm_up)
        QTimer.singleShot(CATCH_UP_AFTER_MS, self._indexing, self._indexing.catch_up)
        self._take_in(Intake(tuple(paths)))

    def _warm_up(self) -> None:
        self._tasks.run(self._readings.usual.warm_up)
        self.remote.warm_up()

    def shut_down(self) -> None:
        """Stop what runs, write what is left, end the engine, wait for the threads. Once is enough; more do no harm."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self._sending.cancel()
        self.outside.shut_down()
        self.asking.shut_down()
        self.model.close()
        self._sending.wait(SHUTDOWN_WAIT_S)
        self._indexing.stop()
        self.exporting.close()
        self.preferences.close()
        self.remote.close()
        self.books.close()
        self._readings.close()
        self._indexing.close()
        if self._viewing is not None:
            self._viewing.close()
        self.window.transcript.end()
        self._unlocking.close()
        self.collecting.close()
        self._tasks.close()
        self.keeping.close()

    def _connect(self) -> None:
        window, composer, transcript = self.window, self.window.composer, self.window.transcript
        window.intake_received.connect(self._take_in)
        window.files_chosen.connect(self._on_window_files_chosen)
        window.rename_wanted.connect(self._on_window_rename_wanted)
        window.closed.connect(self._on_window_closed)
        self._model_choice.chosen.connect(self._on_model_choice_chosen)
        self._model_choice.dismissed.connect(self._update)
        transcript.picture_activated.connect(self._show_picture)
        self.browsing.picture_wanted.connect(self._show_picture)
        self.browsing.can_undo_changed.connect(self._update)
        transcript.link_activated.connect(self._on_link_activated)
        window.viewer_made.connect(self._on_window_viewer_made)
        composer.thinking_toggled.connect(self._on_composer_thinking_toggled)
        composer.model_chosen.connect(self._choose_model)
        self.collecting.changed.connect(self._update)
        self.collecting.set_expected(self._requesting.expected_s)
        self._following.changed.connect(self._update)
        self.model.changed.connect(self._on_model_changed)
        self.model.failed.connect(self._update)
        self.preferences.changed.connect(self._on_preferences_changed)
        self.preferences.history_cleared.connect(self._on_preferences_history_cleared)
        self.preferences.serve(window, self.keeping, self._choose_model)
        self.preferences.serve_books(self.books)

    def _restore(self) -> None:
        settings = self.settings
        self.window.restore_layout(settings.window_geometry, settings.splitter_state)
        self.window.composer.set_thinking(settings.thinking)
        self.window.composer.set_models(settings.models, settings.model)
        self.browsing.start_new()
        if self.preferences.set_aside is not None:
            text = self.tr("The settings could not be read and start anew. The old file is kept as {name}.")
            self.window.strip.show_message(text.format(name=self.preferences.set_aside.name))

    def _update(self) -> None:
        """Bring the window in line with the state."""
        window, model, conversation = self.window, self.model.model, self.conversation
        is_running = conversation.key in self.asking.running_keys
        can_ask = model is not None and conversation.running is None and self.collecting.is_ready
        window.show_page(window.transcript if conversation.turns else window.hero)
        window.hero.set_has_model(model is not None)
        window.set_title(conversation.title)
        window.set_private(conversation.is_private)
        window.header.set_destination(model is not None, model.capabilities.host if model else None)
        window.set_test_model(model is not None and model.is_test_model)
        window.composer.set_model_name(model.capabilities.model_name if model else "")
        window.composer.set_state(is_running=is_running, can_ask=can_ask)
        window.sidebar.set_current(conversation.key, is_private=conversation.is_private)
        window.sidebar.set_running(self.asking.running_keys)
        pictures = {picture.id: picture for picture in (*conversation.pictures(), *self.collecting.pictures)}
        attached = [entry.attachment for entry in self.attachments.entries if entry.attachment is not None]
        if pictures or attached or window.has_viewer:
            window.viewer.set_pictures(tuple(pictures.values()), attached)
        window.set_has_pictures(bool(pictures))
        self._commanding.update(has_model=model is not None, has_pictures=bool(pictures))

    def _room(self) -> Room:
        return self._requesting.room(self.conversation)

    def _take_in(self, received: Intake) -> None:
        self.collecting.take_in(received)
        if received.models:
            self._model_choice.choose(received.models[0])
        self.window.composer.question.setFocus()

    def _choose_model(self, path: str) -> None:
        if path == self.settings.model and self.settings.engine != LOCAL:
            self.remote.choose(LOCAL)  # it is known already, with its projector
        else:
            self._model_choice.choose(Path(path))

    def _show_picture(self, picture_id: str) -> None:
        self.window.show_viewer()
        self.window.viewer.show_picture(picture_id)

    def _on_window_files_chosen(self, paths: list[str]) -> None:
        self._take_in(Intake(tuple(Path(path) for path in paths)))

    def _on_window_viewer_made(self, viewer: Viewer) -> None:
        from app.viewing import Viewing

        self._viewing = Viewing(viewer, self._readings.of(self.conversation.is_private).recogniser, self)
        viewer.link_activated.connect(self._on_link_activated)
        self.collecting.serve(viewer)

    def _on_window_rename_wanted(self, title: str) -> None:
        self.browsing.rename(self.conversation.key, title)

    def _on_window_closed(self) -> None:
        geometry, panes = self.window.layout_state()
        self.preferences.change("window_geometry", geometry)
        self.preferences.change("splitter_state", panes)

    def _on_link_activated(self, target: str, position: QPoint) -> None:
        LinkMenu(target, self.window).show_at(position)

    def _on_composer_thinking_toggled(self, is_on: bool) -> None:
        self.preferences.change("thinking", is_on)

    def _on_asking_switched(self) -> None:
        reading = self._readings.of(self.conversation.is_private)
        self.collecting.set_reading(reading)
        if self._viewing is not None:
            self._viewing.set_recogniser(reading.recogniser)

    def _on_model_choice_chosen(self, model: str, projector: str) -> None:
        if self.settings.engine == LOCAL or (model, projector) != (self.settings.model, self.settings.mmproj):
            self.asking.stop_all()  # the engine on this computer ends
        self.preferences.use_model(model, projector)
        self.window.strip.hide()
        self.model.open(self.settings)

    def _on_model_changed(self) -> None:
        model = self.model.model
        self.preferences.show_projector(model.projector if model is not None else None)
        if model is not None:
            self.window.composer.set_thinking(self.settings.thinking, model.capabilities.thinking)
        self.collecting.restart_planning()
        self._update()

    def _on_preferences_changed(self, name: str) -> None:
        if name in ("model", "models"):
            self.window.composer.set_models(self.settings.models, self.settings.model)
        elif name == "gpu_layers" and self.settings.engine == LOCAL:
            self.asking.stop_all()
            self.model.open(self.settings)
        elif name == "thinking":
            model = self.model.model
            self.window.composer.set_thinking(self.settings.thinking, model is None or model.capabilities.thinking)
        elif name == "keeps_history":
            self.browsing.follow_setting()
        elif name in ("theme", "language"):
            self._update()

    def _on_preferences_history_cleared(self) -> None:
        self._indexing.forget()
        self.asking.stop_all()
        self.browsing.start_new()
        self.keeping.refresh()
