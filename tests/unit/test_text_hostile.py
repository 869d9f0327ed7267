"""Text formats made to hurt: bombs, entities, files cut off or changed at random. Nothing hangs, nothing is fetched or read."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.attachment import open_attachment
from ingest.errors import Damaged, IngestError, TooLarge
from ingest.text import package
from tests.helpers.text_files import (
    BOMB,
    CHINESE,
    book,
    mail,
    notebook,
    open_document_file,
    opened,
    saved,
    with_parts,
    word_document,
    zipped,
)

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(("a", 1))
    return saved(made)


def hostile_files(doctype: str, entity: str) -> dict[str, bytes]:
    """Files of every format of XML with a document type and a use of its entity."""
    epub = book({"a.xhtml": "<p>x</p>"})
    word = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>start {entity} end</w:t></w:r></w:p></w:body></w:document>'
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>start {entity} end</t></is></c></row>'
    sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'
    strings = f'<sst xmlns="{SPREADSHEET}" count="1" uniqueCount="1"><si><t>start {entity} end</t></si></sst>'
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>start {entity} end</p></body></html>'
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = f'<o:document-content xmlns:o="{names}office:1.0" xmlns:t="{names}text:1.0"><o:body><o:text>'
    content += f"<t:p>start {entity} end</t:p></o:text></o:body></o:document-content>"
    return {
        "a.docx": with_parts(word_document(""), {"word/document.xml": doctype + word}),
        "a.xlsx": with_parts(workbook(), {"xl/worksheets/sheet1.xml": doctype + sheet}),
        "b.xlsx": with_parts(workbook(), {"xl/sharedStrings.xml": doctype + strings}),
        "a.epub": with_parts(epub, {"OEBPS/a.xhtml": doctype + chapter}),
        "a.odt": with_parts(open_document_file("text", ""), {"content.xml": doctype + content}),
        "a.html": (doctype.replace("x [", "html [") + chapter).encode(),
    }


@pytest.mark.parametrize("name", hostile_files("", ""))
def test_entities_are_neither_multiplied_nor_read_from_files(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-of-this-computer")
    outside = f'<!DOCTYPE x [<!ENTITY j SYSTEM "{secret.as_uri()}"> <!ENTITY % p SYSTEM "{secret.as_uri()}"> %p;]>'
    for doctype in (BOMB, outside):
        (tmp_path / name).write_bytes(hostile_files(doctype, "&j;")[name])
        try:
            attachment = open_attachment(tmp_path / name)
        except Damaged:
            continue
        text = "".join(page.text().text for page in attachment.pages())
        assert len(text) < 1000 and "the-secret" not in text and "haha" not in text


def test_a_bomb_of_a_zip_is_refused() -> None:
    body = "<w:p><w:r><w:t>" + "x" * (40 << 20) + "</w:t></w:r></w:p>"
    with pytest.raises(TooLarge):
        opened("a.docx", word_document(body))


def test_a_part_too_large_for_a_tree_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PART_BYTES_MAX", 1 << 20)
    text = "".join(random.Random(1).choices("abcdefgh ", k=3 << 20))
    with pytest.raises(TooLarge, match="a part of 3 MB; at most 1 MB"):
        opened("a.docx", word_document(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"))


@pytest.mark.parametrize("depth", [200, 5000])
def test_what_is_nested_too_deeply_ends_in_a_sentence(depth: int) -> None:
    table = "<w:tbl><w:tr><w:tc>" * depth + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * depth
    boxes = "<w:sdt><w:sdtContent>" * depth + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * depth
    for body in (table, boxes):
        with pytest.raises(Damaged):
            opened("a.docx", word_document(body))
    with pytest.raises(Damaged):
        opened("a.ipynb", '{"cells": ' + "[" * 100_000)
    lists = "<html><ul><li>" * depth + "deep"
    assert opened("a.html", lists).contents.page_count >= 1


def test_attributes_that_are_no_numbers_do_no_harm() -> None:
    text = open_document_file("text", '<text:h text:outline-level="-9e9">a<text:s text:c="99999999999"/>b</text:h>')
    assert opened("a.odt", text).text(0).text == "# a b"
    html = '<html><ol start="99999999999999"><li>a</ol><table><tr><td colspan="1000000000">b</table>'
    assert opened("a.html", html).text(0).text == "1. a\nb"
    styles = '<w:styles><w:style w:styleId="a"><w:basedOn w:val="a"/></w:style></w:styles>'
    body = '<w:p><w:pPr><w:pStyle w:val="a"/><w:outlineLvl w:val="x"/></w:pPr><w:r><w:t>x</w:t><w:sym w:char="zz"/></w:r></w:p>'
    assert opened("a.docx", word_document(body, styles=styles)).text(0).text == "# x"


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Head", 1)
    document.add_paragraph(CHINESE, style="List Bullet")
    document.add_table(1, 2).rows[0].cells[0].text = "cell"
    return saved(document)


_BODY = "<text:h>H</text:h><text:list><text:list-item><text:p>x</text:p></text:list-item></text:list>"
SEEDS: dict[str, Callable[[], bytes]] = {
    "a.docx": _docx,
    "a.xlsx": workbook,
    "a.epub": lambda: book({"a.xhtml": f"<h1>H</h1><p>{CHINESE}</p>"}, '<li><a href="a.xhtml">H</a></li>'),
    "a.odt": lambda: open_document_file("text", _BODY),
    "a.html": lambda: f"<html><table><tr><td>a<td>b</table><ul><li>{CHINESE}<pre>x".encode(),
    "a.eml": lambda: mail(CHINESE, "<p>x</p>", {"a.bin": b"12"}),
    "a.ipynb": lambda: notebook({"cell_type": "code", "source": "1", "outputs": [{"output_type": "stream", "text": ["x"]}]}),
    "a.csv": lambda: 'a,"b\n",c\n1;2\t3\n'.encode("utf-16"),
    "a.json": lambda: b'{"a": [1, 2, {"b": null}]}',
    "a.md": lambda: f"# H\n\n```x\n{CHINESE}\n~~~\n".encode(),
}


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=pytest.mark.slow)])
def test_files_changed_at_random_open_or_are_refused(name: str, count: int) -> None:
    seed, rng = SEEDS[name](), random.Random(name)
    for _ in range(count):
        try:
            document = opened(name, mutated(seed, rng))
        except (MemoryError, RecursionError):
            raise
        except Exception:  # of another kind now, refused, or what the child turns into Damaged
            continue
        for index in range(min(document.contents.page_count, 3)):
            document.text(index).text.encode()
            document.render(index, 30, 40)


def mutated(seed: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, a piece doubled, or the end cut off; of an archive, in its parts as often as in its bytes."""
    if seed.startswith(b"PK") and rng.random() < 0.7:
        return with_changed_part(seed, rng)
    data = bytearray(seed)
    choice = rng.random()
    if choice < 0.6:
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif choice < 0.8:
        start, end = sorted((rng.randrange(len(data)), rng.randrange(len(data))))
        data[start:start] = data[start:end] * rng.randint(1, 3)
    else:
        del data[rng.randrange(len(data)) :]
    return bytes(data) or b"x"


def with_changed_part(archive: bytes, rng: random.Random) -> bytes:
    """One part of an archive changed, its sums right."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        parts: dict[str, Any] = {name: old.read(name) for name in old.namelist()}
    name = rng.choice([name for name in parts if name.endswith((".xml", ".xhtml", ".opf"))])
    parts[name] = mutated(parts[name], rng)
    return zipped(parts)


@given(rows=st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_table_of_values_keeps_its_cells(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    try:
        document = opened("a.csv", buffer.getvalue().encode("utf-8", "replace"))
    except (IngestError, AssertionError):
        return
    text = " ".join(document.text(0).text.split())
    for cell in (cell for row in rows for cell in row):
        if cell.isalnum():
            assert cell in text
