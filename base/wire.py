"""Messages between a process and its child over two pipes.

Each message is one line of JSON; a key `blob` says how many raw bytes follow the line. Both ends are this program, started from
the same files, so there is no version to negotiate. What comes from a child that read a hostile file is untrusted all the same:
its size is limited, and it is data, never code.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

Wire = dict[str, Any]

LINE_BYTES_MAX = 256 << 20
BLOB_BYTES_MAX = 2 << 30


def encode_message(message: Wire, blob: bytes | memoryview | None = None) -> bytes:
    """A message as it goes over the pipe."""
    if blob is None:
        return json.dumps(message, separators=(",", ":")).encode() + b"\n"
    return b"".join((json.dumps(message | {"blob": len(blob)}, separators=(",", ":")).encode(), b"\n", blob))


def write_message(stream: BinaryIO, message: Wire, blob: bytes | None = None) -> None:
    """Send a message at once, without a copy of the blob. Raises OSError when nobody listens."""
    stream.write(encode_message(message) if blob is None else encode_message(message | {"blob": len(blob)}))
    if blob:
        stream.write(blob)
    stream.flush()


def read_message(
    stream: BinaryIO, line_bytes_max: int = LINE_BYTES_MAX, blob_bytes_max: int = BLOB_BYTES_MAX
) -> tuple[Wire, bytes] | None:
    """The next message and its blob; None at the end of the stream. Raises ValueError for anything else, or too much of it."""
    line = stream.readline(line_bytes_max)
    if not line.endswith(b"\n"):
        if len(line) == line_bytes_max:
            raise ValueError("a message is too long")
        return None
    try:
        message = json.loads(line)
    except RecursionError:
        raise ValueError("a message is nested too deeply") from None
    size = message.get("blob", 0) if isinstance(message, dict) else -1
    if type(size) is not int or not 0 <= size <= blob_bytes_max:
        raise ValueError("a message is a JSON object, and the size of its blob a number within limits")
    blob = stream.read(size) if size else b""
    return None if len(blob) != size else (message, blob)
