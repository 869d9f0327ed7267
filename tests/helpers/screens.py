"""Screenshots and pages with text that is known, to see how much of it is read.

The fonts come with PyMuPDF, so the pictures are the same on every computer: Nimbus Sans, Nimbus Mono, and Droid Sans Fallback
for Chinese. All sizes and places are in pixels.
"""

from __future__ import annotations

import functools
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pymupdf
from PIL import Image, ImageDraw, ImageFont

from ingest.types import Pixels

Bounds = tuple[float, float, float, float]
Rgb = tuple[int, int, int]

LIGHT = ((255, 255, 255), (32, 32, 32))
DARK = ((30, 30, 30), (212, 212, 212))
DIM = ((40, 44, 52), (150, 158, 172))

_ENGLISH = (
    "The server answers every request within two seconds, even when the queue is long.",
    "Click Save to keep your changes, or press Ctrl+Z to undo the last step.",
    "Total revenue for 2024 was $1,284,530.75, an increase of 12.5% over 2023.",
    "def load_page(path: str, index: int = 0) -> Page:",
    "See chapter 7 for the list of known problems and how to work around them.",
    "Error 404: the file C:\\Users\\maria\\report_final.docx could not be found.",
    "Meeting moved to Thursday, 14:30 in room B-217; bring the printed budget.",
    "Version 3.11.4 was released on 6 June and fixes 38 bugs in the parser.",
    "Quick brown foxes jump over lazy dogs while vexed wizards juggle pyxes.",
    "https://docs.example.org/guide/install?lang=en#requirements",
    "Order #58213 shipped to 221 Baker Street, London NW1 6XE (tracking: GB91Q).",
    "if (count > 10 && !done) { total += price[i] * 0.85; }",
    "Most readers skim the first paragraph and look only at the figures after it.",
    "Uptime 99.98 %, mean latency 43 ms, 1,209 open connections, 0 failed jobs",
    "Dear Ms. Okafor, thank you for your letter of 3 March about the invoice.",
    "File   Edit   View   Insert   Format   Tools   Window   Help",
)
_CHINESE = (
    "服务器在两秒之内回答每一个请求，即使排队的人很多。",
    "点击“保存”保留修改，或者按撤销键取消上一步操作。",
    "二零二四年的总收入为一千二百八十四万元，比上年增长百分之十二。",
    "请参阅第七章，了解已知问题的列表以及解决办法。",
    "会议改到星期四下午两点半，在三楼会议室举行，请带上预算表。",
    "新版本修复了解析器中的三十八个错误，并且提高了启动速度。",
    "大多数读者只看第一段文字，然后直接查看后面的图表。",
    "订单已经发货，预计三天以内送达，请保持电话畅通。",
    "系统设置里可以更改显示语言、主题颜色和字体大小。",
    "尊敬的用户，感谢您在三月份的来信，我们已经处理了发票问题。",
    "今天天气晴朗，最高气温二十六度，适合外出散步和骑车。",
    "文件夹中共有一百二十张照片，其中八张没有日期信息。",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text and where it stands."""

    text: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture and what is written on it, in reading order."""

    image: Image.Image
    lines: tuple[Written, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def pixels(self) -> Pixels:
        return pixels_of(self.image)


def pixels_of(image: Image.Image) -> Pixels:
    """A picture as the readers hand it over."""
    return Pixels(image.width, image.height, image.convert("RGB").tobytes())


def sentences(count: int, language: str, seed: int = 0) -> list[str]:
    """Lines of a screenshot in English or Chinese ("en", "zh"), no two the same."""
    rng = random.Random(seed)
    source = _ENGLISH if language == "en" else _CHINESE
    lines = [line for _ in range(count // len(source) + 1) for line in rng.sample(source, len(source))][:count]
    number = "{0} {1}" if language == "en" else "{1}{0}"
    return [line if index < len(source) else number.format(rng.randint(10, 9999), line) for index, line in enumerate(lines)]


def screenshot(
    lines: Sequence[str],
    size: tuple[int, int] = (1920, 1080),
    font_px: int = 16,
    colours: tuple[Rgb, Rgb] = LIGHT,
    margin: int = 60,
    font: str | None = None,
) -> Screen:
    """Lines one below the other, spread over the height."""
    step = max(font_px * 1.4, (size[1] - 2 * margin) / max(1, len(lines)))
    return draw(size, [(line, margin, margin + step * index) for index, line in enumerate(lines)], font_px, colours, font)


def columns(left: Sequence[str], right: Sequence[str], size: tuple[int, int] = (1240, 900), font_px: int = 18) -> Screen:
    """Two columns below a title that spans both; the left is read first."""
    placed = [("Annual report on the state of the harbour", 60.0, 30.0)]
    for x, lines in ((60.0, left), (size[0] / 2 + 30, right)):
        placed += [(line, x, 100 + font_px * 1.5 * index) for index, line in enumerate(lines)]
    return draw(size, placed, font_px)


def table(rows: Sequence[Sequence[str]], size: tuple[int, int] = (1280, 720), font_px: int = 15) -> Screen:
    """A table with ruled cells, read row by row; each cell is a line of its own."""
    height, width = (size[1] - 80) / len(rows), (size[0] - 80) / len(rows[0])
    placed = [
        (cell, 50 + width * column, 40 + height * (row + 0.5) - font_px / 2)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    screen = draw(size, placed, font_px)
    pen = ImageDraw.Draw(screen.image)
    for row in range(len(rows) + 1):
        pen.line((40, 40 + height * row, size[0] - 40, 40 + height * row), (190, 190, 190))
    for column in range(len(rows[0]) + 1):
        pen.line((40 + width * column, 40, 40 + width * column, size[1] - 40), (190, 190, 190))
    return screen


def draw(
    size: tuple[int, int],
    placed: Iterable[tuple[str, float, float]],
    font_px: int,
    colours: tuple[Rgb, Rgb] = LIGHT,
    font: str | None = None,
) -> Screen:
    """Each text with its top left corner at (x, y)."""
    image = Image.new("RGB", size, colours[0])
    pen, lines = ImageDraw.Draw(image), []
    for text, x, y in placed:
        face = _face(font or ("helv" if text.isascii() else "china-s"), font_px)
        pen.text((x, y), text, colours[1], face)
        lines.append(Written(text, pen.textbbox((x, y), text, face)))
    return Screen(image, tuple(lines))


def words_on(line: Written, font_px: int) -> list[Written]:
    """The words of a line that was drawn in its own font, each with its place."""
    face = _face("helv" if line.text.isascii() else "china-s", font_px)
    left, words, start = line.bounds[0], [], 0
    for word in line.text.split():
        start = line.text.index(word, start)
        x0 = left + face.getlength(line.text[:start])
        words.append(Written(word, (x0, line.bounds[1], x0 + face.getlength(word), line.bounds[3])))
        start += len(word)
    return words


@functools.cache
def _face(name: str, size: int) -> ImageFont.FreeTypeFont:
    """`helv`, `cour` or `china-s`."""
    return ImageFont.truetype(io.BytesIO(pymupdf.Font(name).buffer), size)


def accuracy(expected: str, found: str) -> float:
    """The share of characters read right: 1 - edit distance / length, white space left out."""
    wanted, got = "".join(expected.split()), "".join(found.split())
    return max(0.0, 1 - _distance(wanted, got) / max(1, len(wanted)))


def _distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for index, mine in enumerate(one, 1):
        above, row[0] = row[0], index
        for column, theirs in enumerate(other, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (mine != theirs))
    return row[-1]
