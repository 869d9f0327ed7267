"""Conversations to be kept, and a look at what is kept without the code under test."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.chat.answer import Answer
from app.chat.history.store import History
from app.chat.parts import Part, Shown
from app.chat.pictures import KeptPicture, Place, SourceInfo
from app.chat.session import Conversation, Turn
from inference.events import Event, Finished, TextDelta
from ingest.attachment import Attachment
from ingest.errors import FileMissing
from ingest.types import Area

DONE = Finished("stop")
NAMES = (
    "blocks",
    "references",
    "reasoning",
    "reasoning_s",
    "notices",
    "said",
    "state",
    "finish_reason",
    "usage",
    "timings",
    "failure",
)


def no_opener(source: SourceInfo) -> Attachment:
    """For conversations whose pictures nobody looks at."""
    raise FileMissing(f"There is no {source.name}.")


def said(text: str) -> tuple[Event, ...]:
    """An answer of one piece."""
    return TextDelta(text, text), DONE


def source(name: str, data: bytes | None = None, **values: Any) -> SourceInfo:
    """A document that nothing but its name is known of, or one with these bytes."""
    return SourceInfo(hashlib.sha256(name.encode() if data is None else data).hexdigest(), name, **{"kind": "pdf", **values})


def page(of: SourceInfo, number: int = 1, area: Area | None = None) -> Shown:
    """A page of a document as a part of a question."""
    place = Place(of, f"page {number}", area=area)
    picture = KeptPicture(place, f"{of.id[:8]}-{number}", f"{of.name}, page {number}", 600, 800, no_opener)
    return Shown(picture, 300, 400, f"{of.name} page {number}", place=place)


def ask(
    history: History,
    conversation: Conversation,
    question: str,
    events: Sequence[Event] = (),
    parts: Sequence[Part] = (),
    **values: Any,
) -> Turn:
    """Put a question and keep what is answered, as the window does; without an end it is left running."""
    turn = conversation.start_turn(question, parts, False, **values)
    history.start_turn(conversation, turn)
    if events:
        conversation.apply(turn.id, events)
        history.journal(turn.key, events, turn.answer.reasoning_s)
    if turn.answer.is_final:
        history.finish_turn(turn)
    return turn


def shown(answer: Answer) -> dict[str, Any]:
    """All of an answer that can be seen."""
    return {name: getattr(answer, name) for name in NAMES}


def outline(conversation: Conversation) -> list[tuple[str, str, str, dict[str, Any]]]:
    """All turns of a conversation, to be compared."""
    return [(turn.key, turn.before, turn.question, shown(turn.answer)) for turn in conversation.all_turns]


def rows(folder: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What SQLite itself says of the file."""
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite")) as connection:
        return connection.execute(query, values).fetchall()


def is_sound(folder: Path) -> bool:
    """Whether SQLite finds nothing wrong, in the file and in the index of words."""
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite")) as connection:
        for index in ("title_index", "turn_index", "page_index"):
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and not foreign
