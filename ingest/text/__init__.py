"""Text of all sorts: read, broken into pages, drawn densely when a picture is wanted (docs/adr/0010).

One module a format turns bytes into an `Extract`; `layout` breaks it into pages; `drawing` draws them.
"""

from __future__ import annotations

import importlib

from ingest import detect
from ingest.documents import Source
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
_UNSUPPORTED = {
    "application/x-encrypted-office": "{name} is encrypted. Open it in the program it was made with, save it without a password "
    "and open that.",
    "application/x-old-office": "{name} is in the format of Office 97 to 2003. Save it as .docx, .xlsx or PDF and open that.",
    "application/rtf": "{name} is in the rich text format, which is not read here. Save it as .docx or as PDF and open that.",
}


def open_document(source: Source, password: str | None) -> TextDocument:
    """Open text of any sort. Raises the classes of `ingest.errors`; no password is ever of use."""
    return TextDocument(read(source))


def read(source: Source) -> Extract:
    """What is in it."""
    is_rich = source.media_type == "text/plain" and source.read(len(_RICH_TEXT)) == _RICH_TEXT
    media_type = "application/rtf" if is_rich else source.media_type
    if media_type in _UNSUPPORTED:
        raise FormatUnsupported(_UNSUPPORTED[media_type].format(name=source.name))
    if media_type.startswith(_OPEN_DOCUMENT) and media_type not in _READERS:
        raise FormatUnsupported(f"{source.name} is an OpenDocument file without text or tables. Save it as PDF and open that.")
    reader = importlib.import_module(f"ingest.text.{_READERS.get(media_type, 'plain')}")
    extract: Extract = reader.read(source)
    return extract
