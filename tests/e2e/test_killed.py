"""The window is killed while it streams: what it had shown is there again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.chat.answer import AnswerState
from app.chat.history.store import History
from app.chat.pictures import SourceInfo
from ingest.attachment import Attachment, open_attachment

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "tests" / "data" / "tiny_model" / "tiny-glm-4.6v-Q8_0.gguf"
PICTURE = ROOT / "resources" / "demo" / "shapes.png"
MAY_MISS_S = 0.25
READY_S_MAX = 60.0


class Window:
    """The window in a process of its own; `said` is what it showed, in order."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SIGHTLINE_NO_OFFICE": "1"}
        command = [sys.executable, "-m", "tests.helpers.driven_window", str(folder), str(MODEL), str(PICTURE)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True)
        self.said: list[dict[str, Any]] = []
        self._streams = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def wait_until_it_streams(self) -> None:
        assert self._streams.wait(READY_S_MAX), "the window showed nothing"

    def kill(self) -> float:
        """With all that it started, as a power cut would; the moment."""
        moment = time.monotonic()
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with contextlib.suppress(ProcessLookupError):  # its children may have ended by themselves
            os.killpg(self._process.pid, signal.SIGKILL)
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return moment

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):
                self.said.append(json.loads(line))
                if self.said[-1]["text"] and not self.said[-1]["is_final"]:
                    self._streams.set()


def _strike(folder: Path, after_s: float) -> int:
    """Kill a window and read its history, which may hold something already; how many answers were cut."""
    earlier = _kept(folder)
    window = Window(folder)
    window.wait_until_it_streams()
    threading.Event().wait(after_s)
    moment = window.kill()
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for said in window.said:
        if said["time_s"] < moment - MAY_MISS_S:
            last[said["conversation"], said["turn"]] = said
    history = History(folder / "data" / "history")

    def open_kept(source: SourceInfo) -> Attachment:
        return open_attachment(history.file_of(source))

    assert history.damage is None
    cut = 0
    for (conversation_key, turn_key), said in last.items():
        conversation = history.load(conversation_key, open_kept)
        turn = next(turn for turn in conversation.all_turns if turn.key == turn_key)
        assert turn.answer.is_final
        assert turn.answer.markdown().startswith(said["text"])
        assert turn.answer.reasoning.startswith(said["reasoning"])
        assert turn.parts or len(conversation.turns) > 1
        for part in turn.parts:
            assert len(part.picture.render(8, 8).rgb) == 8 * 8 * 3
        if turn.answer.state is AnswerState.FAILED:
            assert turn.answer.failure is not None
            assert turn.answer.failure.code == "answer_cut"
            assert not said["is_final"]
            cut += 1
    history.close()
    shown = {said["conversation"] for said in window.said}
    kept = _kept(folder)
    assert earlier | {key for key, _ in last} <= kept
    assert len(kept - earlier - shown) <= 1  # killed after a question was kept and before it could be said
    with sqlite3.connect(folder / "data" / "history" / "history.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return cut


def _kept(folder: Path) -> set[str]:
    """The keys of all conversations in the history."""
    history = History(folder / "data" / "history")
    keys = {summary.key for summary in history.summaries()}
    history.close()
    return keys


def test_what_was_shown_is_kept_when_the_window_is_killed(tmp_path: Path) -> None:
    chance = random.Random(4)
    cuts = sum(_strike(tmp_path / str(number), chance.uniform(0.0, 1.5)) for number in range(3))
    assert cuts >= 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_was_shown_is_kept_at_a_hundred_moments(tmp_path: Path) -> None:
    chance = random.Random()
    cuts = sum(_strike(tmp_path / str(number % 10), chance.uniform(0.0, 2.0)) for number in range(100))
    assert cuts >= 30
