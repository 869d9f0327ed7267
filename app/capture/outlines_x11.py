"""The windows of an X11 desktop, as its window manager lists them (Extended Window Manager Hints)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xcffib
from xcffib import xproto

from app.capture.geometry import from_native
from app.capture.models import Rect, Screen, WindowOutline

_ATOMS = (
    "_NET_CLIENT_LIST_STACKING", "_NET_CURRENT_DESKTOP", "_NET_WM_DESKTOP", "_NET_FRAME_EXTENTS", "_GTK_FRAME_EXTENTS",
    "_NET_WM_STATE", "_NET_WM_STATE_HIDDEN", "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_NAME", "WM_NAME",
)  # fmt: skip
_EVERY_DESKTOP = 0xFFFFFFFF
_LONGS_MAX = 4096


def windows(screens: Sequence[Screen]) -> list[WindowOutline]:
    """Topmost first. Raises xcffib's exceptions."""
    connection = xcffib.connect()
    try:
        return _Desktop(connection).windows(screens)
    finally:
        connection.disconnect()


@dataclass(frozen=True, slots=True)
class _Asked:
    """Questions about one window that are on their way: all are sent before the first answer is read."""

    geometry: Any
    origin: Any
    attributes: Any
    properties: dict[str, Any]


class _Desktop:
    def __init__(self, connection: Any) -> None:
        self._core = connection.core
        self._root = connection.get_setup().roots[connection.pref_screen].root
        asked = {name: self._core.InternAtom(False, len(name), name) for name in _ATOMS}
        self._atoms = {name: cookie.reply().atom for name, cookie in asked.items()}

    def windows(self, screens: Sequence[Screen]) -> list[WindowOutline]:
        ids = _longs(self._property(self._root, "_NET_CLIENT_LIST_STACKING"))
        current = _longs(self._property(self._root, "_NET_CURRENT_DESKTOP"))
        found = []
        for asked in [self._ask(window) for window in reversed(ids)]:
            try:
                window = self._outline(asked, current, screens)
            except xcffib.XcffibException:  # it was closed meanwhile
                continue
            if window is not None:
                found.append(window)
        return found

    def _ask(self, window: int) -> _Asked:
        names = (*_ATOMS[2:6], "_NET_WM_WINDOW_TYPE", "_NET_WM_NAME", "WM_NAME")
        return _Asked(
            self._core.GetGeometry(window),
            self._core.TranslateCoordinates(window, self._root, 0, 0),
            self._core.GetWindowAttributes(window),
            {name: self._property(window, name) for name in names},
        )

    def _property(self, window: int, name: str) -> Any:
        return self._core.GetProperty(False, window, self._atoms[name], xproto.GetPropertyType.Any, 0, _LONGS_MAX)

    def _outline(self, asked: _Asked, current: Sequence[int], screens: Sequence[Screen]) -> WindowOutline | None:
        texts = {name: _text(asked.properties.pop(name)) for name in ("_NET_WM_NAME", "WM_NAME")}
        numbers = {name: _longs(cookie) for name, cookie in asked.properties.items()}
        geometry, origin, attributes = asked.geometry.reply(), asked.origin.reply(), asked.attributes.reply()
        desktop = numbers["_NET_WM_DESKTOP"]
        is_elsewhere = bool(desktop and current) and desktop[0] not in (current[0], _EVERY_DESKTOP)
        is_hidden = self._atoms["_NET_WM_STATE_HIDDEN"] in numbers["_NET_WM_STATE"]
        is_background = self._atoms["_NET_WM_WINDOW_TYPE_DESKTOP"] in numbers["_NET_WM_WINDOW_TYPE"]
        if attributes.map_state != xproto.MapState.Viewable or is_elsewhere or is_hidden or is_background:
            return None
        place = Rect(origin.dst_x, origin.dst_y, geometry.width, geometry.height)
        place = _grown(place, numbers["_NET_FRAME_EXTENTS"], 1)
        place = _grown(place, numbers["_GTK_FRAME_EXTENTS"], -1)  # a shadow, which the program draws into its window
        logical = from_native(screens, place)
        return WindowOutline(texts["_NET_WM_NAME"] or texts["WM_NAME"], logical) if logical else None


def _longs(cookie: Any) -> tuple[int, ...]:
    reply = cookie.reply()
    return struct.unpack(f"={reply.value_len}I", reply.value.buf()) if reply.format == 32 else ()


def _text(cookie: Any) -> str:
    reply = cookie.reply()
    return bytes(reply.value.buf()).decode("utf-8", "replace") if reply.format == 8 else ""


def _grown(place: Rect, extents: Sequence[int], sign: int) -> Rect:
    if len(extents) != 4:
        return place
    left, right, top, bottom = (sign * extent for extent in extents)
    return Rect(place.x - left, place.y - top, place.width + left + right, place.height + top + bottom)
