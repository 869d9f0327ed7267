"""The start at login: what is written is what the desktop reads, and what the user said there holds."""

from __future__ import annotations

import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import login_start, system

SYSTEMS = (system.is_windows, system.is_macos)


def forget() -> None:
    for predicate in SYSTEMS:
        predicate.cache_clear()


@pytest.fixture(autouse=True)
def _as_usual(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(system, "window_command", lambda: ["/opt/my apps/sightline"])
    forget()
    yield
    monkeypatch.undo()
    forget()


def desktop_file() -> Path:
    return login_start._desktop_path()


def exec_line() -> str:
    return next(line[5:] for line in desktop_file().read_text().splitlines() if line.startswith("Exec="))


def read_exec(value: str) -> list[str]:
    """As the Desktop Entry Specification has it: a string, then quotes as in a shell, then field codes. shlex knows no ` and $."""
    string = value.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\0", "\\")
    return [re.sub(r"\\([`$])", r"\1", argument).replace("%%", "%") for argument in shlex.split(string)]


@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=20), min_size=1, max_size=4))
def test_quoting_is_undone_by_whoever_runs_it(arguments: list[str]) -> None:
    written = login_start.quote_exec(arguments)
    assert "\n" not in written
    assert read_exec(written) == arguments


def test_it_is_written_read_back_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert login_start.state() == "off"
    login_start.set_on(True)
    assert login_start.state() == "on"
    command = read_exec(exec_line())
    assert command[:2] == ["/opt/my apps/sightline", "--hidden"]
    assert command[2] == "--data-dir"  # the tests have a data folder, which has an entry of its own
    assert desktop_file().name != "sightline.desktop"
    login_start.set_on(False)
    assert login_start.state() == "off"
    login_start.set_on(False)
    monkeypatch.delenv("SIGHTLINE_DATA_DIR")
    assert login_start.command() == ["/opt/my apps/sightline", "--hidden"]
    assert desktop_file().name == "sightline.desktop"


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-validate: apt install desktop-file-utils")
def test_the_file_is_a_valid_desktop_entry() -> None:
    login_start.set_on(True)
    subprocess.run(["desktop-file-validate", desktop_file()], check=True)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_switched_off_stays_off_until_the_user_switches_it_on(line: str) -> None:
    login_start.set_on(True)
    name = line.partition("=")[0]
    kept = [old for old in desktop_file().read_text().splitlines() if not old.startswith(name)]
    desktop_file().write_text("\n".join([*kept, line, ""]))
    before = desktop_file().read_bytes()
    assert login_start.state() == "refused"
    login_start.refresh()
    assert desktop_file().read_bytes() == before
    login_start.set_on(True)
    assert login_start.state() == "on"


def test_a_program_that_has_moved_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    login_start.refresh()
    assert not desktop_file().exists()
    login_start.set_on(True)
    monkeypatch.setattr(system, "window_command", lambda: ["/new/sightline"])
    login_start.refresh()
    assert read_exec(exec_line())[0] == "/new/sightline"


def test_what_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert login_start.state() == "off"
    with pytest.raises(login_start.LoginStartError, match="could not be told"):
        login_start.set_on(True)


def test_macos_gets_a_launch_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    forget()
    assert login_start.state() == "off"
    login_start.set_on(True)
    (file,) = (Path.home() / "Library" / "LaunchAgents").iterdir()
    values = plistlib.loads(file.read_bytes())
    assert file.stem == values["Label"]
    assert values["ProgramArguments"] == login_start.command()
    assert values["RunAtLoad"] is True
    assert login_start.state() == "on"
    file.write_bytes(plistlib.dumps(values | {"Disabled": True}))
    assert login_start.state() == "refused"
    file.write_bytes(b"<plist><dict><key>broken")
    assert login_start.state() == "off"
    login_start.set_on(False)
    assert not file.exists()


class FakeRegistry(SimpleNamespace):
    """The few calls of `winreg` that are made, over a dictionary."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = "HKCU", 2, 1

    def __init__(self) -> None:
        super().__init__(values={})

    class Key(str):
        def __enter__(self) -> FakeRegistry.Key:
            return self

        def __exit__(self, *_error: object) -> None:
            pass

    def OpenKey(self, _root: str, key: str) -> Key:
        return self.Key(key)

    def CreateKeyEx(self, _root: str, key: str, _reserved: int, _access: int) -> Key:
        return self.Key(key)

    def QueryValueEx(self, key: Key, name: str) -> tuple[Any, int]:
        if (key, name) not in self.values:
            raise FileNotFoundError(2, "not found")
        return self.values[key, name], 1

    def SetValueEx(self, key: Key, name: str, _reserved: int, _kind: int, value: str) -> None:
        self.values[key, name] = value

    def DeleteValue(self, key: Key, name: str) -> None:
        if (key, name) not in self.values:
            raise FileNotFoundError(2, "not found")
        del self.values[key, name]


def test_windows_gets_a_value_in_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = FakeRegistry()
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(system, "window_command", lambda: [r"C:\Program Files\Sightline\sightline.exe"])
    monkeypatch.delenv("SIGHTLINE_DATA_DIR")
    forget()
    assert login_start.state() == "off"
    login_start.set_on(True)
    assert registry.values == {(login_start.RUN_KEY, "sightline"): r'"C:\Program Files\Sightline\sightline.exe" --hidden'}
    assert login_start.state() == "on"
    registry.values[login_start.APPROVED_KEY, "sightline"] = bytes([3, *[0] * 11])
    assert login_start.state() == "refused"
    login_start.refresh()
    assert login_start.state() == "refused"
    login_start.set_on(True)
    assert login_start.state() == "on"
    login_start.set_on(False)
    assert registry.values == {}
