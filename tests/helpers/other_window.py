"""A second process that answers a question of the same history: it says the conversation's key, and ends when it is told to.

Run as ``python -m tests.helpers.other_window FOLDER``; each line on stdin is one more step.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.chat.history.store import History
from app.chat.session import Conversation
from inference.events import Finished, TextDelta

BEGUN, REST = TextDelta("Begun elsewhere", "Begun elsewhere"), TextDelta(", ended there.", ", ended there.")


@contextmanager
def other_window(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The key of the conversation that it answers in, and the process; a line to its stdin lets it end."""
    command = [sys.executable, "-m", "tests.helpers.other_window", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str]) -> None:
    """Let it go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _answer(folder: Path) -> None:
    history = History(folder)
    conversation = Conversation()
    turn = conversation.start_turn("Asked elsewhere?", [], False)
    history.start_turn(conversation, turn)
    history.journal(turn.key, [BEGUN], 0.0)
    print(conversation.key, flush=True)
    sys.stdin.readline()
    conversation.apply(turn.id, [BEGUN, REST, Finished("stop")])
    history.journal(turn.key, [REST, Finished("stop")], 0.0)
    history.finish_turn(turn)
    sys.stdin.readline()


if __name__ == "__main__":
    _answer(Path(sys.argv[1]))
