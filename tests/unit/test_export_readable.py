"""Markdown, HTML, PDF and Word documents: everything of the answer is in them, and nothing in them acts."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from app.chat.answer import PictureBlock, Reference
from app.chat.export import Format, Options
from app.chat.export.fragments import FragmentWriter
from app.chat.export.markdown import harmless, quoted
from app.chat.export.run import export
from app.chat.parts import Shown
from app.chat.session import Conversation
from inference.events import BoxFound, Finished, ImageRef, TextDelta
from inference.types import Box
from tests.helpers.conversations import ask, open_chart, rich_conversation
from tests.helpers.stills import Still

MARKDOWN_PIECES = (
    *("<b>", "<img src=http://evil.example/a>", "![x](http://evil.example/b)", "![x][1]", "\n\n[1]: http://evil.example/c\n"),
    *(
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        "$",
        "$$",
        "\\",
        "\\(",
        "\\]",
        "|",
        "a",
        "word ",
    ),
    *("<!-- ", "-->", "<![CDATA[", "<https://a.b>", "&lt;", "<script>", "</script>", "<?php", "中文"),
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Conversation:
    return rich_conversation(open_chart(tmp_path_factory.mktemp("chart")))


def written(conversation: Conversation, format: Format, folder: Path, name: str = "My export (1) 图") -> Path:
    exported = export(conversation, None, format, folder / f"{name}.{format}", Options(reasoning=True))
    assert exported is not None and exported.warnings == ()
    return exported.path


class Page(HTMLParser):
    """What is in an HTML file: tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [attributes.get(attribute) or "" for name, attributes in self.tags if name == tag]


def test_markdown_shows_every_picture_wherever_it_is_opened(rich: Conversation, tmp_path: Path) -> None:
    path = written(rich, "md", tmp_path)
    page = Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(path.read_text(encoding="utf-8")))
    sources = [unquote(source) for source in page.values("img", "src")]
    assert len(sources) == 3  # the question's, the figure, the one with the places of the text
    for source in sources:
        with Image.open(tmp_path / source) as image:
            image.load()
    words = " ".join(page.words)
    for expected in (
        "Quarterly sales 季度销售 & <more>",
        "Which quarter fell?",
        "* no list <b>",
        "第三季度下降了百分之八",
        "First 第一",
        "stopped here",
    ):
        assert expected in words
    assert "Sales (2026) 销售.png" in words
    assert "![](nothing.png)" in words  # a picture that does not exist is the model's own words
    assert [unquote(link) for link in page.values("a", "href") if "pictures/" in link] == [sources[2], sources[1]]
    assert not {tag for tag, _ in page.tags} & {"script", "b"}


@given(st.lists(st.sampled_from(MARKDOWN_PIECES), max_size=14).map("".join))
def test_markdown_of_an_answer_loads_nothing_and_has_no_html(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(harmless(text))
    everything = [token for block in tokens for token in (block, *(block.children or ()))]
    assert not [token for token in everything if token.type in ("html_block", "html_inline", "image")]


@given(st.text(alphabet="ab*_#-+1.)>` <&[]()!|~$\\\n中", max_size=40))
def test_a_question_in_markdown_reads_as_it_was_typed(text: str) -> None:
    page = Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(quoted(text)))
    assert "".join("".join(page.words).split()) == "".join(text.split())
    assert {tag for tag, _ in page.tags} <= {"blockquote", "p", "br"}


