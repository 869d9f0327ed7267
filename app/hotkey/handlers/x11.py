"""Keys of an X11 desktop, grabbed on a connection of our own that Qt's loop reads.

Sources: Xlib's XGrabKey(3), and the X Keyboard Extension for the releases of keys that are held.
"""

from __future__ import annotations

import importlib.util
import itertools
import logging
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

from app import system
from app.hotkey.errors import HotkeyError, HotkeyInvalid, HotkeyTaken, HotkeyUnavailable
from app.hotkey.keys import keysym
from app.hotkey.models import HotkeyHandler, KeyCombination
from app.workers.tasks import TaskRunner

log = logging.getLogger(__name__)

_MODIFIER_MASKS = {"Shift": 1 << 0, "Ctrl": 1 << 2, "Alt": 1 << 3, "Meta": 1 << 6}
"""Mod1 and Mod4 are Alt and Super in every keyboard map of xkeyboard-config."""
_CAPS_LOCK_MASK = 1 << 1
_LOCK_KEYSYMS = (0xFF7F, 0xFF14)
"""Num_Lock and Scroll_Lock, whose masks are where the keyboard map says."""
_ALL_MAP_PARTS = 0xFF
_ALL_MODIFIERS = 0xFF
"""The state of an event has the buttons of the mouse and the layout above these."""
_CONSOLE_KEYS = frozenset(KeyCombination(("Ctrl", "Alt"), f"F{number}") for number in range(1, 13))
"""They lead to another console: the X server lets them be grabbed, and keeps them."""
_HELD_MS = 2_000
"""A repeated press without a release comes sooner: a release that was lost must not make a key deaf."""


