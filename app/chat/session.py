"""A conversation: its turns and where each stands. No Qt, no threads; whoever owns it calls it from one thread.

Turn ids are never used twice in a process, so that an event of a turn that is gone finds nothing to change.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.chat.answer import Answer
from app.chat.parts import Part, Reduction, Shown
from inference.events import Event
from ingest.attachment import Picture

TITLE_CHARACTERS_MAX = 80

_turn_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or picture in a question: its name, its first picture, and what of it is sent."""

    name: str
    first: Picture
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what is sent along, and the answer, which grows.

    Attributes:
        parts: pictures, pages and frames, as they were planned once; the same ones go along with every later question.
        reductions: what was not sent as it is.
    """

    id: int
    question: str
    parts: tuple[Part, ...]
    reductions: tuple[Reduction, ...]
    thinking: bool
    answer: Answer

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What can be looked at, pages that were sent as text included."""
        return tuple(part.picture for part in self.parts)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files and pictures that its parts come from, in order."""
        grouped: dict[str, list[Part]] = {}
        for part in self.parts:
            grouped.setdefault(part.attachment.id if part.attachment else part.picture.id, []).append(part)
        return tuple(
            Source(parts[0].attachment.name if parts[0].attachment else parts[0].picture.name, parts[0].picture, tuple(parts))
            for parts in grouped.values()
        )

    @property
    def is_answered(self) -> bool:
        """Whether there is anything in the answer that the next question can build on."""
        return bool(self.answer.said.strip())


class Conversation:
    """Turns in order; at most the last one is running.

    Attributes:
        turns: oldest first.
    """

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    @property
    def title(self) -> str:
        """The first line of the first question; empty before there is one."""
        if not self.turns:
            return ""
        lines = self.turns[0].question.strip().splitlines()
        title = lines[0].strip() if lines else ""
        return title if len(title) <= TITLE_CHARACTERS_MAX else title[: TITLE_CHARACTERS_MAX - 1].rstrip() + "…"

    @property
    def running(self) -> Turn | None:
        """The turn whose answer is still to end."""
        return self.turns[-1] if self.turns and not self.turns[-1].answer.is_final else None

    def pictures(self) -> tuple[Picture, ...]:
        """Every picture once, in order of its first appearance."""
        return tuple({picture.id: picture for turn in self.turns for picture in turn.pictures}.values())

    def start_turn(self, question: str, parts: Sequence[Part], thinking: bool, reductions: Sequence[Reduction] = ()) -> Turn:
        """Add a question. Raises RuntimeError while another is being answered."""
        if self.running is not None:
            raise RuntimeError("the last question is still being answered")
        new = [part for part in parts if isinstance(part, Shown)]
        shown = [part for turn in self.turns for part in _shown_in(turn)] + new
        known = {part.picture.id: None for part in shown}
        latest = tuple(part.picture.id for part in new or self._latest())
        answer = Answer(tuple(known), latest, sent_as={part.sent_id: part.picture.id for part in shown})
        turn = Turn(next(_turn_ids), question, tuple(parts), tuple(reductions), thinking, answer)
        self.turns.append(turn)
        return turn

    def drop_turn(self, turn_id: int) -> None:
        """Take a turn out, as when it is asked again."""
        self.turns = [turn for turn in self.turns if turn.id != turn_id]

    def find(self, turn_id: int) -> Turn | None:
        """The turn with this id, if it is part of this conversation."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)

    def apply(self, turn_id: int, events: Iterable[Event]) -> Turn | None:
        """Give events to the turn they belong to. None, and no change, when it is not part of this conversation."""
        turn = self.find(turn_id)
        if turn is not None:
            for event in events:
                turn.answer.apply(event)
        return turn

    def _latest(self) -> list[Shown]:
        return next((shown for turn in reversed(self.turns) if (shown := _shown_in(turn))), [])


def _shown_in(turn: Turn) -> list[Shown]:
    """What a model was shown, in its order."""
    return [part for part in turn.parts if isinstance(part, Shown)]
