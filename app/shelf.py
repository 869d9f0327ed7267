"""Open attachments by id, for whoever draws or reads pages of a conversation. No Qt; `open` blocks and may be called anywhere."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from app.chat.history.errors import HistoryError
from app.chat.pictures import SourceInfo
from app.reading import Reading
from ingest.attachment import Attachment
from ingest.errors import FileUnreadable

OPEN_MAX = 64
"""The ones used longest ago are closed, and opened again when they are wanted."""

FindFile = Callable[[SourceInfo], Path]
"""Where the bytes of an attachment are. Raises an error with a code and a message when they are gone."""


class Shelf:
    """Opens again what was attached to earlier questions, each once at a time."""

    def __init__(self, reading: Reading, find_file: FindFile) -> None:
        self._reading = reading
        self._find_file = find_file
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Attachment] = OrderedDict()
        self._opening: dict[str, threading.Lock] = {}

    def put(self, attachment: Attachment) -> None:
        """Keep one that was opened elsewhere."""
        with self._lock:
            self._open[attachment.id] = attachment
            self._open.move_to_end(attachment.id)
            while len(self._open) > OPEN_MAX:
                self._open.popitem(last=False)

    def open(self, source: SourceInfo, password: str | None = None) -> Attachment:
        """The attachment. Raises any class of `ingest.errors`: FileUnreadable when its bytes are gone or are others now."""
        with self._lock:
            opening = self._opening.setdefault(source.id, threading.Lock())
        with opening:  # only those wait who want the same one
            with self._lock:
                found = self._open.get(source.id)
            if found is None:
                found = self._open_anew(source, password)
            self.put(found)
            return found

    def _open_anew(self, source: SourceInfo, password: str | None) -> Attachment:
        try:
            path = self._find_file(source)
        except HistoryError as error:
            raise FileUnreadable(error.message) from error
        found = self._reading.open(path, source.name, password)
        if found.id != source.id:
            raise FileUnreadable(f"{source.name} was changed after it was asked about, and no copy was kept.")
        return found
