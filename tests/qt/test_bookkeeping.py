"""Answers from elsewhere are counted, and pictures are read for models that see none, both outside the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.asking import Asking
from app.bookkeeping import Bookkeeping
from app.chat.compose import build_request
from app.chat.parts import Choice, Plan, Room
from app.chat.session import Conversation
from app.model import Model
from app.planning import Planning
from app.reading import Reading
from app.settings.schema import Settings
from inference.events import Failed, Finished, TextDelta
from inference.types import Usage
from ingest.attachment import Picture
from ingest.errors import ReaderStopped
from ingest.recogniser import Recogniser
from ingest.types import PageText
from tests.helpers.scripted_engine import ScriptedEngine

ANSWER = (TextDelta("So.", "So."), Finished("stop", Usage(1_000_000, 0, 0, 1_000_000)))


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()


def ask(qtbot: QtBot, parent: QObject, host: str | None, script: tuple[object, ...], conversation: Conversation) -> Bookkeeping:
    engine = ScriptedEngine(script)  # type: ignore[arg-type]
    able = replace(engine.capabilities(), model_name="glm-4.6v", host=host)
    asking = Asking(lambda: Model(engine, able), lambda *_: build_request([], "Why?", []), parent)
    books = Bookkeeping(asking, lambda: Settings(currency="CNY"), parent)
    asking.switch(conversation)
    with qtbot.waitSignal(asking.ended):
        assert asking.ask("Why?", Plan(), False)
    return books


def test_what_was_used_elsewhere_is_counted_and_priced(qtbot: QtBot, parent: QObject) -> None:
    for host, script, conversation in (
        ("api.z.ai", ANSWER, Conversation()),
        ("api.z.ai", ANSWER, Conversation(is_private=True)),
        ("api.z.ai", (Failed("server_busy", "x"),), Conversation()),
        ("api.z.ai", (Failed("content_refused", "x", Usage(500_000)),), Conversation()),
        (None, ANSWER, Conversation()),
    ):
        books = ask(qtbot, parent, host, script, conversation)
        books.close()  # what ended is written, whatever comes
    books = Bookkeeping(
        Asking(lambda: None, lambda *_: build_request([], "", []), parent), lambda: Settings(currency="CNY"), parent
    )
    with qtbot.waitSignal(books.told) as told:
        books.ask_month()
    (spent,) = told.args[0]
    assert (spent.host, spent.model, spent.answers, spent.tokens) == ("api.z.ai", "glm-4.6v", 3, 4_500_000)
    assert spent.cost > 0 and spent.currency == "CNY"
    books.close()


class StoppableRecogniser(Recogniser):
    """Reads until it is stopped; that of the second picture is done at once."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.stopped = 0

    def recognise(self, picture: Picture, stop: threading.Event | None = None) -> PageText:
        assert stop is not None
        if not self.begun.is_set():
            self.begun.set()
            assert stop.wait(30)
            self.stopped += 1
            raise ReaderStopped("stopped")
        return PageText("Platform 9", ())


def test_pictures_are_read_outside_the_window_and_no_longer_than_they_are_wanted(
    qtbot: QtBot, parent: QObject, picture: Path
) -> None:
    reading, recogniser = Reading(), StoppableRecogniser()
    choices = [Choice(reading.open(picture))]
    planning = Planning(parent, recogniser)
    planning.restart(choices, Room(16_000, vision=False))
    assert recogniser.begun.wait(30)
    with qtbot.waitSignal(planning.ended), qtbot.assertNotEmitted(planning.failed):
        planning.restart(choices, Room(16_000, vision=False))
    assert recogniser.stopped == 1
    assert [lost.code for lost in planning.plan.reductions] == ["picture_as_text"]
    planning.close()
    recogniser.close()
    reading.close()
