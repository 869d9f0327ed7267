"""PDF files for tests, made with PyMuPDF or written object by object where no program would make them; what is read of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import pymupdf
from PIL import Image

from ingest.documents import Source
from ingest.pdf import PdfFile, open_document
from ingest.types import Area, PageText, Pixels, Word

A4 = (595.0, 842.0)
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def made(*draw_page: Callable[[pymupdf.Page], object], size: tuple[float, float] = A4) -> bytes:
    """A file with one page for each function that draws one."""
    with pymupdf.open() as document:
        for draw in draw_page:
            draw(document.new_page(width=size[0], height=size[1]))
        return bytes(document.tobytes())


def written(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects with a sound list of where they are. Object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    return bytes(out + b"trailer <</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def one_page(page: bytes = b"", content: bytes = b"", catalogue: bytes = b"", **objects: bytes) -> bytes:
    """A file with one page of 200 x 100 points. `page` and `catalogue` go into those objects, `o7=...` is object 7."""
    return written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R%s>>" % page,
            4: stream(content),
        }
        | {int(name[1:]): body for name, body in objects.items()}
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def picture_of_text(text: str, width: int = 1240, height: int = 1754) -> bytes:
    """A JPEG such as a scanner makes."""
    with pymupdf.open() as document:
        page = document.new_page(width=width / 2, height=height / 2)
        page.insert_text((60, 120), text, fontsize=20)
        pixmap = page.get_pixmap(matrix=pymupdf.Matrix(2, 2))
    picture = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


def encrypted(user: str, owner: str = "", method: int = pymupdf.PDF_ENCRYPT_AES_256) -> bytes:
    """A page that says "secret"."""
    with pymupdf.open() as document:
        document.new_page().insert_text((50, 50), "secret")
        return bytes(document.tobytes(encryption=method, user_pw=user, owner_pw=owner or "of the owner"))


def long_document(page_count: int) -> bytes:
    """Pages of text, each with a link and an entry in the table of contents."""
    lines = ["What is said here is of no importance, but there is a lot of it on each page."] * 40
    with pymupdf.open() as document:
        for index in range(page_count):
            page = document.new_page()
            page.insert_text((50, 50), f"Chapter {index + 1}", fontsize=16)
            page.insert_text((50, 80), lines, fontsize=9)
        for index in range(page_count):
            target = {"kind": pymupdf.LINK_GOTO, "from": pymupdf.Rect(50, 30, 200, 55), "page": (index * 7) % page_count}
            document[index].insert_link(target)
        document.set_toc([[1 + (index % 5 > 0), f"Chapter {index + 1}", index + 1] for index in range(page_count)])
        return bytes(document.tobytes())


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


def add_field(page: pymupdf.Page, row: int, name: str, kind: int, value: object, **more: object) -> None:
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type, widget.field_value = name, kind, value
    widget.rect = pymupdf.Rect(50, 50 + 40 * row, 200, 70 + 40 * row)
    for key, setting in more.items():
        setattr(widget, key, setting)
    page.add_widget(widget)
