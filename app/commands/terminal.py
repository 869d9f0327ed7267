"""What is said beside an answer: on stderr, progress only on a terminal."""

from __future__ import annotations

import sys

from inference.events import Progress

_UNSAFE = dict.fromkeys(
    ({*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)} - {0x09, 0x0A}),
    "\N{REPLACEMENT CHARACTER}",
)
"""What commands a terminal, or turns around what follows (Unicode technical report 36, 2.4); and halves of characters."""
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
    print(harmless(sentence), file=sys.stderr)


def harmless(text: str) -> str:
    """What a model, a server or a file says, fit to be printed: it cannot command the terminal."""
    return text.replace("\r\n", "\n").translate(_UNSAFE)
