"""Reads server-sent events as they arrive (WHATWG HTML, section "Server-sent events"), in bounded memory and linear time.

However the bytes are split, the events are the same. Of the standard's fields `event` and `data` are read; `id` and `retry` are for
connections that are taken up again, and an answer never is.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.errors import ReplyNotUnderstood

EVENT_BYTES_MAX = 1 << 20
"""Of one line, and of all the data of one event. An answer comes word by word; a whole tool call of a page of HTML fits."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event. `event` is "message" where the server names none; `data` has its lines joined by line breaks."""

    event: str
    data: str


class EventReader:
    """Reads one stream: `feed` what arrives, then `finish` once.

    Both raise ReplyNotUnderstood when a line or an event is over `EVENT_BYTES_MAX`, once what came before it was handed out.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []  # of the line that is not over
        self._pieces_bytes = 0
        self._is_first_line = True
        self._skips_line_feed = False  # the last byte was a carriage return, which ended a line
        self._event = ""
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._is_too_long = False

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """The events that end within `chunk`."""
        if self._is_too_long:
            self._refuse()
        if self._skips_line_feed and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._skips_line_feed = False
        if b"\r" in chunk:
            self._skips_line_feed = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *ends, rest = chunk.split(b"\n")
        events: list[ServerEvent] = []
        for end in ends:
            self._add_piece(end)
            line = b"".join(self._pieces)
            self._pieces, self._pieces_bytes = [], 0
            self._read_line(line, events)
            if self._is_too_long:
                break
        else:
            self._add_piece(rest)
        if self._is_too_long and not events:
            self._refuse()
        return events

    def finish(self) -> list[ServerEvent]:
        """The event that the stream ended in. The standard drops it; some servers leave out the last line break."""
        return self.feed(b"\n\n")

    def _add_piece(self, piece: bytes) -> None:
        self._pieces_bytes += len(piece)
        if self._pieces_bytes > EVENT_BYTES_MAX:
            self._is_too_long = True
            self._pieces = []
        elif piece:
            self._pieces.append(piece)

    def _read_line(self, line: bytes, events: list[ServerEvent]) -> None:
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            self._dispatch(events)
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._data_bytes += len(value) + 1
            self._is_too_long |= self._data_bytes > EVENT_BYTES_MAX + 1
        elif name == b"event":
            self._event = value.decode(errors="replace")

    def _dispatch(self, events: list[ServerEvent]) -> None:
        if self._data:
            events.append(ServerEvent(self._event or "message", b"\n".join(self._data).decode(errors="replace")))
        self._event, self._data, self._data_bytes = "", [], 0

    def _refuse(self) -> None:
        raise ReplyNotUnderstood(
            "The server sent a single line of over a megabyte, which no answer needs. Check that its address is that of a chat API."
        )


class TextWatch:
    """Tells text from what only keeps a connection alive: comments (lines that begin with a colon) and empty lines."""

    def __init__(self) -> None:
        self._line_start = b""  # of the line that is not over: nothing, ":" or anything else

    def has_text(self, chunk: bytes) -> bool:
        """Whether `chunk`, which follows what was asked about before, holds anything else."""
        lines = (self._line_start + chunk).replace(b"\r", b"\n").split(b"\n")
        self._line_start = lines[-1][:1]
        if chunk.startswith((b"\r", b"\n")):
            lines = lines[1:]
        return any(line and not line.startswith(b":") for line in lines)
