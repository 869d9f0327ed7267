"""How quick and how small the window is: start, streaming, a long conversation, memory. Each figure in a process of its own.

``python -m bench.window [--quick]``. No display is needed (Qt's offscreen platform); the engine is one that writes at a given pace,
so that only the window is measured. The peer is the simplest program of the same toolkit that shows as much.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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
    rounds, streams, seconds, use = (3, 3, 2, 20) if options.quick else (9, 5, 10, 240)
    with tempfile.TemporaryDirectory() as folder:
        _probe("fill", folder)
        for figure in (
            _start(folder, rounds),
            *_stream(folder, streams, seconds),
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


def _stream(folder: str, rounds: int, seconds: int) -> list[Figure]:
    """200 tokens a second into a conversation of 200 messages: the longest wait of the event loop, and the processor's time.

    Each stream goes into the conversation as the first one found it: medians of them, for a host that is busy shows in the longest.
    """
    ours, bare = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as copy:
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            ours.append(_probe("stream", copy, str(seconds)))
        bare.append(_probe("bare_stream", folder, str(seconds)))
    stalls = sorted(run["stall_ms"] for run in ours)
    bare_ms, bare_core = (statistics.median(run[name] for run in bare) for name in ("stall_ms", "core"))
    core = statistics.median(run["core"] for run in ours)
    peer = "QPlainTextEdit"
    return [
        at_most(
            "longest_stall_while_streaming", statistics.median(stalls), "ms", STALL_MS, peer, peer_ms=bare_ms, worst_ms=stalls[-1]
        ),
        at_most("core_while_streaming", core, "of a core", CORE_SHARE, peer, peer_core=bare_core),
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
