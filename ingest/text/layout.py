"""Where rows and pages begin. Only the first character of each page is kept; a page's rows are found again when they are needed.

A row is as many characters as fit: up to a space where there is one, between any two ideographs, never before a closing mark nor
after an opening one (the rule of Unicode annex 14 and JIS X 4051, as far as plain text goes). It begins anew at each line end.
Works on arrays, a million characters at a time: five megabytes take a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ingest.text.extract import Offsets, Section
from ingest.text.typeface import Codes, Typeface, to_codes

FONT_SIZE_PT = 8.0
LEADING_PT = 9.6
DENSE_EM_PX = 12.0
"""How large the font has to be in a picture to be read: `bench/dense_text.py`, docs/adr/0010."""
MARGIN_PT = 12.0
PAGE_WIDTH_PT, PAGE_HEIGHT_PT = 595.0, 842.0
"""A4."""
ROWS = int((PAGE_HEIGHT_PT - 2 * MARGIN_PT) / LEADING_PT)
ROW_CHARACTERS_MAX = 1000
"""Also of characters without width, so that no page is endless."""
HEADER_ROWS_MAX = 4
_ROW_EM_MAX = (PAGE_WIDTH_PT - 2 * MARGIN_PT) / FONT_SIZE_PT
_ROW_EM_MIN = _ROW_EM_MAX / 4
_FITTING = 0.98
"""A page is made as narrow as this share of its lines allows; the others are broken."""
_WINDOW = 1 << 20

_IDEOGRAPH, _CLOSING, _OPENING, _SPACE, _BREAK_AFTER, _DIGIT = 1, 2, 4, 8, 16, 32


def _classes() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x110000, np.uint8)
    for first, last in ((0x2E80, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF01, 0xFFEF), (0x20000, 0x3FFFF)):
        table[first : last + 1] |= _IDEOGRAPH
    for members, flag in (
        (
            ")]},.:;!?%'\"’”…—‥·、。，．：；！？）］｝」』】〕〉》〗〙〛％‰℃ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ～",
            _CLOSING,
        ),
        ("([{‘“（［｛「『【〔〈《〖〘〚￥＄", _OPENING),
        (" \t\u3000\u2002\u2003\u2009", _SPACE),
        ("-/,;&|", _BREAK_AFTER),
        ("0123456789", _DIGIT),
    ):
        table[[ord(character) for character in members]] |= flag
    return table


_CLASSES = _classes()


class Layout:
    """One section on pages.

    Attributes:
        page_starts: the first character of each page.
        page_rows: how many rows there are on a full page, header included; `last_rows` on the last.
        row_em: how wide a row may be.
        header: the text that is repeated on each page, cut off where it would take too much.
    """

    def __init__(self, section: Section, face: Typeface) -> None:
        self.section, self._face = section, face
        self.row_em = self._fitting_width()
        starts = list(self.rows_of(section.header)) if section.header else []
        self.header = section.header
        if len(starts) > HEADER_ROWS_MAX:
            self.header = section.header[: starts[HEADER_ROWS_MAX] - 1] + "…"
        self._header_rows = min(len(starts), HEADER_ROWS_MAX)
        body_rows = ROWS - self._header_rows
        kept, count = [], 0
        for rows in self._windows(section.text):
            kept.append(rows[-count % body_rows :: body_rows])
            count += len(rows)
        self.page_starts: Offsets = np.concatenate(kept)
        self.last_rows = self._header_rows + count - (len(self.page_starts) - 1) * body_rows

    def __len__(self) -> int:
        """How many pages."""
        return len(self.page_starts)

    def span(self, page: int) -> tuple[int, int]:
        """The characters on a page, from and to."""
        start = int(self.page_starts[page])
        is_last = page + 1 == len(self)
        return start, len(self.section.text) if is_last else int(self.page_starts[page + 1])

    def text(self, page: int) -> str:
        """All that is on a page, the header included."""
        start, end = self.span(page)
        body = self.section.text[start:end].rstrip("\n")
        return f"{self.header}\n{body}" if self.header else body

    def rows(self, page: int) -> list[str]:
        """A page as it is set, row by row."""
        start, end = self.span(page)
        rows = self._split(self.header) if self.header else []
        return rows + self._split(self.section.text[start:end].removesuffix("\n"))

    def size_pt(self, page: int) -> tuple[float, float]:
        """Width and height of a page: as narrow and, for the last, as short as its text, yet not a mere strip."""
        rows = self.last_rows if page + 1 == len(self) else ROWS
        height = PAGE_HEIGHT_PT if rows >= ROWS else max(2 * MARGIN_PT + rows * LEADING_PT, PAGE_HEIGHT_PT / 4)
        return round(self.row_em * FONT_SIZE_PT + 2 * MARGIN_PT, 1), round(height, 1)

    def rows_of(self, text: str) -> Iterator[int]:
        """The first character of each row."""
        for rows in self._windows(text):
            yield from map(int, rows)

    def _split(self, text: str) -> list[str]:
        starts = [start for start in self.rows_of(text) if start < len(text) or not start or text[start - 1] == "\n"]
        return [text[start:end].rstrip("\n") for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]

    def _fitting_width(self) -> float:
        codes = to_codes(self.section.text[:_WINDOW])
        ends = np.append(np.flatnonzero(codes == 10), len(codes))
        widths = np.diff(np.concatenate(([0.0], np.cumsum(self._face.advances(codes), dtype=np.float64)))[ends], prepend=0.0)
        widths = widths[widths > 0]
        wanted = float(np.quantile(widths, _FITTING, method="higher")) if len(widths) else 0.0
        return min(_ROW_EM_MAX, max(_ROW_EM_MIN, wanted + 0.01))

    def _windows(self, text: str) -> Iterator[Offsets]:
        at = 0
        while True:
            window = text[at : at + _WINDOW]
            rows, done = self._rows_in(to_codes(window), is_last=at + len(window) >= len(text))
            yield rows + at
            if done is None:
                return
            at += done

    def _rows_in(self, codes: Codes, is_last: bool) -> tuple[Offsets, int | None]:
        """Starts of the rows in a window, and where the next window begins: at a row that may go on behind this one."""
        pen = np.concatenate(([0.0], np.cumsum(self._face.advances(codes), dtype=np.float64)))
        starts = np.concatenate(([0], np.flatnonzero(codes == 10) + 1)).astype(np.int64)
        ends = np.append(starts[1:] - 1, len(codes))
        is_long = (pen[ends] - pen[starts] > self.row_em) | (ends - starts > ROW_CHARACTERS_MAX)
        rows = starts
        if is_long.any():
            breaks, lines = _last_breaks(codes), np.flatnonzero(is_long)
            more = [row for line in lines for row in self._break_line(codes, pen, breaks, int(starts[line]), int(ends[line]))]
            rows = np.sort(np.concatenate((starts, np.array(more, np.int64))))
        return (rows, None) if is_last else (rows[:-1], int(rows[-1]))

    def _break_line(self, codes: Codes, pen: npt.NDArray[np.float64], breaks: Offsets, start: int, end: int) -> Iterator[int]:
        while pen[end] - pen[start] > self.row_em or end - start > ROW_CHARACTERS_MAX:
            fitting = int(pen.searchsorted(pen[start] + self.row_em, side="right")) - 1
            fitting = max(start + 1, min(fitting, start + ROW_CHARACTERS_MAX, end))
            if fitting < end and _CLASSES[codes[fitting]] & _SPACE:
                start = fitting + 1  # a space that does not fit hangs over the edge
            else:
                start = int(breaks[fitting]) if breaks[fitting] > start else fitting
            if start >= end:
                return
            yield start


def _last_breaks(codes: Codes) -> Offsets:
    """For each place between characters the last one, itself included, at which a row may end."""
    classes = _CLASSES[codes]
    before, after = classes[:-1], classes[1:]
    may = (before & _SPACE) != 0
    may |= ((before | after) & _IDEOGRAPH) != 0
    may |= ((before & _BREAK_AFTER) != 0) & ((after & _DIGIT) == 0)
    may &= ((after & (_CLOSING | _SPACE)) == 0) & ((before & _OPENING) == 0)
    places = np.zeros(len(codes) + 1, np.int64)
    places[1:-1] = np.where(may, np.arange(1, len(codes)), 0) if len(codes) > 1 else 0
    return np.maximum.accumulate(places)
