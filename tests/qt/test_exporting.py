"""Conversations go out into files and come back in, from the window."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.chat.answer import Failure
from app.chat.export.errors import ExportError
from app.chat.export.options import Options
from app.chat.history.errors import HistoryError, NotKept
from app.controller import Controller
from app.ui.export_dialog import ExportDialog
from app.ui.failure_words import failure_words
from app.ui.history_words import history_words
from app.ui.language import Languages
from app.ui.words import notice_words
from inference.events import BoxFound, Finished, Notice, TextDelta
from inference.types import Box
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, visible_text


@pytest.fixture
def asked(qtbot: QtBot, start: Start, picture: Path, monkeypatch: pytest.MonkeyPatch) -> Controller:
    """A conversation about a picture."""
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.show())  # the desktop's own cannot be worked from a test
    box = BoxFound(Box(None, 0, 0, 0.5, 1), "[[0,0,500,999]]")
    controller = start(ScriptedEngine([TextDelta("Red, see ", "Red, see "), box, Finished("stop")]))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "What is it?")
    return controller


def said(qtbot: QtBot, controller: Controller) -> str:
    """What the strip says next."""
    qtbot.waitUntil(lambda: controller.window.strip.text != "", timeout=OPEN_MS)
    return controller.window.strip.text


def export(controller: Controller, format_name: str, path: Path, *, is_whole: bool = True) -> None:
    (dialog,) = controller.window.findChildren(ExportDialog)
    dialog.wanted.emit(format_name, str(path), Options(), is_whole)
    dialog.close()


def trigger(controller: Controller, command: str) -> None:
    controller.window.actions_table.action(command).trigger()


@pytest.mark.parametrize(("format_name", "name"), [("md", "x.md"), ("html", "x.html"), ("sightline", "x.sightline")])
def test_a_conversation_is_saved_where_it_was_wanted(
    qtbot: QtBot, asked: Controller, tmp_path: Path, format_name: str, name: str
) -> None:
    trigger(asked, "conversation.export")
    export(asked, format_name, tmp_path / name)
    assert said(qtbot, asked) == f"Saved as {name}."
    assert (tmp_path / name).stat().st_size > 100


def test_one_message_is_saved_alone(qtbot: QtBot, asked: Controller, tmp_path: Path) -> None:
    ask(qtbot, asked, "And now?")
    asked.window.transcript.action_wanted.emit(asked.conversation.turns[1].id, "export")
    export(asked, "md", tmp_path / "x.md", is_whole=False)
    assert said(qtbot, asked) == "Saved as x.md."
    words = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "And now?" in words
    assert words.count("What is it?") == 1  # it is the title


def test_a_conversation_of_the_list_is_saved_without_being_opened(qtbot: QtBot, asked: Controller, tmp_path: Path) -> None:
    key = asked.conversation.key
    asked.browsing.start_new()
    asked.window.sidebar.export_wanted.emit(key, "")
    qtbot.waitUntil(lambda: bool(asked.window.findChildren(ExportDialog)))
    export(asked, "md", tmp_path / "x.md")
    assert said(qtbot, asked) == "Saved as x.md."
    assert "What is it?" in (tmp_path / "x.md").read_text(encoding="utf-8")
    assert asked.conversation.turns == []


def test_a_place_that_cannot_be_written_is_said(qtbot: QtBot, asked: Controller, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    trigger(asked, "conversation.export")
    export(asked, "md", tmp_path / "file" / "x.md")
    assert "x.md" in said(qtbot, asked)
    assert [path.name for path in tmp_path.iterdir() if "x" in path.name] == []


def test_an_exported_conversation_comes_back_with_its_picture(
    qtbot: QtBot, start: Start, asked: Controller, picture: Path, tmp_path: Path
) -> None:
    trigger(asked, "conversation.export")
    export(asked, "sightline", tmp_path / "x.sightline")
    assert said(qtbot, asked) == "Saved as x.sightline."
    original = asked.conversation.key
    asked.browsing.delete(original)
    picture.unlink()
    again = start()
    again.exporting.import_files([str(tmp_path / "x.sightline")])
    qtbot.waitUntil(lambda: bool(again.conversation.turns), timeout=OPEN_MS)
    assert again.conversation.key != original
    assert "What is it?" in visible_text(again.window.transcript)
    assert again.conversation.pictures()[0].render(10, 10).width == 10
    qtbot.waitUntil(lambda: [summary.key for summary in again.browsing.summaries] == [again.conversation.key])


def test_what_did_not_come_along_is_said_once_the_conversation_is_there(qtbot: QtBot, asked: Controller, tmp_path: Path) -> None:
    trigger(asked, "conversation.export")
    export(asked, "sightline", tmp_path / "x.sightline")
    assert said(qtbot, asked) == "Saved as x.sightline."
    before = asked.conversation.key
    write_with_another_attachment(tmp_path / "x.sightline", tmp_path / "y.sightline")
    files = ["y.sightline", "halves.png", "x.sightline"]
    asked.exporting.import_files([str(tmp_path / name) for name in files])  # the last opens, the others are still said
    qtbot.waitUntil(lambda: asked.conversation.key != before, timeout=OPEN_MS)
    text = asked.window.strip.text
    assert "halves.png is damaged, or it is no conversation" in text
    assert "halves.png in y.sightline is not the file that was asked about" in text
    qtbot.waitUntil(lambda: len(asked.browsing.summaries) == 3)
    trigger(asked, "language.zh_CN")
    asked.exporting.import_files([str(tmp_path / "halves.png"), str(tmp_path / "y.sightline")])
    qtbot.waitUntil(lambda: len(asked.browsing.summaries) == 4, timeout=OPEN_MS)
    qtbot.waitUntil(lambda: asked.window.strip.text != text)
    words = asked.window.strip.text
    trigger(asked, "language.en")
    assert "halves.png" in words and "Sightline" in words and not re.search("damaged|asked about|left out", words)


def write_with_another_attachment(path: Path, target: Path) -> None:
    """The same conversation, in which an attached file has other bytes than its name says."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as changed:
        for entry in archive.infolist():
            data = archive.read(entry)
            changed.writestr(entry.filename, data + b"more" if entry.filename.startswith("attachments/") else data)


