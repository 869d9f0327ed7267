"""Checks of `sightline doctor` about the desktop: capture, hotkeys, tray, start at login, keychain. They run in threads."""

from __future__ import annotations

from typing import Any

from app import system
from app.commands.findings import Finding
from app.settings.schema import Settings

COMMAND_ADVICE = "Bind the command “sightline capture” to keys in the settings of your desktop."


def make_application() -> None:
    """For what needs one: the tray, and how hotkeys are listened for. Nothing is shown."""
    if system.has_display():
        from app.main import make_application as make

        make("sightline")


def check_capture(settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """Which handler would take a picture, and what the user has to know before. None is taken."""
    from app.capture import permissions, select
    from app.capture.errors import CaptureUnavailable

    if not system.has_display():
        return _no_display("capture")
    try:
        handler = select.choose(settings.capture_handler)
    except CaptureUnavailable as error:
        return Finding("capture", "broken", error.message, "Then try sightline capture --out picture.png.")
    others = [each.name for each in select.handlers() if each.is_compatible() and each.name != handler.name]
    more = f" Here there could also be: {', '.join(others)}." if others else ""
    explanation = permissions.explanation(handler.name)
    return Finding("capture", "works", f"{handler.name} takes the pictures of the screen.{more}", explanation or "")


def check_hotkeys(settings: Settings, report: dict[str, Any] | None) -> Finding:
    """What the running Sightline says, which has them; without one, who would listen."""
    if not system.has_display():
        return _no_display("hotkeys")
    states = report.get("hotkeys") if report is not None else None
    if isinstance(states, dict) and states:
        return _running_hotkeys(states)
    from app.hotkey import select
    from app.hotkey.errors import HotkeyError

    wanted = f"{settings.hotkey_capture or 'none'} (screen), {settings.hotkey_selection or 'none'} (selection)"
    try:
        handler = select.usable(settings.hotkey_handler)[0]
    except HotkeyError as error:
        return Finding("hotkeys", "limited", error.message, COMMAND_ADVICE)
    if handler.name == "external":
        return Finding("hotkeys", "limited", "This desktop lets no program hear keys of its own.", COMMAND_ADVICE)
    return Finding("hotkeys", "works", f"{handler.name} would listen for {wanted}. Sightline does not run now.")


def _running_hotkeys(states: dict[str, Any]) -> Finding:
    known = {str(name): state for name, state in states.items() if isinstance(state, dict)}
    heard = [f"{state.get('keys')} ({name}, {state.get('handler')})" for name, state in known.items() if not state.get("code")]
    failed = [str(state.get("message")) for state in known.values() if state.get("message")]
    said = f"Listened for: {', '.join(heard)}." if heard else "No keys are listened for."
    if failed:
        return Finding("hotkeys", "limited", " ".join([said, *failed]), COMMAND_ADVICE)
    return Finding("hotkeys", "works", said)


def check_tray(settings: Settings, report: dict[str, Any] | None) -> Finding:
    """Whether the desktop shows one."""
    if not system.has_display():
        return _no_display("tray")
    from PySide6.QtWidgets import QSystemTrayIcon

    is_there = report.get("tray") is True if report is not None else QSystemTrayIcon.isSystemTrayAvailable()
    if is_there:
        then = "stays there" if settings.keeps_in_tray else "ends"
        return Finding("tray", "works", f"The desktop has one. Sightline {then} when its window is closed.")
    advice = "On GNOME, install the extension “AppIndicator and KStatusNotifierItem Support”; elsewhere, add a tray to the panel."
    return Finding("tray", "limited", "The desktop has none: Sightline ends when its window is closed.", advice)


def check_login(settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """What happens at the next login."""
    from app import login_start

    state = login_start.state()
    if state == "refused":
        return Finding("login", "limited", "The start at login was switched off in the settings of the desktop.")
    if settings.starts_at_login and state == "off":
        return Finding("login", "limited", "Sightline will not start at login.", "Switch it on again in its settings, Quick Ask.")
    return Finding("login", "works", "Sightline starts at login." if state == "on" else "It is off, as the settings say.")


def check_keychain(settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """Whether keys of servers can be kept; needed only by those who use one."""
    from app.settings.secrets import Secrets, SecretsError

    try:
        Secrets().check()
    except SecretsError as error:
        return Finding("keychain", "broken" if settings.keys else "limited", error.message)
    return Finding("keychain", "works", "Keys of servers are kept in the system's keychain.")


def _no_display(part: str) -> Finding:
    return Finding(part, "limited", "There is no display here.", "Call sightline doctor from within the desktop.")
