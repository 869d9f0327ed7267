"""The windows of sway, by its socket (manual page sway-ipc(7): a header, then JSON). They are in Qt's logical pixels."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from app.capture.models import Rect, Screen, WindowOutline

_MAGIC = b"i3-ipc"
_HEADER = struct.Struct("=6sII")
"""The magic string, the length of what follows, and its type."""
_GET_TREE = 4
_TIME_LIMIT_S = 0.5
_BYTES_MAX = 8 << 20


def windows(screens: Sequence[Screen]) -> list[WindowOutline]:
    """Topmost first. Raises OSError, ValueError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIME_LIMIT_S)
        connection.connect(os.environ.get("SWAYSOCK", ""))
        connection.sendall(_HEADER.pack(_MAGIC, 0, _GET_TREE))
        magic, length, _ = _HEADER.unpack(_read(connection, _HEADER.size))
        if magic != _MAGIC or length > _BYTES_MAX:
            raise ValueError("not what sway says")
        return list(_leaves(json.loads(_read(connection, length))))


def _read(connection: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise OSError("sway closed the connection")
        data += piece
    return bytes(data)


def _leaves(node: dict[str, Any]) -> Iterator[WindowOutline]:
    """Floating ones lie above the others, the last one uppermost."""
    for child in (*reversed(node.get("floating_nodes", ())), *node.get("nodes", ())):
        if child.get("pid") and child.get("visible"):
            place = child["rect"]
            yield WindowOutline(str(child.get("name") or ""), Rect(place["x"], place["y"], place["width"], place["height"]))
        else:
            yield from _leaves(child)
