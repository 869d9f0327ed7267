"""The window with a scripted engine: built as the program builds it, ended as the program ends it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.main import build
from app.model import Model
from app.settings.schema import Settings
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import Start, make_picture

if os.environ.get("QT_QPA_PLATFORM") == "offscreen":  # its screen is smaller than the window, above all at QT_SCALE_FACTOR=2
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={Path(__file__).parents[1] / 'data' / 'large_screen.json'}"

MODEL_ARGUMENTS = ("--model", "/models/scripted.gguf")


@pytest.fixture(autouse=True)
def _own_slide_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slides are drawn the same on every computer, and LibreOffice's start is not waited for."""
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    """Starts windows: `start(engine, *arguments)`; without an engine there is no model. Waits until the model is there.

    `fault` is raised when the model is opened.
    """
    started: list[Controller] = []

    def begin(
        engine: ScriptedEngine | None = None, *arguments: str, is_test_model: bool = False, fault: Exception | None = None
    ) -> Controller:
        def open_model(settings: Settings) -> Model:
            if fault is not None:
                raise fault
            assert engine is not None
            return Model(engine, engine.capabilities(), is_test_model)

        model = MODEL_ARGUMENTS if engine is not None or fault is not None else ()
        controller = build(["sightline", *model, *arguments], open_model).controller
        started.append(controller)
        qtbot.waitUntil(lambda: engine is None or controller.model.model is not None)
        return controller

    yield begin
    for controller in started:
        controller.window.close()
        controller.shut_down()
        controller.window.deleteLater()
        controller.deleteLater()
    qapp.processEvents()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file of 200 x 100 pixels, white with a red left half."""
    return make_picture(tmp_path / "halves.png")