def test_a_page_needs_nothing_else(rich: Conversation, tmp_path: Path) -> None:
    text = written(rich, "html", tmp_path).read_text(encoding="utf-8")
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "base", "form"}
    policy = next(value for value in page.values("meta", "content") if "default-src" in value)
    assert policy.startswith("default-src 'none'; img-src data:")
    for source in page.values("img", "src"):
        kind, _, data = source.partition(";base64,")
        assert kind in ("data:image/png", "data:image/jpeg")
        Image.open(io.BytesIO(base64.b64decode(data))).load()
    assert not re.findall(r"url\(|@import", text)
    assert all(link.startswith(("#", "https://example.org/")) for link in page.values("a", "href"))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_a_page_says_everything(rich: Conversation, tmp_path: Path) -> None:
    text = written(rich, "html", tmp_path).read_text(encoding="utf-8")
    page = Page(text)
    words = "".join(page.words)
    for expected in (
        "Quarterly sales 季度销售 & <more>",
        "* no list <b>",
        "I look at the bars.",
        "<script>alert(1)</script>",
        "![](nothing.png)",
    ):
        assert expected in words
    anchors = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in page.values("a", "href") if link.startswith("#")} == {"p1-1", "a1-1"} <= anchors
    tags = [tag for tag, _ in page.tags]
    assert tags.count("svg") == 2 and tags.count("table") == 1 and tags.count("pre") == 1 and tags.count("td") == 6
    assert "prefers-color-scheme: dark" in text
    assert text.count("--box0:") == 1  # in the dark too, a number has the colour of its box, which is drawn once


@given(st.lists(st.sampled_from((*MARKDOWN_PIECES, 1)), max_size=14))
def test_an_answer_in_html_has_only_our_tags(pieces: list[str | int]) -> None:
    reference = Reference(1, Box(None, 0, 0, 1, 1), "a")
    writer = FragmentWriter(lambda number: f"<cite>{number}</cite>", lambda tex, _display: "<math></math>")
    page = Page(writer.write([piece if isinstance(piece, str) else reference for piece in pieces]))
    assert not {tag for tag, _ in page.tags} & {"img", "script", "b"}
    assert all(link.startswith(("http:", "https:")) for link in page.values("a", "href"))
    assert all(set(attributes) <= {"class", "href", "rel", "start", "style"} for _, attributes in page.tags)


def test_a_pdf_can_be_searched_and_everything_is_on_its_pages(rich: Conversation, tmp_path: Path) -> None:
    import pymupdf

    with pymupdf.open(written(rich, "pdf", tmp_path)) as pdf:
        text = " ".join(" ".join(page.get_text() for page in pdf).split())
        for expected in (
            "Quarterly sales 季度销售 & <more>",
            "第三季度下降了百分之八",
            "mixed text 混排 must look right",
            "Q3 第三",
            "def total(rows): # 求和",
            "一句话",
            "I look at the bars",
        ):
            assert expected in text
        assert pdf.metadata["title"] == rich.title
        inside = pymupdf.paper_rect("a4").intersect((30, 30, 565, 822))
        for number, page in enumerate(pdf, 1):
            assert f"{number} / {pdf.page_count}" in page.get_text()
            assert all(pymupdf.Rect(image["bbox"]) in inside for image in page.get_image_info())
            assert all(pymupdf.Rect(word[:4]) in inside for word in page.get_text("words"))
        links = [link for page in pdf for link in page.get_links()]
        assert [link["uri"] for link in links if link["kind"] == pymupdf.LINK_URI][:1] == ["https://example.org/a?b=c&d"]
        assert any(link["kind"] == pymupdf.LINK_GOTO for link in links)


def test_a_pdf_draws_each_background_once(tmp_path: Path) -> None:
    import pymupdf

    conversation = Conversation()
    said = "```\ncode\n```\n\n" + "A line.\n\n" * 100
    ask(conversation, "Long?", [], [TextDelta(said, said), Finished("stop")])
    with pymupdf.open(written(conversation, "pdf", tmp_path)) as pdf:
        drawn = [len(page.get_drawings()) for page in pdf]
    assert len(drawn) > 2 and drawn[0] > 0 and not any(drawn[1:])


def test_a_pdf_keeps_long_words_and_high_pictures_on_the_page(tmp_path: Path) -> None:
    import pymupdf

    conversation = Conversation()
    said = "a" * 500 + "\n\n```\n" + "b" * 500 + "\n```\n\n| x | y |\n|---|---|\n| " + "word " * 100 + " | z |\n"
    tall = Shown(Still("tall", "tall.png", 300, 6000), 300, 6000)
    ask(conversation, "Long?", [tall], [TextDelta(said, said), BoxFound(Box(None, 0, 0, 1, 0.1), "x"), Finished("stop")])
    with pymupdf.open(written(conversation, "pdf", tmp_path)) as pdf:
        inside = pymupdf.paper_rect("a4").intersect((30, 30, 565, 822))
        letters = "".join(page.get_text() for page in pdf)
        assert letters.count("b") >= 500
        assert letters.count("a") >= 500
        for page in pdf:
            assert all(pymupdf.Rect(word[:4]) in inside for word in page.get_text("words"))
            assert all(pymupdf.Rect(image["bbox"]) in inside for image in page.get_image_info())


