"""Keys of macOS: RegisterEventHotKey of Carbon, which needs no permission. Its events come through Qt's own loop.

Sources: Apple's `HIToolbox/CarbonEvents.h`, `CarbonEventsCore.h` and `Events.h`, and Unicode Utilities' UCKeyTranslate.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject

from app import system
from app.hotkey.errors import HotkeyError, HotkeyInvalid, HotkeyRefused, HotkeyTaken
from app.hotkey.keys import NAMED
from app.hotkey.models import HotkeyHandler, KeyCombination

log = logging.getLogger(__name__)

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_MODIFIERS = {"Ctrl": 0x0100, "Shift": 0x0200, "Alt": 0x0800, "Meta": 0x1000}
"""cmdKey, shiftKey, optionKey and controlKey; Qt calls Command "Ctrl" and Control "Meta"."""
_EXISTS = -9878
"""eventHotKeyExistsErr."""
_EXCLUSIVE = 1
"""kEventHotKeyExclusive: macOS says when another program has the keys, instead of telling both."""
_KEYBOARD_CLASS = int.from_bytes(b"keyb", "big")
_HOTKEY_PRESSED = 5
_DIRECT_OBJECT = int.from_bytes(b"----", "big")
_HOTKEY_ID_TYPE = int.from_bytes(b"hkid", "big")
_SIGNATURE = int.from_bytes(b"Sght", "big")
_KEY_DISPLAYED = 3
"""kUCKeyActionDisplay: the character on the key, dead keys too."""
_KEY_CODES = 128
_SHIFT_STATE = 0x0200 >> 8


class MacCalls(Protocol):
    """What is asked of macOS, all in the main thread."""

    def listen(self, pressed: Callable[[int], None]) -> None:
        """Tell the numbers of hotkeys that are pressed."""

    def register(self, number: int, modifiers: int, key_code: int) -> int:
        """0, or the error's code."""

    def unregister(self, number: int) -> None:
        """Give it back."""

    def key_code(self, character: str) -> int | None:
        """The key that makes this character in the layout of now, with or without Shift; None for none."""

    def close(self) -> None:
        """Listen no more."""


class _HotkeyNumber(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("number", ctypes.c_uint32))


class _EventType(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("event_class", ctypes.c_uint32), ("kind", ctypes.c_uint32))


