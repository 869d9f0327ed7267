"""The windows of Windows: user32 lists them from the top, the compositor (dwmapi) tells where their visible frames are."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import byref, c_int, c_long, c_ssize_t, c_uint32, c_void_p, sizeof
from typing import Any

from app.capture.geometry import from_native
from app.capture.models import Rect, Screen, WindowOutline

_FRAME_BOUNDS, _CLOAKED = 9, 14
"""DWMWA_EXTENDED_FRAME_BOUNDS, without the invisible border for resizing, and DWMWA_CLOAKED: on another desktop (dwmapi.h)."""
_EX_STYLE = -20  # GWL_EXSTYLE
_CLICKS_GO_THROUGH = 0x20  # WS_EX_TRANSPARENT: overlays that cover the screen
_BACKGROUNDS = frozenset({"Progman", "WorkerW"})
_TEXT_MAX = 512

_Callback: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)(c_int, c_void_p, c_ssize_t)


class _Bounds(ctypes.Structure):
    _fields_ = (("left", c_long), ("top", c_long), ("right", c_long), ("bottom", c_long))


def windows(screens: Sequence[Screen], user32: Any = None, dwmapi: Any = None) -> list[WindowOutline]:
    """Topmost first. The libraries are Windows' own."""
    user32, dwmapi = user32 or _load("user32"), dwmapi or _load("dwmapi")
    handles: list[int] = []

    def note(handle: int, parameter: int) -> int:
        handles.append(handle)
        return 1  # go on

    user32.EnumWindows(_Callback(note), 0)
    outlines = (_outline(c_void_p(handle), screens, user32, dwmapi) for handle in handles)
    return [outline for outline in outlines if outline is not None]


def _outline(handle: c_void_p, screens: Sequence[Screen], user32: Any, dwmapi: Any) -> WindowOutline | None:
    if not user32.IsWindowVisible(handle) or user32.IsIconic(handle):
        return None
    if user32.GetWindowLongW(handle, _EX_STYLE) & _CLICKS_GO_THROUGH:
        return None
    cloaked, bounds = c_uint32(), _Bounds()
    if dwmapi.DwmGetWindowAttribute(handle, _CLOAKED, byref(cloaked), sizeof(cloaked)) == 0 and cloaked.value:
        return None
    if dwmapi.DwmGetWindowAttribute(handle, _FRAME_BOUNDS, byref(bounds), sizeof(bounds)) != 0:
        return None
    title, kind = ctypes.create_unicode_buffer(_TEXT_MAX), ctypes.create_unicode_buffer(_TEXT_MAX)
    # GetWindowText would wait for our own window's thread, which may be waiting for this one.
    user32.InternalGetWindowText(handle, title, _TEXT_MAX)
    user32.GetClassNameW(handle, kind, _TEXT_MAX)
    if not title.value or kind.value in _BACKGROUNDS:
        return None
    place = from_native(screens, Rect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top))
    return WindowOutline(title.value, place) if place else None


def _load(name: str) -> Any:
    """For us alone: in `ctypes.windll`, others may have said what its functions take."""
    return ctypes.WinDLL(name)  # type: ignore[attr-defined]
