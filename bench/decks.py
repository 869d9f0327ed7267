"""Slides drawn by Sightline next to the same slides through LibreOffice: how alike, whether words are missing, how fast.

Prints one JSON object a line: {"figure", "value", "unit", "target", "ok", "peer"}; README.md says what each figure is. The decks
are those of the tests. LibreOffice has to be installed.

    python -m bench.decks [--quick] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf
from PIL import Image
from skimage.metrics import structural_similarity

from ingest.detect import PPTX
from ingest.documents import Document, Source
from ingest.slides import office, open_deck
from ingest.types import Pixels
from tests.helpers import decks

WIDTH_PX = 960
PEER = "LibreOffice"
QUICK = ("chinese", "shape_gallery", "bar_charts", "table_styles")


@dataclass(frozen=True, slots=True)
class Compared:
    """One deck drawn both ways."""

    name: str
    similarities: list[float]
    words: int
    missing: int
    slides: int
    seconds: float
    peer_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="four decks only: under 50 s")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep each slide drawn both ways, side by side")
    options = parser.parse_args()
    if office.find() is None:
        print("LibreOffice is not installed, so there is nothing to compare with.", file=sys.stderr)
        return
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        compared = [compare(name, Path(cache), options.keep) for name in (QUICK if options.quick else decks.DECKS)]
    for deck in compared:
        report(f"slide_similarity_{deck.name}", statistics.mean(deck.similarities), "ssim", None)
    overall = statistics.mean(statistics.mean(deck.similarities) for deck in compared)
    report("slide_similarity", overall, "ssim", 0.90, overall >= 0.90)
    missing = sum(deck.missing for deck in compared) / sum(deck.words for deck in compared)
    report("slide_words_missing", missing, "share", 0.0, missing == 0)
    speed = sum(deck.slides for deck in compared) / sum(deck.seconds for deck in compared)
    peer_speed = sum(deck.slides for deck in compared) / sum(deck.peer_seconds for deck in compared)
    extra = {"slides_per_s": round(speed, 2), "peer_slides_per_s": round(peer_speed, 2)}
    report("slides_per_second", speed / peer_speed, "ratio", None, None, **extra)


def compare(name: str, cache: Path, keep: Path | None) -> Compared:
    """Both renderers on one deck, each from the file to the pixels of every slide."""
    data = decks.make(name)
    source = Source(f"{name}.pptx", data=data, media_type=PPTX, sha256=hashlib.sha256(data).hexdigest(), cache=cache)
    ours, our_pictures, seconds = drawn(source, use_office=False)
    theirs, their_pictures, peer_seconds = drawn(source, use_office=True)
    similarities, words, missing = [], 0, 0
    for index, (mine, peer) in enumerate(zip(our_pictures, their_pictures, strict=True)):
        similarities.append(similarity(mine, peer))
        if keep:
            Image.fromarray(np.hstack([pixels_of(mine), pixels_of(peer)])).save(keep / f"{name}-{index + 1}.png")
    with pymupdf.open(stream=office.convert(source)) as pdf:  # from the cache now
        for index, page in enumerate(pdf):
            expected, read = words_of(page.get_text()), ours.text(index)
            found = "".join(read.text.split()) + "".join(word.text for word in read.words)
            words += len(expected)
            missing += sum(word not in found for word in expected)
    ours.close()
    theirs.close()
    return Compared(name, similarities, words, missing, len(our_pictures), seconds, peer_seconds)


def drawn(source: Source, use_office: bool) -> tuple[Document, list[Pixels], float]:
    """The opened deck, all its slides, and how long that took."""
    start = time.perf_counter()
    deck = open_deck(source, use_office)
    size = deck.page(0)
    height = round(WIDTH_PX * size.height / size.width)
    pictures = [deck.render(index, WIDTH_PX, height) for index in range(deck.contents.page_count)]
    return deck, pictures, time.perf_counter() - start


def similarity(first: Pixels, second: Pixels) -> float:
    """Structural similarity of the grey pictures, 1 for equal ones."""
    grey = [np.asarray(Image.fromarray(pixels_of(pixels)).convert("L")) for pixels in (first, second)]
    return float(structural_similarity(*grey))


def pixels_of(pixels: Pixels) -> np.ndarray:
    """Rows of RGB."""
    return np.frombuffer(pixels.rgb, np.uint8).reshape(pixels.height, pixels.width, 3)


def words_of(text: str) -> list[str]:
    """Words with a letter or digit of any script; a Chinese sentence is cut at each mark, since lines end anywhere in it."""
    return re.findall(r"[a-zA-Z0-9]{2,}|[\u4e00-\u9fff]", text)


def report(figure: str, value: float, unit: str, target: float | None, ok: bool | None = None, **extra: float) -> None:
    """Print one line."""
    line = {"figure": figure, "value": round(value, 4), "unit": unit, "target": target, "ok": ok, "peer": PEER}
    print(json.dumps(line | extra), flush=True)


if __name__ == "__main__":
    main()