_EventHandler = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class Carbon:
    """macOS itself."""

    def __init__(self) -> None:
        self._carbon = carbon = ctypes.CDLL(_CARBON)
        pointer, number = ctypes.c_void_p, ctypes.c_uint32
        for name, result, arguments in (
            ("GetApplicationEventTarget", pointer, ()),
            ("InstallEventHandler", ctypes.c_int32, (pointer, _EventHandler, ctypes.c_ulong, pointer, pointer, pointer)),
            ("RemoveEventHandler", ctypes.c_int32, (pointer,)),
            ("RegisterEventHotKey", ctypes.c_int32, (number, number, _HotkeyNumber, pointer, number, pointer)),
            ("UnregisterEventHotKey", ctypes.c_int32, (pointer,)),
            ("GetEventParameter", ctypes.c_int32, (pointer, number, number, pointer, ctypes.c_ulong, pointer, pointer)),
            ("TISCopyCurrentASCIICapableKeyboardLayoutInputSource", pointer, ()),
            ("TISGetInputSourceProperty", pointer, (pointer, pointer)),
            ("CFDataGetBytePtr", pointer, (pointer,)),
            ("CFRelease", None, (pointer,)),
            ("LMGetKbdType", ctypes.c_uint8, ()),
            ("UCKeyTranslate", ctypes.c_int32,
             (pointer, ctypes.c_uint16, ctypes.c_uint16, number, number, number, pointer, ctypes.c_ulong, pointer, pointer)),
        ):  # fmt: skip
            function = getattr(carbon, name)
            function.restype, function.argtypes = result, arguments
        self._target = carbon.GetApplicationEventTarget()
        self._references: dict[int, ctypes.c_void_p] = {}
        self._handler = ctypes.c_void_p()
        self._callback: Any = None

    def listen(self, pressed: Callable[[int], None]) -> None:
        def on_event(_next: int | None, event: int | None, _data: int | None) -> int:
            found = _HotkeyNumber()
            arguments = (_DIRECT_OBJECT, _HOTKEY_ID_TYPE, None, ctypes.sizeof(found), None, ctypes.byref(found))
            if self._carbon.GetEventParameter(event, *arguments) == 0 and found.signature == _SIGNATURE:
                pressed(found.number)
            return 0

        self._callback = _EventHandler(on_event)  # Carbon keeps only its address
        kinds = _EventType(_KEYBOARD_CLASS, _HOTKEY_PRESSED)
        reference = ctypes.byref(self._handler)
        self._carbon.InstallEventHandler(self._target, self._callback, 1, ctypes.byref(kinds), None, reference)

    def register(self, number: int, modifiers: int, key_code: int) -> int:
        reference = ctypes.c_void_p()
        named = _HotkeyNumber(_SIGNATURE, number)
        error = self._carbon.RegisterEventHotKey(key_code, modifiers, named, self._target, _EXCLUSIVE, ctypes.byref(reference))
        if error == 0:
            self._references[number] = reference
        return int(error)

    def unregister(self, number: int) -> None:
        self._carbon.UnregisterEventHotKey(self._references.pop(number))

    def key_code(self, character: str) -> int | None:
        source = self._carbon.TISCopyCurrentASCIICapableKeyboardLayoutInputSource()
        if not source:
            return None
        try:
            name = ctypes.c_void_p.in_dll(self._carbon, "kTISPropertyUnicodeKeyLayoutData")
            data = self._carbon.TISGetInputSourceProperty(source, name)
            layout = self._carbon.CFDataGetBytePtr(data) if data else None
            if not layout:
                return None
            for state in (0, _SHIFT_STATE):
                for code in range(_KEY_CODES):
                    if self._character(layout, code, state).lower() == character:
                        return code
            return None
        finally:
            self._carbon.CFRelease(source)

    def close(self) -> None:
        self._carbon.RemoveEventHandler(self._handler)

    def _character(self, layout: int, code: int, state: int) -> str:
        dead, length, made = ctypes.c_uint32(), ctypes.c_ulong(), (ctypes.c_uint16 * 4)()
        keyboard = self._carbon.LMGetKbdType()
        places = (ctypes.byref(dead), len(made), ctypes.byref(length), made)
        error = self._carbon.UCKeyTranslate(layout, code, _KEY_DISPLAYED, state, keyboard, 0, *places)
        return "" if error else "".join(chr(unit) for unit in made[: length.value])


class MacHandler(HotkeyHandler):
    """Nothing of it blocks."""

    name = "macos"

    def __init__(self, calls: MacCalls | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self._is_listening = False
        self._ids: dict[int, str] = {}

    def is_compatible(self) -> bool:
        return system.is_macos()

    def is_installed(self) -> bool:
        return True

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        self._calls = self._calls or Carbon()
        if not self._is_listening:
            self._calls.listen(self._on_calls_pressed)
            self._is_listening = True
        self._give_back()
        for number, (hotkey_id, combination) in enumerate(wanted.items(), 1):
            try:
                _register_one(self._calls, number, combination)
            except HotkeyError as error:
                self.failed.emit(hotkey_id, error.code, error.message)
            else:
                self._ids[number] = hotkey_id
                self.bound.emit(hotkey_id, str(combination))

    def close(self) -> None:
        self._give_back()
        if self._calls is not None and self._is_listening:
            self._calls.close()
            self._is_listening = False

    def _give_back(self) -> None:
        for number in self._ids:
            assert self._calls is not None
            self._calls.unregister(number)
        self._ids = {}

    def _on_calls_pressed(self, number: int) -> None:
        if number in self._ids:
            self.pressed.emit(self._ids[number], "")


def _register_one(calls: MacCalls, number: int, combination: KeyCombination) -> None:
    """Raises HotkeyInvalid, HotkeyTaken, HotkeyRefused."""
    key = combination.key
    code = NAMED[key].macos if key in NAMED else calls.key_code(key.lower())
    if code is None:
        raise HotkeyInvalid(str(combination))
    error_code = calls.register(number, sum(_MODIFIERS[name] for name in combination.modifiers), code)
    if error_code == _EXISTS:
        raise HotkeyTaken(str(combination))
    if error_code:
        raise HotkeyRefused(f"macOS error {error_code}")
