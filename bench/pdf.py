"""Reading PDFs in a child next to a bare PyMuPDF loop: pages a second, opening, memory.

Prints one JSON object a line, as bench/README.md says. All are given the same file, made anew, and read every page's words and
draw it at the same size. The bare loop runs in a process of its own, so that no one has the other's caches; rounds take turns.

    python -m bench.pdf [--quick]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.figures import Figure, at_least, at_most
from ingest.attachment import open_attachment
from ingest.child import MEMORY_SETTINGS
from ingest.isolate import Readers

SIZE = (1008, 1428)
WORDS = ("the", "quarter", "fell", "because", "costs", "of", "transport", "rose", "faster", "than", "prices", "could", "follow")

_BARE = """
import sys, time, pymupdf
path, first, last, width, height = sys.argv[1], *map(int, sys.argv[2:])
document = pymupdf.open(path)
started = time.perf_counter()
for index in range(first, last):
    page = document[index]
    page.get_text("words")
    page.get_pixmap(matrix=pymupdf.Matrix(width / page.rect.width, height / page.rect.height), alpha=False).samples
print(time.perf_counter() - started)
"""


_IN_THE_CHILD = """
import sys, time
from pathlib import Path
from ingest.documents import Source
from ingest.pdf import open_document
path, first, last, width, height = sys.argv[1], *map(int, sys.argv[2:])
document = open_document(Source("report.pdf", path=Path(path)), None)
started = time.perf_counter()
for index in range(first, last):
    document.text(index)
    document.render(index, width, height)
print(time.perf_counter() - started)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    pages: int
    many_pages: int
    read_through: int


FULL, QUICK = Plan(5, 120, 5000, 1000), Plan(2, 20, 5000, 100)


def figures(plan: Plan) -> Iterator[Figure]:
    """All figures of this file."""
    with tempfile.TemporaryDirectory() as folder:
        dense = make_pdf(Path(folder) / "dense.pdf", max(plan.read_through, (plan.rounds + 1) * plan.pages), line_count=44)
        yield from _speed(dense, plan)
        yield _growth(dense, plan)
        yield from _opening(make_pdf(Path(folder) / "long.pdf", plan.many_pages, line_count=6), plan)


def make_pdf(path: Path, page_count: int, line_count: int) -> Path:
    """A report: text of two sizes, a drawing and an outline; each page differs."""
    import pymupdf

    chance = random.Random(7)
    document = pymupdf.open()
    for number in range(page_count):
        page = document.new_page(width=595, height=842)
        page.insert_text((60, 70), f"Section {number + 1}", fontsize=18)
        lines = [" ".join(chance.choices(WORDS, k=13)) for _ in range(line_count)]
        page.insert_text((60, 110), lines, fontsize=9)
        page.draw_rect((60, 720, 60 + chance.random() * 400, 760), color=(0.2, 0.4, 0.8), fill=(0.8, 0.9, 1))
    document.set_toc([[1, f"Section {number + 1}", number + 1] for number in range(page_count)])
    document.save(path, garbage=0, deflate=True)
    return path


def _speed(path: Path, plan: Plan) -> Iterator[Figure]:
    times: dict[str, list[float]] = defaultdict(list)
    with closing(Readers(count=1)) as single, closing(Readers(count=2)) as pair:
        for round_number in range(plan.rounds + 1):
            numbers = range(round_number * plan.pages, (round_number + 1) * plan.pages)
            times["bare"].append(_alone(_BARE, path, numbers))
            times["child"].append(_alone(_IN_THE_CHILD, path, numbers, MEMORY_SETTINGS))
            times["one"].append(_across_the_border(path, numbers, single, 1))
            times["two"].append(_across_the_border(path, numbers, pair, 2))
    bare, child, one, two = (plan.pages / statistics.median(seconds[1:]) for seconds in times.values())  # the first warms up
    yield at_least("pdf_text_and_render", child / bare, "x", 0.9, "PyMuPDF", pages_per_s=child, peer_pages_per_s=bare)
    yield Figure("pdf_across_the_border", one / bare, "x", peer="PyMuPDF", details={"pages_per_s": one, "peer_pages_per_s": bare})
    yield at_least("pdf_two_workers", two / one, "x", 1.7, "one worker", pages_per_s=two, peer_pages_per_s=one)


def _alone(program: str, path: Path, numbers: range, settings: Mapping[str, str] | None = None) -> float:
    """Seconds that a program takes in a process of its own; ours with the settings of memory that a reading child gets."""
    command = [sys.executable, "-c", program, str(path), str(numbers.start), str(numbers.stop), *map(str, SIZE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | dict(settings or {}))
    return float(done.stdout)


def _across_the_border(path: Path, numbers: Sequence[int], readers: Readers, count: int) -> float:
    """Seconds until the caller has all words and pixels, with as many threads as there are children."""
    pages = open_attachment(path, readers=readers).pages()[numbers[0] : numbers[-1] + 1]

    def read(share: int) -> None:
        for page in pages[share::count]:
            page.text()
            page.render(*SIZE)

    started = time.perf_counter()
    threads = [threading.Thread(target=read, args=(share,)) for share in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def _opening(path: Path, plan: Plan) -> Iterator[Figure]:
    """In a child that has read another PDF before, each time."""
    small = make_pdf(path.with_name("small.pdf"), 1, line_count=6)
    window = psutil.Process()
    times, growth = [], 0
    for _ in range(plan.rounds):
        with closing(Readers(count=1)) as readers:
            open_attachment(small, readers=readers).pages()[0].text()
            before = window.memory_info().rss
            started = time.perf_counter()
            attachment = open_attachment(path, readers=readers)
            times.append(time.perf_counter() - started)
            growth = max(growth, window.memory_info().rss - before)
            assert len(attachment.pages()) == plan.many_pages
    size_mb = path.stat().st_size / 1e6
    yield at_most("pdf_open_5000_pages", statistics.median(times) * 1000, "ms", 300, None, file_mb=round(size_mb, 1))
    yield at_most("pdf_open_window_memory", growth / 1e6, "MB", 10, None)


def _growth(path: Path, plan: Plan) -> Figure:
    """Of the child's resident memory from the tenth page to the last."""
    with closing(Readers(count=1)) as readers:
        attachment = open_attachment(path, readers=readers)
        start = 0
        for number, page in enumerate(attachment.pages()[: plan.read_through]):
            page.text()
            page.render(*SIZE)
            if number == 10:
                start = _resident(readers)
        return at_most("pdf_child_memory_growth", (_resident(readers) - start) / 1e6, "MB", 60, None, pages=plan.read_through)


def _resident(readers: Readers) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in readers.pids())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    for figure in figures(QUICK if options.quick else FULL):
        figure.print()


if __name__ == "__main__":
    main()
