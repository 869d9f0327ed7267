"""A pointer for a Wayland desktop that has none, by zwlr_virtual_pointer_v1, spoken over the compositor's socket itself."""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

LEFT_BUTTON = 0x110
"""BTN_LEFT of linux/input-event-codes.h."""
STEP_S = 0.03
"""Between two events, for the programs to follow."""

_DISPLAY, _REGISTRY, _SYNC, _MANAGER, _POINTER = 1, 2, 3, 4, 5
_INTERFACE = "zwlr_virtual_pointer_manager_v1"


class WaylandPointer:
    """Use it as a context. Positions are in logical pixels of all outputs together, `size` is theirs."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._size = size
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._request(_DISPLAY, 1, struct.pack("=I", _REGISTRY))  # wl_display.get_registry
        self._request(_DISPLAY, 0, struct.pack("=I", _SYNC))  # wl_display.sync: all globals are told before it is done
        name = self._find_manager()
        written = _INTERFACE.encode() + b"\0"
        padded = written.ljust((len(written) + 3) & ~3, b"\0")
        bound = struct.pack("=II", name, len(written)) + padded + struct.pack("=II", 1, _MANAGER)
        self._request(_REGISTRY, 0, bound)  # wl_registry.bind
        self._request(_MANAGER, 0, struct.pack("=II", 0, _POINTER))  # create_virtual_pointer, for no seat in particular

    def __enter__(self) -> WaylandPointer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    def move(self, x: float, y: float) -> None:
        """To a position."""
        self._request(_POINTER, 1, struct.pack("=IIIII", _now(), round(x), round(y), *self._size))
        self._end_frame()

    def press(self) -> None:
        """The left button."""
        self._button(True)

    def release(self) -> None:
        """The left button."""
        self._button(False)

    def drag(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """With the left button."""
        self.move(x0 - 4, y0 - 4)
        self.move(x0, y0)
        self.press()
        for part in (0.1, 0.5, 0.9, 1.0):
            self.move(x0 + part * (x1 - x0), y0 + part * (y1 - y0))
        self.release()

    def _button(self, is_down: bool) -> None:
        self._request(_POINTER, 2, struct.pack("=III", _now(), LEFT_BUTTON, is_down))
        self._end_frame()

    def _end_frame(self) -> None:
        self._request(_POINTER, 4, b"")
        time.sleep(STEP_S)

    def _request(self, target: int, opcode: int, body: bytes) -> None:
        self._socket.sendall(struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body)

    def _find_manager(self) -> int:
        """The number under which the compositor offers virtual pointers."""
        received, found = b"", None
        while True:
            received += self._socket.recv(1 << 16)
            while len(received) >= 8:
                source, word = struct.unpack_from("=II", received)
                body = received[8 : word >> 16]
                if len(body) < (word >> 16) - 8:
                    break
                received = received[word >> 16 :]
                if source == _REGISTRY and word & 0xFFFF == 0:  # wl_registry.global
                    name, length = struct.unpack_from("=II", body)
                    if body[8 : 8 + length - 1].decode() == _INTERFACE:
                        found = name
                elif source == _SYNC:
                    assert found is not None, "the compositor has no virtual pointers"
                    return found


def _now() -> int:
    return int(time.monotonic() * 1000) & 0xFFFFFFFF
