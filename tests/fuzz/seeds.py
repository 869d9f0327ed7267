"""Small whole files of each format to damage."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import openpyxl
import pillow_heif
import pymupdf
from PIL import Image, ImageDraw

from tests.helpers import decks, text_files, video_files


@dataclass(frozen=True, slots=True)
class Format:
    """What to damage and how.

    Attributes:
        file_name: decides between kinds of text.
        damage: see `tests.fuzz.mutate.damaged`.
        seeds: makes the files.
    """

    name: str
    file_name: str
    damage: str
    seeds: Callable[[], list[bytes]]


def _image(mode: str = "RGB", size: tuple[int, int] = (40, 30), shift: int = 0) -> Image.Image:
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(image).rectangle((3 + shift, 4, 20 + shift, 18), fill=(200, 40, 90))
    return image.convert(mode)


def _saved(format: str, image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def _frames(format: str, **options: object) -> bytes:
    return _saved(format, _image(), save_all=True, append_images=[_image(shift=5), _image(shift=9)], duration=80, **options)


def _png() -> list[bytes]:
    still = [_saved("PNG", _image(mode)) for mode in ("RGB", "RGBA", "P", "L", "1", "I;16")]
    return [*still, _saved("PNG", _image(), pnginfo=None, icc_profile=b"x" * 200), _frames("PNG")]


def _jpeg() -> list[bytes]:
    exif = Image.Exif()
    exif[274] = 6
    return [
        _saved("JPEG", _image(), exif=exif, quality=70),
        _saved("JPEG", _image(), progressive=True),
        _saved("JPEG", _image("CMYK")),
        _saved("JPEG", _image("L"), dpi=(300, 300)),
    ]


def _gif() -> list[bytes]:
    return [_saved("GIF", _image("P")), _frames("GIF", loop=0), _frames("GIF", disposal=2)]


def _webp() -> list[bytes]:
    return [_saved("WEBP", _image()), _saved("WEBP", _image("RGBA"), lossless=True), _frames("WEBP")]


def _tiff() -> list[bytes]:
    kinds = [("RGB", "raw"), ("RGB", "tiff_lzw"), ("CMYK", "tiff_deflate"), ("1", "group4"), ("I;16", "packbits"), ("RGB", "jpeg")]
    single = [_saved("TIFF", _image(mode), compression=compression) for mode, compression in kinds]
    return [*single, _saved("TIFF", _image(), save_all=True, append_images=[_image("L"), _image("P")])]


def _heif(format: str) -> list[bytes]:
    if format == "AVIF":
        return [_saved("AVIF", _image()), _saved("AVIF", _image("RGBA")), _frames("AVIF")]
    stream = io.BytesIO()
    pictures = pillow_heif.from_pillow(_image())
    pictures.add_from_pillow(_image("RGBA"))
    pictures.save(stream, quality=50)
    return [stream.getvalue()]


def _bmp() -> list[bytes]:
    return [_saved("BMP", _image(mode)) for mode in ("RGB", "P", "1", "L")] + [_saved("PPM", _image())]


def _svg() -> list[bytes]:
    return [
        b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY name "value">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100" viewBox="0 0 200 100">
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="#00f"/></linearGradient>
<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><clipPath id="c"><circle cx="50" cy="50" r="40"/></clipPath>
<pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse"><rect width="5" height="5"/></pattern></defs>
<style>.a { fill: url(#g); stroke: black }</style><rect class="a" x="10" y="10" width="80" height="50" rx="5" filter="url(#f)"/>
<g clip-path="url(#c)" transform="rotate(10 50 50) scale(1.5)">
<path d="M10 10 C 20 20, 40 20, 50 10 S 80 0 90 40 A 5 9 30 1 0 9 9 Z"/></g>
<text x="20" y="90" font-size="12" font-family="serif">Hello <tspan dx="3">&name;</tspan></text><use xlink:href="#c"/>
<polygon points="100,10 150,50 120,90" fill="url(#p)" opacity=".5"/><ellipse cx="1e2" cy="50%" rx="10mm" ry="1em"/>
<image x="0" y="0" width="9" height="9" xlink:href="data:image/png;base64,iVBORw0KGgo="/></svg>"""
    ]


