"""Windows of ours that are seen by the user and by no recording, where the system has such a thing.

Windows has it from version 10.0.19041 on. What macOS offers for it (`NSWindow.sharingType`) is not heeded from its version 15 on.
"""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtWidgets import QWidget

from app import system

WDA_EXCLUDEFROMCAPTURE = 0x11
"""WinUser.h."""

log = logging.getLogger(__name__)


def exclude(window: QWidget) -> bool:
    """Leave a window out of pictures and recordings. False where that is impossible."""
    if not system.is_windows():
        return False
    is_excluded = bool(_user32().SetWindowDisplayAffinity(int(window.winId()), WDA_EXCLUDEFROMCAPTURE))
    if not is_excluded:
        log.info("this Windows cannot leave a window out of recordings")
    return is_excluded


def _user32() -> Any:
    import ctypes

    return ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]
