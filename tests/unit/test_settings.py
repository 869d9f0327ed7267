"""Settings survive restarts, crashes and broken files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.settings.schema import Settings
from app.settings.store import SettingsStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_without_a_file_the_defaults_hold(path: Path) -> None:
    store = SettingsStore(path)
    assert store.current == Settings()
    assert store.set_aside is None
    assert not path.exists()


def test_a_change_survives_a_restart(path: Path) -> None:
    SettingsStore(path).change(model="/models/模型.gguf", thinking=True, theme="dark")
    current = SettingsStore(path).current
    assert (current.model, current.thinking, current.theme) == ("/models/模型.gguf", True, "dark")


def test_a_setting_that_does_not_exist_is_a_mistake_in_the_program(path: Path) -> None:
    with pytest.raises(TypeError):
        SettingsStore(path).change(modle="x")


@pytest.mark.parametrize("content", ["{", "[]", "", '"text"', "\x00\x01"])
def test_a_broken_file_is_set_aside_and_reported(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    store = SettingsStore(path)
    assert store.current == Settings()
    assert store.set_aside is not None
    assert store.set_aside.read_text() == content
    assert not path.exists()


def test_a_second_broken_file_does_not_replace_the_first(path: Path) -> None:
    path.parent.mkdir()
    for content in ("first{", "second{"):
        path.write_text(content)
        store = SettingsStore(path)
    assert store.set_aside is not None
    assert store.set_aside.read_text() == "second{"
    assert len(list(path.parent.glob("*broken*"))) == 2


def test_an_impossible_value_falls_back_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "pink", "gpu_layers": True, "model": "/m.gguf"}))
    assert SettingsStore(path).current == Settings(model="/m.gguf")


def test_settings_of_a_newer_version_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"hologram": 3, "theme": "dark"}))
    SettingsStore(path).change(theme="light")
    assert json.loads(path.read_text())["hologram"] == 3


def test_a_failed_write_leaves_the_old_file_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SettingsStore(path).change(theme="dark")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    store = SettingsStore(path)
    store.change(theme="light")
    assert store.current.theme == "light"
    assert json.loads(path.read_text())["theme"] == "dark"
    assert list(path.parent.iterdir()) == [path]
