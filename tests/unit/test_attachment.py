"""Opening whatever a user hands over, and what the application holds of it."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest import attachment, limits
from ingest.attachment import Frame, Page, format_time, open_attachment, parse_time, size_for
from ingest.codec import to_wire
from ingest.errors import Empty, FileChanged, FileMissing, FileUnreadable, IngestError, NoSuchPage, ReaderFailed, TooLarge
from ingest.isolate import Readers
from ingest.types import Contents, FrameTime, PageInfo


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1)
    yield readers
    readers.close()


def png(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(stream, "PNG")
    return stream.getvalue()


def gif() -> bytes:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue", "lime")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=500)
    return stream.getvalue()


class Trickle(io.RawIOBase):
    """A stream that gives three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(3)


def test_a_file_its_bytes_and_a_stream_are_the_same_picture(readers: Readers, tmp_path: Path) -> None:
    data = png()
    path = tmp_path / "a.png"
    path.write_bytes(data)
    opened = [open_attachment(source, readers=readers) for source in (path, str(path), data, io.BytesIO(data), Trickle(data))]
    assert {each.id for each in opened} == {hashlib.sha256(data).hexdigest()}
    assert [each.name for each in opened] == ["a.png", "a.png", "picture", "picture", "picture"]
    for each in opened:
        (page,) = each.pages()
        assert (page.id, page.name, page.width, page.height) == (each.id, each.name, 20, 10)
        assert page.render(4, 2).rgb == bytes((255, 0, 0)) * 8


def test_a_picture_outlives_its_file(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png())
    page = open_attachment(path, readers=readers).pages()[0]
    path.unlink()
    assert page.render(1, 1).rgb == bytes((255, 0, 0))


