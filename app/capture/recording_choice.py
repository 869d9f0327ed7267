"""In which way the screen can be recorded here, and words where it cannot."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app import system
from app.capture import permissions
from app.capture.errors import CaptureUnavailable
from app.capture.recording_job import Source


def choose_source() -> Source:
    """The way that works on this desktop.

    Raises:
        CaptureUnavailable: there is none, and the message says what helps.
        CaptureRefused: the system does not let Sightline see the screen, and the message says where it is allowed.
    """
    if system.is_windows() or system.is_macos() or system.is_x11_session():
        permissions.require()
        return "mss"
    if not system.is_wayland_session():
        words = QCoreApplication.translate("Recording", "There is no screen to record: no desktop is running here.")
        raise CaptureUnavailable(words)
    if system.desktop() in ("gnome", "kde"):
        raise CaptureUnavailable(_desktop_words())
    if not system.has_command("grim"):
        words = QCoreApplication.translate(
            "Recording", "This desktop is recorded with the program grim, which is not installed. Install it and try again."
        )
        raise CaptureUnavailable(words)
    return "grim"


def _desktop_words() -> str:
    """They hand their screen out through PipeWire only, for which there is no library that PyAV could read from."""
    if system.desktop() == "gnome":
        return QCoreApplication.translate(
            "Recording",
            "GNOME on Wayland lets other programs see single pictures of the screen, but Sightline cannot record it. Record with "
            "GNOME itself (press the Print key and choose the video camera), then attach the video here, or log in with “GNOME on "
            "Xorg” where it is offered.",
        )
    return QCoreApplication.translate(
        "Recording",
        "KDE on Wayland lets other programs see single pictures of the screen, but Sightline cannot record it. Record with "
        "Spectacle, then attach the video here, or log in with “Plasma (X11)” where it is offered.",
    )
