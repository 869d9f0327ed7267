"""The windows of macOS: CGWindowListCopyWindowInfo, whose points are Qt's logical pixels. Names need the screen's permission."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import byref, c_bool, c_char_p, c_double, c_int, c_long, c_uint32, c_void_p
from typing import Any

from app.capture.models import Rect, Screen, WindowOutline

_CORE_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_CORE_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_ON_SCREEN, _NO_DESKTOP = 1 << 0, 1 << 4
"""kCGWindowListOptionOnScreenOnly and kCGWindowListExcludeDesktopElements (CGWindow.h)."""
_NORMAL_LAYER = 0
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_DOUBLE = 13  # kCFNumberDoubleType
_TEXT_MAX = 1024


class _Bounds(ctypes.Structure):
    """A CGRect."""

    _fields_ = (("x", c_double), ("y", c_double), ("width", c_double), ("height", c_double))


_SIGNATURES: dict[str, tuple[tuple[Any, ...], Any]] = {
    "CGWindowListCopyWindowInfo": ((c_uint32, c_uint32), c_void_p),
    "CGRectMakeWithDictionaryRepresentation": ((c_void_p, ctypes.POINTER(_Bounds)), c_bool),
    "CFArrayGetCount": ((c_void_p,), c_long),
    "CFArrayGetValueAtIndex": ((c_void_p, c_long), c_void_p),
    "CFDictionaryGetValue": ((c_void_p, c_void_p), c_void_p),
    "CFNumberGetValue": ((c_void_p, c_int, c_void_p), c_bool),
    "CFStringCreateWithCString": ((c_void_p, c_char_p, c_uint32), c_void_p),
    "CFStringGetCString": ((c_void_p, c_char_p, c_long, c_uint32), c_bool),
    "CFRelease": ((c_void_p,), None),
}


def windows(screens: Sequence[Screen], library: Any = None) -> list[WindowOutline]:
    """Topmost first. The library is the system's own."""
    system: Any = library or _Library()
    listed = system.CGWindowListCopyWindowInfo(_ON_SCREEN | _NO_DESKTOP, 0)
    if not listed:
        return []
    keys = {name: system.CFStringCreateWithCString(None, b"kCGWindow" + name, _UTF8) for name in _KEYS}
    try:
        described = [system.CFArrayGetValueAtIndex(listed, index) for index in range(system.CFArrayGetCount(listed))]
        outlines = (_outline(about, keys, system) for about in described)
        return [outline for outline in outlines if outline is not None]
    finally:
        for created in (listed, *keys.values()):
            system.CFRelease(created)


_KEYS = (b"Layer", b"Alpha", b"Bounds", b"Name", b"OwnerName")


def _outline(about: int, keys: dict[bytes, int], system: Any) -> WindowOutline | None:
    values = {name: system.CFDictionaryGetValue(about, key) for name, key in keys.items()}
    bounds = _Bounds()
    if _number(values[b"Layer"], system) != _NORMAL_LAYER or not _number(values[b"Alpha"], system):
        return None
    if not values[b"Bounds"] or not system.CGRectMakeWithDictionaryRepresentation(values[b"Bounds"], byref(bounds)):
        return None
    title = _text(values[b"Name"], system) or _text(values[b"OwnerName"], system)
    return WindowOutline(title, Rect(round(bounds.x), round(bounds.y), round(bounds.width), round(bounds.height)))


def _number(value: int | None, system: Any) -> float:
    number = c_double(0)
    return number.value if value and system.CFNumberGetValue(value, _DOUBLE, byref(number)) else 0.0


def _text(value: int | None, system: Any) -> str:
    buffer = ctypes.create_string_buffer(_TEXT_MAX)
    is_there = value and system.CFStringGetCString(value, buffer, _TEXT_MAX, _UTF8)
    return buffer.value.decode("utf-8", "replace") if is_there else ""


class _Library:
    """The functions of both frameworks."""

    def __init__(self) -> None:
        frameworks = {"CG": ctypes.CDLL(_CORE_GRAPHICS), "CF": ctypes.CDLL(_CORE_FOUNDATION)}
        for name, (arguments, result) in _SIGNATURES.items():
            function = getattr(frameworks[name[:2]], name)
            function.argtypes, function.restype = arguments, result
            setattr(self, name, function)
