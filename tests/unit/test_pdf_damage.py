"""PDF files that are damaged or mean harm: pages are found, what is missing is said, nothing is run, and all of it ends."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import limits
from ingest.attachment import open_attachment
from ingest.codec import to_wire
from ingest.errors import Damaged, Empty, IngestError
from ingest.isolate import Readers
from tests.helpers.pdf_files import (
    CATALOGUE,
    PAGE,
    add_field,
    encrypted,
    long_document,
    made,
    one_page,
    opened,
    pixel,
    stream,
    written,
)

DAMAGED = "f.pdf is damaged. What could be recovered is shown; pages, pictures or text may be missing."


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    children = Readers(count=1)
    yield children
    children.close()


def test_a_file_that_is_cut_off_is_recovered_with_a_warning() -> None:
    document = opened(long_document(20)[:-600])
    assert document.contents.warnings == (DAMAGED,)
    assert document.contents.page_count == 20 and document.text(19).text.startswith("Chapter 20")


def test_a_sound_file_has_no_warnings() -> None:
    assert opened(long_document(2)).contents.warnings == ()


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40, b"%PDF-"])
def test_a_beginning_alone_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged, match=r"f\.pdf is damaged"):
        opened(data)


LEAF = b"<</Type/Page/Parent 4 0 R/MediaBox[0 0 50 50]>>"
TREES = {
    "count too large": (1, {2: b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"}),
    "count negative": (1, {2: b"<</Type/Pages/Kids[3 0 R]/Count -5>>"}),
    "count too small": (3, {2: b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 1>>", 4: PAGE, 5: PAGE}),
    "no count": (1, {2: b"<</Type/Pages/Kids[3 0 R]>>"}),
    "wrong below": (
        3,
        {2: b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", 4: b"<</Type/Pages/Kids[5 0 R 6 0 R]/Count 1>>", 5: LEAF, 6: LEAF},
    ),
    "loop": (1, {2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 3>>"}),
    "loops": (1, {2: b"<</Type/Pages/Kids[4 0 R 3 0 R]/Count 3>>", 4: b"<</Type/Pages/Kids[2 0 R 4 0 R]/Count 2>>"}),
    "holes": (1, {2: b"<</Type/Pages/Kids[9 0 R null 3 0 R(x)]/Count 4>>"}),
    "no tree": (1, {2: b"null"}),
}


@pytest.mark.parametrize("name", TREES)
def test_pages_are_found_in_a_tree_that_lies(name: str) -> None:
    count, objects = TREES[name]
    document = opened(written({1: CATALOGUE, 3: PAGE} | objects))
    assert document.contents.page_count == count and document.contents.warnings == (DAMAGED,)
    assert [document.page(index).locator for index in range(count)] == [f"page {index + 1}" for index in range(count)]
    assert all(document.render(index, 20, 10).rgb == b"\xff" * 600 for index in range(count))


def test_the_same_page_may_come_twice() -> None:
    document = opened(written({1: CATALOGUE, 2: b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", 3: PAGE}))
    assert document.contents.page_count == 2 and document.contents.warnings == ()


def test_a_file_without_pages_is_empty() -> None:
    with pytest.raises(Empty):
        opened(written({1: CATALOGUE, 2: b"<</Type/Pages/Kids[]/Count 0>>"}))
    with pytest.raises(Damaged):
        opened(written({1: CATALOGUE, 2: b"<</Type/Pages/Kids[7 0 R]/Count 1>>"}))


BOXES = (
    b"0 0 1000000000 1000000000",
    b"0 0 0 0",
    b"0 0 -100 -50",
    b"0 0 nan 9",
    b"0 0 1e400 5",
    b"0 0 1000000000 1",
    b"5",
    b"0 0 .01 .01",
)


@pytest.mark.parametrize("box", BOXES)
def test_absurd_pages_have_a_size_that_can_be_drawn(box: bytes, readers: Readers) -> None:
    attachment = open_attachment(one_page(b"/MediaBox[%s]" % box, b"0 0 10 10 re f"), name="f.pdf", readers=readers)
    page = attachment.pages()[0]
    assert 0.1 <= page.info.width <= 100_000 and 0.1 <= page.info.height <= 100_000
    width, height = page.size_for(tokens=256)
    assert len(page.render(width, height).rgb) == width * height * 3
    assert page.width * page.height <= limits.RENDER_PIXELS_MAX
    json.dumps(to_wire(page.text()), allow_nan=False)


def test_forms_that_draw_themselves_end() -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</A %d 0 R>>>>"
    content = b"0 0 100 100 re f /A Do"
    parts = {"o5": stream(content, form % 6), "o6": stream(content, form % 5)}
    document = opened(one_page(b"/Resources<</XObject<</A 5 0 R>>>>", b"/A Do", **parts))
    assert pixel(document.render(0, 200, 100), 0.25, 0.5) == (0, 0, 0)
    assert document.text(0).scanned


def test_a_picture_far_larger_than_its_data_is_left_out() -> None:
    entries = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"
    picture = stream(zlib.compress(bytes(1 << 20)), entries)
    content = b"1 0 0 rg 0 0 200 10 re f q 200 0 0 80 0 20 cm /A Do Q"
    document = opened(one_page(b"/Resources<</XObject<</A 5 0 R>>>>", content, o5=picture))
    assert pixel(document.render(0, 200, 100), 0.5, 0.98) == (255, 0, 0)


def test_a_stream_in_another_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"0 0 200 100 re f")
    path = str(tmp_path / "other").encode()
    document = opened(one_page(o4=b"<</Length 0/F(%s)>>\nstream\n\nendstream" % path))
    assert set(document.render(0, 20, 10).rgb) == {255}


def test_what_is_inside_and_not_shown_is_named() -> None:
    files = b"/Names<</EmbeddedFiles<</Names[(a.txt)<</Type/Filespec/F(a.txt)>>]>>>>"
    assert "other files attached inside" in opened(one_page(catalogue=files)).contents.warnings[0]
    assert "portfolio" in opened(one_page(catalogue=b"/Collection<<>>")).contents.warnings[0]
    assert "XFA" in opened(one_page(catalogue=b"/AcroForm<</XFA 5 0 R/Fields[]>>", o5=stream(b"<xdp/>"))).contents.warnings[0]


def test_one_bad_page_does_not_spoil_the_others() -> None:
    bad = b"<</Type/Page/Parent 2 0 R/MediaBox 9 0 R/Contents 9 0 R/Resources 9 0 R/Annots 9 0 R/Rotate(x)>>"
    good = PAGE[:-2] + b"/Contents 5 0 R>>"
    tree = {1: CATALOGUE, 2: b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", 3: bad, 4: good, 5: stream(b"0 0 9 9 re f")}
    document = opened(written(tree))
    assert (document.page(0).width, document.page(1).width) == (612.0, 200.0)
    assert document.text(0).text == "" and min(document.render(1, 200, 100).rgb) == 0


SOUND = (
    long_document(3),
    encrypted(""),
    made(lambda page: add_field(page, 0, "name", pymupdf.PDF_WIDGET_TYPE_TEXT, "Ada")),
    made(lambda page: page.add_freetext_annot((100, 400, 250, 430), "free words")),
)


@settings(max_examples=80)
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), min_size=1, max_size=12),
    st.sampled_from((b"", b"/Kids", b"/Count", b"/Length", b"/Parent", b"obj", b"/Rect", b"stream")),
)
def test_a_changed_file_is_read_or_refused_in_words(sound: bytes, changes: list[tuple[float, bytes]], near: bytes) -> None:
    data = bytearray(sound)
    places = [at for at in range(len(data)) if data.startswith(near, at)] if near else range(len(data))
    for where, replacement in changes:
        at = places[int(where * len(places))] + len(near) if places else 0
        data[at : at + len(replacement)] = replacement
    try:
        document = opened(bytes(data))
        for index in range(min(document.contents.page_count, 3)):
            json.dumps([to_wire(document.page(index)), to_wire(document.text(index))], allow_nan=False)
            assert len(document.render(index, 31, 43).rgb) == 31 * 43 * 3
    except IngestError as error:
        said = error.message
    else:
        said = "f.pdf"
    assert said.startswith(("f.pdf", "This is not", "Page"))
