"""Which handler listens for keys on this desktop."""

from __future__ import annotations

import logging

from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.handlers.external import ExternalHandler
from app.hotkey.handlers.macos import MacHandler
from app.hotkey.handlers.portal import PortalHandler
from app.hotkey.handlers.windows import WindowsHandler
from app.hotkey.handlers.x11 import X11Handler
from app.hotkey.models import HotkeyHandler

log = logging.getLogger(__name__)


def handlers() -> tuple[HotkeyHandler, ...]:
    """All of them, in order of preference; `external` is always possible and always last."""
    return (WindowsHandler(), MacHandler(), X11Handler(), PortalHandler(), ExternalHandler())


def usable(forced: str = "") -> list[HotkeyHandler]:
    """Those to be tried here, the best first; of a forced one, it alone.

    Raises:
        HotkeyUnavailable: the forced one does not exist or cannot work here; the message says what to install.
    """
    if not forced:
        return [handler for handler in handlers() if handler.is_compatible() and handler.is_installed()]
    handler = next((handler for handler in handlers() if handler.name == forced), None)
    if handler is None or not handler.is_compatible():
        raise HotkeyUnavailable(
            f"Keys cannot be listened for through “{forced}” on this desktop. Choose another way in the settings."
        )
    if not handler.is_installed():
        raise HotkeyUnavailable(f"Keys cannot be listened for through “{forced}”: a part is missing. {handler.install_hint}")
    return [handler]
