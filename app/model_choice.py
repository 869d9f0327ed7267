"""From a model file that the user named to a model with its projector."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.ui.main_window import MainWindow

PROJECTOR_PATTERN = "*mmproj*.gguf"


class ModelChoice(QObject):
    """Finds the projector beside the model, or asks for it in the window.

    Signals:
        chosen(model path, projector path): the projector is empty for a model that shall see no pictures.
        dismissed(): there is none after all; nothing changes.
    """

    chosen = Signal(str, str)
    dismissed = Signal()

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        window.model_chosen.connect(self._on_window_model_chosen)
        window.projector_chosen.connect(self.chosen)
        window.projector_choice.chosen.connect(self.chosen)
        window.projector_choice.dismissed.connect(self.dismissed)

    def choose(self, model: Path) -> None:
        """Use this file, when it is clear which projector belongs to it."""
        from app.engines import find_projector  # brings the engine's modules, which the window's start can do without

        if "mmproj" in model.name.lower():
            text = self.tr("{name} is a projector. Choose the model's own file.")
            self._window.strip.show_message(text.format(name=model.name))
            self.dismissed.emit()
            return
        projector = find_projector(model)
        if projector is None:
            self._window.projector_choice.ask(model, sorted(model.parent.glob(PROJECTOR_PATTERN)))
            self._window.show_page(self._window.projector_choice)
        else:
            self.chosen.emit(str(model), str(projector))

    def _on_window_model_chosen(self, path: str) -> None:
        self.choose(Path(path))
