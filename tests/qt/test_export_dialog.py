"""The export dialog says what was chosen, and nothing before a place was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QRadioButton
from pytestqt.qtbot import QtBot

from app.chat.export import SUFFIXES, Options
from app.ui.export_dialog import FORMATS, ExportDialog, format_words


@pytest.fixture
def dialog(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ExportDialog:
    """Opened for one message of a conversation."""
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.show())  # the desktop's own cannot be worked from a test
    made = ExportDialog(lambda format: f"Sales{SUFFIXES[format]}", has_message=True)
    qtbot.addWidget(made)
    made.show()
    return made


def button(dialog: ExportDialog, words: str) -> QAbstractButton:
    return next(found for found in dialog.findChildren(QAbstractButton) if found.text() == words or found.accessibleName() == words)


def choose_place(qtbot: QtBot, dialog: ExportDialog, path: Path) -> QFileDialog:
    qtbot.mouseClick(button(dialog, "Save…"), Qt.MouseButton.LeftButton)
    (places,) = dialog.findChildren(QFileDialog)
    places.fileSelected.emit(str(path))
    return places


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_can_be_chosen(qtbot: QtBot, dialog: ExportDialog, format: str, tmp_path: Path) -> None:
    name = format_words()[format][0]  # type: ignore[index]
    button(dialog, name).click()
    with qtbot.waitSignal(dialog.wanted) as wanted:
        places = choose_place(qtbot, dialog, tmp_path / "x")
    assert wanted.args == [format, str(tmp_path / "x"), Options(words=wanted.args[2].words), False]
    assert places.defaultSuffix() == SUFFIXES[dialog.format].removeprefix(".")
    assert not dialog.isVisible()


def test_the_whole_conversation_with_its_reasoning(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path) -> None:
    button(dialog, "The whole conversation").click()
    button(dialog, "With the model's reasoning").click()
    (tmp_path / "x").write_text("old")
    with qtbot.waitSignal(dialog.wanted) as wanted:
        choose_place(qtbot, dialog, tmp_path / "x")
    options = wanted.args[2]
    assert (options.reasoning, options.overwrite, wanted.args[3]) == (True, True, True)


def test_without_a_place_nothing_is_wanted(qtbot: QtBot, dialog: ExportDialog) -> None:
    with qtbot.assertNotEmitted(dialog.wanted):
        button(dialog, "Save…").click()
        dialog.findChildren(QFileDialog)[0].reject()
        assert dialog.isVisible()
        button(dialog, "Cancel").click()
    assert not dialog.isVisible()


def test_everything_has_a_name(dialog: ExportDialog) -> None:
    for found in dialog.findChildren(QAbstractButton):
        assert found.accessibleName() or found.text()
    for radio in dialog.findChildren(QRadioButton)[: len(FORMATS)]:
        assert radio.accessibleDescription() in {label.text() for label in dialog.findChildren(QLabel)}


def test_everything_is_reached_by_the_keyboard(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.focusWidget() is not None and dialog.focusWidget().hasFocus())
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert dialog.format == "html"
    reached = set()
    for _ in range(8):
        reached.add(dialog.focusWidget())
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    for words in ("Web page", "This question and its answer", "With the model's reasoning", "Cancel", "Save…"):
        assert button(dialog, words) in reached
