"""Opening whatever a user hands over. Everything is parsed in a child (`ingest.isolate`); this side keeps names and sizes."""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import re
import threading
from pathlib import Path
from typing import BinaryIO

from base.wire import Wire
from ingest import limits
from ingest.errors import FileUnreadable, TooLarge
from ingest.files import file_key, open_file
from ingest.isolate import Readers, Reply, reader_failed
from ingest.measures import format_time, parse_time, size_for
from ingest.parts import PX_PER_POINT, Attachment, Frame, Page, Picture
from ingest.session import PixelCache, Session, checked
from ingest.types import Contents

__all__ = [
    "PX_PER_POINT",
    "Attachment",
    "Frame",
    "Page",
    "Picture",
    "PixelCache",
    "default_readers",
    "format_time",
    "open_attachment",
    "parse_time",
    "size_for",
]

KEPT_PICTURE_BYTES_MAX = 64 << 20
"""Pictures up to this size are read at once, so that a question outlives the file; everything else is read from the file."""
_STREAM_BYTES = 4 << 20
_PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".gif", ".webp", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif", ".avif", ".svg", ".ppm", ".pgm", ".pbm"),
)


def open_attachment(
    source: Path | str | bytes | BinaryIO,
    *,
    name: str | None = None,
    password: str | None = None,
    readers: Readers | None = None,
    cache: PixelCache | None = None,
    cache_folder: Path | None = None,
    stop: threading.Event | None = None,
) -> Attachment:
    """Open a file, bytes or a stream of any known kind; the kind is found from the bytes.

    Args:
        name: what to call it; defaults to the file's name.
        password: for what is encrypted.
        readers: the children to read with; the process's own by default.
        cache: keeps rendered pixels.
        cache_folder: where a reading child may keep costly intermediate results.
        stop: when set, whatever is being read for this attachment ends with ReaderStopped, now and later.

    Raises any class of `ingest.errors`; PasswordNeeded and PasswordWrong ask for another try with a password.
    """
    wire, data = _describe(source, name)
    wire["cache"] = str(cache_folder) if cache_folder is not None else None
    session = Session(wire, data, password, readers or default_readers(), cache, stop)
    reply = session.call({"method": "open"}, limits.CONVERT_SECONDS)
    result = reply.result if isinstance(reply.result, dict) else {}
    sha256 = str(result.get("sha256"))
    contents = checked(Contents, Reply(result.get("contents"), b""), wire["name"])
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise reader_failed(wire["name"])
    wire["sha256"] = sha256
    return Attachment(sha256, wire["name"], contents, session)


@functools.cache
def default_readers() -> Readers:
    """Two children for whoever brings none. They end with the program."""
    readers = Readers()
    atexit.register(readers.close)
    return readers


def _describe(source: Path | str | bytes | BinaryIO, name: str | None) -> tuple[Wire, bytes | None]:
    """How to name it to a child, and its bytes where they are kept here."""
    if isinstance(source, str | Path):
        return _describe_file(Path(source), name)
    shown = _printable(name or "picture")
    data = source if isinstance(source, bytes) else _read_all(source, shown)
    if len(data) > limits.PICTURE_BYTES_MAX:
        raise TooLarge(f"{shown} is larger than {limits.PICTURE_BYTES_MAX >> 20} MB. Save it as a file and open that.")
    return _from_data(data, shown), data


def _read_all(stream: BinaryIO, name: str) -> bytes:
    """All of a stream, or a little more than is allowed. Streams may give less than they are asked for."""
    data = bytearray()
    try:
        while len(data) <= limits.PICTURE_BYTES_MAX and (part := stream.read(_STREAM_BYTES)):
            data += part
    except (OSError, ValueError) as error:  # ValueError: it is closed
        raise FileUnreadable(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return bytes(data)


def _from_data(data: bytes, name: str) -> Wire:
    digest = hashlib.sha256(data).hexdigest()
    return {"path": None, "key": digest, "name": name, "sha256": digest, "is_empty": not data}


def _describe_file(path: Path, name: str | None) -> tuple[Wire, bytes | None]:
    shown = _printable(name or path.name or str(path))
    with open_file(path, shown) as file:
        if path.suffix.lower() in _PICTURE_SUFFIXES and os.fstat(file.fileno()).st_size <= KEPT_PICTURE_BYTES_MAX:
            data = _read_all(file, shown)
            return _from_data(data, shown), data
    return {"path": str(path.absolute()), "key": file_key(path, shown), "name": shown, "sha256": ""}, None


def _printable(name: str) -> str:
    """Names of files may hold anything but a slash."""
    return "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else "\ufffd" for letter in name)
