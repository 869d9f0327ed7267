"""Recognition of text on screenshots next to RapidOCR's own call with the same models: time, memory, how much is read.

Prints one JSON object a line: {"figure", "value", "unit", "target", "ok", "peer"}. README.md says what each is. Sightline reads in
its child, the sending of pixels included; RapidOCR in this process, without its search for lines upside down. They take turns,
every round has screenshots that neither has seen, and both have read one before the clock starts.

    python -m bench.recognition [--quick]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psutil

from bench.figures import Figure, at_least, at_most
from ingest.cache import RenderCache
from ingest.recogniser import Recogniser
from tests.helpers.screens import DARK, LIGHT, Screen, accuracy, draw, screenshot, sentences

PEER = "RapidOCR"
LINES = 30
STYLES = ((16, LIGHT), (13, DARK), (12, LIGHT))
LANGUAGES = {"english": ("en", 0.99), "chinese": ("zh", 0.97)}


@dataclass(slots=True)
class Runs:
    """What reading the screenshots took and gave, a value each."""

    seconds: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    accuracies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round: under 50 s")
    measure(rounds=1 if parser.parse_args().quick else len(STYLES))


def measure(rounds: int) -> None:
    """Run everything and print the figures."""
    first = draw((300, 80), [("Hello", 20.0, 20.0)], 18)
    start = time.perf_counter()
    peer = rapidocr()
    peer(first)
    peer_load_s = time.perf_counter() - start
    recogniser = Recogniser(RenderCache(None))
    try:
        start = time.perf_counter()
        recogniser.recognise_pixels(first.pixels)
        load_s = time.perf_counter() - start
        (pid,) = recogniser._readers.pids()
        child, this, ours, theirs = psutil.Process(pid), psutil.Process(), Runs(), Runs()
        for number in range(rounds):
            font_px, colours = STYLES[number]
            for name, (language, _) in LANGUAGES.items():
                screen = screenshot(sentences(LINES, language, number), font_px=font_px, colours=colours)
                run(ours, name, screen, child, lambda screen: recogniser.recognise_pixels(screen.pixels).text)
                run(theirs, name, screen, this, peer)
        resident = child.memory_info().rss
    finally:
        recogniser.close()
    report(ours, theirs)
    at_most("recognition_load", load_s, "s", 3.0, PEER, peer_seconds=peer_load_s).print()
    Figure("recognition_resident_memory", resident / 1e6, "MB").print()


def rapidocr() -> Callable[[Screen], str]:
    """RapidOCR as it comes, but silent and without turning lines."""
    logging.getLogger("RapidOCR").disabled = True
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params={"Global.use_cls": False, "Global.log_level": "critical"})
    return lambda screen: "\n".join(engine(np.asarray(screen.image)[:, :, ::-1]).txts or ())


def run(runs: Runs, name: str, screen: Screen, process: psutil.Process, read: Callable[[Screen], str]) -> None:
    """Read one screenshot."""
    before, start = process.cpu_times(), time.perf_counter()
    text = read(screen)
    runs.seconds.append(time.perf_counter() - start)
    after = process.cpu_times()
    runs.processor_seconds.append(after.user + after.system - before.user - before.system)
    runs.accuracies[name].append(accuracy(screen.text, text))


def report(ours: Runs, theirs: Runs) -> None:
    """What reading took and gave."""
    seconds, peer_seconds = statistics.median(ours.seconds), statistics.median(theirs.seconds)
    work, peer_work = statistics.median(ours.processor_seconds), statistics.median(theirs.processor_seconds)
    at_most("recognition_of_a_screenshot", seconds, "s", 3.0, None, processor_seconds=work).print()
    at_most("recognition_by_peer", seconds / peer_seconds, "ratio", 0.8, PEER, seconds=seconds, peer_seconds=peer_seconds).print()
    at_most("recognition_work_by_peer", work / peer_work, "ratio", 0.8, PEER, seconds=work, peer_seconds=peer_work).print()
    for name, (_, target) in LANGUAGES.items():
        share, peer_share = min(ours.accuracies[name]), min(theirs.accuracies[name])
        at_least(f"characters_read_{name}", share, "share", target, PEER, peer_share=peer_share).print()


if __name__ == "__main__":
    main()