def test_a_file_that_is_no_conversation_is_refused(qtbot: QtBot, asked: Controller, picture: Path) -> None:
    key = asked.conversation.key
    asked.exporting.import_files([str(picture)])
    assert picture.name in said(qtbot, asked)
    assert asked.conversation.key == key


def test_the_window_closes_while_a_file_is_written(qtbot: QtBot, asked: Controller, tmp_path: Path) -> None:
    trigger(asked, "conversation.export")
    export(asked, "pdf", tmp_path / "x.pdf")
    asked.window.close()
    asked.shut_down()
    assert not [path for path in tmp_path.iterdir() if path.name not in ("x.pdf", "halves.png")]


def test_everything_that_fails_is_said_in_the_windows_language(qapp: QApplication) -> None:
    """By code; a class that is added without words would speak English in a Chinese window."""
    languages = Languages(qapp)
    errors = [each for base in (ExportError, HistoryError) for each in every_class(base) if each.code != base.code]
    try:
        languages.choose("zh_CN")
        said = {error.code: history_words(error("It failed.", "x.pdf")) for error in errors}
        said |= {code: failure_words(Failure(code, "")).title for code in ("answer_cut", "answer_damaged")}
        said |= {code: notice_words(Notice(code, "It failed.")) for code in ("no_gpu", "gpu_refused", "cache_not_written")}
    finally:
        languages.choose("en")
        languages.deleteLater()
    assert len(said) >= 20
    assert not [code for code, words in said.items() if words == "It failed." or words.isascii() or "{" in words]
    assert history_words(NotKept("It failed.")) == "It failed."  # where English is spoken, the error says more


def every_class(base: type[ExportError] | type[HistoryError]) -> list[type[ExportError | HistoryError]]:
    return [each for direct in base.__subclasses__() for each in (direct, *every_class(direct))]