class X11Keys:
    """Grabs on a connection of their own. Made in a worker, then used in the window's thread."""

    def __init__(self, display: str | None = None) -> None:
        """Raises HotkeyUnavailable: the X server cannot be reached."""
        import xcffib  # parses the C declarations of X11: 130 ms and more
        import xcffib.xkb
        import xcffib.xproto

        self._xcffib: ModuleType = xcffib
        try:
            self._connection: Any = xcffib.connect(display)
        except xcffib.ConnectionException as error:
            raise HotkeyUnavailable(_lost_words()) from error
        setup = self._connection.get_setup()
        self._root = setup.roots[self._connection.pref_screen].root
        self._codes_from, self._code_count = setup.min_keycode, setup.max_keycode - setup.min_keycode + 1
        self._wanted: dict[str, KeyCombination] = {}
        self._grabbed: dict[tuple[int, int], str] = {}
        self._held: dict[int, int] = {}
        self._use_keyboard_extension()
        self._read_map()

    @property
    def socket(self) -> int:
        """Readable when `pressed` has something to read."""
        return int(self._connection.get_file_descriptor())

    def bind(self, wanted: Mapping[str, KeyCombination]) -> dict[str, HotkeyError]:
        """Grab these and no others; what could not be. Raises HotkeyUnavailable: the X server is gone."""
        self._wanted = dict(wanted)
        try:
            return self._grab_all()
        except self._xcffib.ConnectionException as error:
            raise HotkeyUnavailable(_lost_words()) from error

    def pressed(self) -> tuple[list[str], dict[str, HotkeyError] | None]:
        """What was pressed since, and what `bind` would say anew after the keyboard's map has changed, else None.

        Raises HotkeyUnavailable: the X server is gone.
        """
        found: list[str] = []
        problems: dict[str, HotkeyError] | None = None
        is_map_changed = False
        try:
            while (event := self._connection.poll_for_event()) is not None:
                if isinstance(event, self._xcffib.xproto.KeyPressEvent | self._xcffib.xproto.KeyReleaseEvent):
                    found += self._note(event)
                else:
                    is_map_changed = True
            if is_map_changed:
                problems = self._follow_the_map()
        except self._xcffib.ConnectionException as error:
            raise HotkeyUnavailable(_lost_words()) from error
        return found, problems

    def close(self) -> None:
        """The X server gives all keys back."""
        self._connection.disconnect()

    def _note(self, event: Any) -> list[str]:
        """The hotkey, at the first press of a key that is held."""
        key = event.detail
        if isinstance(event, self._xcffib.xproto.KeyReleaseEvent):
            self._held.pop(key, None)
            return []
        hotkey_id = self._grabbed.get((key, event.state & _ALL_MODIFIERS))
        if hotkey_id is None:
            return []
        since = self._held.get(key)
        self._held[key] = event.time
        return [hotkey_id] if since is None or event.time - since > _HELD_MS else []

    def _use_keyboard_extension(self) -> None:
        """A held key is then released once, not again and again. To clients that use it, it tells changes of the map by itself."""
        keyboard = self._xcffib.xkb
        device, detectable_repeat = keyboard.ID.UseCoreKbd, 1  # XkbPCF_DetectableAutoRepeatMask
        changes = keyboard.EventType.NewKeyboardNotify | keyboard.EventType.MapNotify
        try:
            extension = self._connection(keyboard.key)
            extension.UseExtension(1, 0).reply()
            extension.PerClientFlags(device, detectable_repeat, detectable_repeat, 0, 0, 0).reply()
            extension.SelectEvents(device, changes, 0, changes, _ALL_MAP_PARTS, _ALL_MAP_PARTS, [], is_checked=True).check()
        except (self._xcffib.Error, self._xcffib.XcffibException):
            log.warning("the X server has no keyboard extension; a held hotkey repeats")

    def _follow_the_map(self) -> dict[str, HotkeyError] | None:
        """Keys are grabbed by their place on the keyboard. Grabs that stay right are left alone: programs change the map often."""
        before = self._grabbed
        self._read_map()
        return self._grab_all() if self._planned() != before else None

    def _read_map(self) -> None:
        """Which keys make which symbol, and on which modifiers the locks are."""
        core = self._connection.core
        reply = core.GetKeyboardMapping(self._codes_from, self._code_count).reply()
        columns = reply.keysyms_per_keycode
        places: dict[int, list[tuple[int, int]]] = {}
        for index, symbol in enumerate(reply.keysyms):
            if symbol:
                places.setdefault(symbol, []).append((index % columns, self._codes_from + index // columns))
        self._codes = {symbol: min(found)[1] for symbol, found in places.items()}  # without Shift before with it
        reply = core.GetModifierMapping().reply()
        width, codes = reply.keycodes_per_modifier, list(reply.keycodes)
        masks = {_CAPS_LOCK_MASK}
        for symbol in _LOCK_KEYSYMS:
            own = {code for _, code in places.get(symbol, ())}
            masks |= {1 << bit for bit in range(8) if own & set(codes[bit * width : (bit + 1) * width])}
        self._lock_masks = sorted(masks)

    def _planned(self) -> dict[tuple[int, int], str]:
        """What `_grab_all` would grab if nobody else had it."""
        return {place: hotkey_id for hotkey_id, combination in self._wanted.items() for place in self._places(combination)}

    def _places(self, combination: KeyCombination) -> Iterator[tuple[int, int]]:
        """Code of the key and modifiers, with every set of locks: X11 compares them too."""
        code = self._codes.get(keysym(combination.key))
        if code is None:
            return
        modifiers = sum(_MODIFIER_MASKS[name] for name in combination.modifiers)
        for count in range(len(self._lock_masks) + 1):
            for locks in itertools.combinations(self._lock_masks, count):
                yield code, modifiers | sum(locks)

    def _grab_all(self) -> dict[str, HotkeyError]:
        """Ends with no grab that is not wanted."""
        core = self._connection.core
        for code, modifiers in self._grabbed:
            core.UngrabKey(code, self._root, modifiers)
        self._grabbed = {}
        self._held = {}
        problems: dict[str, HotkeyError] = {}
        for hotkey_id, combination in self._wanted.items():
            try:
                self._grab(hotkey_id, combination)
            except HotkeyError as error:
                problems[hotkey_id] = error
        self._connection.flush()
        return problems

    def _grab(self, hotkey_id: str, combination: KeyCombination) -> None:
        """With all locks or not at all."""
        asynchronous = self._xcffib.xproto.GrabMode.Async
        core = self._connection.core
        places = list(self._places(combination))
        if not places:
            raise HotkeyInvalid(str(combination))
        if combination in _CONSOLE_KEYS:
            raise HotkeyTaken(str(combination))
        asked = [  # all are on their way before the first answer is waited for
            core.GrabKeyChecked(True, self._root, modifiers, code, asynchronous, asynchronous) for code, modifiers in places
        ]
        is_taken = False
        for cookie in asked:
            try:
                cookie.check()
            except self._xcffib.xproto.AccessError:
                is_taken = True
        if is_taken:
            for code, modifiers in places:
                core.UngrabKey(code, self._root, modifiers)  # of ours only
            raise HotkeyTaken(str(combination))
        self._grabbed.update(dict.fromkeys(places, hotkey_id))


class X11Handler(HotkeyHandler):
    """Never on a Wayland desktop: there, Xwayland grants every grab and hears the keys of X11 windows only."""

    name = "x11"
    install_hint = "Install the Python package xcffib and the library libxcb."

    def __init__(self, display: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display = display
        self._wanted: dict[str, KeyCombination] = {}
        self._keys: X11Keys | None = None
        self._notifier: QSocketNotifier | None = None
        self._tasks = TaskRunner("hotkeys", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._is_connecting = False

    def is_compatible(self) -> bool:
        return system.is_x11_session()

    def is_installed(self) -> bool:
        return importlib.util.find_spec("xcffib") is not None

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        self._wanted = dict(wanted)
        if self._keys is not None:
            self._grab(self._keys)
        elif not self._is_connecting:
            self._is_connecting = True
            self._tasks.run(X11Keys, self._display)

    def close(self) -> None:
        self._tasks.close()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _on_tasks_succeeded(self, _job_id: int, keys: X11Keys) -> None:
        self._is_connecting = False
        self._keys = keys
        self._notifier = QSocketNotifier(keys.socket, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._grab(keys)

    def _on_tasks_failed(self, _job_id: int, error: Exception) -> None:
        self._is_connecting = False
        log.warning("keys cannot be listened for: %s", error)
        self._lose(error if isinstance(error, HotkeyError) else HotkeyUnavailable(f"{_lost_words()} ({error})"))

    def _grab(self, keys: X11Keys) -> None:
        try:
            problems = keys.bind(self._wanted)
        except HotkeyUnavailable as error:
            self._lose(error)
        else:
            self._tell(problems)

    def _tell(self, problems: Mapping[str, HotkeyError]) -> None:
        for hotkey_id, combination in self._wanted.items():
            if (error := problems.get(hotkey_id)) is not None:
                self.failed.emit(hotkey_id, error.code, error.message)
            else:
                self.bound.emit(hotkey_id, str(combination))
        QTimer.singleShot(0, self._read)  # what came while answers were waited for lies in the queue, and the socket is quiet

    def _lose(self, error: HotkeyError) -> None:
        self._disconnect()
        for hotkey_id in self._wanted:
            self.failed.emit(hotkey_id, error.code, error.message)

    def _read(self) -> None:
        if self._keys is None:
            return
        try:
            pressed, problems = self._keys.pressed()
        except HotkeyUnavailable as error:
            self._lose(error)
            return
        for hotkey_id in pressed:
            self.pressed.emit(hotkey_id, "")
        if problems is not None:
            self._tell(problems)


def _lost_words() -> str:
    return QCoreApplication.translate("Hotkeys", "The X server cannot be reached, so no keys can be listened for.")
