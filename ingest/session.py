"""How an attachment reaches its bytes in a child, and what it accepts as an answer."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol, TypeVar

from base.wire import Wire
from ingest.codec import from_wire
from ingest.isolate import Readers, Reply, reader_failed

T = TypeVar("T")


class PixelCache(Protocol):
    """Where rendered pixels and recognised text stay for the next time (`ingest.cache`)."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes) -> None: ...


class Session:
    """How an attachment reaches its bytes in a child."""

    def __init__(
        self,
        source: Wire,
        data: bytes | None,
        password: str | None,
        readers: Readers,
        cache: PixelCache | None,
        stop: threading.Event | None,
    ) -> None:
        self.source, self.data, self._password, self._readers = source, data, password, readers
        self.cache, self._stop = cache, stop

    @property
    def path(self) -> Path | None:
        return Path(self.source["path"]) if self.source["path"] else None

    def call(self, request: Wire, time_s: float, blob_bytes: int = 0) -> Reply:
        return self._readers.call(
            request | {"source": self.source, "password": self._password},
            name=self.source["name"],
            time_s=time_s,
            blob=self.data,
            blob_bytes=blob_bytes,
            stop=self._stop,
        )


def checked(wanted: type[T], reply: Reply, name: str) -> T:
    """The value that a child answered. Raises ReaderFailed when it is none."""
    try:
        return from_wire(wanted, reply.result)
    except (ValueError, TypeError, RecursionError) as error:
        raise reader_failed(name) from error
