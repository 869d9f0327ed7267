"""Recordings of the screen: begun, paused and ended here, made in a process of their own, and kept or thrown away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QDateTime, QObject, QStandardPaths, QTimer, Signal

from app import paths, system
from app.capture.models import Rect, Screen

if TYPE_CHECKING:
    from app.capture.recorder import Command, Recorder
    from app.capture.recording_job import Codec, Ended, Event, Progress, RecordingJob

State = Literal["idle", "starting", "recording", "paused", "ending"]

STOP_LIMIT_MS = 10_000
"""A process that has not closed its file by then is ended; all but the last frame is in the file all the same."""
FREE_BYTES_MIN = 300_000_000
"""So much of the disk is left to other programs."""
_MB = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What the settings say. `limit_mb` is in units of 1,000,000 bytes; `folder` is None for the user's videos."""

    frames_per_s: int = 15
    limit_mb: int = 1_000
    codec: Codec = "h264"
    folder: Path | None = None


class Recording(QObject):
    """One recording at a time.

    Attributes:
        state: idle, starting (nothing is recorded yet), recording, paused or ending.
        path: of the file, from `started` on; None before.
        progress: seconds, bytes, frames and dropped frames of this recording, or of the last one; None before the first.

    Signals:
        state_changed()
        started(): the first frame is in the file.
        progressed(seconds, bytes, dropped frames): four times a second, and at the end.
        failed(code, message): it ended untold, or could not begin. What was recorded is kept: `finished` follows.
            Codes: capture_unavailable, capture_refused, recording_failed, recording_limit (its size), recording_disk_full.
        finished(path): a video to be kept, closed and whole.
        discarded(): it was thrown away as told.
    """

    state_changed = Signal()
    started = Signal()
    progressed = Signal(float, object, int)
    failed = Signal(str, str)
    finished = Signal(str)
    discarded = Signal()
    _told = Signal(object)

    def __init__(self, read_options: Callable[[], RecordingOptions] = RecordingOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_options = read_options
        self._recorder: Recorder | None = None
        self._is_kept = True
        self.state: State = "idle"
        self.path: Path | None = None
        self.progress: Progress | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(STOP_LIMIT_MS)
        self._patience.timeout.connect(self._on_patience_timeout)
        self._told.connect(self._on_told)

    def start(self, screen: Screen, area: Rect | None) -> None:
        """Record a screen, or an area of it in image pixels. Nothing happens while there is a recording."""
        from app.capture.errors import CaptureError
        from app.capture.recorder import Recorder

        if self.state != "idle":
            return
        try:
            job = self._job(screen, area)
        except CaptureError as error:
            self.failed.emit(error.code, error.message)
            return
        self.path, self.progress, self._is_kept = None, None, True
        self._set_state("starting")
        self._recorder = Recorder(system.recording_worker_command(), job, self._tell)

    def pause(self) -> None:
        """What happens from then on until `resume` is cut out. The state tells when it has begun."""
        self._tell_recorder("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._tell_recorder("resume")

    def stop(self, keep: bool) -> None:
        """End it. `finished` or `discarded` follows, or `failed` when there is nothing to keep."""
        if self._recorder is None or self.state == "ending":
            return
        self._is_kept = keep
        self._tell_recorder("stop")
        self._set_state("ending")
        self._patience.start()

    def close(self) -> None:
        """The program ends: what is being recorded is kept. Waits until the file is closed."""
        recorder, self._recorder = self._recorder, None
        self._patience.stop()
        if recorder is not None:
            recorder.tell("stop")
            recorder.wait(STOP_LIMIT_MS / 1000)
            if not self._is_kept and self.path is not None:
                _remove(self.path)
            self._set_state("idle")

    def _job(self, screen: Screen, area: Rect | None) -> RecordingJob:
        """Raises CaptureUnavailable, CaptureRefused or RecordingFailed."""
        from app.capture.errors import RecordingFailed
        from app.capture.recording_choice import choose_source
        from app.capture.recording_job import SIDE_PX_MIN, RecordingJob

        if area is not None and min(area.width, area.height) < SIDE_PX_MIN:
            words = QCoreApplication.translate(
                "Recording", "The region is too small for a recording. Choose at least {0} x {0} pixels."
            )
            raise RecordingFailed(words.format(SIDE_PX_MIN))
        options = self._read_options()
        return RecordingJob(
            screen=screen,
            area=area,
            source=choose_source(),
            folder=options.folder or videos_folder(),
            name=QDateTime.currentDateTime().toString("'Sightline' yyyy-MM-dd HH.mm.ss"),
            frames_per_s=options.frames_per_s,
            codec=options.codec,
            size_limit_bytes=options.limit_mb * _MB,
            free_bytes_min=FREE_BYTES_MIN,
        )

    def _tell_recorder(self, command: Command) -> None:
        if self._recorder is not None and self.state != "ending":
            self._recorder.tell(command)

    def _tell(self, event: Event) -> None:
        """In the recorder's thread."""
        try:
            self._told.emit(event)
        except RuntimeError:  # the window is gone
            log.debug("a recording ended after the window")

    def _on_told(self, event: Event) -> None:
        from app.capture.recording_job import Ended, Started

        if self._recorder is None:
            return
        if isinstance(event, Started):
            self.path = Path(event.path)
            if self.state == "starting":
                self._set_state("recording")
            self.started.emit()
        elif isinstance(event, Ended):
            self._end(event)
        else:
            self._show(event)
            if self.state in ("recording", "paused"):
                self._set_state("paused" if event.is_paused else "recording")

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress.seconds, progress.bytes, progress.dropped)

    def _end(self, ended: Ended) -> None:
        self._patience.stop()
        self._recorder = None
        self._show(ended.progress)
        self._set_state("idle")
        path = Path(ended.path) if ended.path else None
        if path is not None and not self._is_kept:
            _remove(path)
            self.discarded.emit()
            return
        if ended.ending != "stopped":
            log.warning("a recording ended: %s", ended.ending)
            from app.recording_words import ending_words

            self.failed.emit(*ending_words(ended))
        if path is not None:
            self.finished.emit(str(path))

    def _on_patience_timeout(self) -> None:
        if self._recorder is not None:
            self._recorder.kill()

    def _set_state(self, state: State) -> None:
        if state == self.state:
            return
        self.state = state
        self.state_changed.emit()


def videos_folder() -> Path:
    """The user's videos; Sightline's own data where the system names no such folder."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(place) if place else paths.data_dir() / "recordings"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("a recording could not be thrown away: %s", error.strerror)
