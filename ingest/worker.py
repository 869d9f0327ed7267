"""The child that reads files: takes one request after another from stdin, answers on stdout, ends when stdin closes.

    open(source)                              -> contents, sha256
    pages(source, first, count)               -> [PageInfo]
    text(source, index)                       -> PageText
    render(source, index, width, height)      -> blob
    times(source, start_s, end_s, rate, max)  -> [FrameTime]
    frame(source, time_s, width, height)      -> blob
    recognise(width, height) + blob           -> [RecognisedLine]

A source is named in every request and its document is kept open for the next, so that a new child can go on where another died.
Native code prints where it likes: fd 1 is pointed at stderr before a parser is imported, and the protocol speaks on a duplicate.
"""

from __future__ import annotations

import contextlib
import errno
import faulthandler
import hashlib
import os
import signal
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from base.wire import Wire, read_message, write_message
from ingest import detect, limits
from ingest.codec import to_wire
from ingest.documents import Clip, Document, Source, open_source
from ingest.errors import Damaged, FileChanged, FileUnreadable, IngestError, NoSuchPage, ReaderIncomplete, ReaderMemory, TooLarge
from ingest.files import file_key
from ingest.sandbox import limit_this_process, watch_parent
from ingest.types import TIMED_KINDS


class BlobNeeded(Exception):
    """The bytes of a source without a file were not sent yet, or are forgotten."""


