"""The process of a peer: one question a line on stdin, one timed answer a line on stdout. Standard library only."""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.peers.dialogue import Turn, timed, turns_from_json

Ask = Callable[[Sequence[Turn], int], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Setup:
    """How every engine is set up, so that like is compared with like."""

    model: Path
    mmproj: Path
    n_ctx: int
    n_batch: int
    n_threads: int


def run(start: Callable[[Setup], Ask]) -> None:
    """Start an engine as the command line says and answer until stdin closes."""
    answers = os.fdopen(os.dup(1), "w")  # native code prints on fd 1
    os.dup2(2, 1)
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("mmproj", type=Path)
    for name in ("--n-ctx", "--n-batch", "--n-threads"):
        parser.add_argument(name, type=int, required=True)
    ask = start(Setup(**vars(parser.parse_args())))
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        answer = timed(ask(turns_from_json(question["turns"]), question["max_tokens"]))
        print(json.dumps(asdict(answer)), file=answers, flush=True)
    os._exit(0)  # servers keep threads that would hold up the end


def chat_messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """A conversation in the form of the chat completions API, pictures as data URLs."""
    return [{"role": turn.role, "content": _content(turn)} for turn in turns]


def _content(turn: Turn) -> str | list[dict[str, Any]]:
    if turn.picture is None:
        return turn.text
    url = "data:image/png;base64," + base64.b64encode(turn.picture.read_bytes()).decode()
    return [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": turn.text}]
