"""Documents and workbooks of office programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import docx  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
from PIL import Image

from ingest.attachment import open_attachment
from ingest.errors import Empty, FormatUnsupported
from ingest.slides import office
from ingest.text import NO_OFFICE_VARIABLE, sheet
from ingest.text.layout import ROWS
from tests.helpers.text_files import (
    ENGLISH,
    all_text,
    locators,
    open_document_file,
    opened,
    saved,
    with_parts,
    word_document,
    zipped,
)

DATA = Path(__file__).parent.parent / "data" / "text"


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def workbook(*rows: tuple[Any, ...], title: str = "Costs") -> Any:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_a_document_of_word_is_read_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Annual report"
    document.add_heading("First part", 1)
    document.add_paragraph("Before the table.\tTabbed")
    table = document.add_table(rows=2, cols=2)
    for number, cell in enumerate(table.rows[0].cells + table.rows[1].cells):
        cell.text = f"cell {number}"
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    document.add_heading("A section", 2)
    Image.new("RGB", (8, 8)).save(tmp_path / "dot.png")
    document.add_picture(str(tmp_path / "dot.png"))
    document.inline_shapes[0]._inline.docPr.set("descr", "a black square")
    found = opened("report.docx", saved(document))
    assert found.text(0).text.split("\n") == [
        "# First part",
        "Before the table.\tTabbed",
        "cell 0 | cell 1",
        "cell 2 | cell 3",
        "- one",
        "1. first",
        "2. second",
        "## A section",
        "[picture: a black square]",
    ]
    assert found.contents.title == "Annual report"
    assert [(entry.level, entry.title) for entry in found.contents.outline] == [(1, "First part"), (2, "A section")]
    assert found.contents.warnings == ("Not shown: 1 picture. Save it as PDF to see all.",)
    assert locators(found) == ["paragraphs 1-9"]


def test_headings_lead_to_their_pages() -> None:
    document = docx.Document()
    for chapter in range(5):
        document.add_heading(f"Chapter {chapter}", 1)
        for _ in range(60):
            document.add_paragraph("text")
    found = opened("a.docx", saved(document))
    assert found.contents.page_count == 4
    for entry in found.contents.outline:
        assert entry.page_index is not None and f"# {entry.title}" in found.text(entry.page_index).text
    assert locators(found)[0] == f"paragraphs 1-{ROWS}"


def test_tracked_changes_show_what_was_inserted_and_not_what_was_deleted() -> None:
    body = (
        '<w:p><w:r><w:t>We pay </w:t></w:r><w:del w:id="1"><w:r><w:delText>100</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>200</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>'
    )
    found = opened("a.docx", word_document(body))
    assert found.text(0).text == "We pay 200"
    assert any("1 deletion tracked" in warning for warning in found.contents.warnings)
    assert any("1 piece of hidden text" in warning for warning in found.contents.warnings)


def test_fields_show_their_result_and_text_boxes_their_text_once() -> None:
    box = (
        "<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p>"
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r>"
        "</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = (
        "<w:p><w:r><w:instrText>PAGE \\* EVIL</w:instrText></w:r><w:r><w:t>12</w:t></w:r><w:r><w:t>a</w:t><w:br/><w:t>b</w:t>"
        f'<w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r><w:r>{box}</w:r></w:p>'
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert opened("a.docx", word_document(body)).text(0).text == "12a\nb-•\n[text box] boxed\ncontrolled"


def test_notes_comments_headers_and_footers_come_at_the_end() -> None:
    body = (
        '<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="7"/></w:r><w:r><w:commentReference w:id="3"/></w:r></w:p>'
        "<w:p><w:r><w:t>More</w:t></w:r></w:p>"
    )
    found = opened(
        "a.docx",
        word_document(
            body,
            footnotes=f'<w:footnotes><w:footnote w:id="7">{paragraph("See 12.")}</w:footnote>'
            f'<w:footnote w:id="8">{paragraph("unused")}</w:footnote></w:footnotes>',
            comments=f'<w:comments><w:comment w:id="3" w:author="Li">{paragraph("Really?")}</w:comment></w:comments>',
            header1=f"<w:hdr>{paragraph('ACME')}</w:hdr>",
            header2=f"<w:hdr>{paragraph('ACME')}</w:hdr>",
            footer1=f"<w:ftr>{paragraph('Confidential')}</w:ftr>",
        ),
    )
    assert found.text(0).text.split("\n") == [
        "Text[footnote 1][comment 1]",
        "More",
        "[footnote 1] See 12.",
        "[comment 1 by Li] Really?",
        "[header] ACME",
        "[footer] Confidential",
    ]


def test_numbers_of_lists_are_counted_as_word_does() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (kind, text) in enumerate([("upperRoman", "Article %1"), ("decimal", "%1.%2"), ("lowerLetter", "(%3)")])
    )
    numbering = (
        f'<w:numbering><w:abstractNum w:abstractNumId="5">{levels}</w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    body = "".join(
        paragraph("x", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="2"/></w:numPr>') for level in (0, 1, 1, 2, 2, 1, 0, 1)
    )
    lines = opened("a.docx", word_document(body, numbering=numbering)).text(0).text.split("\n")
    assert lines == ["Article I x", "  I.1 x", "  I.2 x", "    (a) x", "    (b) x", "  I.3 x", "Article II x", "  II.1 x"]


def test_a_document_without_text_is_empty() -> None:
    with pytest.raises(Empty):
        opened("a.docx", word_document("<w:p/>"))


def test_a_workbook_shows_values_with_the_names_of_their_cells() -> None:
    book = workbook(("Item", "Price", "When"), ("Rent", 1200.5, datetime.date(2026, 11, 22)), ("两\n行", True, 0.1 + 0.2))
    book.active["E7"] = datetime.datetime(2026, 1, 2, 3, 4, 5)
    found = opened("a.xlsx", saved(book))
    assert found.text(0).text.split("\n") == [
        "| A | B | C | D | E",
        "1 | Item | Price | When",
        "2 | Rent | 1200.5 | 2026-11-22",
        "3 | 两 行 | TRUE | 0.3",
        "7 |  |  |  |  | 2026-01-02 03:04:05",
    ]
    assert locators(found) == ["sheet Costs, rows 1-7"]


def test_formulas_show_what_was_computed_last() -> None:
    data = saved(workbook((1, 2, "=A1+B1")))
    sheet_xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1"><v>1</v></c><c r="C1"><f>A1+B1</f><v>42</v></c></row></sheetData></worksheet>'
    )
    assert "1 | 1 |  | 42" in opened("a.xlsx", with_parts(data, {"xl/worksheets/sheet1.xml": sheet_xml})).text(0).text


def test_each_sheet_begins_a_page_and_hidden_ones_are_said() -> None:
    book = workbook(*((number,) for number in range(200)))
    other = book.create_sheet("Secret")
    other.append(("hidden",))
    other.sheet_state = "hidden"
    book.create_sheet("Nothing")
    found = opened("a.xlsx", saved(book))
    costs = [f"rows 1-{ROWS - 1}", f"rows {ROWS}-{2 * ROWS - 2}", f"rows {2 * ROWS - 1}-200"]
    assert locators(found) == [*(f"sheet Costs, {rows}" for rows in costs), "sheet Secret, row 1"]
    assert [(entry.title, entry.page_index) for entry in found.contents.outline] == [("Costs", 0), ("Secret", 3)]
    assert found.contents.warnings == ("The sheet Secret is hidden in the workbook; it is shown here.",)


def test_charts_are_named() -> None:
    book = workbook((1,), (2,))
    chart = openpyxl.chart.BarChart()
    chart.title = "Revenue 2026"
    chart.add_data(openpyxl.chart.Reference(book.active, min_col=1, min_row=1, max_row=2))
    book.active.add_chart(chart, "C3")
    assert opened("a.xlsx", saved(book)).contents.warnings == ("Not shown: 1 chart (Revenue 2026). Save it as PDF to see all.",)


def test_a_huge_sheet_is_cut_off_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "CELLS_MAX", 300)
    found = opened("a.xlsx", saved(workbook(*((number, number) for number in range(1000)))))
    assert locators(found)[-1] == f"sheet Costs, rows {ROWS}-150"
    assert found.contents.warnings[0].startswith("Of the sheet Costs the rows from 151 on are left out: at most 300 cells")


def test_a_cell_far_away_costs_nothing() -> None:
    book = workbook(("near",))
    book.active["XFD60000"] = "far"
    text = all_text(opened("a.xlsx", saved(book)))
    assert "near" in text and "60000 | " in text and text.endswith("far")


def test_an_opendocument_text_is_read() -> None:
    body = (
        '<text:h text:outline-level="2">Title</text:h>'
        '<text:p>One<text:s text:c="3"/>two<text:tab/>three<text:line-break/>four</text:p>'
        "<text:list><text:list-item><text:p>item</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
        "</text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = opened("a.odt", open_document_file("text", body))
    assert found.text(0).text == "## Title\nOne   two\tthree\nfour\n- item\n  - inner\na | b"
    assert found.contents.outline[0].level == 2


def test_an_opendocument_sheet_is_read_and_its_repeated_cells_are_not_a_bomb() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    body = (
        '<table:table table:name="Costs"><table:table-row>'
        + cell.format("", "a")
        + cell.format(' table:number-columns-repeated="2"', "b")
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        + f"<table:table-row>{cell.format('', 'end')}</table:table-row></table:table>"
    )
    found = opened("a.ods", open_document_file("spreadsheet", body))
    assert found.text(0).text == "1 | a | b | b\n1048002 | end"
    assert found.page(0).locator == "sheet Costs, rows 1-1048002"
    twice = opened("a.ods", open_document_file("spreadsheet", body + body))
    assert twice.page(1).locator == "sheet Costs, copy 2, rows 1-1048002"


def test_a_table_in_a_cell_is_read_once() -> None:
    row = "<table:table-row><table:table-cell>{}</table:table-cell></table:table-row>"
    inner = f"<table:table><table:table-header-rows>{row.format('<text:p>x</text:p>')}</table:table-header-rows></table:table>"
    found = opened("a.odt", open_document_file("text", f"<table:table>{row.format('<text:p>a</text:p>' + inner)}</table:table>"))
    assert found.text(0).text == "a x"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.odt", open_document_file("text", "", "<encryption-data/>"), "is encrypted"),
        ("a.odg", open_document_file("graphics", ""), "Save it as PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "only LibreOffice opens"),
        ("a.rtf", rb"{\rtf1\ansi Hello}", "only LibreOffice opens"),
        ("a.xlsb", zipped({"xl/workbook.bin": b"x"}), "binary workbook"),
    ],
)
def test_what_is_not_read_says_what_would_help(name: str, data: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NO_OFFICE_VARIABLE, "1")
    with pytest.raises(FormatUnsupported, match=sentence):
        opened(name, data)


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
def test_a_report_of_libreoffice_is_read(suffix: str) -> None:
    found = opened(f"report.{suffix}", (DATA / f"report.{suffix}").read_bytes())
    lines = [
        "# Trip report",
        "We walked 18.5 kilometres along the river and saw 47 herons.",
        "## Costs",
        "Item | Price",
        "Boat | 120.50",
        "- bring rope",
        "- bring tea",
        "## 结论",
        "河面上的光线已经变成了旧铜的颜色。",
    ]
    if suffix == "epub":  # it writes paragraphs only, and one entry of contents
        assert all_text(found).split("\n") == [line.lstrip("#- ") for line in lines]
        assert [entry.title for entry in found.contents.outline] == ["Trip report"]
    else:
        assert [line for line in all_text(found).split("\n") if line] == lines
        assert [entry.title for entry in found.contents.outline] == ["Trip report", "Costs", "结论"]


@pytest.mark.skipif(office.find() is None, reason="old formats are opened by LibreOffice, which is not installed")
@pytest.mark.parametrize("suffix", ["doc", pytest.param("rtf", marks=pytest.mark.slow)])
def test_old_formats_become_pdf_where_there_is_libreoffice(suffix: str) -> None:
    attachment = open_attachment(DATA / f"report.{suffix}")
    page = attachment.pages()[0]
    assert "47 herons" in page.text().text and page.locator == "page 1"
    assert "LibreOffice" in attachment.contents.renderer


def test_a_document_and_a_workbook_open_in_the_reading_child(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Plan", 1)
    document.add_paragraph(ENGLISH * 20)
    (tmp_path / "plan.docx").write_bytes(saved(document))
    (tmp_path / "costs.xlsx").write_bytes(saved(workbook(("Rent", 1200))))
    plan, costs = open_attachment(tmp_path / "plan.docx"), open_attachment(tmp_path / "costs.xlsx")
    assert plan.contents.outline[0].title == "Plan" and plan.pages()[0].text().words
    assert costs.pages()[0].name == "costs.xlsx, sheet Costs, row 1"
    assert len(costs.pages()[0].render(200, 100).rgb) == 60_000
