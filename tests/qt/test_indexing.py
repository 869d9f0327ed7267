"""What was asked about is found by its text: read behind everything else, resting while an answer runs, and only once."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from pytestqt.qtbot import QtBot

from app import paths
from app.controller import HISTORY_FOLDER, Controller
from app.indexing import PAGES_AT_ONCE
from inference.events import Finished, TextDelta
from tests.helpers.history import rows
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, send, wait_for_answer

PAGES = PAGES_AT_ONCE + 3


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A page each with a word of its own."""
    path = tmp_path / "report.pdf"
    with pymupdf.open() as document:
        for number in range(PAGES):
            document.new_page(width=200, height=160).insert_text((20, 60), f"wombat{number}")
        document.save(path)
    return path


def engine(*pauses: Pause) -> ScriptedEngine:
    answer = [TextDelta("Seen.", "Seen."), Finished("stop")]
    return ScriptedEngine(answer, *([pause, *answer] for pause in pauses), answer)


def indexed() -> list[tuple[str, str]]:
    """Locators and texts, by number of the page."""
    found = rows(paths.data_dir() / HISTORY_FOLDER, "SELECT locator, text FROM page ORDER BY id")
    return [(locator, text.strip()) for locator, text in found]


def whole() -> list[tuple[str, str]]:
    return [(f"page {number + 1}", f"wombat{number}") for number in range(PAGES)]


def settle(qtbot: QtBot, controller: Controller) -> None:
    done: list[object] = []
    controller.keeping.run(lambda store: None, done.append)
    qtbot.waitUntil(lambda: bool(done))


def test_every_page_is_found_once_the_answer_has_ended(qtbot: QtBot, start: Start, report: Path) -> None:
    controller = start(engine())
    attach(qtbot, controller, report)
    ask(qtbot, controller, "What is it?")
    qtbot.waitUntil(lambda: indexed() == whole(), timeout=OPEN_MS)
    with qtbot.waitSignal(controller.keeping.found) as found:
        controller.keeping.search(f"wombat{PAGES - 1}")
    assert found.args is not None
    assert [(place.where, place.locator) for place in found.args[1]] == [("document", f"page {PAGES}")]


def test_nothing_is_read_while_an_answer_runs_and_all_of_it_after(qtbot: QtBot, start: Start, report: Path) -> None:
    pause = Pause()
    controller = start(engine(pause))
    attach(qtbot, controller, report)
    controller._indexing.rest(True)
    ask(qtbot, controller, "What is it?")  # its end lets the reading begin, the next question interrupts it
    controller.window.composer.question.setPlainText("And now?")
    controller.window.composer.submitted.emit("And now?", False)
    qtbot.waitUntil(pause.reached.is_set)
    qtbot.waitUntil(lambda: not controller._indexing._job)
    settle(qtbot, controller)
    assert len(indexed()) < PAGES
    pause.release()
    wait_for_answer(qtbot, controller)
    qtbot.waitUntil(lambda: indexed() == whole(), timeout=OPEN_MS)


def test_a_scan_is_recognised_only_when_the_user_wants_it(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    sign = tmp_path / "sign.png"
    image = Image.new("RGB", (480, 120), "white")
    ImageDraw.Draw(image).text((40, 30), "WOMBAT", fill="black", font=ImageFont.load_default(60))
    image.save(sign)
    controller = start(engine())
    controller.preferences.change("recognises_for_search", False)
    attach(qtbot, controller, sign)
    ask(qtbot, controller, "What is it?")
    qtbot.waitUntil(lambda: len(controller.browsing.summaries) == 1)
    qtbot.waitUntil(lambda: not controller._indexing._job and not controller._indexing._waiting)
    settle(qtbot, controller)
    assert indexed() == []
    again = start()
    again.preferences.change("recognises_for_search", True)
    again.browsing.open(controller.conversation.key)
    qtbot.waitUntil(lambda: indexed() == [("picture", "WOMBAT")], timeout=OPEN_MS)


def ask_without_reading(qtbot: QtBot, controller: Controller, report: Path) -> None:
    """As when Sightline ends right after the answer."""
    attach(qtbot, controller, report)
    controller._indexing.stop()
    controller._indexing.rest = lambda _is_resting: None  # type: ignore[method-assign]
    ask(qtbot, controller, "What is it?")
    settle(qtbot, controller)
    assert indexed() == []
    controller.window.close()
    controller.shut_down()


def test_what_was_not_read_is_read_when_the_conversation_is_opened_again(qtbot: QtBot, start: Start, report: Path) -> None:
    controller = start(engine())
    ask_without_reading(qtbot, controller, report)
    again = start()
    again.browsing.open(controller.conversation.key)
    qtbot.waitUntil(lambda: indexed() == whole(), timeout=OPEN_MS)


def test_what_was_not_read_is_read_a_while_after_the_next_start(
    qtbot: QtBot, start: Start, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_without_reading(qtbot, start(engine()), report)
    monkeypatch.setattr("app.controller.CATCH_UP_AFTER_MS", 0)
    again = start()
    qtbot.waitUntil(lambda: indexed() == whole(), timeout=OPEN_MS)
    settle(qtbot, again)
    asked: list[object] = []
    again.keeping.run(lambda store: store.unread_sources(), asked.append)
    qtbot.waitUntil(lambda: asked == [[]])


def test_what_was_cleared_does_not_come_back_and_can_be_asked_about_again(qtbot: QtBot, start: Start, report: Path) -> None:
    controller = start(engine())
    attach(qtbot, controller, report)
    ask(qtbot, controller, "What is it?")
    controller.keeping.run(lambda store: store.clear())
    controller.preferences.history_cleared.emit()
    settle(qtbot, controller)
    assert not controller._indexing._waiting
    cleared = rows(paths.data_dir() / HISTORY_FOLDER, "SELECT count(*) FROM conversation")
    assert cleared == [(0,)]
    attach(qtbot, controller, report)
    ask(qtbot, controller, "Again?")
    qtbot.waitUntil(lambda: sorted(set(indexed())) == sorted(whole()), timeout=OPEN_MS)


def test_a_file_that_cannot_be_read_any_more_stops_nothing(
    qtbot: QtBot, start: Start, report: Path, picture: Path, caplog: pytest.LogCaptureFixture
) -> None:
    controller = start(engine())
    attach(qtbot, controller, report, picture)
    first = controller.attachments.entries[0].attachment
    assert first is not None
    first.pages = lambda: [][0]  # type: ignore[method-assign, index]
    send(qtbot, controller, "What is it?")
    wait_for_answer(qtbot, controller)
    qtbot.waitUntil(lambda: not controller._indexing._waiting and not controller._indexing._job, timeout=OPEN_MS)
    settle(qtbot, controller)
    assert controller.window.strip.text == ""


def test_the_window_closes_while_pages_are_read(qtbot: QtBot, start: Start, report: Path) -> None:
    controller = start(engine())
    attach(qtbot, controller, report)
    ask(qtbot, controller, "What is it?")
    controller.window.close()
    controller.shut_down()
    assert indexed() == whole()[: len(indexed())]
