"""Whether Sightline starts, hidden, when the user logs in: written where the desktop looks, and read back. No Qt; blocks.

Linux and the like: `autostart/sightline.desktop` (freedesktop.org, Desktop Application Autostart Specification and Desktop Entry
Specification). Windows: a value of the registry's Run key. macOS: a LaunchAgent (launchd.plist(5)), read at the next login.

Each of these can be switched off in the desktop's own settings too. That is kept apart from being off: what the user switched off
there is shown as off, and is not switched on again but by the user.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import plistlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from app import reach, system

LoginState = Literal["on", "off", "refused"]
"""refused: the desktop's own settings say no."""

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
FILE_BYTES_MAX = 1 << 16


class LoginStartError(Exception):
    """It could not be changed. `message` is a sentence for the user."""

    code = "login_start_failed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def state() -> LoginState:
    """What will happen at the next login."""
    try:
        if system.is_windows():
            return _windows_state()
        return _plist_state() if system.is_macos() else _desktop_state()
    except OSError:
        return "off"


def set_on(is_on: bool) -> None:
    """Write it, with the program as it is called now, or take it away, whatever the desktop says. Raises LoginStartError."""
    try:
        if system.is_windows():
            _set_windows(is_on)
        elif system.is_macos():
            _set_file(_plist_path(), plistlib.dumps(_plist()) if is_on else None)
        else:
            _set_file(_desktop_path(), _desktop_entry().encode("utf-8", "surrogateescape") if is_on else None)
    except OSError as error:
        raise LoginStartError(
            f"The desktop could not be told about the start at login ({error.strerror or error}). "
            "See whether the folder of your settings can be written to, then try again."
        ) from error


def refresh() -> None:
    """Write the program as it is called now, if it has moved since this was switched on. Raises LoginStartError."""
    if state() == "on" and not _is_current():
        set_on(True)


def command() -> list[str]:
    """What the desktop is to run."""
    folder = os.environ.get(reach.DATA_DIR_VARIABLE)
    return [*system.window_command(), "--hidden", *(["--data-dir", folder] if folder else [])]


def quote_exec(arguments: Sequence[str]) -> str:
    """For `Exec`: in double quotes where needed, field codes doubled, and all of it once more as a string of a desktop entry."""
    return " ".join(_quote(argument) for argument in arguments)


def _quote(argument: str) -> str:
    if not re.fullmatch(r"[\w./:=@+,-]+", argument, re.ASCII):
        argument = '"' + re.sub(r'(["`$\\])', r"\\\1", argument) + '"'
    return argument.replace("%", "%%").replace("\\", "\\\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")


def _desktop_path() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if os.path.isabs(config) else Path.home() / ".config"
    return folder / "autostart" / f"{reach.name()}.desktop"


def _desktop_entry() -> str:
    lines = ("Type=Application", "Version=1.1", "Name=Sightline", "Icon=sightline", f"Exec={quote_exec(command())}")
    return "\n".join(("[Desktop Entry]", *lines, "Terminal=false", "X-GNOME-Autostart-enabled=true", ""))


def _desktop_state() -> LoginState:
    group = _read(_desktop_path()).partition("[Desktop Entry]")[2].partition("\n[")[0]
    values = dict(re.findall(r"^([\w-]+) *= *(.*?) *$", group, re.MULTILINE))
    if "Exec" not in values and "Hidden" not in values:
        return "off"
    is_refused = values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false"
    return "refused" if is_refused else "on"


def _plist_path() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_label()}.plist"


def _label() -> str:
    return f"io.github.{reach.name()}"


def _plist() -> dict[str, object]:
    return {
        "Label": _label(),
        "ProgramArguments": command(),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
    }


def _plist_state() -> LoginState:
    content = _read(_plist_path())
    if not content:
        return "off"
    try:
        values = plistlib.loads(content.encode("utf-8", "surrogateescape"))
    except Exception:  # expat has errors of its own
        return "off"
    return "refused" if not isinstance(values, dict) or values.get("Disabled") is True else "on"


def _windows_state() -> LoginState:
    if not _registry_value(RUN_KEY):
        return "off"
    approved = _registry_value(APPROVED_KEY)  # 12 bytes; of the first, the lowest bit means off
    return "refused" if isinstance(approved, bytes) and approved[:1] and approved[0] & 1 else "on"


def _set_windows(is_on: bool) -> None:
    """Without a word of the desktop's settings, Windows starts what the Run key names."""
    import subprocess

    _set_registry_value(RUN_KEY, subprocess.list2cmdline(command()) if is_on else None)
    _set_registry_value(APPROVED_KEY, None)


def _winreg() -> Any:
    """There is none but on Windows."""
    return importlib.import_module("winreg")


def _registry_value(key: str) -> object:
    """The value of this instance, None for none."""
    winreg = _winreg()
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, reach.name())[0]
    except FileNotFoundError:
        return None


def _set_registry_value(key: str, value: str | None) -> None:
    winreg = _winreg()
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
        if value is not None:
            winreg.SetValueEx(opened, reach.name(), 0, winreg.REG_SZ, value)
            return
        with contextlib.suppress(FileNotFoundError):
            winreg.DeleteValue(opened, reach.name())


def _is_current() -> bool:
    """Whether what is written names the program as it is called now."""
    if system.is_windows():
        import subprocess

        return _registry_value(RUN_KEY) == subprocess.list2cmdline(command())
    if system.is_macos():
        return _read(_plist_path()).encode("utf-8", "surrogateescape") == plistlib.dumps(_plist())
    return f"\nExec={quote_exec(command())}\n" in _read(_desktop_path())


def _read(path: Path) -> str:
    """Empty for none."""
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES_MAX).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""


def _set_file(path: Path, content: bytes | None) -> None:
    """Write it whole or not at all, or take it away."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
