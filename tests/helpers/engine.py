"""The local engine on the tiny model, impatient and small, and what tests ask of it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from inference.engine import Cancel
from inference.events import BoxFound, Event, Failed, Finished, ImageRef, ReasoningDelta, TextDelta, ToolCallDelta
from inference.local.config import LocalConfig
from inference.local.process import Patience
from inference.local.proxy import WORKER_COMMAND, LocalEngine
from inference.types import ImagePart, Message, Part, Request, SamplingParams, TextPart

_FOLDER = Path(__file__).parents[1] / "data" / "tiny_model"
MODEL, MMPROJ = _FOLDER / "tiny-glm-4.6v-Q8_0.gguf", _FOLDER / "mmproj-tiny-glm-4.6v-Q8_0.gguf"

PATIENT = Patience(silence_s=30.0, standstill_s=60.0, cancel_s=30.0, close_s=10.0)
"""Nothing but a hang takes that long, however busy the computer is."""
QUICK = Patience(silence_s=5.0, standstill_s=10.0, cancel_s=5.0, close_s=5.0)
"""For what does hang. Starting a process is silence too."""
WAIT_S = 60.0

GREEDY = SamplingParams(temperature=0)
HELLO = Request((Message.text("user", "Hello"),), sampling=GREEDY)
HELLO_ANSWER = "Hello! Send me a picture and ask about it."
LONG_GRAMMAR = 'root ::= "Once" [a-z ]{1500}'
"""Forces an answer of about three hundred tokens."""


def question(*parts: str | ImagePart, **fields: Any) -> Request:
    """One message of the user, answered greedily unless `fields` say otherwise."""
    converted: tuple[Part, ...] = tuple(TextPart(part) if isinstance(part, str) else part for part in parts)
    return Request((Message("user", converted),), **({"sampling": GREEDY} | fields))


@contextmanager
def running_engine(
    cache_dir: Path | None = None,
    patience: Patience = PATIENT,
    command: Sequence[str] = WORKER_COMMAND,
    model: Path = MODEL,
    mmproj: Path | None = MMPROJ,
    **config: Any,
) -> Iterator[LocalEngine]:
    """An engine on the tiny model that is closed at the end. Nothing starts before the first request."""
    fields = {"n_ctx": 2048, "n_threads": 1, "gpu_layers": 0, "cache_dir": cache_dir} | config
    engine = LocalEngine(LocalConfig(model, mmproj, **fields), command, patience)
    try:
        yield engine
    finally:
        engine.close()


def ask(engine: LocalEngine, request: Request = HELLO, cancel: Cancel | None = None) -> list[Event]:
    """All events of one answer."""
    return list(engine.stream(request, cancel or Cancel()))


def output_of(events: Iterable[Event]) -> str:
    """What the model wrote, byte for byte."""
    kinds = (TextDelta, ReasoningDelta, BoxFound, ImageRef, ToolCallDelta)
    return "".join(event.raw for event in events if isinstance(event, kinds))


def ending_of(events: Sequence[Event]) -> Finished | Failed:
    """The last event; it must be the only one of its kind."""
    endings = [event for event in events if isinstance(event, Finished | Failed)]
    assert len(endings) == 1 and events[-1] is endings[0], events
    return endings[0]


def assert_answers(engine: LocalEngine) -> None:
    """The engine works and says the right thing."""
    events = ask(engine)
    assert isinstance(ending_of(events), Finished), events[-1]
    assert output_of(events) == HELLO_ANSWER


def wait_until(condition: Callable[[], bool]) -> bool:
    """Wait for something that nothing notifies of, such as another process; False when it takes too long."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fails when child processes (zombies too), threads of the engine or open files outlive the block."""
    before, threads = set(psutil.Process().children()), set(engine_threads())
    files = descriptors()
    yield
    assert wait_until(lambda: set(psutil.Process().children()) <= before), psutil.Process().children()
    assert wait_until(lambda: set(engine_threads()) <= threads), engine_threads()
    assert wait_until(lambda: descriptors() <= files), descriptors() - files


def descriptors() -> set[str]:
    """Open files and pipes, where the system tells; connections that Qt and others open when they need them are not ours."""
    found = set()
    for entry in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(FileNotFoundError):  # the one that lists
            found.add(os.readlink(entry))
    return {target for target in found if not target.startswith(("socket:", "anon_inode:", "/proc/"))}


def engine_threads() -> list[threading.Thread]:
    """Those of engines that still run."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("engine")]
