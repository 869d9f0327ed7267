"""Conversations for fine-tuning: ShareGPT's form with pictures.

``[{"conversations": [{"from": "human" | "gpt", "value": "..."}], "images": ["folder/1.png"]}]`` with one ``<image>`` in the texts
for each picture, in order: what LLaMA-Factory takes as `sharegpt` with the column `images` (data/README.md there), and ms-swift
with `--dataset FILE` (docs, Customization, Custom-dataset). Paths are relative to the file. Answers are the model's own words with
its markers and boxes in 0..1000, pictures have the size at which they were sent. Reasoning stands before the answer in
``<think>...</think>``, as GLM writes it itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from app.chat.compose import build_request
from app.chat.export.errors import NothingToExport
from app.chat.export.figures import Drawn, Figures, encode_lossless
from app.chat.export.options import Options
from app.chat.history.codec import dump
from app.chat.history.errors import HistoryError
from app.chat.parts import Shown
from app.chat.session import Turn
from inference.types import ImagePart, Message, TextPart
from ingest.errors import IngestError

_PLACEHOLDER = re.compile(r"<(image|video|audio)>", re.IGNORECASE)

log = logging.getLogger(__name__)


class SampleWriter:
    """Writes one conversation.

    Attributes:
        files: the pictures, by their names in the folder; complete when `write` has returned.
    """

    def __init__(self, options: Options, figures: Figures, folder: str) -> None:
        """`folder` is the name of the folder beside the file."""
        self.files: dict[str, Drawn] = {}
        self._options = options
        self._figures = figures
        self._folder = folder
        self._names: dict[str, str] = {}
        self._images: list[str] = []

    def write(self, turns: Sequence[Turn]) -> str:
        """The text of the file. Blocks while pictures are drawn. Raises Stopped, and NothingToExport when nothing was answered."""
        answered = [turn for turn in turns if turn.is_answered]
        if not answered:
            raise NothingToExport("Nothing was answered yet, so there is nothing to learn from.")
        last = answered[-1]
        earlier = turns[: next(index for index, turn in enumerate(turns) if turn is last)]
        asked = build_request(earlier, last.question, last.parts).messages
        said = [self._said(turn) for turn in answered]
        shown = [part for turn in turns for part in turn.parts if isinstance(part, Shown)]
        names = {part.sent_id: self._options.words.picture_name(part.picture) for part in shown}
        conversation = []
        for question, answer in zip((message for message in asked if message.role == "user"), said, strict=True):
            conversation.append({"from": "human", "value": self._asked(question, names)})
            conversation.append({"from": "gpt", "value": answer})
        return dump([{"conversations": conversation, "images": self._images}]) + "\n"

    def _said(self, turn: Turn) -> str:
        reasoning = turn.answer.reasoning.strip()
        before = f"<think>{reasoning}</think>\n" if reasoning and self._options.reasoning else ""
        return _literal(before + turn.answer.said)

    def _asked(self, message: Message, names: dict[str, str]) -> str:
        return "".join(
            self._image(part, names[part.id])
            if isinstance(part, ImagePart)
            else _literal(part.text if isinstance(part, TextPart) else part.url)
            for part in message.parts
        )

    def _image(self, part: ImagePart, name: str) -> str:
        """Its place in the text; a sentence when it cannot be read any more."""
        self._figures.check()
        if part.id not in self._names:
            try:
                drawn = encode_lossless(part.width, part.height, part.read_rgb())
            except (IngestError, HistoryError, OSError, ValueError, MemoryError) as error:
                log.warning("a picture could not be exported: %s", type(error).__name__)
                return self._figures.lose(name)
            self._names[part.id] = f"{len(self._names) + 1}.png"
            self.files[self._names[part.id]] = drawn
        self._figures.count()
        self._images.append(f"{self._folder}/{self._names[part.id]}")
        return "<image>"


def _literal(text: str) -> str:
    """Text in which nothing stands for a picture."""
    return _PLACEHOLDER.sub(r"<\1 >", text)
