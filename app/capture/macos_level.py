"""On macOS, a window above the menu bar and the Dock: NSWindow's level, which Qt has no word for."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_long, c_void_p
from typing import Any

_OBJC = "/usr/lib/libobjc.A.dylib"
ABOVE_MENU_BAR = 25
"""NSStatusWindowLevel (NSWindow.h); the menu bar is at 24, the Dock at 20, what Qt keeps on top at 8."""


def raise_above_menu_bar(view: int, library: Any = None) -> None:
    """`view`: an NSView, which is what `winId` of a native window is there. The library is the system's own."""
    system: Any = library or _Library()
    window = system.ask(view, system.selector(b"window"))
    if window:
        system.tell(window, system.selector(b"setLevel:"), ABOVE_MENU_BAR)


class _Library:
    """Messages need a signature each: on ARM, arguments of functions with a variable number of them go elsewhere."""

    def __init__(self) -> None:
        objc = ctypes.CDLL(_OBJC)
        self.selector = objc.sel_registerName
        self.selector.argtypes, self.selector.restype = (c_char_p,), c_void_p
        self.ask = ctypes.cast(objc.objc_msgSend, ctypes.CFUNCTYPE(c_void_p, c_void_p, c_void_p))
        self.tell = ctypes.cast(objc.objc_msgSend, ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_long))
