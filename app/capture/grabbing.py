"""Takes pictures of the screens without holding the window up."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.capture import geometry
from app.capture.errors import CaptureCancelled, CaptureError, CaptureFailed, CaptureRefused, CaptureUnavailable
from app.capture.models import Capture, Screen
from app.workers.tasks import TaskRunner

log = logging.getLogger(__name__)

CLEARING_MS = 150
"""Between the end of the count and the picture, so that what showed the count is no longer on the screen."""

_WORDS_MAX = 300


class Grabber(QObject):
    """One capture at a time; another that is wanted meanwhile is not begun.

    Signals:
        counting(seconds left): with a delay, each second, and 0 shortly before the picture: what shows it must go then.
        captured(Capture): every screen, and the windows on them.
        failed(code, message): of any class in `errors`. "capture_cancelled" is nothing to speak of.
        prepared(handler, words): after `warm_up`: what will take the pictures, and what the user should know before the first one,
            both perhaps empty. Where nothing can take them, the words say what to install.
    """

    counting = Signal(int)
    captured = Signal(object)
    failed = Signal(str, str)
    prepared = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = ""
        self._delay_s = 0.0
        self._is_busy = False
        self._job_id = 0
        self._stop = threading.Event()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._count)
        self._tasks = TaskRunner("capture", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)

    @property
    def is_busy(self) -> bool:
        """Whether it counts, waits for the system's dialog, or takes the picture."""
        return self._is_busy

    def grab(self, delay_s: float = 0.0, handler: str = "") -> None:
        """Begin. `handler` forces one by its name; empty is the best one here."""
        if self._is_busy:
            return
        self._is_busy = True
        self._stop.clear()
        self._handler, self._delay_s = handler, delay_s
        if delay_s > 0:
            self._count()
        else:
            self._begin()

    def cancel(self) -> None:
        """Give up counting, or waiting for the system's dialog. `failed` tells when it is done."""
        self._stop.set()
        if self._timer.isActive():
            self._timer.stop()
            self._end_with(_stopped())

    def warm_up(self) -> None:
        """Load what the first capture needs, when there is nothing else to do. `prepared` tells when it is done."""
        self._tasks.run(_load)

    def close(self) -> None:
        """No signal comes any more."""
        self._timer.stop()
        self._stop.set()
        self._tasks.close()

    def _count(self) -> None:
        seconds = math.ceil(self._delay_s)
        if seconds < 0:
            self._begin()
            return
        next_s = max(0, seconds - 1) if seconds else -1
        self._timer.start(round((self._delay_s - next_s) * 1000) if seconds else CLEARING_MS)
        self._delay_s = next_s
        self.counting.emit(seconds)

    def _begin(self) -> None:
        self._job_id = self._tasks.run(take, geometry.screens(), self._handler, self._stop)

    def _on_tasks_succeeded(self, _job_id: int, result: Capture | tuple[str, str]) -> None:
        if isinstance(result, tuple):
            self.prepared.emit(*result)
            return
        if self._stop.is_set():  # too late for the handler
            self._end_with(_stopped())
            return
        self._is_busy = False
        self.captured.emit(result)

    def _on_tasks_failed(self, job_id: int, error: Exception) -> None:
        if job_id != self._job_id:
            log.warning("the capture cannot be prepared: %r", error)
            return
        if not isinstance(error, CaptureError):
            log.error("a capture went wrong", exc_info=error)
            error = CaptureFailed(self.tr("The picture of the screen could not be taken: {0}").format(str(error)[:_WORDS_MAX]))
        self._end_with(error)

    def _end_with(self, error: CaptureError) -> None:
        self._is_busy = False
        self.failed.emit(error.code, error.message)


def take(screens: Sequence[Screen], handler: str = "", stop: threading.Event | None = None) -> Capture:
    """Every screen as it is now, by the forced handler, or by the first that can. In a worker's thread.

    What is not there or fails gives way to the next handler; a no of the user or the system does not.

    Raises:
        CaptureError: any class of it; the first handler's when all fail.
    """
    from app.capture import outlines, select

    if not screens:
        raise CaptureUnavailable(QCoreApplication.translate("Capture", "No screen is connected."))
    first_error: CaptureError | None = None
    for candidate in select.candidates(handler):
        try:
            pictures = candidate.grab(screens, stop)
        except (CaptureRefused, CaptureCancelled):
            raise
        except CaptureError as error:
            log.warning("%s took no picture: %s", candidate.name, error)
            first_error = first_error or error
        else:
            return Capture(tuple(pictures), outlines.windows(screens), candidate.name)
    assert first_error is not None
    raise first_error


def _stopped() -> CaptureCancelled:
    return CaptureCancelled(QCoreApplication.translate("Capture", "The capture was stopped."))


def _load() -> tuple[str, str]:
    """What takes long the first time: imports, connections, the start of the portal. The handler, and the words about it."""
    from app.capture import outlines, permissions, select
    from app.capture.handlers import mss

    outlines.windows(())
    try:
        handler = select.choose().name
    except CaptureUnavailable as error:
        return "", error.message
    if handler == "mss":
        with mss.open_screens():
            pass
    return handler, permissions.explanation(handler) or ""
