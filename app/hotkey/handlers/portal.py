"""Keys by the desktop's portal: GNOME, KDE, Hyprland. The desktop asks the user and decides which keys they are in the end.

A session is made, with its dialog, in a worker's thread; then Qt's loop reads what comes on its connection. Source: the XDG Desktop
Portal documentation of org.freedesktop.portal.GlobalShortcuts, and the XDG shortcuts specification.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

from app import system
from app.hotkey.errors import HotkeyError, HotkeyRefused, HotkeyUnavailable
from app.hotkey.keys import xkb_name
from app.hotkey.models import HotkeyHandler, KeyCombination
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.portal import Portal

log = logging.getLogger(__name__)

_INTERFACE = "GlobalShortcuts"
_DIALOG_LIMIT_S = 300.0
_SHOWN_CHARACTERS_MAX = 200
_RESTART_MS = 500
_MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}


@dataclass(frozen=True, slots=True)
class _Session:
    """Attributes:
    shown: what the user has to press, in the desktop's words, by the hotkeys it granted.
    """

    portal: Portal
    path: str
    shown: dict[str, str]


class PortalHandler(HotkeyHandler):
    """Each `bind` is a session of its own: a session is bound once and ends with its connection."""

    name = "portal"
    install_hint = "Install xdg-desktop-portal with the part for your desktop, in a version that has GlobalShortcuts."

    def __init__(self, bus: str = "", parent: QObject | None = None) -> None:
        """`bus` is an address, the session's without one."""
        super().__init__(parent)
        self._bus = bus
        self._wanted: dict[str, KeyCombination] = {}
        self._session: _Session | None = None
        self._notifier: QSocketNotifier | None = None
        self._stop = threading.Event()
        self._job = 0
        self._restart = QTimer(self)
        self._restart.setSingleShot(True)
        self._restart.setInterval(_RESTART_MS)
        self._restart.timeout.connect(self._on_restart_timeout)
        self._tasks = TaskRunner("shortcuts", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)

    def is_compatible(self) -> bool:
        return not (system.is_windows() or system.is_macos())

    def is_installed(self) -> bool:
        """Whether there is a bus; if the portal on it offers this is found out by asking it, which takes time."""
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        has_bus = bool(self._bus or os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or (runtime and Path(runtime, "bus").exists())
        return bool(has_bus) and importlib.util.find_spec("jeepney") is not None

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        self._end()
        self._wanted = dict(wanted)
        if wanted:
            self._stop = threading.Event()
            descriptions = {hotkey_id: _description(hotkey_id) for hotkey_id in wanted}
            self._job = self._tasks.run(_open_session, self._bus, self._wanted, descriptions, self._stop)

    def close(self) -> None:
        self._end()
        self._tasks.close()

    def _end(self) -> None:
        self._restart.stop()
        self._stop.set()
        self._tasks.forget(self._job)
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._session is not None:
            self._session.portal.close()
            self._session = None

    def _on_restart_timeout(self) -> None:
        self.bind(self._wanted)

    def _on_tasks_succeeded(self, _job_id: int, session: _Session) -> None:
        self._session = session
        self._notifier = QSocketNotifier(session.portal.connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._tell(session.shown)
        self._read()

    def _on_tasks_failed(self, _job_id: int, error: Exception) -> None:
        log.info("the portal did not bind shortcuts: %s", error)
        self._fail(error if isinstance(error, HotkeyError) else _unavailable(str(error)))

    def _tell(self, shown: Mapping[str, str]) -> None:
        refused = HotkeyRefused()
        for hotkey_id in self._wanted:
            if hotkey_id in shown:
                self.bound.emit(hotkey_id, shown[hotkey_id])
            else:
                self.failed.emit(hotkey_id, refused.code, refused.message)

    def _fail(self, error: HotkeyError) -> None:
        self._end()
        for hotkey_id in self._wanted:
            self.failed.emit(hotkey_id, error.code, error.message)

    def _read(self) -> None:
        while self._session is not None:
            try:
                message = self._session.portal.connection.receive(timeout=0)
            except TimeoutError:
                return
            except (OSError, ValueError) as error:
                self._fail(_unavailable(str(error)))
                return
            self._handle(message, self._session)

    def _handle(self, message: Any, session: _Session) -> None:
        """Signals of the portal, and of no one else."""
        from jeepney import HeaderFields

        fields = message.header.fields
        sender, member = fields.get(HeaderFields.sender), fields.get(HeaderFields.member)
        signature, body = fields.get(HeaderFields.signature, ""), message.body
        if member == "NameOwnerChanged" and sender == "org.freedesktop.DBus" and signature == "sss":
            self._restart.start()  # whether it ended or was started anew: the next portal knows nothing of us
        elif sender != session.portal.owner:
            return
        elif member == "Activated" and signature == "osta{sv}" and body[0] == session.path and body[1] in self._wanted:
            _, token = body[3].get("activation_token", ("s", ""))
            self.pressed.emit(body[1], token if isinstance(token, str) else "")
        elif member == "ShortcutsChanged" and signature == "oa(sa{sv})" and body[0] == session.path:
            self._tell(_shown(body[1]))
        elif member == "Closed" and fields.get(HeaderFields.path) == session.path:
            self._fail(HotkeyRefused())


def _open_session(
    bus: str, wanted: Mapping[str, KeyCombination], descriptions: Mapping[str, str], stop: threading.Event
) -> _Session:
    """In a worker. Raises HotkeyUnavailable, HotkeyRefused."""
    from app.portal import Portal, PortalCancelled, PortalError, PortalRefused, PortalSilent

    try:
        portal = Portal(bus)
        try:
            session = _bind(portal, wanted, descriptions, stop)
        except BaseException:
            portal.close()
            raise
    except PortalRefused as error:
        if "app id" in error.message:  # from 1.21 on, where no sightline.desktop is installed
            raise _unavailable(error.message) from error
        raise HotkeyRefused() from error
    except (PortalCancelled, PortalSilent) as error:
        raise HotkeyRefused() from error
    except PortalError as error:  # GNOME 48 may answer that BindShortcuts is not implemented
        raise _unavailable(error.message) from error
    if stop.is_set():  # nobody waits for it any more
        portal.close()
    return session


def _bind(portal: Portal, wanted: Mapping[str, KeyCombination], descriptions: Mapping[str, str], stop: threading.Event) -> _Session:
    from app.portal import CALL_LIMIT_S

    if not portal.version(_INTERFACE):
        raise _unavailable("no GlobalShortcuts")
    token = ("s", f"sightline_{secrets.token_hex(8)}")
    options = {"session_handle_token": token}
    made = portal.request(_INTERFACE, "CreateSession", "a{sv}", (), options, time_limit_s=CALL_LIMIT_S, stop=stop)
    path = str(made.get("session_handle", ""))
    _subscribe(portal)
    shortcuts = [
        (hotkey_id, {"description": ("s", descriptions[hotkey_id]), "preferred_trigger": ("s", trigger(combination))})
        for hotkey_id, combination in wanted.items()
    ]
    arguments = (path, shortcuts, "")
    signature = "oa(sa{sv})sa{sv}"
    result = portal.request(_INTERFACE, "BindShortcuts", signature, arguments, {}, time_limit_s=_DIALOG_LIMIT_S, stop=stop)
    return _Session(portal, path, _shown(result.get("shortcuts", ())))


def _subscribe(portal: Portal) -> None:
    """To what happens to the session, and to the portal's own end."""
    from jeepney import MatchRule, message_bus

    from app.portal import CALL_LIMIT_S, NAME

    rules = [
        MatchRule(type="signal", sender=portal.owner, interface=f"org.freedesktop.portal.{interface}")
        for interface in (_INTERFACE, "Session")
    ]
    changed = MatchRule(type="signal", sender="org.freedesktop.DBus", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    changed.add_arg_condition(0, NAME)
    for rule in (*rules, changed):
        portal.connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=CALL_LIMIT_S)


def _shown(shortcuts: Any) -> dict[str, str]:
    """What the desktop says the keys are, by hotkey; empty words where it does not say."""
    shown = {}
    for hotkey_id, about in shortcuts:
        _, words = about.get("trigger_description", ("s", ""))
        shown[hotkey_id] = str(words)[:_SHOWN_CHARACTERS_MAX]
    return shown


def trigger(combination: KeyCombination) -> str:
    """As the XDG shortcuts specification writes keys: "CTRL+SHIFT+space"."""
    return "+".join((*(_MODIFIERS[name] for name in combination.modifiers), xkb_name(combination.key)))


def _description(hotkey_id: str) -> str:
    """What the desktop's dialog calls it."""
    return {
        "capture": QCoreApplication.translate("Hotkeys", "Ask about the screen"),
        "selection": QCoreApplication.translate("Hotkeys", "Ask about what is selected"),
        "record": QCoreApplication.translate("Hotkeys", "Begin or end a recording of the screen"),
    }[hotkey_id]


def _unavailable(why: str) -> HotkeyUnavailable:
    words = QCoreApplication.translate("Hotkeys", "The desktop's portal cannot listen for keys: {reason}.")
    return HotkeyUnavailable(words.format(reason=why.rstrip(".")))