def test_a_text_knows_its_file_and_notices_when_it_changes(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("first")
    opened = open_attachment(path, readers=readers)
    assert opened.path == path
    assert "first" in opened.pages()[0].text().text
    path.write_text("second version")
    with pytest.raises(FileChanged):
        opened.pages()[0].text()
    assert "second" in open_attachment(path, readers=readers).pages()[0].text().text


@pytest.mark.parametrize(
    "name", ["\u202egnp.a.png", "a\nb.png", "пример 图片 \U0001f600.png", "a'\"<b>.png", "-.png", " .png"], ids=ascii
)
def test_names_may_be_anything_and_are_shown_on_one_line(readers: Readers, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(png())
    opened = open_attachment(path, readers=readers)
    assert opened.name.isprintable()
    assert len(opened.name) == len(name)
    assert opened.pages()[0].render(1, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_a_name_that_is_no_text(readers: Readers, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt"))
    path.write_text("text")
    opened = open_attachment(path, readers=readers)
    assert opened.name == "\ufffd\ufffd.txt"
    assert opened.pages()[0].text().text.strip() == "text"


def test_what_is_no_file_is_refused_at_once(readers: Readers, tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"There is no a\.png"):
        open_attachment(tmp_path / "a.png", readers=readers)
    with pytest.raises(FileUnreadable, match="is a folder"):
        open_attachment(tmp_path, readers=readers)
    with pytest.raises(FileUnreadable, match="cannot be read"):
        open_attachment("a\0b.png", readers=readers)
    with pytest.raises(FileUnreadable, match="cannot be read"):
        open_attachment(tmp_path / ("a" * 300), readers=readers)
    with pytest.raises(Empty):
        open_attachment(b"", readers=readers)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("suffix", [".png", ".txt"])
def test_pipes_devices_and_loops_of_links_are_refused_at_once(readers: Readers, tmp_path: Path, suffix: str) -> None:
    pipe, device, loop = (tmp_path / f"{name}{suffix}" for name in ("pipe", "device", "loop"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    loop.symlink_to(loop)
    for path in (pipe, device):
        with pytest.raises(FileUnreadable, match="a device or a pipe"):
            open_attachment(path, readers=readers)
    with pytest.raises(FileUnreadable, match="cannot be read"):
        open_attachment(loop, readers=readers)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may read everything")
def test_a_file_without_permission_is_refused(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    path.chmod(0)
    with pytest.raises(FileUnreadable, match="ermission"):
        open_attachment(path, readers=readers)


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_links_lead_to_their_files(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    link = tmp_path / "link.txt"
    link.symlink_to("a.txt")
    opened = open_attachment(link, readers=readers)
    (tmp_path / "other.txt").write_text("other text")
    link.unlink()
    link.symlink_to("other.txt")
    with pytest.raises(FileChanged):
        opened.pages()[0].text()


def test_bytes_and_streams_are_limited(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PICTURE_BYTES_MAX", 1000)
    for source in (bytes(1001), io.BytesIO(bytes(1001)), Trickle(bytes(1001))):
        with pytest.raises(TooLarge, match="Save it as a file"):
            open_attachment(source, readers=readers)


def test_large_files_are_refused_before_they_are_read(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with open(path, "wb") as file:
        file.write(b"text")
        file.truncate(5 << 30)  # takes no room on the disk
    with pytest.raises(IngestError):
        open_attachment(path, readers=readers)
    path = tmp_path / "a.tif"
    with open(path, "wb") as file:
        file.write(png())
        file.truncate(5 << 30)
    with pytest.raises(TooLarge, match="5120 MB"):
        open_attachment(path, readers=readers)


def test_a_stream_that_fails_is_said(readers: Readers) -> None:
    closed = io.BytesIO(b"x")
    closed.close()
    with pytest.raises(FileUnreadable, match="closed"):
        open_attachment(closed, readers=readers)


def test_frames_have_times_names_and_pixels(readers: Readers) -> None:
    opened = open_attachment(gif(), name="a.gif", readers=readers)
    assert opened.is_timed
    frames = opened.frames()
    assert [frame.time_s for frame in frames] == [0.0, 0.5, 1.0]
    assert [frame.name for frame in frames] == ["a.gif, 00:00", "a.gif, 00:00.5", "a.gif, 00:01"]
    assert [frame.render(1, 1).rgb for frame in frames] == [b"\xff\0\0", b"\0\0\xff", b"\0\xff\0"]
    assert opened.find("00:00.5").id == frames[1].id
    assert len({frame.id for frame in frames}) == 3


def test_pages_are_found_again_by_their_locators(readers: Readers) -> None:
    opened = open_attachment(("line\n" * 5000).encode(), name="a.txt", readers=readers)
    pages = opened.pages()
    assert len(pages) > 3
    for page in (pages[0], pages[2], pages[-1]):
        found = opened.find(page.locator)
        assert isinstance(found, Page)
        assert found.id == page.id
    assert [page.locator for page in pages[1:3]] == [pages[1].locator, pages[2].locator]
    assert len({page.id for page in pages}) == len(pages)
    with pytest.raises(IndexError):
        pages[len(pages)]
    for nothing in ("page 0", "lines 1", "", "9" * 5000):
        with pytest.raises(NoSuchPage):
            opened.find(nothing)


@pytest.mark.parametrize("size", [(0, 1), (1, -1), (100_000, 100_000)])
def test_sizes_that_cannot_be_drawn_are_refused(readers: Readers, size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge):
        open_attachment(png(), readers=readers).pages()[0].render(*size)


def test_pixels_are_kept_where_the_caller_wants_that(readers: Readers) -> None:
    class Cache(dict[str, bytes]):
        def put(self, key: str, data: bytes) -> None:
            self[key] = data

    cache = Cache()
    page = open_attachment(png(), readers=readers, cache=cache).pages()[0]
    assert page.render(2, 1).rgb == bytes((255, 0, 0)) * 2
    (key,) = cache
    cache[key] = b"\1" * 6
    assert page.render(2, 1).rgb == b"\1" * 6
    cache[key] = b"of another size"
    assert page.render(2, 1).rgb == bytes((255, 0, 0)) * 2


def test_a_stop_holds_for_all_that_comes_later(readers: Readers) -> None:
    stop = threading.Event()
    page = open_attachment(png(), readers=readers, stop=stop).pages()[0]
    stop.set()
    with pytest.raises(IngestError, match="stopped"):
        page.render(1, 1)


LIAR = """
import json, sys
answers = json.loads(sys.argv[1])
for line in sys.stdin.buffer:
    request = json.loads(line)
    sys.stdin.buffer.read(request.get("blob", 0))
    print(json.dumps({"id": request["id"], "result": answers[request["method"]]}), flush=True)
"""
DOCUMENT = {"contents": to_wire(Contents("text", page_count=3)), "sha256": "a" * 64, "kind": "text"}
CLIP = {"contents": to_wire(Contents("video", width=4, height=4)), "sha256": "a" * 64, "kind": "video"}


def lying(**answers: Any) -> Readers:
    return Readers(count=1, command=(sys.executable, "-c", LIAR, json.dumps(answers)))


@pytest.mark.parametrize(
    "indices",
    [[], [0], [0, 1], [0, 1, 2, 3], [0, 2, 1], [1, 2, 3], [0, 0, 0]],
    ids=lambda indices: "".join(map(str, indices)) or "none",
)
def test_pages_that_are_not_the_ones_asked_for_are_refused(indices: list[int]) -> None:
    liars = lying(open=DOCUMENT, pages=[to_wire(PageInfo(index, f"page {index}", 1.0, 1.0, True)) for index in indices])
    try:
        with pytest.raises(ReaderFailed):
            open_attachment(b"text", readers=liars).pages()[0]
    finally:
        liars.close()


@pytest.mark.parametrize("times", [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0, 2.0, 3.0], [-1.0], [1e300]], ids=repr)
def test_times_that_cannot_be_are_refused(times: list[float]) -> None:
    liars = lying(open=CLIP, times=[to_wire(FrameTime(time_s)) for time_s in times])
    try:
        with pytest.raises(ReaderFailed):
            open_attachment(b"video", readers=liars).frames(count_max=3)
    finally:
        liars.close()


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {**DOCUMENT, "sha256": "../../etc"}, {**DOCUMENT, "sha256": None}, {**DOCUMENT, "contents": None}],
    ids=range(6),
)
def test_contents_that_are_none_are_refused(answer: Any) -> None:
    liars = lying(open=answer)
    try:
        with pytest.raises(ReaderFailed):
            open_attachment(b"text", readers=liars)
    finally:
        liars.close()


@given(st.integers(0, 10**9).map(lambda number: number / 1000))
def test_times_are_written_so_that_they_are_read_back(time_s: float) -> None:
    assert math.isclose(parse_time(format_time(time_s)), time_s, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("time_s", "text"),
    [
        (0.0, "00:00"),
        (12.5, "00:12.5"),
        (59.999, "00:59.999"),
        (59.9999999, "01:00"),
        (3599.99999999, "1:00:00"),
        (3723.0, "1:02:03"),
    ],
)
def test_times_as_people_write_them(time_s: float, text: str) -> None:
    assert format_time(time_s) == text


@pytest.mark.parametrize("text", ["", "now", "1:2:3:4", "-1", "1.5:3", "nan", "9" * 400, "1e3"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(NoSuchPage, match="is no time"):
        parse_time(text)


sides = st.floats(0.01, 1e6) | st.integers(1, 30_000).map(float)


@given(sides, sides, st.booleans(), st.integers(1, 10**8))
def test_sizes_stay_within_their_pixels_and_keep_the_shape(width: float, height: float, may_grow: bool, max_pixels: int) -> None:
    columns, rows = size_for(width, height, may_grow, max_pixels=max_pixels)
    assert 1 <= columns * rows <= max_pixels
    if min(columns, rows) > 20:
        assert math.isclose(columns / rows, width / height, rel_tol=0.06)
    if not may_grow:
        assert columns <= max(1, width)
        assert rows <= max(1, height)


@given(sides, sides, st.booleans(), st.integers(1, 5000))
def test_sizes_stay_within_their_tokens(width: float, height: float, may_grow: bool, tokens: int) -> None:
    columns, rows = size_for(width, height, may_grow, tokens=tokens)
    assert columns % 28 == rows % 28 == 0
    assert 1 <= columns * rows // 784 <= tokens


def test_the_readers_of_the_process_are_made_once() -> None:
    assert attachment.default_readers() is attachment.default_readers()
    assert attachment.default_readers().pids() == []
    assert Frame(None, 0, FrameTime(0.5)).locator == "00:00.5"  # type: ignore[arg-type]