def _pdf() -> list[bytes]:
    rich = pymupdf.open()
    for number in range(3):
        page = rich.new_page(width=300, height=400)
        page.insert_text((30, 50), f"Page {number + 1}: words and more words\nin two lines", fontsize=14)
        page.insert_image(pymupdf.Rect(30, 100, 130, 180), stream=_saved("JPEG", _image()))
        page.draw_bezier((20, 300), (80, 250), (150, 380), (280, 300), color=(1, 0, 0))
        page.insert_link({"kind": pymupdf.LINK_GOTO, "page": 0, "from": pymupdf.Rect(30, 40, 100, 60), "to": pymupdf.Point(0, 0)})
        page.insert_link({"kind": pymupdf.LINK_URI, "uri": "https://example.org", "from": pymupdf.Rect(30, 60, 100, 80)})
        page.add_text_annot((200, 100), "A note").update()
        page.add_highlight_annot(pymupdf.Rect(30, 40, 100, 60)).update()
        field = pymupdf.Widget()
        field.field_name, field.field_type, field.field_value = f"name{number}", pymupdf.PDF_WIDGET_TYPE_TEXT, "value"
        field.rect = pymupdf.Rect(30, 200, 130, 220)
        page.add_widget(field)
    rich.set_toc([[1, "One", 1], [2, "Two", 2], [1, "Three", 3]])
    rich[1].set_rotation(90)
    chinese = pymupdf.open()
    chinese.new_page(width=200, height=100).insert_text((20, 40), "中文 text", fontname="china-s")
    return [
        rich.tobytes(deflate=False),
        rich.tobytes(deflate=False, clean=True, no_new_id=True),
        rich.tobytes(deflate=True, use_objstms=True),
        rich.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw=""),
        chinese.tobytes(deflate=False),
    ]


def _pptx() -> list[bytes]:
    names = ("bullets", "pictures", "freeforms", "groups", "bar_charts", "round_charts", "table_cells", "layouts")
    return [decks.make(name) for name in names]


def _videos(suffix: str, *recipes: video_files.Recipe) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        with tempfile.TemporaryDirectory() as folder:
            paths = [video_files.make_video(Path(folder) / f"{n}{suffix}", recipe) for n, recipe in enumerate(recipes)]
            return [path.read_bytes() for path in paths]

    return make


_TIMES = video_files.steady(12)
_CUES = (video_files.Cue(0, 200, "Hello"), video_files.Cue(200, 400, "<i>World</i>"))
_H264 = {"g": "6", "crf": "40", "preset": "ultrafast"}


def _videos_with(cue_codecs: tuple[str, ...]) -> list[video_files.Recipe]:
    plain = video_files.Recipe(_TIMES, options=_H264)
    return [plain, *(replace(plain, cues=_CUES, cue_codec=codec, rotation=90) for codec in cue_codecs)]


def _markdown() -> list[bytes]:
    return [
        "# Title\n\nText with *emphasis*, `code` and [links](https://example.org).\n\n- one\n  - two\n\n1. three\n\n"
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n\n> quote\n\n```python\nprint('x')\n```\n\n![picture](a.png)\n\n中文段落。\n".encode(),
        "Plain text\r\nwith ümlauts and 中文 and \U0001f600.\r\n\f\r\nA new page.\r\n".encode("utf-16"),
        ("很长的一行" * 300).encode("gb18030"),
        "日本語のテキスト\n".encode("shift_jis") * 20,
    ]


def _html() -> list[bytes]:
    return [
        "<!DOCTYPE html><html><head><title>Title</title><style>p{}</style><script>x()</script><meta charset=utf-8></head><body>"
        "<h1>Head</h1><p>Text &amp; <b>bold</b> <a href='https://example.org'>link</a> &nbsp;&#8364;</p><ul><li>one<li>two</ul>"
        "<table><tr><th colspan=2>a</th></tr><tr><td rowspan=2>1</td><td>2</td></tr></table><pre> code\n  more</pre>"
        "<img src=x.png alt='A picture'><ol start=3><li>three</ol><blockquote>quote</blockquote>中文</body></html>".encode()
    ]


def _csv() -> list[bytes]:
    return [b'name,price\n"a ""quoted"" one",1.5\n"two\nlines",2\n,\n' * 3, "名;值\n一;1\n".encode("gbk") * 9]


def _json() -> list[bytes]:
    return [json.dumps({"a": [1, 2.5, None, {"b": "text é 中"}], "c": True, "d": "x" * 300}, indent=1).encode()]


