"""Text in pictures: what is read, where it stands, in which order; and what happens when it cannot be read."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from base.wire import encode_message, read_message
from ingest import limits
from ingest.attachment import open_attachment
from ingest.cache import RenderCache
from ingest.codec import to_wire
from ingest.errors import ReaderStopped, RecognitionMissing
from ingest.isolate import Readers
from ingest.reading_order import reading_order
from ingest.recogniser import Recogniser, page_text, words_of
from ingest.types import Area, PageText, Pixels, RecognisedLine, Word
from tests.helpers.screens import DARK, DIM, LIGHT, Rgb, accuracy, columns, draw, pixels_of, screenshot, sentences, table, words_on

WORKER = [sys.executable, "-P", "-m", "ingest.worker"]


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser()
    yield recogniser
    recogniser.close()


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


# -- what is read ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "wanted"), [("en", 0.99), ("zh", 0.97)])
@pytest.mark.parametrize(("font_px", "colours"), [(12, DARK), (13, LIGHT), (16, DIM)])
def test_text_of_the_size_of_menus_is_read(
    recogniser: Recogniser, language: str, wanted: float, font_px: int, colours: tuple[Rgb, Rgb]
) -> None:
    screen = screenshot(sentences(5, language, font_px), (800, 300), font_px, colours)
    found = recogniser.recognise_pixels(screen.pixels)
    assert accuracy(screen.text, found.text) >= wanted, found.text
    assert len(found.text.splitlines()) == 5 and found.scanned


def test_a_screenshot_full_of_small_text_is_read(recogniser: Recogniser) -> None:
    screen = screenshot(sentences(14, "en", 1) + sentences(10, "zh", 1), font_px=12)
    assert accuracy(screen.text, recogniser.recognise_pixels(screen.pixels).text) >= 0.99


def test_words_are_where_they_stand(recogniser: Recogniser) -> None:
    screen = screenshot(["Order 58213 shipped to Baker Street", "今天天气晴朗适合外出散步"], (700, 200), 20)
    drawn = [word for line in screen.lines for word in words_on(line, 20)]
    found = recogniser.recognise_pixels(screen.pixels).words
    assert [word.text for word in found] == [word.text for word in drawn]
    for word, truth in zip(found, drawn, strict=True):
        places = (word.x0 * 700, word.y0 * 200, word.x1 * 700, word.y1 * 200)
        assert all(abs(one - other) < 14 for one, other in zip(places, truth.bounds, strict=True)), (word, truth)


def test_a_table_is_read_row_by_row(recogniser: Recogniser) -> None:
    rows = [["Item", "Count", "Price"], ["Apples", "12", "4.20"], ["梨子", "7", "3.50"], ["Oranges", "120", "150.00"]]
    found = recogniser.recognise_pixels(table(rows, (700, 300)).pixels)
    assert found.text.splitlines() == ["\t".join(row) for row in rows]


def test_columns_are_read_one_after_the_other_below_their_title(recogniser: Recogniser) -> None:
    page = columns([line[:36] for line in sentences(6, "en", 1)], [line[:36] for line in sentences(6, "en", 2)], (1000, 330))
    assert accuracy(page.text, recogniser.recognise_pixels(page.pixels).text) >= 0.98


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_read_and_its_words_lie_where_they_are_seen(recogniser: Recogniser, degrees: int) -> None:
    page = screenshot(
        ["The first of four lines of text", "Total revenue was 1,284,530", "第三行是中文文字", "Last line"], (500, 240), 20
    )
    turned = recogniser.recognise_pixels(pixels_of(page.image.rotate(degrees, expand=True)))
    assert accuracy(page.text, turned.text) >= 0.98, turned.text
    first = turned.words[0]
    x, y = (first.x0 + first.x1) / 2, (first.y0 + first.y1) / 2
    upright_y = {90: x, 180: 1 - y, 270: 1 - x}[degrees]
    assert abs(upright_y - (page.lines[0].bounds[1] + page.lines[0].bounds[3]) / 2 / 240) < 0.03


def test_a_page_put_on_the_scanner_at_an_angle_is_read_in_order(recogniser: Recogniser) -> None:
    page = screenshot(sentences(6, "en", 3), (1000, 260), 18)
    slanted = page.image.rotate(-3, expand=True, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC)
    assert accuracy(page.text, recogniser.recognise_pixels(pixels_of(slanted)).text) >= 0.98


def test_a_tall_screenshot_is_not_shrunk_and_no_line_is_cut_or_read_twice(recogniser: Recogniser) -> None:
    lines = [f"{number} requests in line {number * 7}" for number in range(100, 150)]
    screen = draw((480, 7000), [(line, 30.0, 20 + 139.0 * row) for row, line in enumerate(lines)], 13)
    found = recogniser.recognise_pixels(screen.pixels).text.splitlines()
    assert len(found) == len(lines)
    assert accuracy(screen.text, "\n".join(found)) >= 0.99


def test_a_very_long_line_is_read_in_parts(recogniser: Recogniser) -> None:
    screen = screenshot([" ".join(sentences(5, "en", 6))], (3600, 60), 18, margin=20)
    found = recogniser.recognise_pixels(screen.pixels).text
    assert accuracy(screen.text, found) >= 0.98
    assert abs(found.count(" ") - screen.text.count(" ")) <= 12, "words were joined or torn where the line was cut"


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (1, 900), (3000, 2)])
def test_a_picture_of_any_size_without_text_has_none(recogniser: Recogniser, size: tuple[int, int]) -> None:
    assert recogniser.recognise_pixels(pixels_of(Image.new("RGB", size, "white"))) == PageText("", scanned=True)


def test_a_scanned_page_of_a_document_is_read(recogniser: Recogniser) -> None:
    page = screenshot(sentences(5, "en", 4) + sentences(3, "zh", 4), (1240, 700), 26)
    document = pymupdf.open()
    document.new_page(width=446, height=252).insert_image(pymupdf.Rect(0, 0, 446, 252), stream=png(page.image))
    readers = Readers(count=1)
    try:
        scan = open_attachment(document.tobytes(), name="scan.pdf", readers=readers).pages()[0]
        assert scan.text().scanned
        assert accuracy(page.text, recogniser.recognise(scan).text) >= 0.98
    finally:
        readers.close()


# -- what is remembered ----------------------------------------------------------------------------------------------------


def test_nothing_is_started_or_loaded_before_it_is_needed() -> None:
    recogniser = Recogniser()
    assert recogniser._readers.pids() == []
    recogniser.close()
    code = "import sys, ingest.recogniser; print([m for m in ('cv2', 'numpy', 'onnxruntime', 'rapidocr') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_picture_read_before_is_read_again_without_a_child(tmp_path: Path) -> None:
    screen = draw((200, 60), [("Save as", 20.0, 20.0)], 16)
    readers = Readers(count=1)
    first = Recogniser(RenderCache(tmp_path))
    try:
        page = open_attachment(png(screen.image), name="save.png", readers=readers).pages()[0]
        found = first.recognise(page)
        pixels = first.recognise_pixels(screen.pixels)
    finally:
        first.close()
        readers.close()
    assert found.text == "Save as" and pixels == found
    later = Recogniser(RenderCache(tmp_path))
    try:
        assert later.recognise(page) == found
        assert later.recognise_pixels(screen.pixels) == found
        assert later._readers.pids() == []
    finally:
        later.close()


def test_an_answer_that_cannot_be_read_is_asked_for_again(recogniser: Recogniser) -> None:
    class Spoilt:
        def get(self, key: str) -> bytes:
            return b'[["text", 1'

        def put(self, key: str, data: bytes) -> None:
            pass

    spoilt = Recogniser(Spoilt())
    spoilt._readers = recogniser._readers  # the models are loaded there
    assert spoilt.recognise_pixels(draw((200, 60), [("Open", 20.0, 20.0)], 16).pixels).text == "Open"


def test_it_can_be_stopped(recogniser: Recogniser) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(ReaderStopped):
        recogniser.recognise_pixels(draw((210, 60), [("Stop", 20.0, 20.0)], 16).pixels, stop=stop)


# -- what is missing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    [
        "sys.modules['onnxruntime'] = None",
        "sys.modules['cv2'] = None",
        "sys.modules['rapidocr'] = None",
        "import ingest.recognition as r; r.DETECTOR = 'no such model.onnx'",
        "import ingest.recognition as r; r.READER = '../config.yaml'",
    ],
)
def test_parts_that_are_missing_or_broken_are_told_in_a_sentence(deed: str) -> None:
    command = [sys.executable, "-P", "-c", f"import sys; {deed}; from ingest.worker import main; main()"]
    recogniser = Recogniser(command=command)
    try:
        with pytest.raises(RecognitionMissing, match=r"cannot be read, because .* Install Sightline again\.$"):
            recogniser.recognise_pixels(pixels_of(Image.new("RGB", (40, 40), "white")))
    finally:
        recogniser.close()


def test_it_prints_nothing_and_leaves_the_package_as_it_is() -> None:
    folder = Path(pymupdf.__file__).parents[1] / "rapidocr"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    pixels = draw((200, 60), [("Print", 20.0, 20.0)], 16).pixels
    request = {"method": "recognise", "width": 200, "height": 60, "id": 1, "limit_s": 60.0, "idle_s": 60.0}
    child = subprocess.run(WORKER, input=encode_message(request, pixels.rgb), capture_output=True, check=True)
    received = read_message(io.BytesIO(child.stdout))
    assert received is not None and received[0]["result"][0][0] == "Print"
    assert child.stderr == b""
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


# -- order and words -------------------------------------------------------------------------------------------------------

FRACTION = st.floats(0, 1)
AREAS = st.lists(st.tuples(FRACTION, FRACTION, FRACTION, FRACTION), max_size=30).map(
    lambda sides: [Area(min(a, b), min(c, d), max(a, b), max(c, d)) for a, b, c, d in sides]
)


@given(areas=AREAS)
@settings(max_examples=200)
def test_every_line_is_read_exactly_once(areas: list[Area]) -> None:
    assert sorted(reading_order(areas)) == list(range(len(areas)))


@given(columns_count=st.integers(2, 4), rows_count=st.integers(3, 12), shift=st.floats(-3, 3), seed=st.randoms())
@settings(max_examples=100)
def test_prose_is_read_by_columns_and_cells_by_rows(columns_count: int, rows_count: int, shift: float, seed: object) -> None:
    places = list(itertools.product(range(columns_count), range(rows_count)))
    prose = [Area(400 * c, 20 * r + shift * c, 400 * c + 370, 20 * r + shift * c + 16) for c, r in places]
    assert reading_order(prose) == list(range(len(prose)))
    cells = [Area(400 * c, 20 * r + shift, 400 * c + 90, 20 * r + shift + 16) for c, r in places]
    assert [places[index] for index in reading_order(cells)] == sorted(places, key=lambda place: place[::-1])


LINE = st.builds(RecognisedLine, st.text("abc WM.,中文 ", min_size=1), FRACTION, FRACTION, FRACTION, FRACTION, FRACTION).map(
    lambda line: RecognisedLine(
        line.text, min(line.x0, line.x1), min(line.y0, line.y1), max(line.x0, line.x1), max(line.y0, line.y1), line.confidence
    )
)


@given(lines=st.lists(LINE, max_size=6))
def test_words_are_all_of_the_text_from_left_to_right_within_their_line(lines: list[RecognisedLine]) -> None:
    text = page_text(lines)
    assert [word.text for word in text.words] == text.text.split()
    for line in lines:
        words = words_of(line)
        for word in words:
            assert line.x0 - 1e-9 <= word.x0 <= word.x1 <= line.x1 + 1e-9 and (word.y0, word.y1) == (line.y0, line.y1)
        is_tall = line.y1 - line.y0 > 1.5 * (line.x1 - line.x0)
        assert is_tall or all(one.x1 <= other.x0 + 1e-9 for one, other in itertools.pairwise(words))


@pytest.mark.slow
def test_no_more_is_taken_than_a_page_may_have() -> None:
    line = RecognisedLine("word " * 2000, 0.0, 0.0, 1.0, 0.001, 1.0)
    text = page_text([line] * 60)
    assert len(text.text) == limits.PAGE_CHARACTERS_MAX and len(text.words) == limits.PAGE_WORDS_MAX
    assert isinstance(text.words[0], Word) and json.loads(json.dumps(to_wire(text)))


def test_pixels_that_differ_are_different_pictures(recogniser: Recogniser) -> None:
    wide, high = Pixels(60, 20, b"\xff" * 3600), Pixels(20, 60, b"\xff" * 3600)
    assert recogniser.recognise_pixels(wide) == recogniser.recognise_pixels(high)
    one, other = (draw((120, 50), [(text, 10.0, 15.0)], 18).pixels for text in ("Yes", "No"))
    assert [recogniser.recognise_pixels(pixels).text for pixels in (one, other)] == ["Yes", "No"]