class Worker:
    """One reading child."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._open: OrderedDict[tuple[Any, ...], tuple[Source, str, Document | Clip]] = OrderedDict()

    def run(self) -> None:
        """Serve until stdin closes, or nothing comes for too long."""
        idle_s = limits.IDLE_SECONDS
        while True:
            faulthandler.dump_traceback_later(idle_s, exit=True)
            if (received := read_message(self._requests)) is None:
                return
            request, blob = received
            # The parent ends what takes too long. Should the parent be gone, this does, even out of native code.
            faulthandler.dump_traceback_later(request["limit_s"] * 1.5 + 5.0, exit=True)
            message, pixels = self._answer(request, blob)
            write_message(self._answers, message | {"id": request["id"]}, pixels)
            idle_s = request["idle_s"]
            del request, blob, received, message, pixels

    def _answer(self, request: Wire, blob: bytes) -> tuple[Wire, bytes | None]:
        name = request.get("source", {}).get("name", "The picture")
        try:
            result, pixels = getattr(self, f"_do_{request['method']}")(request, blob)
            return {"result": result}, pixels
        except BlobNeeded:
            return {"is_blob_needed": True}, None
        except IngestError as error:
            return {"error": [error.code, error.message]}, None
        except MemoryError:
            self._forget_all()
            return {"error": [ReaderMemory.code, f"{name} needs more memory than may be used to read a file."]}, None
        except Exception as error:  # parsers throw whatever they please on damaged data
            refusal = _explain(error, request, name)
            return {"error": [refusal.code, refusal.message], "trace": _trace(error)}, None

    def _do_open(self, request: Wire, blob: bytes) -> tuple[Any, None]:
        source, kind, opened = self._opened(request, blob)
        return {"contents": to_wire(opened.contents), "sha256": source.sha256, "kind": kind}, None

    def _do_pages(self, request: Wire, blob: bytes) -> tuple[Any, None]:
        document = self._document(request, blob)
        first, count = request["first"], request["count"]
        last = min(first + count, document.contents.page_count)
        return [to_wire(document.page(index)) for index in range(first, last)], None

    def _do_text(self, request: Wire, blob: bytes) -> tuple[Any, None]:
        document = self._document(request, blob)
        return to_wire(document.text(self._index(request, document))), None

    def _do_render(self, request: Wire, blob: bytes) -> tuple[Any, bytes]:
        document = self._document(request, blob)
        return None, document.render(self._index(request, document), request["width"], request["height"]).rgb

    def _do_times(self, request: Wire, blob: bytes) -> tuple[Any, None]:
        clip = self._clip(request, blob)
        times = clip.times(request["start_s"], request["end_s"], request["frames_per_s"], request["count_max"])
        return [to_wire(time) for time in times], None

    def _do_frame(self, request: Wire, blob: bytes) -> tuple[Any, bytes]:
        clip = self._clip(request, blob)
        return None, clip.frame(request["time_s"], request["width"], request["height"]).rgb

    def _do_recognise(self, request: Wire, blob: bytes) -> tuple[Any, None]:
        from ingest import recognition

        return to_wire(recognition.recognise(request["width"], request["height"], blob)), None

    def _document(self, request: Wire, blob: bytes) -> Document:
        _, kind, opened = self._opened(request, blob)
        assert kind not in TIMED_KINDS
        return opened  # type: ignore[return-value]

    def _clip(self, request: Wire, blob: bytes) -> Clip:
        _, kind, opened = self._opened(request, blob)
        assert kind in TIMED_KINDS
        return opened  # type: ignore[return-value]

    def _index(self, request: Wire, document: Document) -> int:
        index: int = request["index"]
        if not 0 <= index < document.contents.page_count:
            raise NoSuchPage(f"{request['source']['name']} has {document.contents.page_count} pages; there is no page {index + 1}.")
        return index

    def _opened(self, request: Wire, blob: bytes) -> tuple[Source, str, Document | Clip]:
        wire = request["source"]
        if wire["path"] is not None:
            _check_file(wire)
        key = (wire["path"], str(wire["key"]), request["password"])
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        source = _source(wire, blob)
        found = detect.detect(source)
        _check_size(source, found)
        source = Source(source.name, source.path, source.data, found.media_type, wire["sha256"] or _sha256(source), source.cache)
        self._open[key] = source, found.kind, open_source(source, found.kind, request["password"])
        while len(self._open) > limits.OPEN_DOCUMENTS_MAX:
            self._forget(next(iter(self._open)))
        return self._open[key]

    def _forget(self, key: tuple[Any, ...]) -> None:
        """Close a document. That it cannot even be closed is no concern of the next."""
        _, _, opened = self._open.pop(key)
        with contextlib.suppress(Exception):
            opened.close()

    def _forget_all(self) -> None:
        for key in list(self._open):
            self._forget(key)


def _source(wire: Wire, blob: bytes) -> Source:
    """What the parent named. Raises BlobNeeded."""
    cache = Path(wire["cache"]) if wire["cache"] else None
    if wire["path"] is not None:
        return Source(wire["name"], path=Path(wire["path"]), cache=cache)
    if not blob and not wire["is_empty"]:
        raise BlobNeeded
    return Source(wire["name"], data=blob, cache=cache)


def _check_file(wire: Wire) -> None:
    """Raises FileMissing, FileUnreadable, or FileChanged when it is no longer the file that was opened first."""
    if file_key(Path(wire["path"]), wire["name"]) != wire["key"]:
        raise FileChanged(f"{wire['name']} has changed since it was opened. Attach it again to use what is in it now.")


def _check_size(source: Source, found: detect.Detected) -> None:
    if found.media_type in ("image/png", "image/tiff"):
        limit = limits.PLAIN_PICTURE_BYTES_MAX
    elif found.kind in ("picture", "animation"):
        limit = limits.PICTURE_BYTES_MAX
    elif found.kind == "deck" or source.read(2) == b"PK":
        limit = limits.ARCHIVE_BYTES_MAX
    elif found.kind == "text":
        limit = limits.TEXT_BYTES_MAX
    else:
        return  # read piece by piece, however large
    if source.size_bytes > limit:
        raise TooLarge(f"{source.name} has {source.size_bytes >> 20} MB; files of its kind are read up to {limit >> 20} MB.")


def _sha256(source: Source) -> str:
    with source.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _explain(error: Exception, request: Wire, name: str) -> IngestError:
    """Why a parser failed: it may not be the data, but the installation, or that the file can no longer be reached."""
    if isinstance(error, ImportError):
        return ReaderIncomplete(f"{name} cannot be read because a part of Sightline is missing ({error.name}). Install it again.")
    source = request.get("source")
    if source is not None and source["path"] is not None:
        try:
            _check_file(source)
        except IngestError as refusal:
            return refusal
        if type(error) is OSError and error.errno in (errno.EIO, errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", -1)):
            return FileUnreadable(f"{name} cannot be read: {error.strerror}.")
    return Damaged(f"{name} is damaged and cannot be read.")


def _trace(error: Exception) -> str:
    """The kind of an exception nobody expected, and where it came from: innermost in Sightline, and innermost of all."""
    import traceback  # 5 ms

    traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    here = Path(__file__).parent
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(here)]
    places = dict.fromkeys(f"{Path(frame.filename).name}:{frame.lineno}" for frame in (own[-1], frames[-1]))
    return f"{type(error).__name__} at {', '.join(places)}"


def main() -> NoReturn:
    """Run the child on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_this_process()
    watch_parent()
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the application decides
    code = 0
    try:
        Worker(sys.stdin.buffer, answers).run()
    except BrokenPipeError:
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
