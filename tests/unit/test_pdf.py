"""PDF files: what is read and drawn of sound ones, and what is said of damaged, locked and hostile ones."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import limits
from ingest.attachment import open_attachment
from ingest.codec import to_wire
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, IngestError, PasswordNeeded, PasswordWrong
from ingest.isolate import Readers
from ingest.pdf import PdfFile, PdfPages, open_document
from ingest.types import Area, PageText, Pixels, Word
from tests.helpers.pdf_files import A4, CATALOGUE, PAGE, encrypted, long_document, made, one_page, picture_of_text, stream, written

FOX = "The quick brown fox jumps over the dog"
DAMAGED = "f.pdf is damaged. What could be recovered is shown; pages, pictures or text may be missing."


def opened(data: bytes, password: str | None = None) -> PdfFile:
    return open_document(Source("f.pdf", data=data), password)


def text_of(data: bytes, index: int = 0) -> PageText:
    return opened(data).text(index)


def pixel(pixels: Pixels, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place given as fractions."""
    start = (int(y * pixels.height) * pixels.width + int(x * pixels.width)) * 3
    return tuple(pixels.rgb[start : start + 3])


def dark_part(pixels: Pixels, area: Area | Word) -> float:
    """How much of an area is dark."""
    columns = range(round(area.x0 * pixels.width), round(area.x1 * pixels.width))
    rows = range(round(area.y0 * pixels.height), round(area.y1 * pixels.height))
    dark = sum(pixels.rgb[(y * pixels.width + x) * 3] < 128 for y in rows for x in columns)
    return dark / max(1, len(columns) * len(rows))


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


# ---- text


def test_lines_and_paragraphs_are_apart_and_ligatures_come_apart() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.insert_font("cjk", fontbuffer=pymupdf.Font("cjk").buffer)
        page.insert_text((50, 50), ["An e\ufb03cient o\ufb03ce-", "chair stands here."], fontname="cjk")
        page.insert_text((50, 150), "Another paragraph.")

    text = text_of(made(draw))
    assert text.text == "An efficient office-\nchair stands here.\n\nAnother paragraph."
    assert [word.text for word in text.words][:3] == ["An", "efficient", "office-"]


def test_cells_of_a_row_stay_on_one_line() -> None:
    def draw(page: pymupdf.Page) -> None:
        for row, cells in enumerate((("Item", "Price"), ("Tea", "3.20"))):
            for column, cell in enumerate(cells):
                page.insert_text((50 + 200 * column, 100 + 14 * row), cell)

    assert text_of(made(draw)).text.replace("\n\n", "\n") == "Item\tPrice\nTea\t3.20"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("is_cropped", [False, True])
def test_words_are_where_they_are_seen(turn: int, is_cropped: bool) -> None:
    def draw(page: pymupdf.Page) -> None:
        page.insert_text((60, 100), FOX, fontsize=18)
        page.insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(55, 80, 420, 106), "uri": "https://example.org/a"})
        if is_cropped:
            page.set_cropbox(pymupdf.Rect(40, 30, 450, 500))
        page.set_rotation(turn)

    document = opened(made(draw))
    info, text = document.page(0), document.text(0)
    sides = (410.0, 470.0) if is_cropped else A4
    assert (info.width, info.height) == (sides if turn % 180 == 0 else sides[::-1])
    pixels = document.render(0, round(info.width * 2), round(info.height * 2))
    assert [word.text for word in text.words] == FOX.split()
    assert all(dark_part(pixels, word) > 0.08 for word in text.words)
    link = text.links[0]
    assert link.address == "https://example.org/a" and link.page_index is None
    assert all(link.area.x0 <= (word.x0 + word.x1) / 2 <= link.area.x1 for word in text.words)
    assert all(link.area.y0 <= (word.y0 + word.y1) / 2 <= link.area.y1 for word in text.words)


def test_chinese_comes_in_runs_where_they_are_seen() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "这是一份测试文件，第二句话。", fontname="china-s", fontsize=20)
        page.insert_text((50, 200), "用abc检查", fontname="china-s", fontsize=20)

    document = opened(made(draw))
    text = document.text(0)
    assert text.text == "这是一份测试文件，第二句话。\n\n用abc检查"
    assert [word.text for word in text.words] == ["这是一份测试文件，", "第二句话。", "用", "abc", "检查"]
    first, second = text.words[:2]
    assert first.x1 == pytest.approx(50 / 595 + 9 * 20 / 595, abs=0.01) and second.x0 == first.x1
    assert second.x1 - second.x0 == pytest.approx(5 * 20 / 595, abs=0.01)
    assert dark_part(document.render(0, 1190, 1684), second) > 0.08


