"""How quick a history of 10,000 conversations is: listing it, and searching it while one types.

``python -m bench.history [--quick]``; most of its time goes into making that history, which is of 3,000 when quick.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.chat.history.database import FILE_NAME
from app.chat.history.store import History
from app.chat.parts import Shown
from app.chat.pictures import KeptPicture, Place, SourceInfo
from app.chat.session import Conversation
from bench.figures import at_most
from inference.events import Event, Finished, TextDelta
from ingest.attachment import Attachment

CONVERSATIONS, QUICK_CONVERSATIONS, EACH_WITH_DOCUMENT, PAGES, ROUNDS = 10_000, 3_000, 100, 30, 9
LIST_MS, SEARCH_MS = 150.0, 50.0
QUERIES = {
    "word": "copper",
    "common_word": "the",
    "begun_word": "qu",
    "chinese": "季度下降",
    "chinese_character": "的",
    "several_words": "plant 工厂 fell",
}
WORDS = ("the", "quarter", "fell", "because", "a", "plant", "stood", "still", "for", "weeks", "order", "books", "question")
CHARACTERS = "第三季度下降了百分之八原因有两个工厂停工的周以及价上涨"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller history; ends within 50 s")
    count = QUICK_CONVERSATIONS if parser.parse_args().quick else CONVERSATIONS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = History(folder)
        _fill(history, count)
        size_mb = (folder / FILE_NAME).stat().st_size / 1e6
        listing = _median_ms(history.summaries)
        at_most(f"list_{count}_conversations", listing, "ms", LIST_MS, size_mb=size_mb).print()
        for kind, query in QUERIES.items():
            found = float(len(history.search(query)))
            at_most(
                f"search_{count}_conversations_{kind}", _median_ms(partial(history.search, query)), "ms", SEARCH_MS, found=found
            ).print()
        history.close()


def _fill(history: History, count: int) -> None:
    """Each conversation has two questions; every hundredth is about a document."""
    chance = random.Random(4)
    for number in range(count):
        conversation = Conversation()
        source = SourceInfo(f"{number:064x}", f"report {number}.pdf", "pdf", PAGES)
        parts = [_page(source)] if number % EACH_WITH_DOCUMENT == 0 else []
        for question in (f"{_text(chance, 8)} {number}?", f"{_text(chance, 5)}?"):
            turn = conversation.start_turn(question, parts, False)
            events: list[Event] = [TextDelta(answer := _text(chance, 120), answer), Finished("stop")]
            conversation.apply(turn.id, events)
            history.start_turn(conversation, turn)
            history.journal(turn.key, events, 0.0)
            history.finish_turn(turn)
        for page in range(1, PAGES + 1) if parts else ():
            history.index_page(source.id, f"page {page}", _text(chance, 300))


def _text(chance: random.Random, length: int) -> str:
    """English and Chinese; one in a hundred has a rare word."""
    english = " ".join(chance.choices(WORDS, k=length))
    return english + "".join(chance.choices(CHARACTERS, k=length)) + " copper" * (chance.random() < 0.01)


def _page(source: SourceInfo) -> Shown:
    place = Place(source, "page 1")
    return Shown(KeptPicture(place, source.id[-8:], "page 1", 600, 800, _unopened), 300, 400, "page 1", place=place)


def _unopened(source: SourceInfo) -> Attachment:
    raise FileNotFoundError(source.name)


def _median_ms(job: Callable[[], object]) -> float:
    """After one that brings the file into memory."""
    job()
    times = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        job()
        times.append(1000 * (time.perf_counter() - before))
    return statistics.median(times)


if __name__ == "__main__":
    main()
