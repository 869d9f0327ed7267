"""Run as a program: starts the window, asks about a picture if one is named, and prints what it cost, for `test_start.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest

from app.main import build
from app.memory import give_back_large_blocks
from app.model import Model
from inference.events import Finished, TextDelta
from inference.types import Request
from tests.helpers.scripted_engine import ScriptedEngine

HEAVY = ("llama_cpp", "numpy", "PIL", "jinja2", "ssl", "asyncio", "PySide6.QtNetwork")
PARSERS = ("pymupdf", "av", "pptx", "docx", "openpyxl", "lxml", "cv2", "onnxruntime", "ingest.worker")
"""What only a reading process may load, whatever is opened."""


def wait(condition: Callable[[], object]) -> None:
    while not condition():
        QTest.qWait(20)


def read_pixels(request: Request) -> None:
    """As an engine does it."""
    for image in request.images():
        image.read_rgb()


def resident_kb() -> int:
    """Of this process, now."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def main() -> None:
    engine = ScriptedEngine([TextDelta("An **answer**.", "x"), Finished("stop")])
    arguments = ["sightline", "--model", "/models/scripted.gguf"]
    controller = build(arguments, lambda settings: Model(engine, engine.capabilities())).controller
    heavy = [name for name in HEAVY if name in sys.modules]
    give_back_large_blocks()
    if len(sys.argv) > 1:
        controller.window.files_chosen.emit(sys.argv[1:])
        wait(lambda: controller.attachments.pictures and not controller.collecting.is_running and controller.model.model)
        controller.window.composer.submitted.emit("What is it?", False)
        wait(lambda: controller.conversation.running is None)
        read_pixels(engine.requests[0])
        controller.window.grab()
        QTest.qWait(1_000)  # what was asked about goes to the history, and from there to the index
        wait(lambda: not controller._indexing._job and not controller._indexing._waiting)  # pixels are with it while they are read
    memory_kb = min(resident_kb() for _ in range(10) if QTest.qWait(50) is None)  # what a preparation still holds goes
    controller.window.close()
    controller.shut_down()
    parsers = [name for name in PARSERS if name in sys.modules]
    print(json.dumps({"heavy": heavy, "parsers": parsers, "memory_mb": memory_kb / 1024}))


if __name__ == "__main__":
    main()
