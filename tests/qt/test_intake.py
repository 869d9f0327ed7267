"""Pictures and models come in by dialog, paste, drop and command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from app import paths
from app.controller import Controller
from inference.errors import ModelFileMissing
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, attach, find_button, make_picture, press, visible_text


def drop(controller: Controller, data: QMimeData) -> QDropEvent:
    """As the window system does it: enter, then drop."""
    actions = Qt.DropAction.CopyAction
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), actions, data, buttons, modifiers)
    QApplication.sendEvent(controller.window, enter)
    event = QDropEvent(QPointF(300, 300), actions, data, buttons, modifiers)
    if enter.isAccepted():
        QApplication.sendEvent(controller.window, event)
    else:
        event.ignore()
    return event


def files(*file_paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in file_paths])
    return data


def image_data(color: str = "blue") -> QMimeData:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(color)
    data = QMimeData()
    data.setImageData(image)
    return data


def names(controller: Controller) -> list[str]:
    return [picture.name for picture in controller.attachments.pictures]


def test_pictures_from_the_command_line_are_attached_and_shown(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine(), str(picture))
    qtbot.waitUntil(lambda: names(controller) == ["halves.png"])
    assert controller.window.viewer.isVisible()
    assert controller.window.viewer.shown_picture == controller.attachments.pictures[0]


def test_pictures_from_the_dialog_are_attached_in_order(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine())
    controller.window.open_files()
    dialog = controller.window.findChild(QFileDialog)
    assert dialog is not None
    chosen = [make_picture(tmp_path / name, color=color) for name, color in (("b.png", "red"), ("a.png", "green"))]
    dialog.filesSelected.emit([str(path) for path in chosen])
    dialog.close()
    qtbot.waitUntil(lambda: names(controller) == ["b.png", "a.png"])


def test_a_copied_picture_is_pasted(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine())
    QGuiApplication.clipboard().setMimeData(image_data())
    qtbot.keySequence(controller.window.composer.question, QKeySequence(QKeySequence.StandardKey.Paste))
    qtbot.waitUntil(lambda: names(controller) == ["Pasted picture"])
    pasted = controller.attachments.pictures[0]
    assert (pasted.width, pasted.height) == (30, 20)
    assert pasted.render(30, 20).rgb[:3] == bytes((0, 0, 255))


def test_copied_files_are_pasted_as_pictures_and_not_as_text(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine())
    data = files(picture)
    data.setText(str(picture))
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keySequence(controller.window.composer.question, QKeySequence(QKeySequence.StandardKey.Paste))
    qtbot.waitUntil(lambda: names(controller) == ["halves.png"])
    assert controller.window.composer.question.toPlainText() == ""


def test_copied_text_is_pasted_as_text(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine())
    QGuiApplication.clipboard().setText("What is this?")
    qtbot.keySequence(controller.window.composer.question, QKeySequence(QKeySequence.StandardKey.Paste))
    assert controller.window.composer.question.toPlainText() == "What is this?"


def test_dropped_files_and_pictures_are_attached(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine())
    assert drop(controller, files(picture)).isAccepted()
    assert drop(controller, image_data()).isAccepted()
    qtbot.waitUntil(lambda: names(controller) == ["halves.png", "Pasted picture"])
    assert controller.window.viewer.shown_picture == controller.attachments.pictures[-1]


def test_an_address_in_the_network_is_not_taken(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine())
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/picture.png")])
    assert not drop(controller, data).isAccepted()
    assert controller.attachments.entries == []


def test_the_same_picture_twice_is_attached_once(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine())
    drop(controller, files(picture, picture))
    qtbot.waitUntil(lambda: bool(controller.attachments.pictures) and not controller.attachments.is_opening)
    assert names(controller) == ["halves.png"]


def test_an_attached_picture_can_be_removed(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine())
    attach(qtbot, controller, picture)
    remove = next(b for b in controller.window.findChildren(QToolButton) if b.accessibleName() == "Remove halves.png")
    remove.click()
    assert controller.attachments.entries == []
    assert not controller.window.viewer.isVisible()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("notes.png", bytes(range(32)) * 9, "notes.png is of an unknown kind."), ("gone.png", None, "There is no file gone.png.")],
)
def test_what_cannot_be_opened_is_said_and_the_rest_is_taken(
    qtbot: QtBot, start: Start, tmp_path: Path, picture: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    controller = start(ScriptedEngine())
    drop(controller, files(tmp_path / name, picture))
    qtbot.waitUntil(lambda: names(controller) == ["halves.png"])
    assert controller.window.strip.text.startswith(words)
    assert QApplication.activeModalWidget() is None


def test_a_picture_that_is_cut_off_is_refused_when_it_is_attached(qtbot: QtBot, start: Start, picture: Path) -> None:
    picture.write_bytes(picture.read_bytes()[:40])
    controller = start(ScriptedEngine())
    drop(controller, files(picture))
    qtbot.waitUntil(lambda: controller.window.strip.text != "", timeout=OPEN_MS)
    assert controller.attachments.entries == []


def test_what_is_missing_in_a_file_is_said_when_it_is_attached(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    picture = tmp_path / "noise.png"
    Image.effect_noise((200, 200), 80).save(picture)
    picture.write_bytes(picture.read_bytes()[:-9000])
    controller = start(ScriptedEngine())
    attach(qtbot, controller, picture)
    assert controller.window.strip.text.startswith("noise.png: The file is cut off")


def test_without_a_model_the_window_offers_to_choose_one(qtbot: QtBot, start: Start) -> None:
    controller = start()
    said = visible_text(controller.window)
    assert "Choose a model to begin" in said
    assert "No model yet" in said
    assert "On this computer" not in said
    qtbot.keyClicks(controller.window.composer.question, "Hello")
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_Return)
    assert controller.conversation.turns == []


def test_a_model_that_is_gone_is_said_and_another_can_be_chosen(qtbot: QtBot, start: Start) -> None:
    controller = start(fault=ModelFileMissing("There is no model file /models/scripted.gguf."))
    qtbot.waitUntil(lambda: controller.window.strip.text != "")
    assert controller.window.strip.text == "The model's file is gone. There is no model file /models/scripted.gguf."
    find_button(controller.window.hero, "Use a GGUF file you have…")


def model_folder(tmp_path: Path, *projectors: str) -> Path:
    for name in ("GLM-4.6V-Flash-Q4.gguf", *projectors):
        (tmp_path / name).write_bytes(b"GGUF")
    return tmp_path / "GLM-4.6V-Flash-Q4.gguf"


def stored_settings() -> dict[str, object]:
    return json.loads((paths.config_dir() / "settings.json").read_text())


def test_a_dropped_model_is_used_with_the_projector_beside_it(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    model = model_folder(tmp_path, "mmproj-GLM.gguf")
    controller = start(ScriptedEngine())
    drop(controller, files(model))
    qtbot.waitUntil(lambda: controller.model.model is not None)
    assert (controller.settings.model, controller.settings.mmproj) == (str(model), str(tmp_path / "mmproj-GLM.gguf"))
    assert stored_settings()["model"] == str(model)


def test_several_projectors_are_a_question_in_the_window(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    model = model_folder(tmp_path, "mmproj-A.gguf", "mmproj-B.gguf")
    controller = start(ScriptedEngine())
    controller.window.model_chosen.emit(str(model))
    assert "Which projector belongs to it?" in visible_text(controller.window)
    press(controller.window.projector_choice, "mmproj-B.gguf")
    assert controller.settings.mmproj == str(tmp_path / "mmproj-B.gguf")
    assert not controller.window.projector_choice.isVisible()


def test_a_missing_projector_is_a_question_too(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    model = model_folder(tmp_path)
    controller = start(ScriptedEngine())
    controller.window.model_chosen.emit(str(model))
    assert "None lies beside it." in visible_text(controller.window)
    press(controller.window.projector_choice, "Go on without pictures")
    assert (controller.settings.model, controller.settings.mmproj) == (str(model), "")


def test_leaving_the_question_leaves_the_model_as_it_was(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine())
    before = controller.settings
    controller.window.model_chosen.emit(str(model_folder(tmp_path)))
    press(controller.window.projector_choice, "Cancel")
    assert controller.settings == before
    assert controller.window.hero.isVisible()


def test_a_projector_is_not_taken_for_a_model(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    model_folder(tmp_path, "mmproj-A.gguf")
    controller = start(ScriptedEngine())
    controller.window.model_chosen.emit(str(tmp_path / "mmproj-A.gguf"))
    assert "mmproj-A.gguf is a projector" in controller.window.strip.text


def test_another_model_replaces_the_engine(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    controller.window.model_chosen.emit(str(model_folder(tmp_path, "mmproj-A.gguf")))
    qtbot.waitUntil(lambda: engine.is_closed and controller.model.model is not None)
