"""The one place where files are opened: children to read with, a cache for what they draw. No Qt; the methods block."""

from __future__ import annotations

import copy
import threading
from pathlib import Path
from typing import BinaryIO

from app import paths, system
from ingest.attachment import Attachment, open_attachment
from ingest.cache import RenderCache
from ingest.isolate import Readers
from ingest.recogniser import Recogniser


class Reading:
    """Attributes:
    recogniser: finds text in pictures; loads nothing before it is asked.
    """

    def __init__(self, keeps_on_disk: bool = True) -> None:
        """Starts nothing yet. Without `keeps_on_disk`, what was drawn and recognised is forgotten at the end."""
        folder = paths.cache_dir() / "reading" if keeps_on_disk else None
        self._folder = folder
        self._cache = RenderCache(folder)
        command = system.reading_worker_command()
        self._readers = Readers(command=command)
        self.recogniser = Recogniser(self._cache, command)

    def in_memory(self) -> Reading:
        """With the same children; what is drawn for it is never kept on disk. Not to be closed."""
        other = copy.copy(self)
        other._folder, other._cache = None, RenderCache(None)
        return other

    def warm_up(self) -> None:
        """Start a child, so that the first file does not wait for it."""
        self._readers.warm_up()

    def open(
        self,
        source: Path | bytes | BinaryIO,
        name: str | None = None,
        password: str | None = None,
        stop: threading.Event | None = None,
    ) -> Attachment:
        """Open a file, bytes or a stream. Raises any class of `ingest.errors`."""
        return open_attachment(
            source,
            name=name,
            password=password,
            readers=self._readers,
            cache=self._cache,
            cache_folder=self._folder,
            stop=stop,
        )

    def close(self) -> None:
        """End the children, working or not."""
        self._readers.close()
        self.recogniser.close()


class Readings:
    """Attributes:
    usual: what was drawn and recognised is kept on disk.
    """

    def __init__(self) -> None:
        self.usual = Reading()
        self._private: Reading | None = None

    def of(self, is_private: bool) -> Reading:
        """What is read for a private conversation is not kept on disk either."""
        if not is_private:
            return self.usual
        self._private = self._private or Reading(keeps_on_disk=False)
        return self._private

    def close(self) -> None:
        """End the children, working or not."""
        self.usual.close()
        if self._private is not None:
            self._private.close()
