"""What an export can be: its formats, what goes into it, and the words that it is written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from app.chat.answer import Failure
    from app.chat.formula_drawing import Drawing
    from inference.events import Notice
    from ingest.attachment import Picture

Format = Literal["md", "html", "pdf", "docx", "sharegpt", "json", "sightline"]

FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {
    "md": ".md",
    "html": ".html",
    "pdf": ".pdf",
    "docx": ".docx",
    "sharegpt": ".json",
    "json": ".sightline.json",
    "sightline": ".sightline",
}

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done, in the thread that exports."""
DrawFormula = Callable[[str, bool], "Drawing | None"]
"""A formula, given its LaTeX and whether it stands on its own; None where its source has to do (`app.chat.formula_drawing`)."""


@dataclass(frozen=True, slots=True)
class Words:
    """The few words of our own in what is exported; the window gives them in its language.

    Those with braces are filled in with `str.format`.

    Attributes:
        picture_name: what a picture is called: "report.pdf, page 12".
        locator: what a page or another place in a file is called.
        failure, notice: what is said of an answer that failed, and of what stopped nothing.
    """

    language: str = "en"
    you: str = "You"
    answer: str = "Answer"
    attached: str = "Attached"
    reasoning: str = "Reasoning"
    places: str = "Places in the pictures"
    tool_call: str = "Tool call"
    untitled: str = "Conversation"
    unreadable: str = "The picture {name} cannot be read any more."
    no_such_picture: str = "The answer names a picture that does not exist."
    stopped: str = "The answer was stopped here."
    cut: str = "The answer ended here because it reached its greatest length."
    page_of: str = "{page} / {total}"
    picture_name: Callable[[Picture], str] = lambda picture: picture.name
    locator: Callable[[str], str] = str
    failure: Callable[[Failure], str] = lambda failure: failure.message
    notice: Callable[[Notice], str] = lambda notice: notice.message


@dataclass(frozen=True, slots=True)
class Options:
    """What goes into an export.

    Attributes:
        reasoning: whether the model's reasoning is written too.
        overwrite: whether a file of the same name is replaced.
    """

    reasoning: bool = False
    overwrite: bool = False
    words: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        path: the file.
        folder: the folder of pictures beside it, if there is one.
        warnings: sentences about what could not be taken along.
    """

    path: Path
    folder: Path | None = None
    warnings: tuple[str, ...] = ()