def _notebook() -> list[bytes]:
    output = {"output_type": "stream", "name": "stdout", "text": ["hello\n"]}
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}}
    return [
        text_files.notebook(
            {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"]},
            {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "print(1)", "outputs": [output, shown]},
        )
    ]


def _word() -> list[bytes]:
    document = docx.Document()
    document.add_heading("Heading", 1)
    document.add_paragraph("Text with ").add_run("bold").bold = True
    document.add_paragraph("item", style="List Bullet")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
    document.add_picture(io.BytesIO(_saved("PNG", _image())))
    document.sections[0].header.paragraphs[0].text = "header"
    note = '<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    footnotes = '<w:footnotes><w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    return [text_files.saved(document), text_files.word_document(note, footnotes=footnotes)]


def _sheet() -> list[bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(8):
        sheet.append([row, f"text {row}", row / 7, None, row % 2 == 0, f"=A{row + 1}*2"])
    sheet.merge_cells("A9:C9")
    sheet["A9"] = "merged"
    book.create_sheet("Second")["B2"] = "x"
    return [text_files.saved(book)]


def _epub() -> list[bytes]:
    chapters = {"one.xhtml": "<h1>One</h1><p>Text</p>", "two.xhtml": "<h1 id='t'>Two</h1><p>More <i>text</i></p>"}
    navigation = '<li><a href="one.xhtml">One</a><ol><li><a href="two.xhtml#t">Two</a></li></ol></li>'
    return [
        text_files.book(chapters, navigation=navigation),
        text_files.book(chapters, ncx='<navPoint><navLabel><text>One</text></navLabel><content src="one.xhtml"/></navPoint>'),
    ]


def _open_document() -> list[bytes]:
    return [
        text_files.open_document_file(
            "text", '<text:h text:outline-level="1">Head</text:h><text:p>Text<text:s text:c="3"/></text:p>'
        ),
        text_files.open_document_file(
            "spreadsheet",
            '<table:table table:name="One"><table:table-row table:number-rows-repeated="3">'
            '<table:table-cell table:number-columns-repeated="2"><text:p>1</text:p></table:table-cell>'
            "</table:table-row></table:table>",
        ),
    ]


def _mail() -> list[bytes]:
    return [
        text_files.mail("Hello,\n\ntext\n-- \nme\n", "<p>Hello, <b>text</b></p>", {"naïve 文.txt": b"attached"}),
        text_files.mail(None, "<p>only a page</p>"),
    ]


_ALL = (
    Format("png", "a.png", "png", _png),
    Format("jpeg", "a.jpg", "bytes", _jpeg),
    Format("gif", "a.gif", "bytes", _gif),
    Format("webp", "a.webp", "bytes", _webp),
    Format("tiff", "a.tif", "bytes", _tiff),
    Format("heic", "a.heic", "bytes", lambda: _heif("HEIC")),
    Format("avif", "a.avif", "bytes", lambda: _heif("AVIF")),
    Format("svg", "a.svg", "text", _svg),
    Format("bmp", "a.bmp", "bytes", _bmp),
    Format("pdf", "a.pdf", "pdf", _pdf),
    Format("pptx", "a.pptx", "zip", _pptx),
    Format("mp4", "a.mp4", "bytes", _videos(".mp4", *_videos_with(("mov_text",)))),
    Format("mkv", "a.mkv", "bytes", _videos(".mkv", *_videos_with(("srt", "ass")))),
    Format("webm", "a.webm", "bytes", _videos(".webm", video_files.Recipe(_TIMES, codec="libvpx", options={"b": "50k"}))),
    Format("avi", "a.avi", "bytes", _videos(".avi", video_files.Recipe(_TIMES, codec="mpeg4", clock=video_files.Fraction(1, 25)))),
    Format("txt", "a.md", "text", _markdown),
    Format("html", "a.html", "text", _html),
    Format("csv", "a.csv", "text", _csv),
    Format("json", "a.json", "text", _json),
    Format("docx", "a.docx", "zip", _word),
    Format("xlsx", "a.xlsx", "zip", _sheet),
    Format("epub", "a.epub", "zip", _epub),
    Format("odf", "a.odt", "zip", _open_document),
    Format("eml", "a.eml", "text", _mail),
    Format("ipynb", "a.ipynb", "text", _notebook),
)
FORMATS = {format.name: format for format in _ALL}
"""By name."""
