"""A conversation as a document: what every readable format writes, before any of them draws or writes anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.chat.answer import AnswerState, Block, PictureBlock, Reference, TextBlock, ToolBlock
from app.chat.crops import WHOLE, figure_area
from app.chat.export.options import Options, Words
from app.chat.parts import Shown
from app.chat.session import Conversation, Source, Turn
from ingest.attachment import Picture
from ingest.types import Area

_QUESTION_PICTURES_MAX = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture to show, or the part `area` of it, with marked places.

    Attributes:
        anchor: names it within the document: "a2-1" is the first figure of the second answer, with `q` in front the first of
            its question, with `p` the first picture with places that only the text mentions.
        picture: None when the answer named one that does not exist.
        name: what to call it in front of people.
    """

    anchor: str
    picture: Picture | None
    name: str = ""
    area: Area | None = None
    references: tuple[Reference, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown with references in it."""

    pieces: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of the model, as text."""

    text: str


Element = Prose | Figure | Call


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer.

    Attributes:
        attached: the names of what went along, each with its pages or times.
        shown: pictures that stand with the question.
        who: what answered; empty when it is not known.
        references: every marked place, by its number.
        places: the pictures in which the text, rather than a figure, marks places.
        targets: the figure that shows each reference, by its number; what leads nowhere has none.
        remarks: sentences about how the answer came and ended.
    """

    number: int
    asked_at: str
    question: str
    attached: tuple[str, ...]
    shown: tuple[Figure, ...]
    who: str
    reasoning: str
    elements: tuple[Element, ...]
    references: Mapping[int, Reference]
    places: tuple[Figure, ...]
    targets: Mapping[int, Figure]
    remarks: tuple[str, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All pictures in it, in order."""
        return (*self.shown, *(element for element in self.elements if isinstance(element, Figure)), *self.places)


@dataclass(frozen=True, slots=True)
class Document:
    """Entries under a title."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All pictures in it, in order."""
        return tuple(figure for entry in self.entries for figure in entry.figures)


def build_document(conversation: Conversation, turns: Sequence[Turn], options: Options) -> Document:
    """Put turns of a conversation into the shape in which they are read."""
    words = options.words
    entries = tuple(_entry(conversation, turn, number, options) for number, turn in enumerate(turns, 1))
    return Document(conversation.title or words.untitled, entries)


def place_words(reference: Reference, figure: Figure) -> str:
    """What a reference leads to: "report.pdf, page 12: the falling bar"."""
    return ": ".join(filter(None, (figure.name, reference.box.label)))


def _entry(conversation: Conversation, turn: Turn, number: int, options: Options) -> Entry:
    known = {picture.id: picture for earlier in conversation.path_to(turn.key) for picture in earlier.pictures}
    known |= {picture.id: picture for picture in turn.pictures}
    answer = turn.answer
    words = options.words
    elements = tuple(_elements(answer.blocks, known, f"a{number}", words))
    figures = [element for element in elements if isinstance(element, Figure) and element.picture is not None]
    inside = {reference.number: figure for figure in reversed(figures) for reference in figure.references}
    others = (reference for reference in answer.references if reference.number not in inside)
    places = tuple(_places(others, known, number, words))
    return Entry(
        number,
        datetime.fromtimestamp(turn.created_at).strftime("%Y-%m-%d %H:%M"),
        turn.question.strip(),
        tuple(_source_words(source, words) for source in turn.sources),
        tuple(_question_figures(turn.sources, number, words)),
        " · ".join(filter(None, (turn.model_name, turn.host))),
        answer.reasoning.strip() if options.reasoning else "",
        elements,
        {reference.number: reference for reference in answer.references},
        places,
        inside | {reference.number: figure for figure in places for reference in figure.references},
        tuple(_remarks(turn, words)),
    )


def _elements(blocks: Sequence[Block], known: Mapping[str, Picture], prefix: str, words: Words) -> Iterable[Element]:
    figures = 0
    for block in blocks:
        if isinstance(block, TextBlock):
            yield Prose(tuple(block.pieces))
        elif isinstance(block, PictureBlock):
            figures += 1
            yield _figure(block, known, f"{prefix}-{figures}", words)
        elif isinstance(block, ToolBlock):
            call = block.call
            yield Call(f"{call.name} {json.dumps(dict(call.arguments), ensure_ascii=False)}" if call else block.raw.strip())


def _figure(block: PictureBlock, known: Mapping[str, Picture], anchor: str, words: Words) -> Figure:
    picture = next((known[ref.picture_id] for ref in block.references if ref.picture_id and ref.picture_id in known), None)
    marked = tuple(ref for ref in block.references if picture is not None and ref.picture_id == picture.id)
    area = figure_area([ref.box for ref in marked], picture.width, picture.height) if picture is not None else WHOLE
    name = words.picture_name(picture) if picture is not None else ""
    return Figure(anchor, picture, name, None if area == WHOLE else area, marked or tuple(block.references), block.caption.strip())


def _places(references: Iterable[Reference], known: Mapping[str, Picture], number: int, words: Words) -> Iterable[Figure]:
    """A figure for each picture that only the text points into."""
    grouped: dict[str, list[Reference]] = {}
    for reference in references:
        if reference.picture_id and reference.picture_id in known:
            grouped.setdefault(reference.picture_id, []).append(reference)
    for index, (picture_id, marked) in enumerate(grouped.items(), 1):
        picture = known[picture_id]
        yield Figure(f"p{number}-{index}", picture, words.picture_name(picture), references=tuple(marked))


def _question_figures(sources: Sequence[Source], number: int, words: Words) -> Iterable[Figure]:
    """The pictures of a question. Pages and frames are only named: there may be hundreds."""
    single = [source.parts[0] for source in sources if len(source.parts) == 1 and (source.info is None or source.info.is_single)]
    pictures = [part.picture for part in single if isinstance(part, Shown)]
    for index, picture in enumerate(pictures[:_QUESTION_PICTURES_MAX], 1):
        yield Figure(f"q{number}-{index}", picture, words.picture_name(picture))


def _source_words(source: Source, words: Words) -> str:
    """A file with the pages or times that were sent: "report.pdf (page 3, page 4)"."""
    locators = [words.locator(part.place.locator) for part in source.parts if part.place is not None]
    if not locators or source.info is None or source.info.is_single:
        return source.name
    named = f"{locators[0]} … {locators[-1]}" if len(locators) > 4 else ", ".join(dict.fromkeys(locators))
    return f"{source.name} ({named})"


def _remarks(turn: Turn, words: Words) -> Iterable[str]:
    answer = turn.answer
    yield from map(words.notice, answer.notices)
    if answer.failure is not None:
        yield words.failure(answer.failure)
    elif answer.state is not AnswerState.FINISHED:
        yield words.stopped
    elif answer.finish_reason == "length":
        yield words.cut
