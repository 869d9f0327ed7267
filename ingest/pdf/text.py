"""The text of a page that MuPDF has loaded, its words with their places, and whether it has to be recognised instead.

MuPDF lays the characters out once. Words come from PyMuPDF's C++ code and all else from one print of MuPDF's as JSON, because
looking at each character from Python would take five times as long as all of that together.
Ligatures come apart, hyphens stay as they are printed. Hidden text, as recognition puts it behind scans, is text.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pymupdf import extra, mupdf

from ingest import limits
from ingest.pdf.drawing import Frame, draw, run
from ingest.types import Word

REACHED_BY = 0.9
"""`PageText.font_size_pt` is reached by this part of the characters."""
STAMP_MARGIN = 0.1
STAMP_WORDS_MAX = 60
"""Page numbers and marks that a scanner or an archive adds to a scan stand this near to an edge, and are this few."""
COVERED_MIN = 0.7
"""Pictures that cover this part of a page are the page."""
INK_MIN = 0.0002
"""A word of small print covers this part of a page, a speck of dust does not."""
_INK_CONTRAST = 48
_LOOK_WIDTH_PX, _LOOK_HEIGHT_PX = 400, 540
_LINE = re.compile(r'"size":([-+.\de]+)},"x":(-?\d+),"y":(-?\d+),"text":"([^"\\]*(?:\\.[^"\\]*)*)"')
_PICTURE = re.compile(r'image","bbox":{"x":(-?\d+),"y":(-?\d+),"w":(-?\d+),"h":(-?\d+)}')
_GARBAGE = re.compile("[\ufffd-\uffff\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""What fonts that do not name their characters give: the replacement character, private use, control characters."""
_CJK = "\u2e80-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff"
_ENDS = "、。，．！？；：」』】》）"
_IS_CJK = re.compile(f"[{_CJK}]")
_RUN = re.compile(f"(?:(?![{_ENDS}])[{_CJK}])+[{_ENDS}]*|[{_ENDS}]+|[^{_CJK}]+")
BETWEEN_CJK = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")


class TextLayer:
    """What a page says.

    Attributes:
        text: paragraphs an empty line apart; empty when what there is cannot be what the page shows.
        words: in the same order.
        font_size_pt: a size that nine tenths of the characters reach; None without text.
    """

    def __init__(self, page: Any, frame: Frame) -> None:
        self._page, self._frame = page, frame
        layout = _layout(page, frame, mupdf.FZ_STEXT_MEDIABOX_CLIP)
        text, size = _text_and_size(_printed(layout))
        is_usable = len(text) - sum(map(text.count, "\n\t ")) > 2 * len(_GARBAGE.findall(text))
        self.text = text if is_usable else ""
        self.words = _words(layout, frame) if is_usable else []
        self.font_size_pt = size if is_usable else None

    @property
    def is_scanned(self) -> bool:
        """Whether the page shows something that the text does not say, so that it has to be recognised."""
        if self.text and not (len(self.words) <= STAMP_WORDS_MAX and all(map(_is_at_edge, self.words))):
            return False
        return self._covered_by_pictures() >= COVERED_MIN or (not self.text and _shows_something(self._page))

    def _covered_by_pictures(self) -> float:
        layout = _layout(self._page, self._frame, mupdf.FZ_STEXT_MEDIABOX_CLIP | mupdf.FZ_STEXT_PRESERVE_IMAGES)
        covered = 0.0
        for place in _PICTURE.findall("".join(_printed(layout))):
            x, y, width, height = map(int, place)
            area = self._frame.area(mupdf.FzRect(x, y, x + width, y + height))
            covered += (area.x1 - area.x0) * (area.y1 - area.y0)
        return covered


def _layout(page: Any, frame: Frame, flags: int) -> Any:
    """The characters of a page as MuPDF puts them together to words, lines and blocks. Raises MemoryError."""
    layout = mupdf.FzStextPage(mupdf.FzRect(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height))
    run(page, mupdf.fz_new_stext_device(layout, mupdf.FzStextOptions(flags)))
    return layout


def _printed(layout: Any) -> list[str]:
    """Its blocks, pictures and text, as MuPDF prints them as JSON (stext-output.c)."""
    buffer = mupdf.fz_new_buffer(1 << 14)
    output = mupdf.FzOutput(buffer)
    mupdf.fz_print_stext_page_as_json(output, layout, 1.0)
    output.fz_close_output()
    printed: str = buffer.fz_buffer_extract().decode("utf-8", "replace")
    return printed.split('{"type":"')[1:]  # quotes in texts have a backslash before them


