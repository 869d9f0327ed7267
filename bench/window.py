"""How quick and how small the window is: start, streaming, a long conversation, memory. Each figure in a process of its own.

``python -m bench.window [--quick]``. No display is needed (Qt's offscreen platform); the engine is one that writes at a given pace,
so that only the window is measured. The peer is the simplest program of the same toolkit that shows as much.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import Figure, at_most

ROOT = Path(__file__).parents[1]
START_S, STALL_MS, CORE_SHARE, OPEN_MS, MEMORY_MB, GROWTH_MB = 0.9, 50.0, 0.30, 300.0, 180.0, 6.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and a shorter use; ends within 50 s")
    options = parser.parse_args()
    rounds, seconds, use = (3, 4, 20) if options.quick else (9, 15, 240)
    with tempfile.TemporaryDirectory() as folder:
        _probe("fill", folder)
        for figure in (
            _start(folder, rounds),
            *_stream(folder, seconds),
            _open(folder, rounds),
            *_memory(folder, use),
        ):
            figure.print()


def _start(folder: str, rounds: int) -> Figure:
    """From the start of the process until the window is painted and takes what is typed."""
    _probe("start", folder)  # warm: files in memory, modules compiled
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(_probe("start", folder))
        bare.append(_probe("bare_start", folder))
    ours_s = statistics.median(run["ready_s"] for run in ours)
    bare_s = statistics.median(run["ready_s"] for run in bare)
    imports_ms = statistics.median(run["imports_ms"] for run in ours)
    details = {"peer_s": bare_s, "ratio": ours_s / bare_s, "imports_ms": imports_ms}
    return at_most("start_to_usable_window", ours_s, "s", START_S, "an empty PySide6 window", **details)


def _stream(folder: str, seconds: int) -> list[Figure]:
    """200 tokens a second into a conversation of 200 messages: the longest wait of the event loop, and the processor's time."""
    ours, peer = _probe("stream", folder, str(seconds)), _probe("bare_stream", folder, str(seconds))
    return [
        at_most("longest_stall_while_streaming", ours["stall_ms"], "ms", STALL_MS, "QPlainTextEdit", peer_ms=peer["stall_ms"]),
        at_most("core_while_streaming", ours["core"], "of a core", CORE_SHARE, "QPlainTextEdit", peer_core=peer["core"]),
    ]


def _open(folder: str, rounds: int) -> Figure:
    """A conversation of 1,000 messages, from the click until it is painted."""
    ours, peer = _probe("open", folder, str(rounds)), _probe("bare_open", folder, "1")
    ours_ms, peer_ms = statistics.median(ours["ms"]), statistics.median(peer["ms"])
    ratio = ours_ms / peer_ms
    return at_most("open_1000_messages", ours_ms, "ms", OPEN_MS, "a QTextBrowser a message", peer_ms=peer_ms, ratio=ratio)


def _memory(folder: str, use: int) -> list[Figure]:
    """Resident memory of the window's process after an hour's questions, searches and switches, without the pauses between them."""
    run = _probe("memory", folder, str(use))
    return [
        at_most("resident_memory_after_use", run["end_mb"], "MB", MEMORY_MB, actions=float(use), start_mb=run["start_mb"]),
        at_most("growth_over_second_half", run["end_mb"] - run["half_mb"], "MB", GROWTH_MB),
    ]


def _probe(name: str, *arguments: str) -> dict[str, Any]:
    """Run one measurement in a process of its own, which is told when it was started."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SIGHTLINE_NO_OFFICE": "1", "QT_LOGGING_RULES": "*=false"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    command = [sys.executable, "-m", "bench.window_probes", name, repr(time.monotonic()), *arguments]
    run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(run.stdout.splitlines()[-1]) if run.stdout else {}


if __name__ == "__main__":
    main()
