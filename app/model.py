"""The model in use: opened and closed outside the window's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.settings.schema import Settings
from app.workers.tasks import TaskRunner
from inference.engine import Engine
from inference.errors import InferenceError
from inference.types import Capabilities

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """An engine and what is known about it.

    Attributes:
        is_test_model: it must say so.
        system_prompt: whether it is told how to point and what each picture is called.
        projector: the file that lets it see, chosen or found beside it; None when it cannot.
    """

    engine: Engine
    capabilities: Capabilities
    is_test_model: bool = False
    system_prompt: bool = True
    projector: Path | None = None


OpenModel = Callable[[Settings], Model]


def open_local_model(settings: Settings) -> Model:
    """The model that the settings name, on this computer; nothing is loaded yet. Raises InferenceError.

    Runs in a worker's thread; the engine's modules are imported only here, after the window is there.
    """
    from app.engines import find_projector, local_engine
    from inference.models.catalog import defaults_for

    model = Path(settings.model)
    projector = Path(settings.mmproj) if settings.mmproj else find_projector(model)
    engine = local_engine(model, projector, gpu_layers=settings.gpu_layers)
    capabilities = engine.capabilities()
    defaults = defaults_for(capabilities.model_name)
    return Model(engine, capabilities, defaults.is_test_model, defaults.system_prompt, projector)


class CurrentModel(QObject):
    """Attributes:
        model: the one in use, None while there is none.

    Signals:
        changed(): another model, or none, is in use.
        failed(code, message): the model could not be opened; there is none now.
    """

    changed = Signal()
    failed = Signal(str, str)

    def __init__(self, opener: OpenModel, parent: QObject) -> None:
        super().__init__(parent)
        self.model: Model | None = None
        self._opener = opener
        self._tasks = TaskRunner("model", self)
        self._job = 0
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)

    def open(self, settings: Settings) -> None:
        """Use the model that the settings name, instead of the one in use."""
        self._release()
        self._tasks.forget(self._job)
        self._job = self._tasks.run(self._opener, settings) if settings.model else 0
        self.changed.emit()

    def close(self) -> None:
        """End the engine, and wait until it has."""
        model, self.model = self.model, None
        self._tasks.close()
        if model is not None:
            model.engine.close()

    def _release(self) -> None:
        model, self.model = self.model, None
        if model is not None:
            self._tasks.run(model.engine.close)

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if job_id == self._job and isinstance(result, Model):
            self.model = result
            self.changed.emit()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        if job_id != self._job:
            log.error("an engine did not close well: %r", error)
        elif isinstance(error, InferenceError):
            self.failed.emit(error.code, error.message)
        else:
            log.error("a model could not be opened: %r", error)
            self.failed.emit("internal_error", str(error))
