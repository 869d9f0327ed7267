"""Options that say which part of a file is meant, for every command that takes files."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from app.chat.parts import Choice, parse_pages
from app.reading import Reading
from ingest.attachment import parse_time
from ingest.errors import NoSuchPage


def add_options(command: argparse.ArgumentParser) -> None:
    """`--pages`, `--from`, `--to`, `--frames-per-second`, `--password`."""
    command.add_argument("--pages", metavar="3-7,12", help="pages or slides of documents (all)")
    command.add_argument("--from", dest="start", metavar="00:10", help="where to begin in a video (its start)")
    command.add_argument("--to", dest="end", metavar="00:40", help="where to end in a video (its end)")
    command.add_argument("--frames-per-second", type=_rate, metavar="N", help="frames of a video to look at (by its length)")
    command.add_argument("--password", metavar="TEXT", help="of an encrypted document")


def choose(options: argparse.Namespace, reading: Reading, path: str) -> Choice:
    """Open a file, or stdin for ``-``, and what of it the options name. Raises any class of `ingest.errors`."""
    if path == "-":
        attachment = reading.open(sys.stdin.buffer.read(), "stdin", password=options.password)
    else:
        attachment = reading.open(Path(path), password=options.password)
    if attachment.is_timed:
        start_s = parse_time(options.start) if options.start else 0.0
        end_s = parse_time(options.end) if options.end else None
        if end_s is not None and end_s < start_s:
            raise NoSuchPage(f"--to {options.end} lies before --from {options.start}.")
        if attachment.contents.duration_s is not None and start_s > attachment.contents.duration_s:
            raise NoSuchPage(f"{attachment.name} ends before {options.start}.")
        return Choice(attachment, None, start_s, end_s, options.frames_per_second)
    count = attachment.contents.page_count
    pages = parse_pages(options.pages, count, attachment.name) if options.pages and not attachment.is_single else None
    return Choice(attachment, pages)


def _rate(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and 0 < value <= 240):
        raise argparse.ArgumentTypeError("must be more than 0 and at most 240")
    return value
