"""A conversation: its turns and where each stands. No Qt, no threads; whoever owns it calls it from one thread.

Turns are a tree, because a question can be put again in other words and an answer asked for again: such a turn stands beside the
one it replaces, as another version. What is read, and what the model is told, is one path through the tree.

Turn ids are never used twice in a process, so that an event of a turn that is gone finds nothing to change. Keys name
conversations and turns for ever.
"""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.chat.answer import Answer, KnownPictures
from app.chat.parts import Part, Reduction, Shown, names_of
from app.chat.pictures import SourceInfo
from inference.events import Event
from ingest.attachment import Picture

TITLE_CHARACTERS_MAX = 80

_turn_ids = itertools.count(1)


def new_key() -> str:
    """A name that nothing else will ever have."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Source:
    """A file or picture in a question: its name, its first picture, and what of it is sent.

    Attributes:
        info: None for a picture that no file holds.
    """

    name: str
    first: Picture
    parts: tuple[Part, ...]
    info: SourceInfo | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what is sent along, and the answer, which grows.

    Attributes:
        key: names it for ever.
        before: the key of the turn that it follows; empty for a first one.
        parts: pictures, pages and frames, as they were planned once; the same ones go along with every later question.
        reductions: what was not sent as it is.
        model_name, host: what answers, and where; `host` is None on this computer.
        created_at: seconds since 1970.
    """

    id: int
    question: str
    parts: tuple[Part, ...]
    reductions: tuple[Reduction, ...]
    thinking: bool
    answer: Answer
    key: str = field(default_factory=new_key)
    before: str = ""
    model_name: str = ""
    host: str | None = None
    created_at: float = field(default_factory=time.time)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What can be looked at, pages that were sent as text included."""
        return tuple(part.picture for part in self.parts)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files and pictures that its parts come from, in order."""
        grouped: dict[str, list[Part]] = {}
        for part in self.parts:
            is_part_of_one = part.place is not None and part.place.area is None
            grouped.setdefault(part.place.source.id if part.place and is_part_of_one else part.picture.id, []).append(part)
        return tuple(
            Source(
                parts[0].place.source.name if parts[0].place else parts[0].picture.name,
                parts[0].picture,
                tuple(parts),
                parts[0].place.source if parts[0].place else None,
            )
            for parts in grouped.values()
        )

    @property
    def is_answered(self) -> bool:
        """Whether there is anything in the answer that the next question can build on."""
        return bool(self.answer.said.strip())


