"""Recordings of the screen for the question in the window: chosen, framed, ended, and attached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.recording import Recording, RecordingOptions
from app.settings.schema import Settings

if TYPE_CHECKING:
    from app.capture.models import Rect, Screen
    from app.ui.recording_frame import RecordingFrame


class ScreenRecording(QObject):
    """Attributes:
        recording: what is recorded, if anything.

    Signals:
        running_changed(is running): to be seen wherever Sightline is seen.
        kept(path): a video is there, to be asked about.
        failed(words): it could not begin, or ended by itself; what was recorded is kept all the same.
        ended(): nothing is recorded any more.
    """

    running_changed = Signal(bool)
    kept = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, settings: Callable[[], Settings], parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._frame: RecordingFrame | None = None
        self._was_running = False
        self.recording = recording = Recording(self._options, self)
        recording.state_changed.connect(self._on_recording_state_changed)
        recording.progressed.connect(self._on_recording_progressed)
        recording.failed.connect(self._on_recording_failed)
        recording.finished.connect(self._on_recording_finished)

    @property
    def is_running(self) -> bool:
        """Whether something is being recorded, or was and is being written."""
        return self.recording.state != "idle"

    def start(self, screen: Screen, area: Rect | None) -> None:
        """Record a screen, or an area of it in image pixels."""
        from app.ui.recording_frame import RecordingFrame

        if self.is_running:
            return
        self.recording.start(screen, area)
        if self.is_running:
            frame = self._frame = RecordingFrame(screen, area, self)
            frame.pause_wanted.connect(self.recording.pause)
            frame.resume_wanted.connect(self.recording.resume)
            frame.stop_wanted.connect(self.stop)
            frame.discard_wanted.connect(self.discard)
            frame.set_state(self.recording.state)

    def stop(self) -> None:
        """End it, and keep what was recorded."""
        self.recording.stop(True)

    def discard(self) -> None:
        """End it, and throw it away."""
        self.recording.stop(False)

    def close(self) -> None:
        """Take the frame away, and let what runs be written to its end."""
        self._drop_frame()
        self.recording.close()

    def _options(self) -> RecordingOptions:
        settings = self._settings()
        return RecordingOptions(settings.recording_fps, settings.recording_limit_mb, settings.recording_codec)

    def _drop_frame(self) -> None:
        if self._frame is not None:
            self._frame.close()
            self._frame = None

    def _on_recording_state_changed(self) -> None:
        if self._frame is not None:
            self._frame.set_state(self.recording.state)
        if self.is_running != self._was_running:
            self._was_running = self.is_running
            self.running_changed.emit(self.is_running)
            if not self.is_running:
                self._drop_frame()
                self.ended.emit()

    def _on_recording_progressed(self) -> None:
        if self._frame is not None and self.recording.progress is not None:
            self._frame.set_progress(self.recording.progress)

    def _on_recording_failed(self, _code: str, message: str) -> None:
        self.failed.emit(message)

    def _on_recording_finished(self, path: str) -> None:
        self.kept.emit(Path(path))
