"""Files are known by their bytes, whatever they are called; texts that merely begin like something else stay texts."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.detect import DOCX, EPUB, HTML, MAIL, NOTEBOOK, ODP, PPT, PPTX, SVG, XLSX, detect
from ingest.documents import Source
from ingest.errors import Empty, FormatUnknown, IngestError


def found(data: bytes, name: str = "file") -> tuple[str, str]:
    detected = detect(Source(name, data=data))
    return detected.kind, detected.media_type


def picture(format: str, frames: int = 1) -> bytes:
    stream = io.BytesIO()
    images = [Image.new("RGB", (20, 10), (50 * number, 9, 9)) for number in range(frames)]
    images[0].save(stream, format, **({"save_all": True, "append_images": images[1:]} if frames > 1 else {}))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        *(("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("TIFF", "image/tiff")),
        *(("BMP", "image/bmp"), ("AVIF", "image/avif"), ("PPM", "image/x-portable-anymap")),
    ],
)
def test_pictures(format: str, media_type: str) -> None:
    assert found(picture(format), "a.docx") == ("picture", media_type)


@pytest.mark.parametrize(("format", "media_type"), [("GIF", "image/gif"), ("WEBP", "image/webp"), ("PNG", "image/png")])
def test_what_moves_is_an_animation(format: str, media_type: str) -> None:
    assert found(picture(format, frames=3)) == ("animation", media_type)


@pytest.mark.parametrize(
    ("head", "kind", "media_type"),
    [
        (b"%PDF-1.7\n", "pdf", "application/pdf"),
        (b"\x1b%-12345X@PJL\r\n%PDF-1.4\n1 0 obj\n", "pdf", "application/pdf"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "picture", "image/heif"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomavc1", "video", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "video", "video/quicktime"),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat\x00", "video", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01", "video", "video/matroska"),
        (b"RIFF\x00\x10\x00\x00AVI LIST", "video", "video/x-msvideo"),
        ((b"G\x40\x00\x10" + bytes(184)) * 4, "video", "video/mp2t"),
        ((b"\0\0\0\x01G\x40\x00\x10" + bytes(184)) * 4, "video", "video/mp2t"),
    ],
    ids=["pdf", "late pdf", "heic", "mp4", "mov", "old mov", "mkv", "avi", "ts", "m2ts"],
)
def test_kinds_by_their_first_bytes(head: bytes, kind: str, media_type: str) -> None:
    assert found(head, "a.txt") == (kind, media_type)


@pytest.mark.parametrize(
    "text",
    [
        *("BMW makes cars", "P2 tickets are urgent", "P6", "The free lunch", "See moov atoms", "GIF8 is a start", "MM", "II*"),
        *("G" * 4096, "G" + " " * 187 + "G" + " " * 187 + "G", "The header of a PDF is %PDF-1.7, say the specifications.", ".RMF"),
        *(
            "DKIF",
            "PK",
            "<",
            "<!",
            "<!--",
            "<?xml",
            "{",
            "[",
            "[link](address)",
            "\ufeff",
            "RIFF of the day",
            "OK",
            "\n\n\n",
            "%PDX",
        ),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_texts_stay_texts(text: str) -> None:
    assert found(text.encode()) == ("text", "text/plain")


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ('<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<html xmlns="http://www.w3.org/1999/xhtml">', HTML),
        ("<!DOCTYPE html><p>", HTML),
        ("  <HTML>", HTML),
        ("From: a@example.org\r\nSubject: Hello\r\n\r\nText", MAIL),
        ("Return-Path: <a>\nX-Long: a\n\tb\nDate: now\n\n", MAIL),
        ('{"cells": [{"cell_type": "code"}]', NOTEBOOK),
        ('{"a": [1, 2]}', "application/json"),
        ("[1, 2]", "application/json"),
        ("Subject: one line that looks like mail\nbut goes on\n", "text/plain"),
        ("<note>", "text/plain"),
        ("[" + "1, " * 4000, "application/json"),
        ("<svgx>", "text/plain"),
    ],
    ids=range(12),
)
def test_kinds_of_text_by_what_is_in_them(text: str, media_type: str) -> None:
    assert found(text.encode()) == ("text", media_type)


def test_a_log_with_a_few_zero_bytes_is_a_text() -> None:
    assert found(b"12:00 all is well\n" * 50 + bytes(8) + b"12:01 the power is back\n" * 50) == ("text", "text/plain")


@pytest.mark.parametrize("name", ["notes.md", "table.csv", "code.py", "data.json", "page.html", "mail.eml", "book.ipynb"])
def test_the_name_tells_kinds_of_text_apart(name: str) -> None:
    assert found(b"plain", name)[0] == "text"
    assert found(b"plain", name)[1] != "text/plain"
    assert found(picture("PNG"), name) == ("picture", "image/png")


@pytest.mark.parametrize(
    "text",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "\ufeff<?xml version='1.0'?><!-- made by --><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg>",
        "<!DOCTYPE svg [<!ENTITY a 'b'> <!ENTITY c 'd'>]>\n<svg:svg>",
    ],
    ids=range(3),
)
def test_drawings(text: str) -> None:
    assert found(text.encode()) == ("picture", SVG)
    assert found(text.encode("utf-16")) == ("picture", SVG)


@pytest.mark.parametrize("piece", ["<!---->", "<!-->", "<!--", "<?x?>", "<!doctype svg [", "<!doctype x>", " \n", "]>", "<?xml "])
def test_long_prologs_take_no_time(piece: str) -> None:
    """As one regular expression this would take longer than the sun shines."""
    assert found((piece * 4000).encode())[0] == "text"


@pytest.mark.parametrize(
    ("names", "kind", "media_type"),
    [
        (["[Content_Types].xml", "ppt/presentation.xml"], "deck", PPTX),
        (["[Content_Types].xml", "word/document.xml"], "text", DOCX),
        (["[Content_Types].xml", "xl/workbook.xml"], "text", XLSX),
        (["META-INF/container.xml"], "text", EPUB),
    ],
)
def test_archives_by_their_parts(names: list[str], kind: str, media_type: str) -> None:
    assert found(archive(dict.fromkeys(names, b"x"))) == (kind, media_type)


def test_archives_by_what_they_declare() -> None:
    assert found(archive({"mimetype": ODP.encode()})) == ("deck", ODP)
    assert found(archive({"mimetype": b"application/epub+zip\n"})) == ("text", EPUB)


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("offset", [512, (4 << 20) - 7, 9 << 20])
def test_old_decks_wherever_their_directory_is(offset: int) -> None:
    name = "PowerPoint Document".encode("utf-16-le")
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(offset, b"\0") + name + bytes(512)
    assert found(data) == ("deck", PPT)


@pytest.mark.parametrize(
    "data",
    [bytes(100), bytes(range(256)), b"\x1f\x8b\x08\0" + bytes(60), b"\x7fELF" + bytes(60), archive({"a": b"b"})],
    ids=range(5),
)
def test_what_is_not_known_is_said(data: bytes) -> None:
    with pytest.raises(FormatUnknown, match="not known"):
        found(data)


def test_nothing_is_empty() -> None:
    with pytest.raises(Empty, match="is empty"):
        found(b"")


STARTS = [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBP", b"PK\x03\x04", b"BM", b"P6 ", b"%PDF-", b"<svg", b"\xff\xfe", b"{"]


@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_any_bytes_are_of_a_kind_or_refused(start: bytes, rest: bytes) -> None:
    try:
        kind, media_type = found(start + rest)
    except IngestError:
        return
    assert "/" in media_type
    assert kind in ("picture", "animation", "pdf", "deck", "video", "text")
