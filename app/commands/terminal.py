"""What is said beside an answer: on stderr, progress only on a terminal."""

from __future__ import annotations

import sys

from inference.events import Progress

_PHASES = {"queued": "Waiting", "loading": "Loading the model", "encoding": "Looking at the picture", "prefill": "Reading"}


def show_progress(progress: Progress) -> None:
    """One line that the next one overwrites."""
    if not sys.stderr.isatty():
        return
    part = ""
    if progress.phase == "queued":
        part = f" {progress.done} ahead" if progress.done else ""
    elif progress.total > 1:
        part = f" {100 * progress.done // progress.total} %"
    print(f"\r\x1b[K{_PHASES[progress.phase]}…{part}", end="", file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Take that line away."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def say(sentence: str) -> None:
    """A line of its own."""
    clear_progress()
    print(sentence, file=sys.stderr)
