"""Conversations of a window that has a scripted engine, and the history that they are kept in."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app import paths
from app.controller import HISTORY_FOLDER, Controller
from inference.events import Finished, TextDelta
from tests.helpers.scripted_engine import ScriptedEngine


def text(value: str) -> TextDelta:
    return TextDelta(value, value)


def answers(*words: str) -> ScriptedEngine:
    """An engine that says these, one per question."""
    return ScriptedEngine(*([text(word), Finished("stop")] for word in words))


def settle(qtbot: QtBot, controller: Controller) -> None:
    """Wait until everything asked of the history so far is done."""
    done: list[object] = []
    controller.keeping.run(lambda store: None, done.append)
    qtbot.waitUntil(lambda: bool(done))


def open_again(qtbot: QtBot, controller: Controller, key: str) -> None:
    controller.browsing.open(key)
    qtbot.waitUntil(lambda: controller.conversation.key == key)


def history_folder() -> Path:
    return paths.data_dir() / HISTORY_FOLDER


def titles(controller: Controller) -> list[str]:
    return [summary.title for summary in controller.browsing.summaries]
