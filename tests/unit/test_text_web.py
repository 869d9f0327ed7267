"""Web pages, books, mail and notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.attachment import open_attachment
from ingest.errors import Damaged, Empty, FormatUnsupported
from tests.helpers.text_files import CHINESE, ENGLISH, all_text, book, locators, mail, notebook, opened


def lines_of(page: str) -> list[str]:
    return opened("a.html", f"<!doctype html>{page}").text(0).text.split("\n")


def test_a_page_is_read_as_it_is_seen() -> None:
    found = opened(
        "a.html",
        "<!doctype html><html><head><title>A  walk</title><style>p{}</style></head><body><!-- note --><h1>The <em>river</em></h1>"
        "<script>evil()</script><p>One\n two <b>three</b>.<br>Four</p><h2>List</h2><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"
        '<ol start="3"><li>d</li></ol><pre>x\n  y</pre><hr><p><a href="https://example.org/x">here</a> '
        '<a href="https://example.org/">https://example.org</a> <a href="#top">up</a> <img src="http://evil/x.png" alt="a cat"></p>'
        "<noscript>enable</noscript><p hidden>ignore all</p><p style='display: none'>ignore too</p></body></html>",
    )
    assert found.text(0).text.split("\n") == [
        "# The river",
        "One two three.",
        "Four",
        "",
        "## List",
        "- a",
        "  - b",
        "- c",
        "3. d",
        "x",
        "  y",
        "---",
        "here (https://example.org/x) https://example.org up [picture: a cat]",
    ]
    assert found.contents.title == "A walk"
    assert [(entry.level, entry.title) for entry in found.contents.outline] == [(1, "The river"), (2, "List")]
    assert found.contents.warnings == ("Not shown: 1 picture.", "Left out: 2 parts that it hides from its readers.")
    assert locators(found) == ["lines 1-13"]


def test_tables_of_data_are_rows_and_tables_of_layout_are_not() -> None:
    data = "<table><caption>Costs</caption><tr><th>Item<th>Price<tr><td><p>Rent</p><td>12<br>00</table>"
    assert lines_of(data) == ["Costs", "Item | Price", "Rent | 12 00"]
    layout = f"<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td><p>{ENGLISH * 9}</p><p>end</p></td></tr></table>"
    assert lines_of(layout) == ["a | b", (ENGLISH * 9).strip(), "end"]


def test_the_encoding_that_a_page_declares_is_believed() -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"></head><body>{CHINESE}</body></html>'
    assert opened("a.html", page.encode("gbk")).text(0).text == CHINESE


def test_text_beside_the_rows_of_a_table_is_kept_and_large_cells_are_no_trap() -> None:
    assert lines_of("<table><div>before</div><tr><td>a<td>b</tr></table>") == ["before", "a | b"]
    assert len(lines_of("<table><tr><td>" + "<p>word</p>" * 50_000 + "</table>")) > 50


@pytest.mark.parametrize("encoding", ["punycode", "unicode_escape", "rot13", "no such"])
def test_encodings_that_are_none_are_not_believed(encoding: str) -> None:
    page = f'<html><meta charset="{encoding}"><body>'.encode() + CHINESE.encode("gb18030")
    assert opened("a.html", page).text(0).text == CHINESE


@pytest.mark.parametrize("depth", [200, 100_000])
def test_a_page_nested_too_deeply_is_read_as_far_as_possible(depth: int) -> None:
    found = opened("a.html", "<html><p>start</p>" + "<div>" * depth + "deep")
    assert found.text(0).text.startswith("start")
    assert bool(found.contents.warnings) == ("deep" not in found.text(0).text)


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    chapters = {
        "b.xhtml": f"<h1>Dawn</h1><p>{ENGLISH * 300}</p><h2 id='noon'>Noon</h2><p>Heat&nbsp;now</p>",
        "a.xhtml": f"<p>{CHINESE}</p>",
    }
    navigation = (
        '<li><a href="b.xhtml">Dawn</a><ol><li><a href="b.xhtml#noon">Noon</a></li></ol></li><li><a href="a.xhtml">夜</a></li>'
    )
    found = opened("walk.epub", book(chapters, navigation))
    last = found.contents.page_count - 1
    assert locators(found)[0] == "chapter 1, part 1" and locators(found)[last] == "chapter 2, part 1"
    assert [(e.level, e.title, e.page_index) for e in found.contents.outline] == [
        (1, "Dawn", 0),
        (2, "Noon", last - 1),
        (1, "夜", last),
    ]
    assert found.text(last).text == CHINESE and "## Noon\nHeat\xa0now" in found.text(last - 1).text.replace(
        "Heat now", "Heat\xa0now"
    )
    assert found.contents.title == "A Walk"


def test_older_books_have_their_outline_in_an_ncx_and_others_in_their_headings() -> None:
    point = '<navPoint><navLabel><text>{}</text></navLabel><content src="a.xhtml"/>{}</navPoint>'
    found = opened("a.epub", book({"a.xhtml": "<h1>Title</h1>"}, ncx=point.format("One", point.format("Inner", ""))))
    assert [(entry.level, entry.title) for entry in found.contents.outline] == [(1, "One"), (2, "Inner")]
    found = opened("a.epub", book({"a.xhtml": "<h1>Title</h1>"}))
    assert [(entry.level, entry.title) for entry in found.contents.outline] == [(1, "Title")]


def test_chapters_that_are_no_xml_are_read_as_browsers_do_and_missing_ones_are_said() -> None:
    chapters = {"a.xhtml": "<p>one<br>two &eacute;", "b.xhtml": "<p>three</p>"}
    found = opened("a.epub", book(chapters).replace(b"OEBPS/b.xhtml", b"OEBPS/c.xhtml"))
    assert all_text(found) == "one\ntwo é"
    assert found.contents.warnings == ("Chapter 2 is damaged or missing.",)


def test_a_protected_book_is_refused_and_one_with_scrambled_fonts_is_not() -> None:
    method = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
    with pytest.raises(FormatUnsupported, match="DRM"):
        opened("a.epub", book({"a.xhtml": "<p>x</p>"}, encryption=method.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")))
    found = opened("a.epub", book({"a.xhtml": "<p>x</p>"}, encryption=method.format("http://www.idpf.org/2008/embedding")))
    assert found.text(0).text == "x"


def test_mail_shows_headers_body_and_names_of_attachments() -> None:
    found = opened("a.eml", mail(f"Hello\n{CHINESE}\n", "<p>Hello <b>there</b></p>", {"报告.pdf": b"%PDF-" + bytes(4000)}))
    assert found.text(0).text.split("\n") == [
        "From: Anna Müller <anna@example.org>",
        "To: bob@example.org, carol@example.org",
        "Date: Sun, 22 Nov 2026 08:00:00 +0000",
        "Subject: Grüße aus 北京",
        "",
        "Hello",
        CHINESE,
        "[attachment: 报告.pdf, application/octet-stream, 4 KB]",
    ]
    assert found.contents.title == "Grüße aus 北京"
    assert found.contents.warnings == ("Named at the end and not opened: 1 attachment. Save one and open it to use it.",)


def test_mail_without_plain_text_is_read_from_its_page() -> None:
    text = opened("a.eml", mail(None, "<p>Hello</p><script>x</script><table><tr><td>a<td>b</table>")).text(0).text
    assert text.endswith("\n\nHello\na | b")
    assert opened("a.eml", mail(" \n", "<p>Only here</p>")).text(0).text.endswith("Only here")


def test_damaged_mail_shows_what_there_is() -> None:
    raw = b'From: "broken <a@\r\nDate: never\r\nSubject: =?utf-8?b?!!?=\r\n'
    raw += b"Content-Type: text/plain; charset=nonsense\r\n\r\nbody \xe4\xf6\r\n"
    text = opened("a.eml", raw).text(0).text
    assert "Date: never" in text and "body" in text


def test_a_notebook_shows_cells_and_what_they_printed() -> None:
    found = opened(
        "a.ipynb",
        notebook(
            {"cell_type": "markdown", "source": ["# Trial\n", "text"]},
            {
                "cell_type": "code",
                "execution_count": 3,
                "source": "1 + 1",
                "outputs": [
                    {"output_type": "stream", "text": ["printed\n"]},
                    {"output_type": "execute_result", "data": {"text/plain": ["2"]}},
                    {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": ["<Figure>"]}},
                    {"output_type": "display_data", "data": {"image/png": "aGk="}},
                    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mTrace\x1b[0m", "E: v"]},
                ],
            },
            {"cell_type": "code", "source": [], "outputs": []},
        ),
    )
    assert found.text(0).text.split("\n") == [
        *("# Trial", "text", "In [3]:", "1 + 1", "Out:", "printed", "Out:", "2", "Out:", "[picture] <Figure>", "Out:", "[picture]"),
        *("Out:", "Trace", "E: v", "In [ ]:"),
    ]
    assert locators(found) == ["cells 1-3"]
    assert found.contents.outline[0].title == found.contents.title == "Trial"


def test_a_notebook_that_is_none_is_damaged() -> None:
    with pytest.raises(Damaged):
        opened("a.ipynb", '{"cells": 3}')
    with pytest.raises(Empty):
        opened("a.ipynb", '{"cells": [], "nbformat": 4}')


def test_a_book_and_mail_open_in_the_reading_child(tmp_path: Path) -> None:
    (tmp_path / "walk.epub").write_bytes(book({"a.xhtml": f"<h1>Dawn</h1><p>{CHINESE}</p>"}))
    (tmp_path / "letter.eml").write_bytes(mail("Hello"))
    (tmp_path / "page.html").write_text("<html><h1>Hi</h1></html>")
    walk, letter = open_attachment(tmp_path / "walk.epub"), open_attachment(tmp_path / "letter.eml")
    assert walk.contents.outline[0].title == "Dawn" and CHINESE in walk.pages()[0].text().text
    assert letter.pages()[0].text().text.endswith("Hello")
    assert open_attachment(tmp_path / "page.html").pages()[0].text().text == "# Hi"
