"""What an answer is made of: text with marked places in it, pictures between paragraphs, tool calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from inference.types import Box, ToolUse

LOST = 1_000_000
"""More places than an answer has."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of a place in a picture.

    Attributes:
        number: counts from 1 within the answer; the same place of the same picture has the same number wherever it is mentioned.
            Those that lead nowhere count from `LOST` on: their numbers are not shown, and leave no gap in those that are.
        picture_id: None when the model named a picture that does not exist; then `text` is shown instead of the number.
        text: the model's words for it: its label, else what it wrote.
    """

    number: int
    box: Box
    picture_id: str | None
    text: str = ""


@dataclass(slots=True)
class TextBlock:
    """Markdown with references in it, in order; neighbouring text is one piece."""

    pieces: list[str | Reference] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        """Append text, joined to the last piece when that is text."""
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += text
        elif text:
            self.pieces.append(text)

    def markdown(self) -> str:
        """The text with ``[1]`` for the first reference, and so on; the model's words for one that leads nowhere."""
        return "".join(piece if isinstance(piece, str) else _mark(piece) for piece in self.pieces)


@dataclass(slots=True)
class ToolBlock:
    """A tool call: its text while it arrives, the call once it is whole."""

    index: int
    raw: str = ""
    call: ToolUse | None = None


@dataclass(slots=True)
class PictureBlock:
    """A picture, or a part of one, that stands between paragraphs because the answer shows it.

    Attributes:
        references: the places that it shows, of one picture; their numbers stand in the text before it too.
        caption: the model's words under it; may be empty.
    """

    references: list[Reference]
    caption: str = ""


Block = TextBlock | PictureBlock | ToolBlock


def _mark(reference: Reference) -> str:
    return reference.text if reference.picture_id is None else f"[{reference.number}]"
