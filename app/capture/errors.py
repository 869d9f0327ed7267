"""What goes wrong with captures.

CaptureError
├── CaptureUnavailable   nothing on this computer can make one
├── CaptureRefused       the system, or the user in its dialog, said no for now or for good
├── CaptureCancelled     the user closed the system's dialog; no error to speak of
├── CaptureFailed        it should have worked
└── RecordingFailed      a recording cannot begin or go on; what was recorded is kept
"""

from __future__ import annotations


class CaptureError(Exception):
    """Base. `message` is a full sentence: what happened, why, what to do."""

    code = "capture_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CaptureUnavailable(CaptureError):
    """No handler works here; the message says what to install."""

    code = "capture_unavailable"


class CaptureRefused(CaptureError):
    """A permission is missing; the message says where it is given."""

    code = "capture_refused"


class CaptureCancelled(CaptureError):
    """The user closed the dialog of the desktop."""

    code = "capture_cancelled"


class CaptureFailed(CaptureError):
    """The handler's own words are part of the message."""

    code = "capture_failed"


class RecordingFailed(CaptureError):
    """What was recorded until then is in the file."""

    code = "recording_failed"
