"""Plain text, Markdown, code, tables of values and JSON, in every encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import limits
from ingest.attachment import open_attachment
from ingest.errors import TooLarge
from ingest.text.decode import decode
from ingest.text.table import find_delimiter
from tests.helpers.text_files import CHINESE, ENGLISH, all_text, opened, source

JAPANESE = "これは日本語のテキストです。価格は三千円で、カタカナもあります。"
KOREAN = "우리는 강가를 오래 걸었다. 날씨가 좋았다. 다리가 보였다."
RUSSIAN = "Мы долго шли по берегу реки. Погода была хорошая, и мост был виден. "
GERMAN = "Der Müller übt täglich seine Größe – für 5 € gibt es Äpfel. "
FRENCH = "L'été à la plage, où êtes-vous allés, ma chère naïve ? "


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *((encoding, ENGLISH + CHINESE + JAPANESE) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030")),
        ("big5", "我們在河邊走了很久，天氣很好。價格是三十元。"),
        *((encoding, JAPANESE) for encoding in ("shift_jis", "euc_jp", "iso2022_jp")),
        *((encoding, KOREAN) for encoding in ("euc_kr", "cp949")),
        *((encoding, RUSSIAN * 5) for encoding in ("cp1251", "koi8-r")),
        *((encoding, GERMAN) for encoding in ("cp1252", "iso8859-15")),
        *((encoding, FRENCH) for encoding in ("cp1252", "latin-1")),
        ("cp1252", "El niño comió jamón y pidió más; ¿qué pasó en España?"),
        ("cp1252", "Å være på sjøen er gøy, ærlig talt."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1250", "Zażółć gęślą jaźń, proszę pana; właśnie przyszedł."),
    ],
)
def test_text_is_read_in_its_encoding(encoding: str, text: str) -> None:
    if encoding == "iso8859-15":
        text = text.replace("€", "E").replace("–", "-")
    decoded, warnings = decode(text.encode(encoding), "a.txt")
    assert decoded == text
    is_sure = encoding.startswith(("utf", "iso2022"))
    assert bool(warnings) == (not is_sure)


def test_a_guess_is_made_from_what_is_not_ascii_however_late_it_comes() -> None:
    text = ENGLISH * 20_000 + "\n" + CHINESE
    assert decode(text.encode("gb18030"), "a.txt")[0] == text


def test_a_few_damaged_characters_do_not_change_the_encoding() -> None:
    data = (CHINESE * 50).encode()
    text, warnings = decode(data[:-1] + b"\xff!", "a.txt")
    assert text.startswith(CHINESE) and text.endswith("!") and "Damaged" in warnings[0]


@given(data=st.binary(min_size=1, max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_some_text(data: bytes) -> None:
    text, _ = decode(data, "a.txt")
    assert "\r" not in text


def test_line_ends_of_all_systems_are_lines() -> None:
    document = opened("a.txt", b"one\r\ntwo\rthree\nfour\n")
    assert document.text(0).text == "one\ntwo\nthree\nfour"
    assert document.page(0).locator == "lines 1-4"


def test_a_file_of_a_mark_or_of_spaces_has_one_empty_page() -> None:
    for data in (b"\xef\xbb\xbf", b"   \n\n"):
        document = opened("a.txt", data)
        assert document.contents.page_count == 1
        assert document.text(0).words == () and document.text(0).font_size_pt is None


def test_too_much_text_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_BYTES_MAX", 1 << 20)
    with pytest.raises(TooLarge, match=r"a\.txt is 3 MB of text; at most 1 MB"):
        opened("a.txt", b"x" * (3 << 20))


def test_colours_of_a_terminal_are_left_out_and_said() -> None:
    document = opened("a.log", "\x1b[1;31merror\x1b[0m: no\n")
    assert document.text(0).text == "error: no"
    assert "colour codes" in document.contents.warnings[0]


def test_headings_of_markdown_are_the_outline() -> None:
    text = "# One #\n\ntext\n\nTwo\n===\n\n```py\n# no heading\n```\n\n### Three\n" + "line\n" * 100 + "Four\n---\n\n- item\n---\n"
    document = opened("a.md", text)
    assert [(entry.level, entry.title, entry.page_index) for entry in document.contents.outline] == [
        (1, "One", 0),
        (1, "Two", 0),
        (3, "Three", 0),
        (2, "Four", 1),
    ]
    assert document.contents.title == "One"


def test_what_stands_before_the_text_of_markdown_is_no_heading() -> None:
    document = opened("a.md", "---\ntitle: x\n---\n# One\n")
    assert [(entry.title, entry.page_index) for entry in document.contents.outline] == [("One", 0)]


def test_code_and_columns_are_set_in_characters_of_one_width() -> None:
    code = opened("a.py", "if x:\n    iiii\n    mmmm\n").text(0).words
    assert code[2].x1 - code[2].x0 == pytest.approx(code[3].x1 - code[3].x0)
    columns = opened("a.txt", "name    size\nab      12\nmmmm    3\n").text(0).words
    assert columns[1].x0 == pytest.approx(columns[3].x0) == pytest.approx(columns[5].x0)
    prose = opened("a.txt", "iiii mmmm").text(0).words
    assert prose[0].x1 - prose[0].x0 < prose[1].x1 - prose[1].x0


def test_rows_of_values_are_counted_with_their_header() -> None:
    document = opened("a.csv", 'Name,Note\n"Smith, J","two\nlines"\nLi,,\n')
    assert document.text(0).text == "Name | Note\nSmith, J | two lines\nLi"
    assert document.page(0).locator == "rows 2-3"
    assert opened("a.csv", "only,a,header\n").page(0).locator == "row 1"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("a,b\n1,2\n", ","), ("a;b\n1,5;2\n3,1;4\n", ";"), ("a\tb\n1,5\t2\n", "\t"), ("one column\nof text, once\n", ","), ("", ",")],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def test_minified_json_is_broken_into_pages() -> None:
    text = "[" + ",".join(f'{{"key":{number}}}' for number in range(20_000)) + "]"
    document = opened("a.json", text)
    assert document.contents.page_count > 10
    assert document.page(3).locator == "line 1, part 4"
    assert all_text(document).replace("\n", "") == text


def test_the_kind_of_text_is_found() -> None:
    assert source("a.md", "# x").media_type == "text/markdown"
    assert source("a.rs", "fn main").media_type == "text/x-code"
    assert source("a", '{"a": 1}').media_type == "application/json"
    assert source("a", "plain").media_type == "text/plain"


def test_a_text_file_opens_in_the_reading_child(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Plan\n" + (ENGLISH + CHINESE + "\n") * 300, encoding="utf-8")
    attachment = open_attachment(path)
    pages = attachment.pages()
    assert attachment.kind == "text" and len(pages) > 2 and attachment.contents.outline[0].title == "Plan"
    assert pages[0].name.startswith("notes.md, lines 1-")
    assert attachment.find(pages[2].locator).id == pages[2].id
    text = pages[2].text()
    assert CHINESE in text.text and text.words and text.font_size_pt
    width, height = pages[2].size_for(tokens=800)
    pixels = pages[2].render(width, height)
    assert len(set(pixels.rgb)) > 10
