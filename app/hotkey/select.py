"""Which handler listens for keys on this desktop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.handlers.external import ExternalHandler
from app.hotkey.handlers.macos import MacHandler
from app.hotkey.handlers.portal import PortalHandler
from app.hotkey.handlers.windows import WindowsHandler
from app.hotkey.handlers.x11 import X11Handler
from app.hotkey.models import HotkeyHandler


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
        words = QCoreApplication.translate(
            "Hotkeys", "On this desktop, keys cannot be listened for through “{name}”. Choose another way in the settings."
        )
        raise HotkeyUnavailable(words.format(name=forced))
    if not handler.is_installed():
        words = QCoreApplication.translate("Hotkeys", "Keys cannot be listened for through “{name}”: a part is missing. {hint}")
        raise HotkeyUnavailable(words.format(name=forced, hint=handler.install_hint))
    return [handler]
