"""Text drawn densely: how small it may be while recognition still reads it, and what a page costs as a picture and as text.

Prints one JSON object a line: {"figure", "value", "unit", "target", "ok", "peer"}. README.md says what each figure is.

What reads here is the recognition that comes with Sightline, not the model: the tiny model cannot read, so this is the nearest to
a measurement that can be repeated. Tokens as text are an estimate: a quarter of a token for a Latin character, 0.6 for a
Chinese one, which favours text. Tokens as a picture are exact.

    python -m bench.dense_text [--quick]
"""

from __future__ import annotations

import argparse
import inspect
import json
import json.decoder
import random
import statistics
import textwrap
import time
from collections.abc import Sequence

import numpy as np

from base.cells import image_tokens
from ingest import recognition
from ingest.documents import Source
from ingest.text import open_document, read
from ingest.text.document import TextDocument
from ingest.text.layout import DENSE_EM_PX, FONT_SIZE_PT
from ingest.types import RecognisedLine

READ_MIN = 0.98
SIZES_PX = (8, 9, 10, 11, 12, 13, 14, 16)
QUICK_SIZES_PX = (10, 12)
ROWS_READ, QUICK_ROWS_READ = 30, 6
TOKENS_OF_LATIN, TOKENS_OF_CHINESE = 0.25, 0.6
OPENED_BYTES = 5 << 20
_MARGIN_PX = 740
"""The recognition's detector enlarges pictures whose shorter side is below 736 pixels, which a whole page's is not."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rows at two sizes: under 50 s")
    is_quick = parser.parse_args().quick
    for name, text in samples().items():
        report_tokens(name, text)
        report_smallest(name, text, QUICK_SIZES_PX if is_quick else SIZES_PX, QUICK_ROWS_READ if is_quick else ROWS_READ)
    report_opening()


def samples() -> dict[str, str]:
    """A few pages of each script, the same in every run. The prose is put together at random from our own sentences."""
    rng = random.Random(10)
    english = " ".join(rng.choices(ENGLISH, k=400))
    chinese = "".join(rng.choices(CHINESE, k=700))
    code = "\n".join(inspect.getsource(module) for module in (textwrap, json.decoder))
    return {"english.txt": english, "chinese.txt": chinese, "code.py": code}


def report_tokens(name: str, text: str) -> None:
    """A full page's tokens as text by its tokens as a picture, at the density that is the default."""
    document = opened(name, text)
    page, shown = document.page(0), document.text(0).text
    scale = DENSE_EM_PX / FONT_SIZE_PT
    as_picture = image_tokens(round(page.width * scale), round(page.height * scale))
    as_text = sum(TOKENS_OF_LATIN if character < "\u2e80" else TOKENS_OF_CHINESE for character in shown)
    extra = {"text_tokens": round(as_text), "image_tokens": as_picture, "characters": len(shown)}
    kind = name.partition(".")[0]
    target = None if kind == "code" else 2.0  # its lines are short, and the rest of each is white
    ratio = as_text / as_picture
    report(f"text_by_image_tokens_{kind}", ratio, "ratio", target, None if target is None else ratio >= target, **extra)


def report_smallest(name: str, text: str, sizes_px: Sequence[int], rows: int) -> None:
    """The smallest size from which on recognition reads enough, and how much it reads at each size."""
    document = first_rows(name, text, rows)
    read = {size: share_read(document, size) for size in sizes_px}
    enough = [size for size in sizes_px if all(read[other] >= READ_MIN for other in sizes_px if other >= size)]
    smallest = min(enough, default=float("inf"))
    extra = {f"read_at_{size}_px": round(share, 4) for size, share in read.items()}
    kind = name.partition(".")[0]
    report(f"smallest_em_read_{kind}", smallest, "px", DENSE_EM_PX, smallest <= DENSE_EM_PX, **extra)


def first_rows(name: str, text: str, rows: int) -> TextDocument:
    """A document of no more than some rows."""
    page = opened(name, text).text(0)
    tops = sorted({word.y0 for word in page.words})
    count = sum(word.y0 < tops[rows] for word in page.words) if len(tops) > rows else len(page.words)
    end = 0
    for word in page.words[:count]:
        end = page.text.index(word.text, end) + len(word.text)
    return opened(name, page.text[:end])


