"""A real window with the real engine that asks one question after another until it is killed, and says what it shows.

Run as ``python -m tests.helpers.driven_window DATA_FOLDER MODEL PICTURE``. Each line on stdout is JSON: the keys of the
conversation and the turn, what of the answer and of its reasoning has been shown, and `time_s` of the system's monotonic clock.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.chat.session import Conversation, Turn
from app.main import build
from app.model import Model, open_local_model
from app.settings.schema import Settings
from inference.engine import Cancel, Engine
from inference.events import Event
from inference.types import Capabilities, Request

PAUSE_S = 0.06
"""Between events: the test model would be done before it could be killed."""
QUESTIONS = ("Locate the red circle.", "How many shapes are there?", "What colour is the square?", "Locate the blue square.")


class Slowed:
    """The engine, at the pace of a large model."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def capabilities(self) -> Capabilities:
        return self._engine.capabilities()

    def prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        return self._engine.prepare(request, cancel)

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        for event in self._engine.stream(request, cancel):
            time.sleep(PAUSE_S)
            yield event

    def close(self) -> None:
        self._engine.close()


def open_slowed(settings: Settings) -> Model:
    model = open_local_model(settings)
    return replace(model, engine=Slowed(model.engine))


def main(folder: str, model: str, picture: str) -> None:
    controller = build(["sightline", "--data-dir", folder, "--model", model, picture], open_slowed).controller
    asked = 0

    def say(conversation: Conversation, turn: Turn, _events: object = None) -> None:
        shown = {
            "conversation": conversation.key,
            "turn": turn.key,
            "text": turn.answer.markdown(),
            "reasoning": turn.answer.reasoning,
            "is_final": turn.answer.is_final,
            "time_s": time.monotonic(),
        }
        print(json.dumps(shown), flush=True)

    def ask_next() -> None:
        nonlocal asked
        if controller.model.model is None or controller.collecting.is_running or controller.asking.conversation.running:
            return
        if asked and asked % 5 == 0:
            controller.browsing.start_new()
            controller.attachments.add_files([Path(picture)])
            asked += 1
            return
        controller.window.composer.submitted.emit(QUESTIONS[asked % len(QUESTIONS)], False)
        asked += 1

    controller.asking.started.connect(say)
    controller.asking.arrived.connect(say)
    timer = QTimer()
    timer.timeout.connect(ask_next)
    timer.start(20)
    QApplication.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