def test_nine_tenths_of_the_characters_reach_the_size() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.insert_text((50, 50), "x" * 5, fontsize=4)
        page.insert_text((50, 100), "y" * 60, fontsize=9)
        page.insert_text((50, 150), "z" * 35, fontsize=12)

    assert text_of(made(draw)).font_size_pt == pytest.approx(9.0)


def test_fonts_without_heights_still_have_words_with_places() -> None:
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</a 6 0 R>>"
    font += b"/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[1000]>>"
    data = one_page(
        b"/Resources<</Font<</F 5 0 R>>>>",
        b"BT /F 20 Tf 20 50 Td (aaa) Tj ET",
        o5=font,
        o6=stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
    )
    (word,) = text_of(data).words
    assert word.text == "aaa" and word.y1 - word.y0 > 0.1


def test_a_page_with_more_words_than_allowed_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_WORDS_MAX", 3)
    monkeypatch.setattr(limits, "PAGE_CHARACTERS_MAX", 9)
    text = text_of(made(lambda page: page.insert_text((50, 50), FOX)))
    assert len(text.words) == 3
    assert text.text == "The quick\n\n[The rest of this page is left out: it has more than 9 characters.]"


# ---- pages to recognise


def garbage_font(codes: bytes) -> dict[str, bytes]:
    to_unicode = b"begincmap 1 begincodespacerange <00><ff> endcodespacerange 1 beginbfrange <61><61>%s endbfrange endcmap" % codes
    return {"o5": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>", "o6": stream(to_unicode)}


def test_a_picture_of_a_page_has_to_be_recognised() -> None:
    jpeg = picture_of_text("A letter")
    text = text_of(made(lambda page: page.insert_image(page.rect, stream=jpeg)))
    assert text == PageText("", scanned=True)


def test_text_behind_a_scan_is_text() -> None:
    jpeg = picture_of_text("A letter")

    def draw(page: pymupdf.Page) -> None:
        page.insert_image(page.rect, stream=jpeg)
        page.insert_text((60, 120), "A letter", render_mode=3)

    text = text_of(made(draw))
    assert text.text == "A letter" and not text.scanned


def test_a_page_number_stamped_on_a_scan_is_not_its_text() -> None:
    jpeg = picture_of_text("A letter")

    def draw(page: pymupdf.Page, at: tuple[float, float]) -> None:
        page.insert_image(page.rect, stream=jpeg)
        page.insert_text(at, "Page 3")

    stamped = text_of(made(lambda page: draw(page, (500, 830))))
    assert stamped.scanned and stamped.text == "Page 3"
    assert not text_of(made(lambda page: draw(page, (200, 400)))).scanned


def test_letters_drawn_as_outlines_have_to_be_recognised() -> None:
    with pymupdf.open() as source:
        source.new_page().insert_text((50, 50), "Outlined words", fontsize=9)
        svg = source[0].get_svg_image(text_as_path=True)
    with pymupdf.open("svg", svg.encode()) as drawn:
        assert text_of(drawn.convert_to_pdf()) == PageText("", scanned=True)


def test_an_empty_page_needs_no_recognition() -> None:
    assert text_of(made(lambda page: None)) == PageText("")
    coloured = made(lambda page: page.draw_rect(page.rect, fill=(0.2, 0.4, 0.6), color=None))
    assert text_of(coloured) == PageText("")


@pytest.mark.parametrize("codes", [b"<E061>", b"<FFFD>"])
def test_characters_without_a_meaning_are_no_text(codes: bytes) -> None:
    page = b"/Resources<</Font<</F 5 0 R>>>>"
    assert text_of(one_page(page, b"BT /F 20 Tf 20 50 Td (aaa) Tj ET", **garbage_font(codes))) == PageText("", scanned=True)
    assert text_of(one_page(page, b"BT /F 20 Tf 20 50 Td (aaa) Tj ET", **garbage_font(b"<0041>"))).text == "AAA"


# ---- links, notes and forms


def test_links_lead_to_pages_by_name_and_out_of_the_file() -> None:
    links = {
        "o5": b"<</Type/Annot/Subtype/Link/Rect[0 50 100 100]/A<</S/GoTo/D(here)>>>>",
        "o6": b"<</Type/Annot/Subtype/Link/Rect[0 0 50 50]/A<</S/Launch/F(/bin/sh)>>>>",
        "o7": b"<</Type/Annot/Subtype/Link/Rect[0 0 50 50]/A<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        "o8": b"<</Type/Annot/Subtype/Link/Rect[0 0 50 50]/Dest(nowhere)>>",
        "o9": b"<</Type/Annot/Subtype/Link/Rect[-900 -900 9000 9000]/A<</S/URI/URI(https://example.org/x)>>>>",
    }
    catalogue = b"/Names<</Dests<</Names[(here)[3 0 R/Fit]]>>>>"
    found = text_of(one_page(b"/Annots[5 0 R 6 0 R 7 0 R 8 0 R 9 0 R]", catalogue=catalogue, **links)).links
    by_target = {link.address or link.page_index: link.area for link in found}
    assert by_target[0] == Area(0.0, 0.0, 0.5, 0.5)
    assert by_target["https://example.org/x"] == Area(0.0, 0.0, 1.0, 1.0)
    assert {target for target in by_target if isinstance(target, str)} == {"https://example.org/x", "file:///bin/sh#page=1"}


def test_notes_join_the_text_and_say_what_they_mark() -> None:
    def draw(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), FOX)
        mark = page.add_highlight_annot(page.search_for("brown fox")[0])
        mark.set_info(content="red?", title="Ann")
        mark.update()
        page.add_underline_annot(page.search_for("dog")[0])
        page.add_text_annot((300, 300), "a sticky note")
        page.add_freetext_annot((100, 400, 250, 430), "free words")
        hidden = page.add_text_annot((350, 300), "not to be seen")
        hidden.set_flags(pymupdf.PDF_ANNOT_IS_HIDDEN)
        hidden.update()

    text = text_of(made(draw))
    said = {note.text: note for note in text.notes}
    assert said.keys() == {"“brown fox”: red?", "a sticky note", "free words", "“dog”"}
    assert {note.kind for note in text.notes} == {"annotation"} and said["“brown fox”: red?"].name == "Ann"
    printed, joined = text.text.split("\n\nAnnotations:\n")
    assert printed == f"{FOX}\n\nfree words"
    assert set(joined.splitlines()) == {"Ann: “brown fox”: red?", "a sticky note", "“dog”"}
    fox, area = text.words[3], said["“brown fox”: red?"].area
    assert fox.text == "fox" and area is not None and area.x0 < fox.x0 < fox.x1 < area.x1 + 0.01


