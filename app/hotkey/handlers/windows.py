"""Keys of Windows: RegisterHotKey, and a thread of our own that waits for WM_HOTKEY.

Windows gives and takes back a hotkey, and sends its messages, in one and the same thread. Source: Microsoft's documentation of
RegisterHotKey, PostThreadMessage and VkKeyScan, and `winuser.h`.
"""

from __future__ import annotations

import ctypes
import logging
import queue
import threading
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from app import system
from app.hotkey.errors import HotkeyError, HotkeyInvalid, HotkeyRefused, HotkeyTaken
from app.hotkey.keys import NAMED
from app.hotkey.models import HotkeyHandler, KeyCombination

log = logging.getLogger(__name__)

_MODIFIERS = {"Alt": 0x0001, "Ctrl": 0x0002, "Shift": 0x0004, "Meta": 0x0008}
_NO_REPEAT = 0x4000
"""Windows leaves out what a held key repeats."""
_ALREADY_REGISTERED = 1409
"""ERROR_HOTKEY_ALREADY_REGISTERED, from `winerror.h`."""
_WM_HOTKEY = 0x0312
_WM_APP = 0x8000
_UNMAPPED = -1


class WindowsCalls(Protocol):
    """What is asked of Windows; all but `wake` in the thread that began with `begin`."""

    def begin(self) -> None:
        """Make the thread's queue of messages, so that `wake` finds it."""

    def register(self, number: int, modifiers: int, virtual_key: int) -> int:
        """0, or the error's code."""

    def unregister(self, number: int) -> None:
        """Give it back."""

    def virtual_key(self, character: str) -> int | None:
        """The key that makes this character in the layout of now, with or without Shift; None for none."""

    def wait(self) -> int | None:
        """Blocks; the number of a hotkey that was pressed, or None when it was woken."""

    def wake(self) -> None:
        """From any thread."""


class User32:
    """Windows itself."""

    def __init__(self) -> None:
        from ctypes import wintypes

        windll: Any = ctypes.__dict__["WinDLL"]  # on Windows only
        self._user32, self._kernel32 = windll("user32", use_last_error=True), windll("kernel32")
        self._user32.RegisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT)
        self._user32.UnregisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int)
        self._user32.VkKeyScanW.argtypes = (wintypes.WCHAR,)
        self._user32.VkKeyScanW.restype = ctypes.c_short
        self._user32.GetMessageW.argtypes = (ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT)
        self._user32.PeekMessageW.argtypes = (*self._user32.GetMessageW.argtypes, wintypes.UINT)
        self._user32.PostThreadMessageW.argtypes = (wintypes.DWORD, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
        self._message = wintypes.MSG()
        self._thread_id = 0

    def begin(self) -> None:
        self._thread_id = self._kernel32.GetCurrentThreadId()
        self._user32.PeekMessageW(ctypes.byref(self._message), None, _WM_APP, _WM_APP, 0)

    def register(self, number: int, modifiers: int, virtual_key: int) -> int:
        if self._user32.RegisterHotKey(None, number, modifiers, virtual_key):
            return 0
        return int(ctypes.__dict__["get_last_error"]()) or -1

    def unregister(self, number: int) -> None:
        self._user32.UnregisterHotKey(None, number)

    def virtual_key(self, character: str) -> int | None:
        code = int(self._user32.VkKeyScanW(character))
        return None if code == _UNMAPPED else code & 0xFF

    def wait(self) -> int | None:
        while self._user32.GetMessageW(ctypes.byref(self._message), None, 0, 0) > 0:
            if self._message.message == _WM_HOTKEY:
                return int(self._message.wParam)
            if self._message.message == _WM_APP:
                return None
        return None

    def wake(self) -> None:
        self._user32.PostThreadMessageW(self._thread_id, _WM_APP, 0, 0)


class WindowsHandler(HotkeyHandler):
    """Signals:
    _heard(kind, arguments): what the thread has to say, on its way to the window's.
    """

    name = "windows"
    _heard = Signal(str, tuple)

    def __init__(self, calls: WindowsCalls | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self._orders: queue.SimpleQueue[dict[str, KeyCombination] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    def is_compatible(self) -> bool:
        return system.is_windows()

    def is_installed(self) -> bool:
        return True

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        if self._thread is None:
            self._calls = self._calls or User32()
            self._thread = threading.Thread(target=self._work, args=(self._calls,), name="hotkeys", daemon=True)
            self._thread.start()
        self._order(dict(wanted))

    def close(self) -> None:
        if self._thread is not None:
            self._order(None)
            self._thread.join()
            self._thread = None

    def _order(self, order: dict[str, KeyCombination] | None) -> None:
        assert self._calls is not None
        self._orders.put(order)
        self._ready.wait()  # a message to a thread without a queue is lost
        self._calls.wake()

    def _on_heard(self, kind: Literal["pressed", "bound", "failed"], arguments: tuple[str, ...]) -> None:
        if self._thread is not None:
            getattr(self, kind).emit(*arguments)

    def _work(self, calls: WindowsCalls) -> None:
        """In the thread."""
        try:
            calls.begin()
        finally:
            self._ready.set()
        ids: dict[int, str] = {}
        while True:
            number = calls.wait()
            if number is not None:
                if number in ids:
                    self._heard.emit("pressed", (ids[number], ""))
                continue
            while not self._orders.empty():
                for registered in ids:
                    calls.unregister(registered)
                wanted = self._orders.get()
                if wanted is None:
                    return
                ids = self._register(calls, wanted)

    def _register(self, calls: WindowsCalls, wanted: Mapping[str, KeyCombination]) -> dict[int, str]:
        """The numbers that Windows gives back with a press."""
        ids: dict[int, str] = {}
        for number, (hotkey_id, combination) in enumerate(wanted.items(), 1):
            try:
                _register_one(calls, number, combination)
            except HotkeyError as error:
                self._heard.emit("failed", (hotkey_id, error.code, error.message))
            else:
                ids[number] = hotkey_id
                self._heard.emit("bound", (hotkey_id, str(combination)))
        return ids


def _register_one(calls: WindowsCalls, number: int, combination: KeyCombination) -> None:
    """Raises HotkeyInvalid, HotkeyTaken, HotkeyRefused."""
    key = combination.key
    virtual_key = NAMED[key].windows if key in NAMED else calls.virtual_key(key.lower())
    if virtual_key is None:
        raise HotkeyInvalid(str(combination))
    modifiers = sum(_MODIFIERS[name] for name in combination.modifiers) | _NO_REPEAT
    error_code = calls.register(number, modifiers, virtual_key)
    if error_code == _ALREADY_REGISTERED:
        raise HotkeyTaken(str(combination))
    if error_code:
        raise HotkeyRefused(f"Windows error {error_code}")
