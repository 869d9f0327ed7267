"""What is selected in the program in front, where the system tells: X11's primary selection.

Read over a connection of its own in a worker's thread: Qt's clipboard waits for a program that hangs for five seconds, in the
window's thread. Source: Inter-Client Communication Conventions Manual, chapter 2.
"""

from __future__ import annotations

import select
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app import system

TIME_LIMIT_S = 1.0
TEXT_BYTES_MAX = 4 << 20
IMAGE_BYTES_MAX = 64 << 20
PATHS_MAX = 100

_TEXT_TYPES = {"UTF8_STRING": "utf-8", "text/plain;charset=utf-8": "utf-8", "STRING": "latin-1"}
_IMAGE_TYPE = "image/png"
_PATHS_TYPE = "text/uri-list"


@dataclass(frozen=True, slots=True)
class Selected:
    """One of these.

    Attributes:
        text: cut at `TEXT_BYTES_MAX`.
        image: a PNG file; from outside, so decode it where pictures from outside are decoded.
        paths: files that are there.
    """

    text: str = ""
    image: bytes = b""
    paths: tuple[Path, ...] = ()


def read(time_limit_s: float = TIME_LIMIT_S) -> Selected | None:
    """What is selected; None where nothing is, where it does not come in time, and on other systems than X11. Blocks."""
    if not system.is_x11_session():
        return None
    import xcffib
    import xcffib.xproto  # without it there is no connecting

    try:
        connection = xcffib.connect()
    except xcffib.ConnectionException:
        return None
    try:
        return _Reader(connection, time.monotonic() + time_limit_s).read()
    except (TimeoutError, xcffib.XcffibException):
        return None
    finally:
        connection.disconnect()


class _Reader:
    """Asks the program that has the selection to write it into a property of a window of ours."""

    def __init__(self, connection: Any, end: float) -> None:
        from xcffib import xproto

        self._connection, self._core, self._xproto, self._end = connection, connection.core, xproto, end
        root = connection.get_setup().roots[connection.pref_screen]
        self._window = connection.generate_id()
        values = (xproto.CW.EventMask, [xproto.EventMask.PropertyChange])
        depth, kind, visual = root.root_depth, xproto.WindowClass.InputOutput, root.root_visual
        self._core.CreateWindow(depth, self._window, root.root, 0, 0, 1, 1, 0, kind, visual, *values)
        self._property = self._atom("SIGHTLINE_SELECTION")

    def read(self) -> Selected | None:
        """Files say most, then a picture, then text."""
        offered = self._offered()
        if _PATHS_TYPE in offered and (paths := _paths(self._convert(_PATHS_TYPE, TEXT_BYTES_MAX))):
            return Selected(paths=paths)
        if _IMAGE_TYPE in offered and (image := self._convert(_IMAGE_TYPE, IMAGE_BYTES_MAX)):
            # Half a picture is none.
            return Selected(image=image) if len(image) <= IMAGE_BYTES_MAX else None
        for kind, encoding in _TEXT_TYPES.items():
            if kind in offered and (data := self._convert(kind, TEXT_BYTES_MAX)):
                # A character may be cut in two at the end.
                return Selected(text=data[:TEXT_BYTES_MAX].decode(encoding, "ignore").rstrip("\0"))
        return None

    def _offered(self) -> set[str]:
        """Names of the types that there are. Who does not tell has text."""
        data = self._convert("TARGETS", 1 << 16)
        atoms = struct.unpack(f"={len(data) // 4}I", data[: len(data) // 4 * 4])
        cookies = [self._core.GetAtomName(atom) for atom in atoms]
        return {bytes(cookie.reply().name.buf()).decode("latin-1") for cookie in cookies} or set(_TEXT_TYPES)

    def _convert(self, kind: str, bytes_max: int) -> bytes:
        """The selection as this type; empty when there is none. A little more than `bytes_max` when it was longer."""
        primary = self._xproto.Atom.PRIMARY
        self._core.ConvertSelection(self._window, primary, self._atom(kind), self._property, self._xproto.Time.CurrentTime)
        answer = self._wait(lambda event: isinstance(event, self._xproto.SelectionNotifyEvent))
        if not answer.property:
            return b""
        actual, data = self._take()
        if actual != self._atom("INCR"):
            return data
        pieces = bytearray()  # too large for one: each piece comes as a new value, an empty one ends it
        while len(pieces) <= bytes_max:
            self._wait(self._is_new_value)
            _, data = self._take()
            if not data:
                break
            pieces += data
        return bytes(pieces)

    def _is_new_value(self, event: Any) -> bool:
        is_property = isinstance(event, self._xproto.PropertyNotifyEvent)
        return is_property and event.atom == self._property and event.state == self._xproto.Property.NewValue

    def _take(self) -> tuple[int, bytes]:
        """The type and the bytes of the property, which is deleted: that asks for the next piece."""
        kind = self._xproto.GetPropertyType.Any
        reply = self._core.GetProperty(True, self._window, self._property, kind, 0, IMAGE_BYTES_MAX // 4).reply()
        return reply.type, bytes(reply.value.buf())

    def _wait(self, is_wanted: Callable[[Any], bool]) -> Any:
        """The next event of this kind. Raises TimeoutError."""
        self._connection.flush()
        while True:
            while (event := self._connection.poll_for_event()) is not None:
                if is_wanted(event):
                    return event
            left_s = self._end - time.monotonic()
            if left_s <= 0 or not select.select([self._connection.get_file_descriptor()], [], [], left_s)[0]:
                raise TimeoutError("the program that has the selection does not answer")

    def _atom(self, name: str) -> int:
        atom: int = self._core.InternAtom(False, len(name), name).reply().atom
        return atom


def _paths(data: bytes) -> tuple[Path, ...]:
    """The local files of a list of addresses (RFC 2483: one a line, remarks begin with #)."""
    return tuple(_existing(data.decode("utf-8", "replace").splitlines()))[:PATHS_MAX]


def _existing(lines: Iterable[str]) -> Iterable[Path]:
    for line in lines:
        parts = urlsplit(line.strip())
        path = Path(unquote(parts.path))
        if parts.scheme == "file" and parts.netloc in ("", "localhost") and "\0" not in str(path) and path.exists():
            yield path