def add_field(page: pymupdf.Page, row: int, name: str, kind: int, value: object, **more: object) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type, widget.field_value = name, kind, value
    widget.rect = pymupdf.Rect(50, 50 + 40 * row, 200, 70 + 40 * row)
    for key, setting in more.items():
        setattr(widget, key, setting)
    page.add_widget(widget)


def test_form_fields_join_the_text_with_their_values() -> None:
    def draw(page: pymupdf.Page) -> None:
        add_field(page, 0, "name", pymupdf.PDF_WIDGET_TYPE_TEXT, "Ada Lovelace", field_label="Your name")
        add_field(page, 1, "agree", pymupdf.PDF_WIDGET_TYPE_CHECKBOX, True)
        add_field(page, 2, "news", pymupdf.PDF_WIDGET_TYPE_CHECKBOX, False)
        add_field(page, 3, "city", pymupdf.PDF_WIDGET_TYPE_COMBOBOX, "Rome", choice_values=["Rome", "Oslo"])
        add_field(page, 4, "nick", pymupdf.PDF_WIDGET_TYPE_TEXT, "")
        add_field(page, 5, "send", pymupdf.PDF_WIDGET_TYPE_BUTTON, "Send", button_caption="Send")

    document = opened(made(draw))
    text = document.text(0)
    assert text.text.endswith("Form fields:\nYour name: Ada Lovelace\nagree: yes\nnews: no\ncity: Rome\nnick: (empty)")
    assert {note.kind for note in text.notes} == {"field"}
    area = text.notes[0].area
    assert area is not None and area.x0 == pytest.approx(50 / 595, abs=1e-3) and area.y1 == pytest.approx(70 / 842, abs=1e-3)
    assert dark_part(document.render(0, 1190, 1684), area) > 0.01


def test_of_radio_buttons_the_chosen_one_speaks() -> None:
    button = b"<</Type/Annot/Subtype/Widget/Parent 5 0 R/Rect[%d 0 %d 20]/AS/%s/AP<</N<</%s 9 0 R/Off 9 0 R>>>>>>"
    parts = {
        "o5": b"<</FT/Btn/Ff 32768/T(drink)/V/tea/Kids[6 0 R 7 0 R]>>",
        "o6": button % (0, 20, b"Off", b"milk"),
        "o7": button % (40, 60, b"tea", b"tea"),
        "o9": stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 20 20]"),
    }
    text = text_of(one_page(b"/Annots[6 0 R 7 0 R]", catalogue=b"/AcroForm<</Fields[5 0 R]>>", **parts))
    assert [(note.name, note.text) for note in text.notes] == [("drink", "tea")]
    assert text.notes[0].area == Area(0.2, 0.8, 0.3, 1.0)


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


# ---- damage


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
