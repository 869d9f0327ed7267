"""The child that reads files: takes one request after another from stdin, answers on stdout, ends when stdin closes.

    open(source)                              -> contents, sha256
    pages(source, first, count)               -> [PageInfo]
    text(source, index)                       -> PageText
    render(source, index, width, height)      -> blob
    times(source, start_s, end_s, rate, max)  -> [FrameTime]
    frame(source, time_s, width, height)      -> blob
    recognise(width, height) + blob           -> [RecognisedLine]

A source is named in every request and its document is kept open for the next, so that a new child can go on where another died.
Native code prints where it likes: fd 1 is pointed at stderr before anything is imported, and the protocol speaks on a duplicate.
"""

from __future__ import annotations

import contextlib
import faulthandler
import hashlib
import os
import signal
import sys
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from base.wire import Wire, encode_message, read_message
from ingest import detect
from ingest.codec import to_wire
from ingest.documents import Clip, Document, Source, open_source
from ingest.errors import Damaged, FileChanged, FileMissing, FileUnreadable, IngestError, NoSuchPage, ReaderMemory
from ingest.types import TIMED_KINDS

OPEN_DOCUMENTS_MAX = 8
ADDRESS_SPACE_BYTES = 8 << 30
"""More than any reader needs, less than what would bring a computer down before the parent notices."""


class DataNeeded(IngestError):
    """The bytes of a source without a file were not sent yet, or are forgotten. Between parent and child only."""

    code = "data_needed"


class Worker:
    """One reading child."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._open: OrderedDict[tuple[Any, ...], tuple[Source, str, Document | Clip]] = OrderedDict()

    def run(self) -> None:
        """Serve until stdin closes."""
        while (received := read_message(self._requests)) is not None:
            request, blob = received
            # The parent kills what takes too long. Should the parent be gone, this does.
            faulthandler.dump_traceback_later(request["time_s"] * 1.5 + 5.0, exit=True)
            try:
                result, pixels = getattr(self, f"_do_{request['method']}")(request, blob)
                self._send({"result": result}, pixels)
            except IngestError as error:
                self._send({"error": [error.code, error.message]})
            except MemoryError:
                self._forget_all()
                self._send(
                    {"error": [ReaderMemory.code, f"{_name_of(request)} needs more memory than may be used to read a file."]}
                )
            except Exception:  # parsers throw whatever they please on damaged data
                traceback.print_exc()
                self._send({"error": [Damaged.code, f"{_name_of(request)} is damaged and cannot be read."]})
            finally:
                faulthandler.cancel_dump_traceback_later()

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
            raise NoSuchPage(f"{_name_of(request)} has {document.contents.page_count} pages; there is no page {index + 1}.")
        return index

    def _opened(self, request: Wire, blob: bytes) -> tuple[Source, str, Document | Clip]:
        wire = request["source"]
        key = (wire["path"], wire["key"], request["password"])
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        source = _source(wire, blob)
        found = detect.detect(source)
        source = Source(source.name, source.path, source.data, found.media_type, wire["sha256"] or _sha256(source), source.cache)
        self._open[key] = source, found.kind, open_source(source, found.kind, request["password"])
        while len(self._open) > OPEN_DOCUMENTS_MAX:
            self._open.popitem(last=False)[1][2].close()
        return self._open[key]

    def _forget_all(self) -> None:
        while self._open:
            with contextlib.suppress(Exception):
                self._open.popitem()[1][2].close()

    def _send(self, message: Wire, blob: bytes | None = None) -> None:
        self._answers.write(encode_message(message, blob))
        self._answers.flush()


def _source(wire: Wire, blob: bytes) -> Source:
    """What the parent named, as it was when it was opened first. Raises FileMissing, FileUnreadable, FileChanged or DataNeeded."""
    cache = Path(wire["cache"]) if wire["cache"] else None
    if wire["path"] is None:
        if not blob and not wire["is_empty"]:
            raise DataNeeded("The bytes are needed.")
        return Source(wire["name"], data=blob, cache=cache)
    path = Path(wire["path"])
    try:
        stat = path.stat()
        with open(path, "rb"):
            pass
    except FileNotFoundError:
        raise FileMissing(f"{wire['name']} is no longer where it was. It may have been moved or renamed.") from None
    except OSError as error:
        raise FileUnreadable(f"{wire['name']} cannot be read: {error.strerror}.") from None
    if [stat.st_size, stat.st_mtime_ns] != wire["key"]:
        raise FileChanged(f"{wire['name']} has changed since it was opened. Attach it again to use what is in it now.")
    return Source(wire["name"], path=path, cache=cache)


def _sha256(source: Source) -> str:
    with source.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _name_of(request: Wire) -> str:
    return str(request.get("source", {}).get("name", "The picture"))


def _limit_this_process() -> None:
    """Before anything is imported: no more memory than sane, no network, and the first to go when memory runs out."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("700")
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES if hard < 0 else min(hard, ADDRESS_SPACE_BYTES), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _leave_network()


def _leave_network() -> None:
    """On Linux, a network namespace with nothing in it, where the system allows that; parsers fetch nothing anyway."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    clone_newuser, clone_newnet = 0x10000000, 0x40000000  # sched.h
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(clone_newnet) != 0:
        libc.unshare(clone_newuser | clone_newnet)


def main() -> NoReturn:
    """Run the child on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_this_process()
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches this process too; the application decides
    code = 0
    try:
        Worker(sys.stdin.buffer, answers).run()
    except BrokenPipeError:
        pass
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
