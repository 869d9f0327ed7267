"""How text is broken into rows and pages, what the pages are called, and what they look like."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymupdf import mupdf

from ingest import limits
from ingest.errors import TooLarge
from ingest.text import layout as layout_module
from ingest.text.document import TextDocument
from ingest.text.extract import Extract, Sanitizer, Section, Writer, section_of_lines
from ingest.text.layout import FONT_SIZE_PT, MARGIN_PT, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, ROWS, Layout
from ingest.text.typeface import to_codes, typeface
from tests.helpers.text_files import CHINESE, ENGLISH, locators, opened

PROSE = typeface(False)
_ALPHABET = st.sampled_from("ab,. -，。「」中あ한\t\n\u200b\u0301é😀ש")


def laid_out(text: str) -> Layout:
    return Layout(section_of_lines(text), PROSE)


def row_width_pt(row: str) -> float:
    return float(PROSE.advances(to_codes(row)).sum()) * FONT_SIZE_PT


def section_of_units(units: list[str], unit: str) -> Section:
    writer = Writer(unit)
    for each in units:
        writer.add(each)
    return writer.section(Sanitizer())


@given(text=st.text(_ALPHABET, max_size=3000), repeat=st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_no_character_is_lost_or_doubled_and_rows_fit(text: str, repeat: int) -> None:
    layout = laid_out(text * repeat)
    body = layout.section.text
    spans = [layout.span(page) for page in range(len(layout))]
    assert "".join(body[start:end] for start, end in spans) == body
    rows = [row for page in range(len(layout)) for row in layout.rows(page)]
    assert "".join(rows).replace("\n", "") == body.replace("\n", "")
    assert all(row_width_pt(row.rstrip(" \t\u3000")) <= PAGE_WIDTH_PT - 2 * MARGIN_PT + 0.01 for row in rows)
    counts = [len(layout.rows(page)) for page in range(len(layout))]
    assert all(count == ROWS for count in counts[:-1]) and counts[-1] == layout.last_rows <= ROWS


def test_rows_are_the_same_whatever_the_size_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ENGLISH * 30 + "\n" + CHINESE * 40 + "\n\n") * 20 + "x" * 30_000
    whole = list(laid_out(text).rows_of(text))
    monkeypatch.setattr(layout_module, "_WINDOW", 5000)
    assert list(laid_out(text).rows_of(text)) == whole


def test_english_breaks_at_spaces_and_a_space_never_begins_a_row() -> None:
    rows = laid_out(ENGLISH * 200).rows(0)
    assert len(rows) > 10
    assert all(row.endswith(" ") and not row.startswith(" ") for row in rows[:-1])


def test_chinese_breaks_between_characters_but_not_before_closing_marks() -> None:
    rows = laid_out(CHINESE * 200 + "“引用”（括号）").rows(0)
    assert len(rows) > 10
    assert not any(row[0] in "，。”）" for row in rows)
    assert not any(row[-1] in "“（" for row in rows)
    widths = [row_width_pt(row) for row in rows[:-1]]
    assert min(widths) > PAGE_WIDTH_PT - 2 * MARGIN_PT - 3 * FONT_SIZE_PT


def test_a_word_longer_than_a_row_is_cut() -> None:
    rows = laid_out("short " + "x" * 1000).rows(0)
    assert rows[0] == "short " and set("".join(rows[1:])) == {"x"}


def test_characters_without_width_fill_no_endless_page() -> None:
    layout = laid_out("\u200b" * 500_000)
    assert all(len(layout.text(page)) <= limits.PAGE_CHARACTERS_MAX for page in range(len(layout)))
    assert sum(len(layout.text(page)) for page in range(len(layout))) == 500_000


def test_lines_name_the_page_and_a_line_longer_than_a_page_its_parts() -> None:
    document = opened("a.txt", "one\n" * 100 + "x" * 50_000 + "\nend")
    names = locators(document)
    assert names[0] == f"lines 1-{ROWS}"
    assert names[1] == f"lines {ROWS + 1}-101"
    assert names[2] == "line 101, part 1" and names[3] == "line 101, part 2"
    assert names[-1] == "lines 101-102"
    assert len(set(names)) == len(names)


@given(lengths=st.lists(st.integers(0, 40_000), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_no_two_pages_have_the_same_name(lengths: list[int]) -> None:
    document = TextDocument(Extract([section_of_units(["x" * length for length in lengths], "cell")]))
    names = locators(document)
    assert len(set(names)) == len(names)


def test_the_header_is_on_each_page_and_never_takes_it_over() -> None:
    rows = "".join(f"{number},value {number}\n" for number in range(2, 400))
    document = opened("a.csv", "Number,Name\n" + rows)
    assert document.contents.page_count > 4
    assert all(document.text(index).text.startswith("Number | Name\n") for index in range(document.contents.page_count))
    assert locators(document)[0] == f"rows 2-{ROWS}" and locators(document)[-1].endswith("-399")
    wide = opened("b.csv", ",".join(["column"] * 5000) + "\n" + "1,2\n" * 300)
    assert "1 | 2" in wide.text(0).text and wide.contents.page_count < 10


def test_pages_are_as_narrow_and_the_last_as_short_as_the_text() -> None:
    narrow = opened("a.py", "x = 1\n" * 200)
    assert narrow.page(0).width < PAGE_WIDTH_PT / 2 and narrow.page(0).height == PAGE_HEIGHT_PT
    assert narrow.page(narrow.contents.page_count - 1).height < PAGE_HEIGHT_PT
    assert opened("a.txt", ENGLISH * 200).page(0).width == PAGE_WIDTH_PT


def test_words_stand_where_they_are_drawn() -> None:
    document = opened("a.txt", f"{'start ' * 40}\n\tindented middle{' ' * 40}end\n{CHINESE}\nאבג דהו\n" + "filler\n" * 90)
    info = document.page(0)
    width, height = round(info.width * 3), round(info.height * 3)
    pixels = document.render(0, width, height)
    ink = np.frombuffer(pixels.rgb, np.uint8).reshape(height, width, 3).min(axis=2) < 128
    words = document.text(0).words
    assert [word.text for word in words[40:43]] == ["indented", "middle", "end"]
    covered = np.zeros_like(ink)
    for word in words:
        box = np.s_[round(word.y0 * height) : round(word.y1 * height), round(word.x0 * width) - 2 : round(word.x1 * width) + 3]
        assert ink[box].any(), word
        columns = np.flatnonzero(ink[box].any(axis=0))
        assert columns[0] < 12 and columns[-1] > ink[box].shape[1] - 24, word  # less than a character from its edges
        covered[box] = True
    assert not (ink & ~covered).any()


def test_hebrew_is_drawn_from_the_right_and_its_words_are_found_there() -> None:
    words = opened("a.txt", "אבגד הוזח end").text(0).words
    assert words[0].text == "אבגד" and words[0].x0 > words[1].x1 > words[1].x0
    assert words[2].x0 > words[0].x1


def test_render_stretches_the_page_to_the_size_that_is_asked_for() -> None:
    document = opened("a.txt", ENGLISH * 100)
    for width, height in ((100, 900), (1, 1), (801, 333)):
        pixels = document.render(0, width, height)
        assert (pixels.width, pixels.height, len(pixels.rgb)) == (width, height, width * height * 3)


@pytest.mark.parametrize("character", "aÅЖα中あ한→☑😀अع─")
def test_a_character_is_as_wide_as_the_glyph_that_is_drawn(character: str) -> None:
    text = mupdf.FzText()
    after = mupdf.fz_show_string(text, PROSE.font, mupdf.fz_make_matrix(1, 0, 0, -1, 0, 0), character, 0, 0, 0, 0)
    assert float(PROSE.advances(to_codes(character))[0]) == pytest.approx(after.e, abs=1e-4)


def test_what_has_no_glyph_and_what_is_invisible_is_drawn_harmlessly() -> None:
    assert PROSE.drawable("a\u200bb\U00020000\ue000c") == "ab\ufffd\ufffdc"


def test_characters_that_deceive_are_shown() -> None:
    document = opened("a.txt", ENGLISH * 3 + "pay \u202e0001\u202c now\x07 \U000e0041 e\u0301 葛\U000e0100 x\U000e0100")
    assert document.text(0).text == ENGLISH * 3 + "pay \ufffd0001\ufffd now\ufffd \ufffd e\u0301 葛\U000e0100 x\ufffd"
    assert document.contents.warnings == ("Invisible or control characters, shown as \ufffd: 5.",)


@given(text=st.text(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_text_can_be_paged_read_and_drawn(text: str) -> None:
    document = TextDocument(Extract([section_of_lines(Sanitizer().clean(text + "x"))]))
    for index in range(document.contents.page_count):
        read = document.text(index)
        read.text.encode()
        assert all(0 <= word.x0 <= word.x1 <= 1 and 0 <= word.y0 <= word.y1 <= 1 for word in read.words)
        document.render(index, 60, 80)


def test_five_megabytes_open_without_setting_a_page() -> None:
    text = (ENGLISH * 12 + "\n") * 6000
    document = opened("long.txt", text)
    last = document.contents.page_count - 1
    assert re.fullmatch(r"lines \d+-6000", document.page(last).locator)
    start, end = (int(number) for number in re.findall(r"\d+", document.page(last // 2).locator))
    assert document.text(last // 2).text.count("\n") == end - start


def test_more_pages_than_allowed_are_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES_MAX", 10)
    with pytest.raises(TooLarge, match=r"fills 12 pages; at most 10"):
        opened("a.txt", "x\n" * (12 * ROWS))
