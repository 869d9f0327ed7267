"""Processes that write to a history until they are killed or done, and say what they have been promised.

Run as ``python -m tests.helpers.history_writer``. Each line on stdin, JSON, asks for one more process: the history's folder, a
name, how many turns, how many pieces of an answer, and a pipe to speak on. It says its process id, and then, whenever the history
has returned, the keys of the conversation and the turn, and how many pieces of the answer are kept; -1 once it is finished.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TextIO

from app.chat.history.store import History
from app.chat.session import Conversation
from inference.events import Finished, TextDelta


def piece(number: int) -> TextDelta:
    """The n-th piece of every answer."""
    return TextDelta(f"{number} ", f"{number} ")


def write(pipe: TextIO, history: History, name: str, turns: int, pieces: int) -> None:
    """Ask and answer, one conversation of four turns after another."""
    conversation = Conversation()
    for number in range(turns):
        if number % 4 == 0:
            conversation = Conversation()
        turn = conversation.start_turn(f"{name} asks {number}", [], False)
        history.start_turn(conversation, turn)
        _say(pipe, conversation.key, turn.key, 0)
        for count in range(pieces):
            history.journal(turn.key, [piece(count)], 0.0)
            _say(pipe, conversation.key, turn.key, count + 1)
        conversation.apply(turn.id, [*map(piece, range(pieces)), Finished("stop")])
        history.finish_turn(turn)
        _say(pipe, conversation.key, turn.key, -1)


def run(folder: str, name: str, turns: int, pieces: int, pipe_path: str) -> None:
    """In a process of its own."""
    with open(pipe_path, "w") as pipe:
        _say(pipe, os.getpid())
        history = History(Path(folder))
        write(pipe, history, name, turns, pieces)
        history.close()


def _say(pipe: TextIO, *values: object) -> None:
    print(json.dumps(values), file=pipe, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            run(*json.loads(line))
            os._exit(0)