def _text_and_size(blocks: list[str]) -> tuple[str, float | None]:
    """The text, and the size that nine tenths of its characters reach. A line has the size of its first character.

    Paragraphs are apart by an empty line. What stands on one line far apart, as in tables, is apart by a tab.
    """
    paragraphs = []
    counts: dict[str, int] = {}
    for block in blocks:
        lines: list[str] = []
        last_x = last_y = ""
        for size, x, y, printed in _LINE.findall(block):
            text = _unescaped(printed).rstrip() if "\\" in printed else printed.rstrip()
            counts[size] = counts.get(size, 0) + len(text)
            if lines and y == last_y and int(x) > int(last_x):
                lines[-1] += "\t" + text
            else:
                lines.append(text)
            last_x, last_y = x, y
        paragraph = "\n".join(lines)
        if paragraph and not paragraph.isspace():
            paragraphs.append(paragraph)
    return _cut("\n\n".join(paragraphs)), _reached_size({float(size): count for size, count in counts.items()})


def _unescaped(printed: str) -> str:
    text: str = json.loads(f'"{printed}"', strict=False)
    return text


def _cut(text: str) -> str:
    most = limits.PAGE_CHARACTERS_MAX
    if len(text) <= most:
        return text
    return f"{text[:most]}\n\n[The rest of this page is left out: it has more than {most:,} characters.]"


def _reached_size(counts: dict[float, int]) -> float | None:
    total = left = sum(counts.values())
    reached = None
    for size in sorted(counts):
        if left < REACHED_BY * total:
            break
        reached = size
        left -= counts[size]
    return max(round(reached, 2), 0.01) if reached is not None and 0 < reached < math.inf else None


def _words(layout: Any, frame: Frame) -> list[Word]:
    """Words as fractions of the page, to 1/100,000: a hundredth of a point on paper, and short on the wire."""
    x, y, across, down = frame.x, frame.y, 1e5 / frame.width, 1e5 / frame.height
    words: list[Word] = []
    add, new_word = words.append, tuple.__new__  # what runs for every word of a document is worth it
    top = bottom = high = low = None
    for x0, y0, x1, y1, text, _, _, _ in _extracted(layout, frame):
        if y0 != top or y1 != bottom:  # else on the line of the word before, as most are
            top, bottom, high, low = y0, y1, int((y0 - y) * down) / 1e5, int((y1 - y) * down) / 1e5
        add(new_word(Word, (text, int((x0 - x) * across) / 1e5, high, int((x1 - x) * across) / 1e5, low)))
    if not _IS_CJK.search("".join([word[0] for word in words])):
        return words
    return [piece for word in words for piece in _runs(word)][: limits.PAGE_WORDS_MAX]


def _extracted(layout: Any, frame: Frame) -> list[tuple[float, float, float, float, str, int, int, int]]:
    """PyMuPDF's words, inside the page. Its corrections for fonts without a height double the time and are rarely needed."""
    left, top, right, bottom = frame.x, frame.y, frame.x + frame.width, frame.y + frame.height
    extra.set_skip_quad_corrections(True)
    try:
        words = extra.extractWORDS(layout, None)
    finally:
        extra.set_skip_quad_corrections(False)
    if not all([left <= x0 <= x1 <= right and top <= y0 < y1 <= bottom for x0, y0, x1, y1, _, _, _, _ in words]):
        words = [
            (min(max(x0, left), right), min(max(y0, top), bottom), min(max(x1, left), right), min(max(y1, top), bottom), *rest)
            for x0, y0, x1, y1, *rest in extra.extractWORDS(layout, None)
            if math.isfinite(x0 + y0 + x1 + y1)
        ]
    return words[: limits.PAGE_WORDS_MAX]  # type: ignore[no-any-return]


def _runs(word: Word) -> Iterator[Word]:
    """Chinese and Japanese have no spaces: a run ends at punctuation and where another script begins.

    Its place is its share of the line, a character of another script counting half. Within a run all characters are equally wide.
    """
    pieces = _RUN.findall(word.text) if _IS_CJK.search(word.text) else ()
    if len(pieces) < 2:
        yield word
        return
    weights = [sum(2 if _IS_CJK.match(character) else 1 for character in piece) for piece in pieces]
    is_upright = word.y1 - word.y0 > word.x1 - word.x0
    start, end = (word.y0, word.y1) if is_upright else (word.x0, word.x1)
    unit, done = (end - start) / sum(weights), 0
    for piece, weight in zip(pieces, weights, strict=True):
        low, high = round(start + done * unit, 5), round(start + (done + weight) * unit, 5)
        done += weight
        yield Word(piece, word.x0, low, word.x1, high) if is_upright else Word(piece, low, word.y0, high, word.y1)


def _is_at_edge(word: Word) -> bool:
    far = 1.0 - STAMP_MARGIN
    return word.y1 <= STAMP_MARGIN or word.y0 >= far or word.x1 <= STAMP_MARGIN or word.x0 >= far


def _shows_something(page: Any) -> bool:
    """Whether anything is to be seen on it: not all of it has one colour."""
    pixels = draw(page, _LOOK_WIDTH_PX, _LOOK_HEIGHT_PX, is_grey=True)
    if max(pixels) - min(pixels) < _INK_CONTRAST:
        return False
    background = Counter(pixels).most_common(1)[0][0]
    is_ink = bytes(abs(level - background) >= _INK_CONTRAST for level in range(256))
    return pixels.translate(is_ink).count(1) >= INK_MIN * len(pixels)
