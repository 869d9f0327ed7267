"""A format module that does what the file says: hang, crash, grow, and so on. For tests of the border around format modules.

The first word of a file is what to do when its text is asked for, the rest its arguments. `open:` before it does it on opening.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from ingest.documents import Source
from ingest.errors import Damaged
from ingest.types import Contents, PageInfo, PageText, Pixels

ROOT = Path(__file__).parents[2]
COMMAND = (
    sys.executable,
    "-P",
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ingest import documents; "
    "documents.OPENERS['text'] = 'tests.helpers.unruly_reader'; from ingest.worker import main; main()",
)
"""Starts the real worker with this as the module for text."""

_kept: list[bytearray] = []


class UnrulyDocument:
    """One page."""

    def __init__(self, source: Source, deed: str) -> None:
        self.contents = Contents("text", page_count=1, title=source.media_type)
        self._deed = deed

    def page(self, index: int) -> PageInfo:
        return PageInfo(index, "page 1", 100.0, 100.0, True)

    def text(self, index: int) -> PageText:
        return PageText(do(self._deed))

    def render(self, index: int, width: int, height: int) -> Pixels:
        return Pixels(width, height, bytes(width * height * 3))

    def close(self) -> None:
        if self._deed.startswith("badly-closed"):
            raise RuntimeError("cannot be closed")


def open_document(source: Source, password: str | None) -> UnrulyDocument:
    text = source.read().decode()
    if text.startswith("open:"):
        do(text.removeprefix("open:"))
    return UnrulyDocument(source, text)


def do(deed: str) -> str:
    """Returns a text, if it returns."""
    word, *arguments = deed.split()
    match word:
        case "pid" | "badly-closed":
            return str(os.getpid())
        case "wait":
            time.sleep(float(arguments[0]))
        case "wait-until":
            while not Path(arguments[0]).exists():
                time.sleep(0.01)
        case "loop":
            while True:
                pass
        case "hang-in-native-code":
            ctypes.PyDLL(None).sleep(1000)  # keeps the interpreter's lock
        case "crash":
            faulthandler.disable()
            ctypes.string_at(0)
        case "crash-once":  # in the process that has served before
            if arguments[0] == str(os.getpid()):
                os._exit(3)
            return "survived"
        case "exit":
            os._exit(0)
        case "raise":
            raise {
                "damaged": Damaged("\x1b[31m" + "long " * 1000),
                "memory": MemoryError(),
                "key": KeyError(1),
                "import": ImportError(name="json"),
            }[arguments[0]]
        case "grow":
            while True:
                _kept.append(bytearray(b"x" * (16 << 20)))
        case "swell":
            _kept.append(bytearray(b"x" * (int(arguments[0]) << 20)))
            return str(os.getpid())
        case "print":
            os.write(1, b'{"result": []}\n')
            print("to nobody")
        case "start":  # a program that goes on, and tells its number
            program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
            Path(arguments[0]).write_text(f"{os.getpid()} {program.pid}")
            do(" ".join(arguments[1:]))
        case "environment":
            return json.dumps(dict(os.environ))
        case "descriptors":
            found = []
            for name in os.listdir("/proc/self/fd"):
                with contextlib.suppress(FileNotFoundError):  # the one that lists
                    found.append(os.readlink(f"/proc/self/fd/{name}"))
            return json.dumps(found)
        case "connect":
            with socket.socket() as connection:
                connection.settimeout(5)
                try:
                    connection.connect(("127.0.0.1", int(arguments[0])))
                except OSError as error:
                    return type(error).__name__
            return "connected"
        case "who":
            return f"{os.getuid()} {os.getgid()} {os.getpgrp() == os.getpid()}"
    return ""