def share_read(document: TextDocument, em_px: int) -> float:
    """How much of a page is recognised: 1 less the edits for each character. Spaces do not count, nor does the order of rows."""
    page, scale = document.page(0), em_px / FONT_SIZE_PT
    width, height = round(page.width * scale), round(page.height * scale)
    pixels = np.frombuffer(document.render(0, width, height).rgb, np.uint8).reshape(height, width, 3)
    missing = [(0, max(0, _MARGIN_PX - side)) for side in (height, width)]
    padded = np.pad(pixels, (*missing, (0, 0)), constant_values=255)
    found = recognition.recognise(padded.shape[1], padded.shape[0], padded.tobytes())
    expected: dict[float, str] = {}
    for word in document.text(0).words:
        expected[word.y0 * height] = expected.get(word.y0 * height, "") + word.text
    tops = np.array(list(expected))
    rows = ["".join(row) for row in texts_by_row(found, tops, padded.shape[0])]
    edits = sum(distance(wanted, row) for wanted, row in zip(expected.values(), rows, strict=True))
    return 1 - edits / sum(map(len, expected.values()))


def texts_by_row(found: Sequence[RecognisedLine], tops: np.ndarray, height: int) -> list[list[str]]:
    """What was recognised, without spaces, put to the rows that it stands on, from left to right."""
    rows: list[list[str]] = [[] for _ in tops]
    row_height = float(np.diff(tops).min()) if len(tops) > 1 else height
    for line in sorted(found, key=lambda line: line.x0):
        middle = (line.y0 + line.y1) / 2 * height
        rows[int(np.abs(tops + row_height / 2 - middle).argmin())].append("".join(line.text.split()))
    return rows


def distance(wanted: str, found: str) -> int:
    """Edits from one text to the other (Levenshtein), a row of the table at a time."""
    codes, places = np.array([ord(character) for character in found], np.int64), np.arange(len(found) + 1)
    row = places.copy()
    for number, character in enumerate(wanted, 1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))
        row = np.minimum.accumulate(np.concatenate(([number], changed)) - places) + places
    return int(row[-1])


def report_opening() -> None:
    """Seconds of the processor until a large text is open and the number of its pages known; the median of three."""
    for name, text in samples().items():
        data = (text + "\n").encode()
        data *= OPENED_BYTES // len(data) + 1
        seconds = statistics.median(time_opening(name, data) for _ in range(3))
        report(f"open_5_mb_{name.partition('.')[0]}", seconds, "s", 1.0, seconds < 1.0)


def time_opening(name: str, data: bytes) -> float:
    began = time.process_time()
    open_document(_source(name, data), None)
    return time.process_time() - began


def opened(name: str, text: str) -> TextDocument:
    return TextDocument(read(_source(name, text.encode())))


def _source(name: str, data: bytes) -> Source:
    return Source(name, data=data, media_type="text/x-code" if name.endswith(".py") else "text/plain")


def report(figure: str, value: float, unit: str, target: float | None, ok: bool | None, **extra: float) -> None:
    """Print one line."""
    line = {"figure": figure, "value": round(value, 4), "unit": unit, "target": target, "ok": ok, "peer": None}
    print(json.dumps(line | extra), flush=True)


ENGLISH = (
    "It was late in the afternoon when the survey party came down from the ridge.",
    "The light over the river had already turned the colour of old brass.",
    "Captain Morel counted the mules twice, wrote 47 in his book, and underlined it.",
    'The cook complained that 3 sacks of flour were wet; nobody answered "him" (or his dog).',
    "Below the camp the water ran fast between grey stones, carrying branches, leaves and a child's boat.",
    "They had walked 18.5 kilometres since dawn, and the bridge lay another 25 to the north.",
    "Whose is that? asked Anna, but it was gone before anyone could look!",
    "By 9:40 the fog had lifted, and the prices on the board read $12.80, $7 and 15%.",
)
CHINESE = (
    "傍晚时分，勘测队从山脊上下来，河面上的光线已经变成了旧铜的颜色。",
    "队长数了两遍骡子，在本子上写下“四十七”，又在下面画了一条线。",
    "厨师抱怨说有3袋面粉湿了，没有人回答他。",
    "营地下面，水在灰色的石头之间流得很快，带走了树枝和落叶。",
    "“那是谁的？”安娜问，可是谁也没来得及看，船就不见了！",
    "从黎明起他们已经走了十八公里，那座桥如果还在的话，还要再往北走二十五公里。",
    "早上九点四十分，雾散了；牌子上的价格是12.80元、7元和15%。",
    "机器学习模型的训练需要大量数据，编码器把图像压缩成向量，再由解码器还原。",
)


if __name__ == "__main__":
    main()
