"""Documents and videos in the window: their cards, their pages, what is sent of them, and what the user is told and asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from app.controller import Controller
from inference.events import BoxFound, Finished, TextDelta
from inference.types import Box, TextPart
from tests.helpers.documents import make_deck, make_pdf, make_video
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, find_button, press, visible_text


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A PDF with the password "moon"."""
    import pymupdf

    path = tmp_path / "secret.pdf"
    with pymupdf.open(make_pdf(tmp_path / "open.pdf")) as document:
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="moon", owner_pw="sun")
    return path


def open_files(controller: Controller, *paths: Path) -> None:
    controller.window.files_chosen.emit([str(path) for path in paths])


def prompt(qtbot: QtBot, controller: Controller) -> QInputDialog:
    """The one that is open."""

    def visible() -> list[QInputDialog]:
        return [dialog for dialog in controller.window.findChildren(QInputDialog) if dialog.isVisible()]

    qtbot.waitUntil(lambda: len(visible()) == 1, timeout=OPEN_MS)
    return visible()[0]


def sent(engine: ScriptedEngine) -> list[str]:
    """What the last question carried, pictures by their size."""
    parts = engine.requests[-1].messages[-1].parts
    return [part.text if isinstance(part, TextPart) else f"{part.width} x {part.height}" for part in parts]


def test_a_document_is_one_card_and_its_pages_can_be_looked_at(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine())
    attach(qtbot, controller, make_pdf(tmp_path / "report.pdf", page_count=3))
    assert find_button(controller.window.composer, "3 pages")
    viewer = controller.window.viewer
    assert [picture.name for picture in viewer.pictures] == [f"report.pdf, page {number}" for number in (1, 2, 3)]
    assert viewer.shown_picture == viewer.pictures[0]
    viewer.show_picture(viewer.pictures[1].id)
    qtbot.waitUntil(lambda: viewer.canvas.scale_percent > 0)


def test_pages_are_sent_with_their_names_and_boxes_lie_on_their_page(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    box = BoxFound(Box("2", 0.1, 0.2, 0.5, 0.6), "x")
    engine = ScriptedEngine([TextDelta("Here ", "Here "), box, Finished("stop")])
    controller = start(engine)
    attach(qtbot, controller, make_pdf(tmp_path / "report.pdf"))
    ask(qtbot, controller, "Where?")
    assert sent(engine)[0] == "Image 1: report.pdf, page 1:\n"
    assert sent(engine)[2] == "\nImage 2: report.pdf, page 2:\n"
    assert sent(engine)[4] == "\nWhere?"
    (reference,) = controller.conversation.turns[0].answer.references
    assert controller.window.viewer.shown_picture is not None
    assert reference.picture_id == controller.window.viewer.shown_picture.id == controller.conversation.pictures()[1].id
    assert "2 pages" in visible_text(controller.window.transcript)


def test_a_part_of_a_document_is_chosen_on_its_card(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    attach(qtbot, controller, make_deck(tmp_path / "talk.pptx"))
    press(controller.window.composer, "2 slides")
    dialog = prompt(qtbot, controller)
    dialog.setTextValue("2")
    dialog.accept()
    qtbot.waitUntil(lambda: len(controller.collecting.plan.parts) == 1)
    assert find_button(controller.window.composer, "2 of 2 slides")
    ask(qtbot, controller, "What?")
    assert sent(engine)[0] == "Image 1: talk.pptx, slide 2:\n"


def test_a_part_that_is_not_there_is_refused_and_everything_stays(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine())
    attach(qtbot, controller, make_pdf(tmp_path / "report.pdf"))
    press(controller.window.composer, "2 pages")
    dialog = prompt(qtbot, controller)
    dialog.setTextValue("5-9")
    dialog.accept()
    assert controller.window.strip.text == "report.pdf has 2 pages; there is no 5-9."
    assert len(controller.collecting.plan.parts) == 2


def test_frames_of_a_video_go_with_their_times(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    attach(qtbot, controller, make_video(tmp_path / "clip.mp4")[0])
    ask(qtbot, controller, "When?")
    texts = "".join(text for text in sent(engine) if " x " not in text)
    assert texts.startswith("Image 1-4: clip.mp4:\n<|begin_of_video|>0.0 seconds")
    assert texts.endswith("<|end_of_video|>When?")
    assert "1.0 seconds" in texts


def test_an_encrypted_document_asks_until_the_password_is_right(qtbot: QtBot, start: Start, secret: Path) -> None:
    controller = start(ScriptedEngine())
    open_files(controller, secret)
    first = prompt(qtbot, controller)
    assert first.textEchoMode() == first.textEchoMode().Password
    first.setTextValue("wrong")
    first.accept()
    qtbot.waitUntil(lambda: not first.isVisible())
    again = prompt(qtbot, controller)
    assert again.labelText().startswith("That is not its password.")
    again.setTextValue("moon")
    again.accept()
    qtbot.waitUntil(lambda: len(controller.collecting.plan.parts) == 2, timeout=OPEN_MS)


def test_an_encrypted_document_can_be_left_alone(qtbot: QtBot, start: Start, secret: Path) -> None:
    controller = start(ScriptedEngine())
    open_files(controller, secret)
    prompt(qtbot, controller).reject()
    assert controller.attachments.entries == []
    assert controller.window.strip.text == ""


def test_what_does_not_fit_is_said_before_and_with_the_question(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine())
    attach(qtbot, controller, make_pdf(tmp_path / "long.pdf", page_count=400))
    planned = len(controller.collecting.plan.parts)
    words = f"long.pdf: only {planned} of 400 pages fit. Choose which."
    assert words in controller.window.strip.text
    ask(qtbot, controller, "What?")
    assert words in visible_text(controller.window.transcript)


def test_a_file_of_no_known_kind_is_refused_in_words(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 20)
    controller = start(ScriptedEngine())
    open_files(controller, tmp_path / "data.bin")
    qtbot.waitUntil(lambda: controller.window.strip.text != "", timeout=OPEN_MS)
    assert controller.window.strip.text.startswith("data.bin is of an unknown kind.")
    assert controller.attachments.entries == []


def test_sending_waits_until_everything_is_open(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    path = make_pdf(tmp_path / "report.pdf")
    open_files(controller, path)
    controller.window.composer.question.setPlainText("Now?")
    assert not any(button.isEnabled() for button in _send_buttons(controller))
    qtbot.waitUntil(lambda: any(button.isEnabled() for button in _send_buttons(controller)), timeout=OPEN_MS)
    press(controller.window, "Send")
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    QApplication.processEvents()
    assert len(engine.requests[0].images()) == 2


def _send_buttons(controller: Controller) -> list[Any]:
    from PySide6.QtWidgets import QPushButton

    return [button for button in controller.window.findChildren(QPushButton) if button.text() == "Send"]
