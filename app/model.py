"""The model in use: opened and closed outside the window's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.kept_engines import KeptEngines, Key
from app.settings.schema import Settings
from app.settings.secrets import SecretsError, own_secrets
from app.workers.tasks import TaskRunner
from inference.engine import Engine
from inference.errors import InferenceError, ModelUnknown
from inference.types import Capabilities

if TYPE_CHECKING:
    from app.engine_choice import EngineChoice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """An engine and what is known about it.

    Attributes:
        is_test_model: it must say so.
        system_prompt: whether it is told how to point and what each picture is called.
        projector: the file that lets it see, chosen or found beside it; None when it cannot, or is not on this computer.
        warning: what the user should know about how it was set up; empty for nothing.
    """

    engine: Engine
    capabilities: Capabilities
    is_test_model: bool = False
    system_prompt: bool = True
    projector: Path | None = None
    warning: str = ""


OpenModel = Callable[[Settings], Model]


def open_model(settings: Settings) -> Model:
    """The engine that the settings name, wherever it is; nothing is loaded and nothing sent yet.

    Runs in a worker's thread, which waits while the user answers the keychain. Raises InferenceError or SecretsError.
    """
    if settings.engine == "local":
        return open_local_model(settings)
    from app.engine_choice import EngineChoice

    choice = EngineChoice.of(settings)
    return open_remote_model(settings, choice) if choice.is_remote else open_local_model(settings)


def open_remote_model(settings: Settings, choice: EngineChoice, model_id: str = "") -> Model:
    """A model elsewhere, as `app.engine_choice.remote_engine`, which says what it raises. Blocks."""
    from app.engine_choice import load_model_table, remote_engine

    table, fault = load_model_table()
    try:
        engine = remote_engine(choice, settings, own_secrets(), table, model_id)
    except ModelUnknown:
        if fault is not None and choice.kind == "glm":  # it may stand in the user's own table
            raise fault from None
        raise
    return Model(engine, engine.capabilities(), warning=fault.message if fault is not None else "")


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
        warned(message): it can be used, but not all is well with how it was set up.
        failed(code, message): the model could not be opened; there is none now.
    """

    changed = Signal()
    warned = Signal(str)
    failed = Signal(str, str)
    _prepared = Signal(int, object)

    def __init__(self, opener: OpenModel, parent: QObject, is_answering: Callable[[], bool] = lambda: False) -> None:
        """`is_answering` tells whether any answer runs."""
        super().__init__(parent)
        self.model: Model | None = None
        self._opener = opener
        self._opened: Settings | None = None
        self._kept = KeptEngines(self._end, is_answering, self)
        self._tasks = TaskRunner("model", self)
        self._job = 0
        self._wish = 0
        self._prepared.connect(self._on_prepared, Qt.ConnectionType.QueuedConnection)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)

    def open(self, settings: Settings) -> None:
        """Use the model that the settings name, instead of the one in use; `app.kept_engines` says what becomes of that."""
        is_local = settings.engine == "local"
        self._leave(is_local)
        self._opened = settings
        self._tasks.forget(self._job)
        self._job, self._wish = 0, self._wish + 1
        self.model = self._kept.take(_identity(settings)) if is_local else None
        if not is_local:
            arguments = (self._wish, settings)
            threading.Thread(target=self._prepare, args=arguments, name="opening", daemon=True).start()
        elif settings.model and self.model is None:
            self._job = self._tasks.run(self._opener, settings)
        self.changed.emit()

    def is_open_for(self, settings: Settings) -> bool:
        """Whether the engine in use, or on its way, is the one that these settings name."""
        return self._opened is not None and _identity(self._opened) == _identity(settings)

    def end_unused(self) -> None:
        """An answer has ended: engines that only ran for it may end too."""
        self._kept.end_retired()

    def close(self) -> None:
        """End every engine, and wait until they have."""
        model, self.model = self.model, None
        self._wish += 1
        kept = self._kept.clear()
        self._tasks.close()
        for each in (*kept, *([model] if model is not None else [])):
            each.engine.close()

    def _leave(self, is_for_local: bool) -> None:
        model, self.model = self.model, None
        if model is None:
            return
        if model.capabilities.host is None and is_for_local:
            self._end(model)
        else:
            assert self._opened is not None
            self._kept.put(_identity(self._opened), model)

    def _end(self, model: Model) -> None:
        self._tasks.run(model.engine.close)

    def _prepare(self, wish: int, settings: Settings) -> None:
        """In a thread that nobody waits for: the user may never answer the keychain."""
        try:
            result: Model | Exception = self._opener(settings)
        except Exception as error:  # told as every other one
            result = error
        try:
            self._prepared.emit(wish, result)
        except RuntimeError:  # the window is gone
            log.debug("an engine was there after the end")

    def _on_prepared(self, wish: int, result: Model | Exception) -> None:
        if wish == self._wish:
            self._job = self._tasks.run(_take, result)  # after the end of the one before
        elif isinstance(result, Model):
            self._tasks.run(result.engine.close)

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if job_id == self._job and isinstance(result, Model):
            self.model = result
            self.changed.emit()
            if result.warning:
                self.warned.emit(result.warning)

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        if job_id != self._job:
            log.error("an engine did not close well: %r", error)
            return
        self._opened = None  # so that it can be tried again
        if isinstance(error, InferenceError | SecretsError):
            self.failed.emit(error.code, error.message)
        else:
            log.error("a model could not be opened: %r", error)
            self.failed.emit("internal_error", str(error))


def _take(result: Model | Exception) -> Model:
    if isinstance(result, Exception):
        raise result
    return result


def _identity(settings: Settings) -> Key:
    """What another engine is needed for when it changes."""
    if settings.engine == "local":
        return ("local", settings.model, settings.mmproj, settings.gpu_layers)
    return (
        settings.engine,
        settings.glm_model if settings.engine == "glm" else settings.servers,
        settings.glm_address,
        settings.glm_own_address,
        settings.requests_max,
        settings.proxy,
        settings.ca_file,
        settings.keys,
        settings.language,
    )
