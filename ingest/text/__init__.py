"""Text of all sorts: read, broken into pages, drawn densely when a picture is wanted (docs/adr/0010).

One module a format turns bytes into an `Extract`; `layout` breaks it into pages; `drawing` draws them.
"""

from __future__ import annotations

import dataclasses
import importlib
import os

from ingest import detect
from ingest.documents import Document, Source
from ingest.errors import FormatUnsupported
from ingest.text.document import TextDocument
from ingest.text.extract import Extract

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_RICH_TEXT = b"{\\rtf"
_READERS = {
    detect.HTML: "html",
    detect.MAIL: "mail",
    detect.NOTEBOOK: "notebook",
    detect.DOCX: "word",
    detect.XLSX: "sheet",
    detect.EPUB: "epub",
    _OPEN_DOCUMENT + "text": "opendocument",
    _OPEN_DOCUMENT + "spreadsheet": "opendocument",
    "text/csv": "table",
    "text/tab-separated-values": "table",
}
"""The module that reads each media type; `plain` reads the rest of text."""
_ENCRYPTED, _OLD_OFFICE = "application/x-encrypted-office", "application/x-old-office"
NO_OFFICE_VARIABLE = "SIGHTLINE_NO_OFFICE"
"""When it is set, LibreOffice is left alone; decks go by it too."""


def open_document(source: Source, password: str | None) -> Document:
    """Open text of any sort. Raises the classes of `ingest.errors`; no password is ever of use."""
    is_rich = source.media_type == "text/plain" and source.read(len(_RICH_TEXT)) == _RICH_TEXT
    if is_rich or source.media_type == _OLD_OFFICE:
        return _open_through_office(source)
    return TextDocument(read(source))


def read(source: Source) -> Extract:
    """What is in it."""
    media_type = source.media_type
    if media_type == _ENCRYPTED:
        raise FormatUnsupported(f"{source.name} is encrypted. Save it without a password in the program it is from, and open that.")
    if media_type.startswith(_OPEN_DOCUMENT) and media_type not in _READERS:
        raise FormatUnsupported(f"{source.name} is an OpenDocument file without text or tables. Save it as PDF and open that.")
    reader = importlib.import_module(f"ingest.text.{_READERS.get(media_type, 'plain')}")
    extract: Extract = reader.read(source)
    return extract


def _open_through_office(source: Source) -> Document:
    """As a PDF that LibreOffice makes of it. Raises FormatUnsupported without LibreOffice, and what `office.convert` raises."""
    from ingest import pdf
    from ingest.slides import office

    program = None if os.environ.get(NO_OFFICE_VARIABLE) else office.find()
    if program is None:
        raise FormatUnsupported(
            f"{source.name} is in an old format that only LibreOffice opens. Install it, or save the file as .docx, .xlsx or PDF."
        )
    document = pdf.open_document(Source(source.name, data=office.convert(source), media_type="application/pdf"), None)
    renderer = f"{document.contents.renderer}, {office.version(program)}"
    document.contents = dataclasses.replace(document.contents, renderer=renderer)
    return document
