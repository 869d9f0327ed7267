"""A conversation as Markdown with a folder of pictures beside it.

What an answer brings as raw HTML or as a picture on the web would be shown, or fetched, by the program that opens the file; both
are written so that they stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from app.chat.export.document import Call, Document, Element, Entry, Figure, Prose, place_words
from app.chat.export.figures import Drawn, Figures
from app.chat.export.options import Words
from app.chat.export.prose import code_lines, loads_nothing, source_of, with_marks, without_marks

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$])")
_SPAN = re.compile(
    r"(?<![`\\])(`{1,8})(?!`)[^`]{1,2000}?(?<!`)\1(?!`)"
    r"|(?P<formula>\$\$[^$]{1,1000}\$\$|\$[^$\n]{1,500}\$|\\\[.{1,1000}?\\\]|\\\(.{1,1000}?\\\))",
    re.DOTALL,
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://|mailto:)")


class MarkdownWriter:
    """Writes a document once.

    Attributes:
        files: the pictures, by their names in the folder; complete when `write` has returned.
    """

    def __init__(self, words: Words, figures: Figures, folder: str) -> None:
        """`folder` is the name of the folder beside the file."""
        self.files: dict[str, Drawn] = {}
        self._words = words
        self._figures = figures
        self._folder = folder
        self._names: dict[str, str] = {}

    def write(self, document: Document) -> str:
        """The text of the file. Blocks while pictures are drawn. Raises Stopped."""
        for figure in document.figures:
            if (drawn := self._figures.draw(figure)) is not None:
                self._names[figure.anchor] = f"{figure.anchor}.{drawn.suffix}"
                self.files[self._names[figure.anchor]] = drawn
        parts = [f"# {plain(document.title)}", *(part for entry in document.entries for part in self._entry(entry))]
        return "\n\n".join(filter(None, parts)) + "\n"

    def _entry(self, entry: Entry) -> Iterator[str]:
        words = self._words
        yield f"## {plain(words.you)}\n\n*{entry.asked_at}*"
        if entry.attached:
            yield f"{plain(words.attached)}: {plain('; '.join(entry.attached))}"
        yield from map(self._figure, entry.shown)
        yield quoted(entry.question)
        yield f"## {plain(words.answer)}" + (f"\n\n*{plain(entry.who)}*" if entry.who else "")
        if entry.reasoning:
            yield f"**{plain(words.reasoning)}**"
            yield quoted(entry.reasoning)
        yield from (self._element(element, entry) for element in entry.elements)
        yield from (f"*{plain(remark)}*" for remark in entry.remarks)
        if entry.places:
            yield f"**{plain(words.places)}**"
            yield from map(self._figure, entry.places)

    def _element(self, element: Element, entry: Entry) -> str:
        if isinstance(element, Prose):
            return with_marks(harmless(source_of(element.pieces)), lambda number: self._reference(entry, number)).strip()
        if isinstance(element, Call):
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", element.text)), 3)
            return f"{plain(self._words.tool_call)}:\n\n{fence}\n{element.text}\n{fence}"
        return self._figure(element)

    def _figure(self, figure: Figure) -> str:
        named = " · ".join(filter(None, (plain(figure.name), plain(figure.caption))))
        marks = ", ".join(
            f"[{reference.number}] {plain(reference.box.label or '')}".strip().replace("[", "\\[", 1).replace("]", "\\]", 1)
            for reference in figure.references
        )
        caption = " — ".join(filter(None, (named, marks)))
        if figure.anchor not in self._names:
            return f"*{plain(self._figures.sentence(figure))}* {caption}".strip()
        alternative = plain(": ".join(filter(None, (figure.name, figure.caption))))
        return f"![{alternative}]({self._path(figure)})\n\n{caption}".strip()

    def _reference(self, entry: Entry, number: int) -> str:
        reference, figure = entry.references.get(number), entry.targets.get(number)
        if reference is None or figure is None:
            return plain(reference.text) if reference is not None else ""
        if figure.anchor not in self._names:
            return f"\\[{number}\\]"
        title = place_words(reference, figure).replace("\\", "").replace('"', "'").replace("\n", " ")
        return f'[\\[{number}\\]]({self._path(figure)} "{harmless(title)}")'

    def _path(self, figure: Figure) -> str:
        """Relative, and escaped so that every program finds it, whatever the file is called."""
        return quote(f"{self._folder}/{self._names[figure.anchor]}")


def plain(text: str) -> str:
    """Text on one line that Markdown leaves as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    """What someone typed, as a quotation: every line stays one."""
    lines = [plain(line) for line in text.splitlines()]
    lines = [re.sub(r"^([-+#]|\d{1,9}[.)])", lambda start: start[0][:-1] + "\\" + start[0][-1], line) for line in lines]
    return "\n".join(f"> {line}  ".rstrip() if not line else f"> {line}  " for line in lines)


def harmless(source: str) -> str:
    """Markdown in which HTML and pictures from elsewhere are text, except in code, where they are text already."""
    code = code_lines(source)
    out: list[str] = []
    chunk: list[str] = []
    for index, line in enumerate(source.splitlines(keepends=True)):
        if index in code:
            out += [_without_html("".join(chunk)), without_marks(line)]
            chunk = []
        else:
            chunk.append(line)
    result = "".join([*out, _without_html("".join(chunk))])
    return result if loads_nothing(result) else _escaped(source)  # code that is none after all: its looks matter less


def _without_html(text: str) -> str:
    parts, end = [], 0
    for span in _SPAN.finditer(text):
        parts += [_escaped(text[end : span.start()]), without_marks(span[0])]
        if span["formula"]:
            parts[-1] = _TAG.sub("< ", parts[-1]).replace("![", "! [")
        end = span.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _TAG.sub("&lt;", text).replace("![", "!&#91;")
