"""Which handler takes the picture.

The order is the preference: what asks nothing and gives true pixels first, then grim, which is faster than the portal and asks
nothing, then the portal, then the desktops' own programs.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from app.capture.errors import CaptureUnavailable
from app.capture.handlers.gnome_screenshot import GnomeScreenshotHandler
from app.capture.handlers.grim import GrimHandler
from app.capture.handlers.mss import MssHandler
from app.capture.handlers.portal import PortalHandler
from app.capture.handlers.spectacle import SpectacleHandler
from app.capture.models import CaptureHandler


def handlers() -> tuple[CaptureHandler, ...]:
    """All there are, the best first."""
    return MssHandler(), GrimHandler(), PortalHandler(), SpectacleHandler(), GnomeScreenshotHandler()


def choose(forced: str = "") -> CaptureHandler:
    """The best one that works here, or the one that is `forced` by its name.

    In a worker's thread: the portal is asked whether it is there.

    Raises:
        CaptureUnavailable: the message says what to install.
    """
    return next(candidates(forced))


def candidates(forced: str = "") -> Iterator[CaptureHandler]:
    """Those that should work here, the best first; each is looked at when the one before was no use. Raises as `choose` does."""
    if forced:
        yield _forced(forced)
        return
    compatible = [handler for handler in handlers() if handler.is_compatible()]
    has_any = False
    for handler in compatible:
        if handler.is_installed():
            has_any = True
            yield handler
    if not compatible:
        words = QCoreApplication.translate("Capture", "There is no screen to take a picture of: no desktop is running here.")
        raise CaptureUnavailable(words)
    if not has_any:
        words = QCoreApplication.translate("Capture", "Nothing here can take a picture of the screen. One of these helps: {0}")
        raise CaptureUnavailable(words.format(" ".join(handler.install_hint for handler in compatible)))


def _forced(name: str) -> CaptureHandler:
    known = {handler.name: handler for handler in handlers()}
    handler = known.get(name)
    if handler is None:
        words = QCoreApplication.translate("Capture", "There is no way of capturing named “{0}”. There are: {1}.")
        raise CaptureUnavailable(words.format(name, ", ".join(known)))
    if not handler.is_compatible():
        words = QCoreApplication.translate(
            "Capture", "“{0}” cannot take pictures of this kind of desktop. Leave the choice to Sightline."
        )
        raise CaptureUnavailable(words.format(name))
    if not handler.is_installed():
        words = QCoreApplication.translate("Capture", "“{0}” is not installed. {1}")
        raise CaptureUnavailable(words.format(name, handler.install_hint))
    return handler
