"""A window with several engines: one on this computer, and others by what the settings name."""

from __future__ import annotations

from app.controller import Controller
from app.model import Model
from app.servers import Server, write_servers
from app.settings.schema import Settings
from inference.events import Event, Finished, TextDelta
from inference.types import Capabilities, Timings, Usage
from tests.helpers.scripted_engine import Pause, ScriptedEngine

HOST = "api.z.ai"
LAB = Server("the lab", "http://192.168.1.20:8000/v1", "eyes-9b", "vllm")
USAGE = Usage(prompt_tokens=10_000, cached_tokens=8_000, completion_tokens=1_000)


def answer(text: str = "Seen.") -> list[Event]:
    return [TextDelta(text, text), Finished("stop", USAGE, Timings(time_to_first_token_ms=500.0))]


class Engines:
    """Opens one engine for each choice, and remembers all.

    Attributes:
        opened: what the settings named, in order.
        made: engines elsewhere, in order.
        pictures_max: of those that are made from now on.
        fault: raised instead of opening anything elsewhere.
    """

    def __init__(self, local: ScriptedEngine, **remote: list[list[Event | Pause]]) -> None:
        """`remote` are scripts by the name of a model."""
        self._local, self._scripts = local, remote
        self.made: list[ScriptedEngine] = []
        self.opened: list[str] = []
        self.fault: Exception | None = None
        self.pictures_max = 50

    def open(self, settings: Settings) -> Model:
        """As `app.model.open_model`."""
        self.opened.append(settings.engine)
        if settings.engine == "local":
            return Model(self._local, self._local.capabilities())
        if self.fault is not None:
            raise self.fault
        is_glm = settings.engine == "glm"
        name, host = (settings.glm_model, HOST) if is_glm else (LAB.model, "192.168.1.20")
        scripts = self._scripts.get(name.replace("-", "_").replace(".", "_"), [answer()])
        self.made.append(ScriptedEngine(*scripts, capabilities=Capabilities(name, host=host, pictures_max=self.pictures_max)))
        return Model(self.made[-1], self.made[-1].capabilities())


def serve(controller: Controller, engines: Engines) -> None:
    """Open with these from now on; there is a key, and a server."""
    controller.model._opener = engines.open
    controller.preferences.change("keys", ("GLM",))
    controller.preferences.change("servers", write_servers([LAB]))