def test_a_word_document_has_real_headings_lists_tables_and_described_pictures(rich: Conversation, tmp_path: Path) -> None:
    import docx

    path = written(rich, "docx", tmp_path)
    document = docx.Document(str(path))
    by_style = {
        name: [p.text for p in document.paragraphs if p.style.name == name] for name in ("Title", "Heading 3", "Code", "Question")
    }
    assert by_style["Title"] == [rich.title]
    assert by_style["Heading 3"] == ["Result 结果"]
    assert by_style["Code"][0].startswith("def total(rows):  # 求和\n    return sum(")
    assert by_style["Question"][:2] == ["Which quarter fell?\n哪个季度下降了？", "* no list <b>"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:] == [
        ["Q1", "1,200", "+4 %"],
        ["Q3 第三", "980", "−8 %"],
    ]
    items = [p.text for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    assert items[0] == "First code item" and items[2] == "Second bold, italic, struck"
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described[0] == "Sales (2026) 销售.png" and "First 第一" in " ".join(described)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode() + archive.read("word/styles.xml").decode()
    assert 'w:eastAsia="Microsoft YaHei"' in xml
    assert "evil.example" not in archive.namelist()


@settings(max_examples=20)  # each has a document of its own, which takes a tenth of a second
@given(st.lists(st.sampled_from((*MARKDOWN_PIECES, "\x00", "\ud800", "\ufffe", 1)), max_size=10))
def test_a_word_document_can_be_opened_whatever_was_answered(pieces: list[str | int]) -> None:
    import docx

    from app.chat.export.docx_prose import ProseWriter
    from app.chat.export.docx_styles import prepare_styles

    document = docx.Document()
    prepare_styles(document)
    reference = Reference(1, Box(None, 0, 0, 1, 1), "a")
    writer = ProseWriter(document, lambda paragraph, number: paragraph.add_run(str(number)), lambda _tex, _display: None)
    writer.write([piece if isinstance(piece, str) else reference for piece in pieces])
    buffer = io.BytesIO()
    document.save(buffer)
    docx.Document(buffer)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice, which opens the document, is not installed")
def test_libreoffice_opens_the_word_document(rich: Conversation, tmp_path: Path) -> None:
    import pymupdf

    path = written(rich, "docx", tmp_path, "document")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path], check=True, capture_output=True
    )
    with pymupdf.open(tmp_path / "document.pdf") as pdf:
        text = " ".join(" ".join(page.get_text() for page in pdf).split())
        assert len([image for page in pdf for image in page.get_image_info()]) >= 3
    for expected in ("Quarterly sales 季度销售", "第三季度下降了百分之八", "nested 子项", "Q3 第三", "def total(rows): # 求和"):
        assert expected in text


def test_a_figure_is_cut_out_around_its_places(tmp_path: Path) -> None:
    conversation = Conversation()
    picture = Shown(Still("big", "big.png", 2000, 1000), 200, 100)
    mention = ImageRef("1", (Box(None, 0.5, 0.5, 0.55, 0.6),), "here", "x")
    turn = ask(conversation, "Where?", [picture], [TextDelta("See ", "See "), mention, TextDelta(".", "."), Finished("stop")])
    assert [type(block) for block in turn.answer.blocks].count(PictureBlock) == 1
    path = written(conversation, "md", tmp_path, "x")
    with Image.open(path.parent / "x-pictures" / "a1-1.png") as image:
        width, height = image.size
        assert 320 <= width < 1000 and 140 <= height < 500  # as in the window
        assert image.getpixel((width // 2, height // 2)) != image.getpixel((2, 2))  # the place is tinted
