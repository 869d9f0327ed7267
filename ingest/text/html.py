"""Web pages: what a reader would see, as lines."""

from __future__ import annotations

import re

from ingest.documents import Source
from ingest.errors import Empty
from ingest.text.decode import decode, read_bytes
from ingest.text.extract import Extract, Sanitizer, heading_title, section_of_lines
from ingest.text.markup import Flow, parse_html

_CHARSET = re.compile(rb"(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([a-z0-9_.:-]{1,40})")
_HEAD_BYTES = 4096
"""HTML 4.2.5.4 asks for the encoding within the first 1024; pages are not so strict."""


def read(source: Source) -> Extract:
    """Lines, headings and the title. Raises TooLarge or Empty."""
    data = read_bytes(source)
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    text, warnings = decode(data, source.name, declared[1].decode("ascii") if declared else None)
    root, more = parse_html(text)
    if root is None:
        raise Empty(f"There is no text in {source.name}.")
    title = next((heading_title("".join(element.itertext())) for element in root.iter("title")), "")
    flow = Flow()
    flow.add(root)
    sanitizer = Sanitizer()
    section = section_of_lines(sanitizer.clean(flow.text))
    return Extract([section], title, flow.outline(), warnings + more + flow.warnings() + sanitizer.warnings)
