"""Settings survive restarts, crashes and broken files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.migrations import VERSION, migrate
from app.settings.schema import Settings, accept
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


def test_a_window_does_not_take_back_what_another_has_changed(path: Path) -> None:
    first, second = SettingsStore(path), SettingsStore(path)
    first.change(text_percent=125, servers="one")
    second.change(window_geometry="there")
    first.change(text_percent=150)
    current = SettingsStore(path).current
    assert (current.text_percent, current.servers, current.window_geometry) == (150, "one", "there")


def test_a_setting_that_does_not_exist_is_a_mistake_in_the_program(path: Path) -> None:
    with pytest.raises(TypeError):
        SettingsStore(path).change(modle="x")


@pytest.mark.parametrize("content", ["{", "[]", "", '"text"', "\x00\x01", "[" * 100_000, '{"model": "' + "x" * (1 << 20) + '"}'])
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
    assert SettingsStore(path).current == Settings(model="/m.gguf", models=("/m.gguf",))


@pytest.mark.parametrize(("name", "value"), [("text_percent", 79), ("text_percent", 10**9), ("gpu_layers", -2), ("models", [1])])
def test_numbers_beyond_their_limits_fall_back(path: Path, name: str, value: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({name: value}))
    assert SettingsStore(path).current == Settings()


def test_a_path_that_is_no_unicode_survives(path: Path) -> None:
    SettingsStore(path).change(model="/models/\udcff.gguf")
    assert SettingsStore(path).current.model == "/models/\udcff.gguf"


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


def test_a_file_of_the_first_version_is_brought_forward(path: Path) -> None:
    """As versions wrote it that knew one model and no list."""
    path.parent.mkdir()
    first = {"model": "/m.gguf", "mmproj": "/p.gguf", "gpu_layers": 0, "thinking": True, "theme": "dark", "language": "zh_CN"}
    path.write_text(json.dumps({**first, "window_geometry": "AdnQ", "splitter_state": ""}))
    store = SettingsStore(path)
    assert store.current == Settings(
        model="/m.gguf", mmproj="/p.gguf", gpu_layers=0, thinking=True, theme="dark", language="zh_CN", window_geometry="AdnQ",
        models=("/m.gguf",),
    )  # fmt: skip
    store.change(models=())
    assert json.loads(path.read_text())["version"] == VERSION
    assert SettingsStore(path).current.models == (), "the step is not done again"


def test_a_file_of_a_newer_version_keeps_its_version(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": VERSION + 7, "model": "/m.gguf"}))
    store = SettingsStore(path)
    assert store.current == Settings(model="/m.gguf"), "no step of ours is for it"
    store.change(theme="dark")
    assert json.loads(path.read_text())["version"] == VERSION + 7


@given(
    st.dictionaries(
        st.sampled_from(["version", "hologram", *Settings.__dataclass_fields__]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text() | st.integers(), max_size=3),
        max_size=4,
    )
)
def test_no_values_stop_the_start(values: dict[str, object]) -> None:
    settings, bad = accept(migrate(values))
    assert set(bad) <= set(values) | {"models"}
    assert 80 <= settings.text_percent <= 200
