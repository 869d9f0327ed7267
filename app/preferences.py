"""What the user chose: applies it, keeps it, and shows the dialog in which it is changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.settings.schema import TEXT_STEPS_PERCENT, Settings
from app.settings.store import SettingsStore
from app.ui.language import Languages
from app.ui.theme import themes

if TYPE_CHECKING:
    from app.ui.settings.dialog import SettingsDialog

RECENT_MODELS_MAX = 8


class Preferences(QObject):
    """Attributes:
        settings: what holds now, with what the command line said.

    Signals:
        changed(name): of a setting; it holds already.
        storage_wanted(): the dialog wants to know what is used.
        clear_wanted(kind): the user wants something of it gone.
    """

    changed = Signal(str)
    storage_wanted = Signal()
    clear_wanted = Signal(str)

    def __init__(self, store: SettingsStore, overrides: dict[str, Any], parent: QObject) -> None:
        """`overrides` are settings from the command line; they hold until the user changes them, and are not written."""
        super().__init__(parent)
        self._store = store
        self._overrides = overrides
        self._languages = Languages(self)
        self._dialog: SettingsDialog | None = None
        themes().choose(self.settings.theme)
        themes().choose_text_size(self.settings.text_percent)
        self._languages.choose(self.settings.language)

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return replace(self._store.current, **self._overrides)

    @property
    def set_aside(self) -> Path | None:
        """Where settings that could not be read are now."""
        return self._store.set_aside

    def change(self, name: str, value: object) -> None:
        """Set one, apply it, keep it."""
        self._overrides.pop(name, None)
        self._store.change(**{name: value})
        match name:
            case "theme":
                themes().choose(self.settings.theme)
            case "language":
                self._languages.choose(self.settings.language)
            case "text_percent":
                themes().choose_text_size(self.settings.text_percent)
        self.changed.emit(name)

    def use_model(self, model: str, mmproj: str) -> None:
        """Another model is in use; it is the first of those used lately."""
        others = [path for path in self.settings.models if path != model]
        self.change("models", (model, *others)[:RECENT_MODELS_MAX])
        self._overrides.pop("model", None)
        self.change("mmproj", mmproj)
        self.change("model", model)

    def zoom_text(self, direction: int) -> None:
        """One step larger (1) or smaller (-1), or back to what is usual (0)."""
        now = self.settings.text_percent
        steps = TEXT_STEPS_PERCENT
        larger, smaller = [step for step in steps if step > now], [step for step in steps if step < now]
        wanted = 100 if not direction else (larger or [steps[-1]])[0] if direction > 0 else (smaller or [steps[0]])[-1]
        self.change("text_percent", wanted)
