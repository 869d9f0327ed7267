"""Programs that take pictures: run with a time limit, and stopped when nobody wants the picture any more."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.capture.errors import CaptureCancelled, CaptureFailed, CaptureUnavailable

_POLL_S = 0.1
_WORDS_MAX = 300


def run(
    command: Sequence[str], time_limit_s: float, stop: threading.Event | None = None, *, stdout: int = subprocess.PIPE
) -> bytes:
    """What the program wrote to its standard output, if that is piped.

    Raises:
        CaptureUnavailable: it is not there.
        CaptureFailed: it failed or took too long; its last words are in the message.
        CaptureCancelled: `stop` was set.
    """
    # No pipe for complaints: a child that outlives the program would hold it open.
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=complaints)
        except OSError as error:
            words = QCoreApplication.translate("Capture", "The program {0} cannot be started: {1}")
            raise CaptureUnavailable(words.format(command[0], error.strerror)) from error
        with process:
            try:
                output = _wait(process, command[0], time_limit_s, stop)
            finally:
                process.kill()
        if process.returncode:
            complaints.seek(0)
            last_words = complaints.read().decode("utf-8", "replace").strip()[-_WORDS_MAX:] or str(process.returncode)
            words = QCoreApplication.translate("Capture", "The program {0} did not give a picture of the screen: {1}")
            raise CaptureFailed(words.format(command[0], last_words))
        return output


def picture_from_file(command: Callable[[Path], Sequence[str]], time_limit_s: float, stop: threading.Event | None = None) -> QImage:
    """For a program that writes only to a file: what it wrote to the one that `command` told it. It is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sightline-") as folder:  # for this user only
        file = Path(folder, "screen.png")
        arguments = command(file)
        run(arguments, time_limit_s, stop, stdout=subprocess.DEVNULL)
        image = QImage(str(file))
    if image.isNull():  # some say nothing and end well when the desktop forbids it
        words = QCoreApplication.translate("Capture", "The program {0} ended without a picture of the screen.")
        raise CaptureFailed(words.format(arguments[0]))
    return image


def _wait(process: subprocess.Popen[bytes], name: str, time_limit_s: float, stop: threading.Event | None) -> bytes:
    end = time.monotonic() + time_limit_s
    while True:
        try:
            return process.communicate(timeout=_POLL_S)[0] or b""
        except subprocess.TimeoutExpired:
            if stop is not None and stop.is_set():
                raise CaptureCancelled(QCoreApplication.translate("Capture", "The capture was stopped.")) from None
            if time.monotonic() > end:
                words = QCoreApplication.translate("Capture", "The program {0} gave no picture of the screen within {1} s.")
                raise CaptureFailed(words.format(name, round(time_limit_s))) from None
