"""What the user chose: applies it, keeps it, and shows the dialog in which it is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.keeping import Keeping
from app.settings.schema import TEXT_STEPS_PERCENT, Settings
from app.settings.storage import MADE_OF_CONVERSATIONS, Kind, Stored, clear_cache, measure_caches
from app.settings.store import SettingsStore
from app.ui.language import Languages
from app.ui.main_window import MainWindow
from app.ui.theme import themes
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.bookkeeping import Bookkeeping
    from app.chat.history.store import History
    from app.hotkey.service import Hotkeys
    from app.settings.keys import Keys
    from app.spending import Spent
    from app.ui.settings.dialog import SettingsDialog

RECENT_MODELS_MAX = 8


class Preferences(QObject):
    """Attributes:
        settings: what holds now, with what the command line said.

    Signals:
        changed(name): of a setting; it holds already.
        keys_changed(): the keychain holds another key, or one less.
        history_cleared(): no conversation is kept any more.
    """

    changed = Signal(str)
    keys_changed = Signal()
    history_cleared = Signal()

    def __init__(self, store: SettingsStore, overrides: dict[str, Any], parent: QObject) -> None:
        """`overrides` are settings from the command line; they hold until the user changes them, and are not written."""
        super().__init__(parent)
        self._store = store
        self._overrides = overrides
        self._languages = Languages(self)
        self._window: MainWindow | None = None
        self._keeping: Keeping | None = None
        self._choose_model: Callable[[str], object] = lambda _path: None
        self._keys: Keys | None = None
        self._dialog: SettingsDialog | None = None
        self._projector: Path | None = None
        self._failure = ""
        self._hotkeys: Hotkeys | None = None
        self._books: Bookkeeping | None = None
        self._tasks = TaskRunner("storage", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        themes().choose_text_size(self.settings.text_percent)
        themes().choose(self.settings.theme)
        self._languages.choose(self.settings.language)

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return replace(self._store.current, **self._overrides)

    @property
    def set_aside(self) -> Path | None:
        """Where settings that could not be read are now."""
        return self._store.set_aside

    def serve(self, window: MainWindow, keeping: Keeping, choose_model: Callable[[str], object]) -> None:
        """Show the dialog over this window; `choose_model` uses a model file."""
        self._window, self._keeping, self._choose_model = window, keeping, choose_model

    def serve_hotkeys(self, hotkeys: Hotkeys) -> None:
        """Keep these as the settings say, and show in the dialog how they stand."""
        self._hotkeys = hotkeys
        hotkeys.state_changed.connect(self._on_hotkeys_state_changed)
        hotkeys.diverted.connect(self._on_hotkeys_diverted)
        hotkeys.apply(self.settings)

    def serve_books(self, books: Bookkeeping) -> None:
        """Show in the dialog what they tell."""
        self._books = books
        books.told.connect(self._on_books_told)

    def change(self, name: str, value: object) -> None:
        """Set one, apply it, keep it."""
        self._overrides.pop(name, None)
        self._store.change(**{name: value})
        self._tell_failure()
        match name:
            case "theme":
                themes().choose(self.settings.theme)
            case "language":
                self._languages.choose(self.settings.language)
            case "text_percent":
                themes().choose_text_size(self.settings.text_percent)
        if self._dialog is not None:
            self._dialog.show_settings(self.settings)
        if self._hotkeys is not None:
            self._hotkeys.apply(self.settings)
        if name == "currency" and self._books is not None and self._dialog is not None:
            self._books.ask_month()
        self.changed.emit(name)

    def use_model(self, model: str, mmproj: str) -> None:
        """Another model is in use; it is the first of those used lately."""
        others = [path for path in self.settings.models if path != model]
        for name, value in (("models", (model, *others)[:RECENT_MODELS_MAX]), ("mmproj", mmproj), ("model", model)):
            self.change(name, value)
        self.change("engine", "local")

    def show_projector(self, path: Path | None) -> None:
        """The one in use, which may have been found beside the model; None while there is none."""
        self._projector = path
        if self._dialog is not None:
            self._dialog.show_projector(path)

    def zoom_text(self, direction: int) -> None:
        """One step larger (1) or smaller (-1), or back to what is usual (0)."""
        now = self.settings.text_percent
        larger = [step for step in TEXT_STEPS_PERCENT if step > now] or [TEXT_STEPS_PERCENT[-1]]
        smaller = [step for step in TEXT_STEPS_PERCENT if step < now] or [TEXT_STEPS_PERCENT[0]]
        self.change("text_percent", {1: larger[0], -1: smaller[-1], 0: 100}[direction])

    def show_dialog(self) -> None:
        """The settings, over the window."""
        assert self._window is not None
        if self._dialog is None:
            from app.settings.keys import Keys  # neither these nor the dialog are needed for the first window
            from app.settings.secrets import own_secrets
            from app.ui.settings.dialog import SettingsDialog

            if self._keys is None:
                self._keys = Keys(own_secrets(), self)
                self._keys.saved.connect(self._on_keys_changed)
                self._keys.removed.connect(self._on_keys_changed)
            dialog = SettingsDialog(self.settings, self._keys, self._window.actions_table, self._window)
            dialog.changed.connect(self.change)
            dialog.storage_wanted.connect(self._measure)
            if self._books is not None:
                dialog.spending_wanted.connect(self._books.ask_month)
            dialog.clear_wanted.connect(self._on_dialog_clear_wanted)
            dialog.folder_wanted.connect(self._on_dialog_folder_wanted)
            dialog.file_wanted.connect(self._on_dialog_file_wanted)
            dialog.model_chosen.connect(self._choose_model)
            dialog.finished.connect(self._on_dialog_finished)
            dialog.show_projector(self._projector)
            self._dialog = dialog
            if self._hotkeys is not None:
                dialog.keys_recording_changed.connect(self._hotkeys.divert)
                dialog.hotkeys_wanted.connect(self._hotkeys.try_again)
                self._on_hotkeys_state_changed()
        self._dialog.open()

    def show_page(self, name: str) -> None:
        """One page of the settings."""
        self.show_dialog()
        assert self._dialog is not None
        self._dialog.open_page(name)

    def close(self) -> None:
        """End the threads."""
        if self._keys is not None:
            self._keys.close()
        self._tasks.close()

    def _tell_failure(self) -> None:
        """Say once that settings cannot be written, until they can be again."""
        told, reason = self._failure, self._store.failure
        if self._window is None or bool(reason) == bool(told):
            return
        if reason:
            text = self.tr("Settings cannot be written ({reason}). What you change holds until Sightline is closed.")
            self._failure = text.format(reason=reason)
            self._window.strip.show_message(self._failure)
        else:
            self._failure = ""
            self._window.strip.withdraw_message(told)

    def _measure(self) -> None:
        assert self._keeping is not None
        self._keeping.run(_measure_history, self._on_history_measured)

    def _on_history_measured(self, stored: list[Stored]) -> None:
        self._tasks.run(_with_caches, stored)

    def _on_tasks_succeeded(self, _job_id: int, result: object) -> None:
        if not isinstance(result, list):
            self._measure()
        elif self._dialog is not None:
            self._dialog.show_storage(result)

    def _on_dialog_clear_wanted(self, kind: Kind) -> None:
        assert self._keeping is not None
        if kind == "conversations":
            self._keeping.abandon()
            self._keeping.run(_clear_history, self._on_history_cleared)
        elif kind == "attachments":
            self._keeping.run(_clear_files, self._on_files_cleared)
        else:
            self._tasks.run(clear_cache, kind)

    def _on_history_cleared(self, _result: object) -> None:
        for kind in MADE_OF_CONVERSATIONS:
            self._tasks.run(clear_cache, kind)
        self.history_cleared.emit()

    def _on_files_cleared(self, _result: object) -> None:
        self._measure()

    def _on_dialog_folder_wanted(self, path: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def _on_dialog_file_wanted(self, name: str) -> None:
        assert self._window is not None
        if name == "model":
            self._window.open_model()
        else:
            self._window.open_projector(self.settings.model)

    def _on_hotkeys_state_changed(self) -> None:
        if self._dialog is not None and self._hotkeys is not None:
            self._dialog.show_hotkeys(self._hotkeys.states)

    def _on_hotkeys_diverted(self, hotkey_id: str) -> None:
        if self._dialog is not None:
            self._dialog.take_hotkey(hotkey_id)

    def _on_books_told(self, spent: tuple[Spent, ...]) -> None:
        if self._dialog is not None:
            self._dialog.show_spending(spent)

    def _on_keys_changed(self, *_told: object) -> None:
        self.keys_changed.emit()

    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


def _measure_history(store: History) -> list[Stored]:
    used = store.storage()
    folder = store.folder
    return [
        Stored("conversations", folder, used.text_bytes, used.conversations),
        Stored("attachments", folder / "attachments", used.attachment_bytes, used.attachments),
    ]


def _with_caches(stored: list[Stored]) -> list[Stored]:
    return [*stored, *measure_caches()]


def _clear_history(store: History) -> None:
    store.clear()


def _clear_files(store: History) -> None:
    store.clear_files()
