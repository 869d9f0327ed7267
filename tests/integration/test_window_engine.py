"""The window with the real engine and the tiny model: the answer points, and a killed engine costs one answer at most."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.compose import build_request
from app.controller import Controller
from app.main import build
from app.ui.elided_label import ElidedLabel
from app.ui.settings.dialog import SettingsDialog
from inference.engine import Cancel
from inference.events import Event, TextDelta
from inference.local.proxy import LocalEngine
from inference.types import Request, SamplingParams
from tests.helpers.boxes import iou
from tests.helpers.documents import CIRCLE_PT, PAGE_PT, make_deck, make_pdf, make_scan, make_video
from tests.helpers.window import attach, press, send, visible_text

DEMO = Path(__file__).parents[2] / "resources" / "demo" / "shapes.png"
CIRCLE = (18 / 168, 35 / 140, 77 / 168, 95 / 140)
ANSWER_MS = 60_000


class Fragile:
    """The engine, whose process is killed at the first word of its first answer."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self._is_whole = True
        self.capabilities, self.prepare, self.close = engine.capabilities, engine.prepare, engine.close

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        for event in self._engine.stream(request, cancel):
            if isinstance(event, TextDelta) and self._is_whole:
                self._is_whole = False
                assert self._engine.process_id is not None
                os.kill(self._engine.process_id, signal.SIGKILL)
            yield event


@pytest.fixture(autouse=True)
def _own_slide_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slides are drawn the same on every computer, and LibreOffice's start is not waited for."""
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")


@pytest.fixture(autouse=True)
def _most_likely_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny model is right most of the time, and so its answers are not left to chance here."""
    monkeypatch.setattr("app.requesting.build_request", partial(build_request, sampling=SamplingParams(temperature=0)))


@pytest.fixture
def controller(qtbot: QtBot, tiny_model: tuple[Path, Path]) -> Iterator[Controller]:
    controller = build(["sightline", "--model", str(tiny_model[0])]).controller
    qtbot.waitUntil(lambda: controller.model.model is not None)
    yield controller
    controller.window.close()
    controller.shut_down()
    controller.window.deleteLater()
    controller.deleteLater()
    QApplication.processEvents()


def wait_for_answer(qtbot: QtBot, controller: Controller) -> None:
    qtbot.waitUntil(lambda: controller.conversation.running is None, timeout=ANSWER_MS)
    QApplication.processEvents()


def test_the_settings_say_which_projector_was_found(controller: Controller, tiny_model: tuple[Path, Path]) -> None:
    controller.preferences.show_dialog()
    (dialog,) = controller.window.findChildren(SettingsDialog)
    dialog.open_page("models")
    said = f"{tiny_model[1]} (found beside the model)"
    assert said in [label.full_text for label in dialog.page.findChildren(ElidedLabel)]
    controller.preferences.change("mmproj", str(tiny_model[1]))
    assert said not in [label.full_text for label in dialog.page.findChildren(ElidedLabel)]


def test_the_box_lies_over_the_circle(qtbot: QtBot, controller: Controller) -> None:
    assert "Test model: knows only coloured shapes and numbers" in visible_text(controller.window)
    attach(qtbot, controller, DEMO)
    send(qtbot, controller, "Locate the red circle.")
    wait_for_answer(qtbot, controller)
    (reference,) = controller.conversation.turns[0].answer.references
    box = reference.box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx(CIRCLE, abs=0.1)
    assert controller.window.viewer.canvas.mark_rect(1) is not None
    send(qtbot, controller, "How many shapes are there?")
    wait_for_answer(qtbot, controller)
    assert "There are 2 shapes." in visible_text(controller.window.transcript)


def test_a_page_a_slide_and_a_scan_are_asked_about(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    circle = [side / PAGE_PT[index % 2] for index, side in enumerate(CIRCLE_PT)]
    for number, path in enumerate((make_pdf(tmp_path / "report.pdf"), make_deck(tmp_path / "talk.pptx"))):
        attach(qtbot, controller, path)
        controller.attachments.choose_part(controller.attachments.entries[0].key, "2")
        qtbot.waitUntil(lambda: len(controller.collecting.plan.parts) == 1)
        send(qtbot, controller, "Locate the red circle.")
        wait_for_answer(qtbot, controller)
        answer = controller.conversation.turns[number].answer
        assert len(answer.references) == 1, answer
        (reference,) = answer.references
        box = reference.box
        assert iou((box.x0, box.y0, box.x1, box.y1), circle) > 0.6
        assert reference.picture_id == controller.conversation.turns[number].pictures[0].id
        controller.window.actions_table.action("conversation.new").trigger() if number else None
    attach(qtbot, controller, make_scan(tmp_path / "scan.pdf", 42))
    send(qtbot, controller, "What number is shown?")
    wait_for_answer(qtbot, controller)
    assert "The number is 42." in visible_text(controller.window.transcript)


def test_a_moment_of_a_video_is_found(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    video, shape = make_video(tmp_path / "clip.mp4")
    attach(qtbot, controller, video)
    send(qtbot, controller, f"When does the {shape} appear?")
    wait_for_answer(qtbot, controller)
    assert "At 1.0 seconds." in visible_text(controller.window.transcript)


def test_a_killed_engine_is_said_in_words_and_the_question_can_be_asked_again(qtbot: QtBot, controller: Controller) -> None:
    attach(qtbot, controller, DEMO)
    model = controller.model.model
    assert model is not None
    assert isinstance(model.engine, LocalEngine)
    controller.model.model = replace(model, engine=Fragile(model.engine))
    send(qtbot, controller, "Locate the red circle.")
    wait_for_answer(qtbot, controller)
    said = visible_text(controller.window.transcript)
    assert "The model's process crashed" in said
    assert controller.conversation.turns[0].answer.markdown() in said
    assert controller.conversation.turns[0].answer.markdown().startswith("The")
    press(controller.window.transcript, "Ask again")
    wait_for_answer(qtbot, controller)
    assert "The red circle is here" in visible_text(controller.window.transcript)
