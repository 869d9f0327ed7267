"""The setting and the desktop say the same about the start at login; the desktop has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import login_start
from app.login_setting import LoginSetting
from tests.helpers.window import Start

pytestmark = pytest.mark.skipif(login_start.system.is_windows() or login_start.system.is_macos(), reason="writes a desktop entry")


def test_what_is_switched_on_and_off_is_written(qtbot: QtBot, start: Start) -> None:
    preferences = start().preferences
    setting = LoginSetting(preferences, preferences)
    preferences.change("starts_at_login", True)
    qtbot.waitUntil(lambda: login_start.state() == "on")
    preferences.change("starts_at_login", False)
    qtbot.waitUntil(lambda: login_start.state() == "off")
    setting.close()


def test_what_the_user_did_in_the_desktops_settings_is_taken_over(qtbot: QtBot, start: Start) -> None:
    preferences = start().preferences
    preferences.change("starts_at_login", True)  # and the desktop knows nothing of it
    setting = LoginSetting(preferences, preferences)
    qtbot.waitUntil(lambda: not preferences.settings.starts_at_login)
    setting.close()
    assert login_start.state() == "off"

    login_start.set_on(True)
    setting = LoginSetting(preferences, preferences)
    qtbot.waitUntil(lambda: preferences.settings.starts_at_login)
    setting.close()


def test_what_cannot_be_written_is_said_and_undone(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    preferences = start().preferences
    setting = LoginSetting(preferences, preferences)
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with qtbot.waitSignal(setting.failed) as failed:
        preferences.change("starts_at_login", True)
    assert "could not be told" in failed.args[0]
    qtbot.waitUntil(lambda: not preferences.settings.starts_at_login)
    setting.close()
