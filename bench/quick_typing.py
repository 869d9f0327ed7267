"""How soon the first token comes in Quick Ask, when the question was typed for a while and when it was asked at once.

``python -m bench.quick_typing MODEL ROUNDS`` measures here: the program's own services, without a display, and its engine.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.quick_question import QuickQuestion

ROOT = Path(__file__).parents[1]
TYPING_S = 3.0
SIZE = (640, 360)
FIRST_SIZE = (80, 80)
"""Enough to load the model and its projector."""
QUESTION = "What colour is the circle?"
PATIENCE_S = 120.0


def run(model: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds from Enter to the first token: after typing, and at once. In a process of its own."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*=false"}
    command = [sys.executable, "-m", "bench.quick_typing", str(model), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    return measured["typed"], measured["at_once"]


def measure(model: str, rounds: int) -> dict[str, list[float]]:
    """Every picture is one that the engine has not seen; the model is loaded by a question before."""
    from app.main import build
    from app.workers.tasks import TaskRunner

    controller = build(["sightline", "--model", model, "--hidden"]).controller
    _wait(lambda: controller.model.model is not None)
    slow_tasks = TaskRunner("bench", controller)
    seeds = iter(range(1000))

    def first_token_s(typing_s: float, size: tuple[int, int] = SIZE) -> float:
        question = controller.outside.new_question(slow_tasks, controller)
        question.add_image(_noise(next(seeds), size), "picture")
        typed_until = time.perf_counter() + typing_s
        if typing_s:
            _wait(lambda: time.perf_counter() > typed_until)
        seconds = _ask(controller.asking, question)
        question.end()
        return seconds

    first_token_s(0.0, FIRST_SIZE)
    times: dict[str, list[float]] = {"typed": [], "at_once": []}
    for _ in range(rounds):
        times["at_once"].append(first_token_s(0.0))
        times["typed"].append(first_token_s(TYPING_S))
    slow_tasks.close()
    controller.shut_down()
    return times


def _ask(asking: Any, question: QuickQuestion) -> float:
    """Seconds until something of the answer is there; then it is stopped."""
    conversation = question.conversation
    began = time.perf_counter()
    question.ask(QUESTION)
    _wait(lambda: conversation.turns and conversation.turns[-1].answer.blocks)
    seconds = time.perf_counter() - began
    question.stop()
    _wait(lambda: conversation.running is None)
    return seconds


def _noise(seed: int, size: tuple[int, int]) -> Any:
    """Coarse, so that a picture is unlike the others and quick to encode as a file."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    width, height = (side // 40 for side in size)
    pixels = random.Random(seed).randbytes(width * height * 4)
    coarse = QImage(pixels, width, height, QImage.Format.Format_RGB32).copy()
    return coarse.scaled(*size, mode=Qt.TransformationMode.FastTransformation)


def _wait(condition: Callable[[], object]) -> None:
    from PySide6.QtTest import QTest

    end = time.perf_counter() + PATIENCE_S
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError("the engine did not answer")
        QTest.qWait(2)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
