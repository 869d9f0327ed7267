"""What the history tells, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NEW = "new"
"""In place of a key: the conversation that is not begun yet."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in the list.

    Attributes:
        key: of the conversation.
        changed_at: when it was last written to, in seconds since 1970.
    """

    key: str
    title: str
    is_pinned: bool
    changed_at: float


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a conversation where a search found something.

    Attributes:
        turn_key: of the turn; empty where only the title holds it.
        excerpt: some words around it, on one line.
        marks: where in the excerpt the words of the search are, as (start, end).
        where: what kind of text holds it: `title`, `question`, `answer` or `document`; for the last, `locator` names the page.
    """

    conversation: Summary
    turn_key: str
    excerpt: str
    marks: tuple[tuple[int, int], ...] = ()
    where: str = "answer"
    source_id: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """The file was damaged.

    Attributes:
        set_aside: where the damaged file is now.
        conversations: how many could be saved into a new one.
    """

    set_aside: Path
    conversations: int


@dataclass(frozen=True, slots=True)
class Storage:
    """What the history takes on disk, in bytes."""

    conversations: int
    text_bytes: int
    attachments: int
    attachment_bytes: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Where an attached file is from now on.

    Attributes:
        is_copied: False for one that is too large to be copied: it is found as long as it stays where it is.
    """

    path: Path
    is_copied: bool


@dataclass(frozen=True, slots=True)
class DraftFile:
    """Something that is attached to a question that was begun.

    Attributes:
        name: the path of a file, or what is in none is called.
        part: which of its pages or times are meant, as the user wrote it.
        sha256: of what is in no file; there is a copy of it. Empty for a file.
    """

    name: str
    part: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that was begun and not sent."""

    text: str = ""
    files: tuple[DraftFile, ...] = ()