class Conversation:
    """Turns in order; at most the last one is running.

    Attributes:
        key: names it for ever.
        own_title: what the user called it; empty for none.
        is_pinned: stands at the top of the list.
        is_private: nothing of it may be written to disk.
        created_at: seconds since 1970.
    """

    def __init__(self, key: str = "", *, is_private: bool = False) -> None:
        self.key = key or new_key()
        self.own_title = ""
        self.is_pinned = False
        self.is_private = is_private
        self.created_at = time.time()
        self._all: dict[str, Turn] = {}
        self._leaf = ""

    @property
    def turns(self) -> list[Turn]:
        """Those on the path that is read, oldest first."""
        return self.path_to(self._leaf)

    @property
    def all_turns(self) -> tuple[Turn, ...]:
        """Every version of every turn, oldest first."""
        return tuple(self._all.values())

    @property
    def leaf(self) -> str:
        """The key of the last turn on the path; empty without any."""
        return self._leaf

    @property
    def title(self) -> str:
        """What the user called it, else the first line of the first question; empty before there is one."""
        return self.own_title or self.first_words

    @property
    def first_words(self) -> str:
        """The first line of the first question, cut where it is long; empty before there is one."""
        turns = self.turns
        lines = turns[0].question.strip().splitlines() if turns else []
        title = lines[0].strip() if lines else ""
        return title if len(title) <= TITLE_CHARACTERS_MAX else title[: TITLE_CHARACTERS_MAX - 1].rstrip() + "…"

    @property
    def running(self) -> Turn | None:
        """The turn whose answer is still to end."""
        return next((turn for turn in reversed(self._all.values()) if not turn.answer.is_final), None)

    def pictures(self) -> tuple[Picture, ...]:
        """Every picture once, in order of its first appearance."""
        return tuple({picture.id: picture for turn in self.turns for picture in turn.pictures}.values())

    def path_to(self, key: str) -> list[Turn]:
        """The turns up to the one with this key, oldest first."""
        path: list[Turn] = []
        turn = self._all.get(key)
        while turn is not None:
            path.append(turn)
            turn = self._all.get(turn.before)
        return path[::-1]

    def versions(self, turn: Turn) -> list[Turn]:
        """The turns that stand at its place, itself included, oldest first."""
        return [other for other in self._all.values() if other.before == turn.before]

    def start_turn(
        self,
        question: str,
        parts: Sequence[Part],
        thinking: bool,
        reductions: Sequence[Reduction] = (),
        *,
        before: str | None = None,
        model_name: str = "",
        host: str | None = None,
    ) -> Turn:
        """Add a question after the turn `before`: the last one of the path unless said otherwise, empty for the beginning.

        Raises RuntimeError while another is being answered.
        """
        if self.running is not None:
            raise RuntimeError("the last question is still being answered")
        before = self._leaf if before is None else before
        answer = answer_for(self.path_to(before), parts)
        turn = Turn(
            next(_turn_ids), question, tuple(parts), tuple(reductions), thinking, answer,
            before=before, model_name=model_name, host=host,
        )  # fmt: skip
        self.add_turn(turn)
        return turn

    def add_turn(self, turn: Turn) -> None:
        """Put a turn in, at the end of the path that is read."""
        self._all[turn.key] = turn
        self._leaf = turn.key

    def choose(self, key: str) -> None:
        """Read the path through this turn, and on along the newest turns after it."""
        if key in self._all or not key:
            self._leaf = key
            while (after := [turn.key for turn in self._all.values() if turn.before == self._leaf]) and self._leaf:
                self._leaf = after[-1]

    def take_up(self, other: Conversation) -> bool:
        """Add the questions that were asked and answered in another copy of this conversation. Whether there were any."""
        new = [turn for turn in other.all_turns if turn.key not in self._all and turn.answer.is_final]
        self._all |= {turn.key: turn for turn in new}
        self.choose(self._leaf)
        return bool(new)

    def drop_turn(self, turn_id: int) -> Turn | None:
        """Take a turn out; those after it now follow the one before it. It can be given to `restore_turn`."""
        turn = self.find(turn_id)
        if turn is None:
            return None
        del self._all[turn.key]
        self._all = {key: _following(other, turn.key, turn.before) for key, other in self._all.items()}
        if self._leaf == turn.key:
            others = self.versions(turn)
            self.choose(others[-1].key if others else turn.before)
        return turn

    def restore_turn(self, turn: Turn, after: Iterable[str]) -> None:
        """Bring a turn back that was taken out; `after` are the keys of the turns that followed it."""
        followers = set(after)
        everything = {**self._all, turn.key: turn}
        in_order = sorted(everything.values(), key=lambda other: other.id)
        self._all = {
            other.key: _following(other, other.before, turn.key) if other.key in followers else other for other in in_order
        }
        self.choose(turn.key)

    def find(self, turn_id: int) -> Turn | None:
        """The turn with this id, if it is part of this conversation."""
        return next((turn for turn in self._all.values() if turn.id == turn_id), None)

    def apply(self, turn_id: int, events: Iterable[Event]) -> Turn | None:
        """Give events to the turn they belong to. None, and no change, when it is not part of this conversation."""
        turn = self.find(turn_id)
        if turn is not None:
            for event in events:
                turn.answer.apply(event)
        return turn


def new_turn_id() -> int:
    """For a turn that is read back."""
    return next(_turn_ids)


def answer_for(earlier: Sequence[Turn], parts: Sequence[Part]) -> Answer:
    """The answer to be to a question with these parts: it knows the pictures of the turns before, and which are new."""
    return Answer(look_up=lambda: _known_pictures(earlier, parts))


def _known_pictures(earlier: Sequence[Turn], parts: Sequence[Part]) -> KnownPictures:
    """Pictures are numbered as they are sent, so one that was sent at two sizes has two numbers."""
    new = [part for part in parts if isinstance(part, Shown)]
    shown = [part for turn in earlier for part in _shown_in(turn)] + new
    latest = new or next((before for turn in reversed(earlier) if (before := _shown_in(turn))), [])
    sent_as = {part.sent_id: part.picture.id for part in shown}
    everything = [*(part for turn in earlier for part in turn.parts), *parts]
    names = {name: part.picture.id for part in everything for name in names_of(part)}
    return KnownPictures(tuple(sent_as.values()), tuple(part.picture.id for part in latest), sent_as, names)


def _following(turn: Turn, old: str, new: str) -> Turn:
    """The turn, following another one if it followed `old`."""
    return replace(turn, before=new) if turn.before == old else turn


def _shown_in(turn: Turn) -> list[Shown]:
    """What a model was shown, in its order."""
    return [part for part in turn.parts if isinstance(part, Shown)]
