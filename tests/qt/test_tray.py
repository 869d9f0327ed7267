"""The tray's icon and menu, where there is a tray or not. Real trays are in `tests/e2e/test_tray.py`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.chat.history.types import Summary
from app.ui.actions import Actions
from app.ui.command_table import COMMANDS
from app.ui.language import Languages
from app.ui.theme import load_theme
from app.ui.tray import SIZES_PX, Tray, TrayState, build_icon

# Qt looks for X11's trays on platforms that have none (6.11, QSystemTrayIconPrivate::install_sys).
pytestmark = pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True)

RECORD = next(command.words for command in COMMANDS if command.id == "record.start")


@pytest.fixture
def tray(qtbot: QtBot, qapp: QApplication) -> Iterator[Tray]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Tray(Actions(window))
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def words(tray: Tray) -> list[str]:
    return [action.text() for action in tray._menu.actions() if not action.isSeparator()]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_state_looks_different_at_every_size(qapp: QApplication, theme: str) -> None:
    states: tuple[TrayState, ...] = get_args(TrayState)
    for size_px in SIZES_PX:
        pictures = [build_icon(state, load_theme(theme)).pixmap(size_px, size_px).toImage() for state in states]
        for one, other in itertools.combinations(pictures, 2):
            differing = sum(one.pixel(x, y) != other.pixel(x, y) for x in range(size_px) for y in range(size_px))
            assert differing > size_px * size_px / 50


def test_where_there_is_no_tray_it_is_not_there(tray: Tray) -> None:
    assert not tray.is_there


def test_a_recording_can_be_ended_there(qtbot: QtBot, tray: Tray) -> None:
    assert RECORD in words(tray)
    tray.set_state("recording")
    assert "Stop recording" in words(tray) and RECORD not in words(tray)
    action = next(action for action in tray._menu.actions() if action.text() == "Stop recording")
    with qtbot.waitSignal(tray.command_wanted) as wanted:
        action.trigger()
    assert wanted.args == ["record.start"]
    tray.set_state("answering")
    assert RECORD in words(tray)


def test_what_was_written_to_last_is_offered(qtbot: QtBot, tray: Tray) -> None:
    menu = tray._menu._conversations
    assert not menu.isEnabled()
    titles = ["Salt & pepper", "One\nline", "Long " * 40, "d", "e", "f", "oldest"]
    tray.set_conversations([Summary(f"key{n}", title, n == 6, 100.0 - n) for n, title in enumerate(titles)][::-1])
    said = [action.text() for action in menu.actions()]
    assert len(said) == 5 and said[:2] == ["Salt && pepper", "One line"]
    assert len(said[2]) <= 40 and said[2].endswith("…")
    with qtbot.waitSignal(tray.conversation_wanted) as wanted:
        menu.actions()[1].trigger()
    assert wanted.args == ["key1"]


def test_its_words_follow_the_language(qapp: QApplication, tray: Tray) -> None:
    languages = Languages(qapp)
    languages.choose("zh_CN")
    qapp.processEvents()
    assert "设置…" in words(tray)
    languages.choose("en")
    qapp.processEvents()
    assert "Settings…" in words(tray)
