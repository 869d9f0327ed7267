"""What was written and not sent: each conversation keeps it, and it is there again at the next start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.chat.history.store import History
from app.chat.history.types import Draft
from tests.helpers.conversing import answers, history_folder, open_again, settle
from tests.helpers.viewing import make_report
from tests.helpers.window import OPEN_MS, Start, ask, attach, press, wait_for_answer


def test_each_conversation_keeps_its_draft_and_what_is_attached(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    attach(qtbot, controller, picture)
    qtbot.keyClicks(controller.window.composer.question, "half a question")
    controller.browsing.start_new()
    assert controller.window.composer.draft() == ""
    assert controller.attachments.entries == []
    qtbot.keyClicks(controller.window.composer.question, "begun")
    open_again(qtbot, controller, key)
    assert controller.window.composer.draft() == "half a question"
    assert [entry.name for entry in controller.attachments.entries] == [picture.name]
    controller.browsing.start_new()
    assert controller.window.composer.draft() == "begun"


def test_drafts_are_there_again_at_the_next_start(qtbot: QtBot, start: Start, picture: Path, tmp_path: Path) -> None:
    """Those that were sent are not, and those of other windows stay there."""
    first = start(answers("One."))
    ask(qtbot, first, "First?")
    key = first.conversation.key
    attach(qtbot, first, picture, make_report(tmp_path / "report.pdf"))
    first.attachments.choose_part(first.attachments.entries[1].key, "2")
    qtbot.keyClicks(first.window.composer.question, "half a question")
    first.browsing.start_new()
    qtbot.keyClicks(first.window.composer.question, "begun")
    first.window.close()
    first.shut_down()
    second = start(answers("Two."))
    qtbot.waitUntil(lambda: second.window.composer.draft() == "begun")
    open_again(qtbot, second, key)
    assert second.window.composer.draft() == "half a question"
    qtbot.waitUntil(lambda: second.collecting.is_ready, timeout=OPEN_MS)
    assert [(entry.name, entry.part) for entry in second.attachments.entries] == [(picture.name, ""), ("report.pdf", "2")]
    second.browsing.start_new()
    press(second.window, "Send")
    wait_for_answer(qtbot, second)
    second.window.close()
    second.shut_down()
    with closing(History(history_folder())) as history:
        assert list(history.drafts()) == [key]
        history.keep_draft("no such conversation", Draft("text"), {})
        assert list(history.drafts()) == [key]
        history.clear()
        assert history.drafts() == {}


def purge_after_days() -> None:
    with closing(sqlite3.connect(history_folder() / "history.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE file SET kept_at = 0")
    with closing(History(history_folder())) as history:
        history.purge()


def test_a_pasted_picture_is_there_again_at_the_next_start(qtbot: QtBot, start: Start, picture: Path) -> None:
    """However long that takes; once it is taken out, nothing is left of it."""
    first = start(answers("One."))
    settle(qtbot, first)
    image = QImage(str(picture))
    attach(qtbot, first, picture)
    first.attachments.add_image(image, "Pasted picture")
    first.attachments.add_text("a,b\n1,2\n", "table.csv")
    qtbot.waitUntil(lambda: first.collecting.is_ready and len(first.attachments.entries) == 3, timeout=OPEN_MS)
    sent = [entry.attachment.id for entry in first.attachments.entries if entry.attachment]
    first.window.close()
    first.shut_down()
    purge_after_days()
    second = start(answers("Two."))
    qtbot.waitUntil(lambda: second.collecting.is_ready and len(second.attachments.entries) == 3, timeout=OPEN_MS)
    assert [entry.name for entry in second.attachments.entries] == [picture.name, "Pasted picture", "table.csv"]
    assert [entry.attachment.id for entry in second.attachments.entries if entry.attachment] == sent
    second.attachments.clear()
    second.window.close()
    second.shut_down()
    purge_after_days()
    assert [path for path in (history_folder() / "attachments").rglob("*") if path.is_file()] == []


def test_a_pasted_picture_of_a_private_question_is_not_kept(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(answers("One."))
    settle(qtbot, controller)
    controller.browsing.start_new(is_private=True)
    controller.attachments.add_image(QImage(str(picture)), "Pasted picture")
    qtbot.waitUntil(lambda: controller.collecting.is_ready and bool(controller.attachments.entries), timeout=OPEN_MS)
    controller.window.close()
    controller.shut_down()
    assert not (history_folder() / "attachments").exists()
