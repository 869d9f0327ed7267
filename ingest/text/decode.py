"""Bytes of plain text as text: by its mark, as UTF-8, or in the encoding in which it reads best."""

from __future__ import annotations

import codecs
import contextlib

from ingest import limits
from ingest.documents import Source
from ingest.errors import TooLarge

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's does, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_JAPANESE_ESCAPE = b"\x1b$"
"""ISO-2022-JP is ASCII but for these (RFC 1468)."""
_NOT_FOR_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined", "mbcs", "oem"}
"""Encodings of Python that no page is written in, some of them slow."""
_JUDGED_BYTES = 64 << 10


def read_text(source: Source) -> tuple[str, tuple[str, ...]]:
    """The text with "\\n" at line ends, and warnings. Raises TooLarge."""
    return decode(read_bytes(source), source.name)


def read_bytes(source: Source) -> bytes:
    """All of it. Raises TooLarge."""
    if source.size_bytes > limits.TEXT_BYTES_MAX:
        raise TooLarge(
            f"{source.name} is {source.size_bytes / (1 << 20):.0f} MB of text; at most {limits.TEXT_BYTES_MAX >> 20} MB can be "
            "opened. Split it and open the part that matters."
        )
    return source.read()


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Text and warnings. `declared` is the encoding that the file itself names; it is believed where it fits."""
    text, warnings = _decode_surely(data, declared), ()  # type: tuple[str | None, tuple[str, ...]]
    if text is None:
        text, warnings = _decode_by_guess(data, name)
    return text.replace("\r\n", "\n").replace("\r", "\n"), warnings


def _decode_surely(data: bytes, declared: str | None) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    candidates = ("iso2022_jp", "utf-8", declared) if _JAPANESE_ESCAPE in data else ("utf-8", declared)
    for candidate in candidates:
        with contextlib.suppress(UnicodeDecodeError, LookupError, ValueError):  # ValueError: a name with a zero character
            if candidate and codecs.lookup(candidate).name not in _NOT_FOR_TEXT:
                return data.decode(candidate)
    return None


def _decode_by_guess(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    is_nearly_right = len(text) - len(text.encode("ascii", "ignore")) > 10 * bad
    encoding = None if is_nearly_right else _guess(data)
    if encoding is None:
        return text, (f"Damaged characters, shown as \ufffd: {bad:,}.",)
    return data.decode(encoding, "replace"), (f"{name} does not say how its characters are encoded; it was read as {encoding}.",)


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # 60 ms; most text is UTF-8

    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_JUDGED_BYTES]
    found = from_bytes(telling)
    best = found.best()
    if best is None:
        return None
    # Short texts of western languages make as much sense to it in encodings of eastern Europe; the reverse is not so.
    is_western = any(match.encoding == "cp1252" and match.chaos <= best.chaos for match in found)
    return "cp1252" if is_western else best.encoding
