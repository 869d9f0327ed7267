"""PDF files: opening them, locked or not, their table of contents, and their pages as pixels."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import psutil
import pymupdf
import pytest

from ingest import limits
from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import FormatUnsupported, PasswordNeeded, PasswordWrong
from ingest.isolate import Readers
from ingest.pdf import PdfPages, open_document
from tests.helpers.pdf_files import (
    CATALOGUE,
    PAGE,
    dark_part,
    encrypted,
    long_document,
    made,
    one_page,
    opened,
    picture_of_text,
    pixel,
    stream,
    written,
)

FOX = "The quick brown fox jumps over the dog"


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    children = Readers(count=1)
    yield children
    children.close()


# ---- opening


def test_a_file_is_read_in_a_child(tmp_path: Path, readers: Readers) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(long_document(30))
    attachment = open_attachment(path, readers=readers)
    assert attachment.contents.kind == "pdf" and attachment.contents.page_count == 30
    assert attachment.contents.renderer.startswith("mupdf 1.28.")
    assert [(entry.level, entry.title, entry.page_index) for entry in attachment.contents.outline[:2]] == [
        (1, "Chapter 1", 0),
        (2, "Chapter 2", 1),
    ]
    page = attachment.find("page 12")
    assert page.render(300, 400).rgb != bytes(3) * 300 * 400
    text = attachment.pages()[11].text()
    assert text.text.startswith("Chapter 12\n\nWhat is said here") and text.words[0].text == "Chapter"
    assert [link.page_index for link in text.links] == [11 * 7 % 30]


def test_the_title_is_the_one_in_the_file() -> None:
    with pymupdf.open() as document:
        document.new_page()
        document.set_metadata({"title": "  Costs\n2026 \U0001f600"})
        assert opened(document.tobytes()).contents.title == "Costs 2026 \U0001f600"
    assert opened(made(lambda page: None)).contents.title == ""


def test_a_file_on_disk_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    filler = {number: stream(random.Random(number).randbytes(1 << 20)) for number in range(10, 90)}
    path.write_bytes(written({1: CATALOGUE, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE} | filler))
    before = psutil.Process().memory_info().rss
    document = open_document(Source("large.pdf", path=path), None)
    document.text(0)
    assert psutil.Process().memory_info().rss - before < 40 << 20 < path.stat().st_size
    document.close()


def test_memory_does_not_grow_from_page_to_page(tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    scans = [picture_of_text(f"Scan {number}") for number in range(50)]
    path.write_bytes(made(*(lambda page, scan=scan: page.insert_image(page.rect, stream=scan) for scan in scans)))
    children = Readers(count=1)
    try:
        pages = open_attachment(path, readers=children).pages()
        child = psutil.Process(children.pids()[0])
        before = child.memory_info().rss
        for page in pages:
            assert page.text().scanned
            page.render(300, 420)
        assert child.memory_info().rss - before < 60 << 20 < len(pages) * 1240 * 1754 * 3
    finally:
        children.close()


# ---- the table of contents


def outline_of(entries: dict[int, bytes], catalogue: bytes = b"") -> list[tuple[int, str, int | None]]:
    objects = {f"o{number}": body for number, body in entries.items()}
    data = one_page(catalogue=b"/Outlines 10 0 R" + catalogue, **objects)
    return [(entry.level, entry.title, entry.page_index) for entry in opened(data).contents.outline]


def test_entries_lead_to_pages_by_each_way_there_is() -> None:
    entries = {
        10: b"<</First 11 0 R>>",
        11: b"<</Title(by page)/Dest[3 0 R/Fit]/Next 12 0 R>>",
        12: b"<</Title(by number)/Dest[0/Fit]/Next 13 0 R>>",
        13: b"<</Title(by action)/A<</S/GoTo/D[3 0 R/XYZ 0 0 0]>>/Next 14 0 R>>",
        14: b"<</Title(by name)/Dest(here)/Next 16 0 R>>",
        16: b"<</Title(away)/A<</S/URI/URI(https://example.org)>>/Next 17 0 R>>",
        17: b"<</Title(beyond)/Dest[9/Fit]/Next 18 0 R>>",
        18: b"<</Title<FEFF4E2D6587000AD83D>/Dest(nowhere)>>",
    }
    found = outline_of(entries, b"/Names<</Dests<</Names[(here)[3 0 R/Fit]]>>>>")
    assert found[:4] == [(1, f"by {way}", 0) for way in ("page", "number", "action", "name")]
    assert found[4:6] == [(1, "away", None), (1, "beyond", None)]
    assert found[6][1].startswith("中文") and found[6][2] is None
    found[6][1].encode()  # half a pair of surrogates does not get through
    old = {10: b"<</First 11 0 R>>", 11: b"<</Title(by old name)/Dest/there>>"}
    assert outline_of(old, b"/Dests<</there<</D[3 0 R/Fit]>>>>") == [(1, "by old name", 0)]


def test_a_table_of_contents_that_bites_its_tail_ends() -> None:
    entries = {11: b"<</Title(a)/First 12 0 R/Next 11 0 R>>", 12: b"<</Title(b)/First 11 0 R/Next 12 0 R>>"}
    assert outline_of({10: b"<</First 11 0 R>>"} | entries) == [(1, "a", None), (2, "b", None)]


def test_a_table_of_contents_may_be_deep_and_is_cut_where_it_is_endless() -> None:
    count = limits.OUTLINE_ENTRIES_MAX + 5
    chain = {f"o{11 + n}": b"<</Title(x)/Dest[3 0 R/Fit]/First %d 0 R>>" % (12 + n) for n in range(count)}
    contents = opened(one_page(catalogue=b"/Outlines 10 0 R", o10=b"<</First 11 0 R>>", **chain)).contents
    assert len(contents.outline) == contents.outline[-1].level == limits.OUTLINE_ENTRIES_MAX
    assert contents.warnings == ("The table of contents of f.pdf has more than 10,000 entries. The rest is left out.",)


# ---- pixels


def test_a_page_is_stretched_to_the_size_asked_for_on_white() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_rect(pymupdf.Rect(0, 0, 100, 50), fill=(1, 0, 0), color=None)

    document = opened(made(draw, size=(200, 100)))
    for width, height in ((200, 100), (37, 291), (1, 1), (1501, 10)):
        pixels = document.render(0, width, height)
        assert (pixels.width, pixels.height, len(pixels.rgb)) == (width, height, width * height * 3)
    pixels = document.render(0, 400, 50)
    assert pixel(pixels, 0.48, 0.45) == (255, 0, 0) and pixel(pixels, 0.52, 0.45) == pixel(pixels, 0.48, 0.55) == (255, 255, 255)


def test_small_print_is_drawn_as_large_as_wanted() -> None:
    document = opened(made(lambda page: page.insert_text((50, 50), FOX, fontsize=4)))
    small, large = document.render(0, 595, 842), document.render(0, 2975, 4210)
    word = document.text(0).words[2]
    assert 2 * dark_part(small, word) < dark_part(large, word)


def test_annotations_are_drawn() -> None:
    def draw(page: pymupdf.Page) -> None:
        note = page.add_rect_annot(pymupdf.Rect(100, 100, 300, 300))
        note.set_colors(fill=(0, 0, 1))
        note.update()

    assert pixel(opened(made(draw)).render(0, 595, 842), 200 / 595, 200 / 842) == (0, 0, 255)


def test_pages_of_a_document_in_memory_can_be_read_and_drawn() -> None:
    with pymupdf.open() as document:
        pages = PdfPages(document)
        document.new_page(width=300, height=150).insert_text((20, 50), "drawn here")
        assert pages.info(0).width == 300.0 and pages.text(0).text == "drawn here"
        document[0].insert_text((20, 100), "and there")
        assert pages.text(0).text == "drawn here\n\nand there"
        assert min(pages.render(0, 600, 300).rgb) < 50


# ---- locked files


@pytest.mark.parametrize("method", [pymupdf.PDF_ENCRYPT_RC4_128, pymupdf.PDF_ENCRYPT_AES_128, pymupdf.PDF_ENCRYPT_AES_256])
def test_a_locked_file_opens_with_either_password(method: int) -> None:
    data = encrypted("pässwörd", "the owner's", method)
    for password in ("pässwörd", "the owner's"):
        assert opened(data, password).text(0).text == "secret"
    with pytest.raises(PasswordNeeded):
        opened(data)
    for wrong in ("Pässwörd", "x", "\udc80", "a\0b"):
        with pytest.raises(PasswordWrong):
            opened(data, wrong)


def test_a_password_travels_to_the_child_and_back_comes_the_question(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(encrypted("open"))
    with pytest.raises(PasswordNeeded, match=r"locked\.pdf is protected"):
        open_attachment(path, readers=readers)
    with pytest.raises(PasswordWrong):
        open_attachment(path, password="shut", readers=readers)
    assert open_attachment(path, password="open", readers=readers).pages()[0].text().text == "secret"


def test_an_empty_password_opens_by_itself() -> None:
    assert opened(encrypted("")).text(0).text == "secret"
    assert opened(encrypted(""), "anything").text(0).text == "secret"


def test_protection_by_certificate_is_named() -> None:
    objects = {1: CATALOGUE, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE}
    with pytest.raises(FormatUnsupported, match="certificate"):
        opened(written(objects, b"/Encrypt<</Filter/Adobe.PubSec/V 4>>/ID[(a)(b)]"))
