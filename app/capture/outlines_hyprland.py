"""The windows of Hyprland, by its socket (its wiki: IPC, hyprctl). They are in Qt's logical pixels."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.capture.models import Rect, Screen, WindowOutline

_TIME_LIMIT_S = 0.5
_BYTES_MAX = 8 << 20


def windows(screens: Sequence[Screen]) -> list[WindowOutline]:
    """Topmost first. Raises OSError, ValueError, KeyError."""
    shown = set()
    for monitor in _ask(b"j/monitors"):
        shown |= {monitor[kind]["id"] for kind in ("activeWorkspace", "specialWorkspace") if kind in monitor}
    clients = [
        client
        for client in _ask(b"j/clients")
        if client["mapped"] and not client["hidden"] and (client["workspace"]["id"] in shown or client.get("pinned"))
    ]
    # Full screen above floating above tiled, and what had the focus last above the rest.
    clients.sort(key=lambda client: (not client.get("fullscreen"), not client["floating"], client["focusHistoryID"]))
    return [WindowOutline(str(client["title"]), Rect(*client["at"], *client["size"])) for client in clients]


def _ask(question: bytes) -> list[dict[str, Any]]:
    signature = os.environ.get("HYPRLAND_INSTANCE_SIGNATURE", "")
    end = time.monotonic() + _TIME_LIMIT_S
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIME_LIMIT_S)
        connection.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", ""), "hypr", signature, ".socket.sock")))
        connection.sendall(question)
        answer = bytearray()
        while piece := connection.recv(1 << 16):
            answer += piece
            if len(answer) > _BYTES_MAX or time.monotonic() > end:
                raise ValueError("not what Hyprland says")
    found: list[dict[str, Any]] = json.loads(answer)
    return found
