"""Files with text in them, made by the tests: documents of office programs, books, mail, notebooks."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage
from typing import Any

from ingest import detect
from ingest.documents import Source
from ingest.text import open_document
from ingest.text.document import TextDocument

ENGLISH = "The quick brown fox jumps over the lazy dog, and 47 others watch it. "
CHINESE = "傍晚时分，勘测队从山脊上下来，河面上的光线已经变成了旧铜的颜色。"
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
"""Ten to the ninth laughs as &j;."""


def source(name: str, data: bytes | str) -> Source:
    """What the reading child makes of bytes."""
    raw = data.encode() if isinstance(data, str) else data
    found = detect.detect(Source(name, data=raw))
    assert found.kind == "text"
    return Source(name, data=raw, media_type=found.media_type)


def opened(name: str, data: bytes | str) -> TextDocument:
    """A document, opened in this process."""
    document = open_document(source(name, data), None)
    assert isinstance(document, TextDocument)
    return document


def all_text(document: TextDocument) -> str:
    """The text of all pages."""
    return "\n".join(document.text(index).text for index in range(document.contents.page_count))


def locators(document: TextDocument) -> list[str]:
    return [document.page(index).locator for index in range(document.contents.page_count)]


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of parts, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_parts(archive: bytes, changed: dict[str, str | bytes]) -> bytes:
    """An archive with some parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return zipped(parts | changed)


def saved(office_document: Any) -> bytes:
    """The bytes of a document of python-docx or a workbook of openpyxl."""
    buffer = io.BytesIO()
    office_document.save(buffer)
    return buffer.getvalue()


def word_document(body: str, **parts: str) -> bytes:
    """A Word document with this XML as its body; parts are styles, numbering, footnotes, comments, header1 ..."""
    kinds = {name: name.rstrip("0123456789") for name in parts}
    relations = "".join(
        f'<Relationship Id="r{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{name}.xml"/>'
        for name, kind in kinds.items()
    )
    namespaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Target="word/document.xml" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
            "word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        }
        | {f"word/{name}.xml": xml.replace(">", f" {namespaces}>", 1) for name, xml in parts.items()}
    )


def book(chapters: dict[str, str], navigation: str = "", encryption: str = "", ncx: str = "") -> bytes:
    """An EPUB of XHTML bodies by file name."""
    items = "".join(f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters))
    items += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>' if navigation else ""
    items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>' if ncx else ""
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>A Walk</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for name, body in chapters.items():
        parts[f"OEBPS/{name}"] = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
    if navigation:
        parts["OEBPS/nav.xhtml"] = (
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
            f'<nav epub:type="landmarks"><ol/></nav><nav epub:type="toc"><ol>{navigation}</ol></nav></body></html>'
        )
    if ncx:
        parts["OEBPS/toc.ncx"] = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
    if encryption:
        parts["META-INF/encryption.xml"] = encryption
    return zipped(parts)


def mail(plain: str | None, page: str | None = None, attachments: dict[str, bytes] | None = None) -> bytes:
    """A message with a plain body, an HTML body, or both."""
    message = EmailMessage()
    message["From"], message["To"] = "Anna Müller <anna@example.org>", "bob@example.org, carol@example.org"
    message["Subject"], message["Date"] = "Grüße aus 北京", "Sun, 22 Nov 2026 08:00:00 +0000"
    if plain is not None:
        message.set_content(plain)
    if page is not None:
        (message.add_alternative if plain is not None else message.set_content)(page, subtype="html")
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def notebook(*cells: dict[str, Any]) -> bytes:
    """A Jupyter notebook."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def open_document_file(kind: str, body: str, manifest: str = "") -> bytes:
    """An OpenDocument file: `kind` is text or spreadsheet."""
    names = ("office", "text", "table", "drawing")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )
