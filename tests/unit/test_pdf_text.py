"""What can be read on a page of a PDF: text, words and where they are, links, notes and form fields."""

from __future__ import annotations

import pymupdf
import pytest

from ingest import limits
from ingest.types import Area, PageText
from tests.helpers.pdf_files import (
    A4,
    add_field,
    dark_part,
    made,
    one_page,
    opened,
    picture_of_text,
    stream,
    text_of,
)

FOX = "The quick brown fox jumps over the dog"


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
