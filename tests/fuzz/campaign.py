"""Open, read and draw damaged files in a real reading child, and count how that ends."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from ingest import limits
from ingest.attachment import Attachment, open_attachment
from ingest.errors import IngestError
from ingest.isolate import Readers
from tests.fuzz.mutate import damaged
from tests.fuzz.seeds import Format

FAILURES = ("reader_failed", "reader_slow", "reader_memory", "ingest_error")
"""Endings that a parser should not leave to its child's keeper."""
_SECONDS = {"OPEN_SECONDS": 20.0, "PAGE_SECONDS": 20.0, "CONVERT_SECONDS": 20.0}


@dataclass(slots=True)
class Result:
    """How one file ended.

    Attributes:
        code: of the error, or `read`.
        trace: the exception that nobody expected and where it came from, if any.
    """

    code: str
    trace: str
    seconds: float


@dataclass(slots=True)
class Report:
    """How many files ended how, and one of each sort that wants looking at."""

    count: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    traces: Counter[str] = field(default_factory=Counter)
    samples: dict[str, bytes] = field(default_factory=dict)
    slowest_s: float = 0.0

    def add(self, result: Result, data: bytes) -> None:
        self.count += 1
        self.codes[result.code] += 1
        self.slowest_s = max(self.slowest_s, result.seconds)
        if result.code in FAILURES:
            self.samples.setdefault(f"{result.code} {self.codes[result.code] if self.codes[result.code] <= 20 else 0}", data)
        if result.trace:
            self.traces[result.trace] += 1
            self.samples.setdefault(result.trace, data)


class _Traces(logging.Handler):
    """Keeps what `ingest.isolate` says about exceptions in parsers."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("a parser failed") and record.args:
            self.last = str(record.args[0])  # type: ignore[index]


class Campaign:
    """Reads one file after another with children that are kept."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._traces = _Traces()

    @contextmanager
    def started(self) -> Iterator[None]:
        """Short limits, and an ear on the parsers."""
        before = {name: getattr(limits, name) for name in _SECONDS}
        log = logging.getLogger("ingest.isolate")
        level = log.level
        log.setLevel(logging.INFO)
        log.addHandler(self._traces)
        for name, seconds in _SECONDS.items():
            setattr(limits, name, seconds)
        try:
            yield
        finally:
            for name, seconds in before.items():
                setattr(limits, name, seconds)
            log.removeHandler(self._traces)
            log.setLevel(level)

    def run(self, format: Format, seeds: list[bytes], count: int, seed: int) -> Iterator[tuple[Result, bytes]]:
        """Read `count` damaged files."""
        for number in range(count):
            random = Random(f"{format.name} {seed} {number}")
            data = damaged(random, random.choice(seeds), format.damage, seeds)
            yield self.read(data, format.file_name), data

    def read(self, data: bytes, name: str) -> Result:
        """Read one file."""
        self._traces.last = ""
        start = time.monotonic()
        try:
            _use(open_attachment(data, name=name, readers=self._readers))
            code = "read"
        except IngestError as error:
            code = error.code
        return Result(code, self._traces.last, time.monotonic() - start)


def _use(attachment: Attachment) -> None:
    if attachment.is_timed:
        frames = attachment.frames(count_max=4)
        for frame in (*frames[:2], *frames[-1:]):
            frame.render(32, 32)
        return
    pages = attachment.pages()
    for index in sorted({0, 1, len(pages) - 1} & set(range(len(pages)))):
        try:
            pages[index].text()
        finally:
            pages[index].render(64, 48)
