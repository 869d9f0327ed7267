"""Several conversations: opened, left, renamed, deleted and brought back, while answers run and while they are being read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app import paths
from app.chat.history.store import History
from app.chat.history.types import Draft
from app.chat.parts import Plan
from app.chat.session import Conversation
from app.controller import HISTORY_FOLDER, Controller
from app.keeping import LOOK_INTERVAL_MS
from app.ui.prompts import PasswordPrompt
from inference.events import Event, Finished, Progress, TextDelta
from tests.helpers.history import ask as keep
from tests.helpers.history import no_opener, rows, said
from tests.helpers.other_window import other_window, tell
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.viewing import make_report
from tests.helpers.window import OPEN_MS, Start, ask, attach, press, send, visible_text, wait_for_answer


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


def test_an_answer_goes_on_behind_another_conversation(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    engine = ScriptedEngine([text("Behind"), pause, text(" the scenes."), Finished("stop")], [text("In front."), Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    first = controller.conversation
    controller.browsing.start_new()
    assert controller.asking.running_keys == {first.key}
    ask(qtbot, controller, "Second?")
    pause.release()
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    assert "scenes" not in visible_text(controller.window.transcript)
    open_again(qtbot, controller, first.key)
    assert "Behind the scenes." in visible_text(controller.window.transcript)


def test_stop_stops_the_answer_in_the_window_alone(qtbot: QtBot, start: Start) -> None:
    pauses = [Pause(), Pause()]
    controller = start(ScriptedEngine(*([pause, Finished("stop")] for pause in pauses)))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pauses[0].reached.is_set)
    first = controller.conversation.key
    controller.browsing.start_new()
    send(qtbot, controller, "Second?")
    qtbot.waitUntil(pauses[1].reached.is_set)
    press(controller.window, "Stop")
    wait_for_answer(qtbot, controller)
    assert controller.asking.running_keys == {first}


def test_the_end_of_an_answer_behind_the_window_leaves_the_composer_alone(qtbot: QtBot, start: Start, picture: Path) -> None:
    pause, preparing = Pause(), Pause()
    engine = ScriptedEngine([pause, Finished("stop")], preparation=[Progress("encoding", 1, 2), preparing, Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.browsing.start_new()
    attach(qtbot, controller, picture)
    words = "Looking at the picture… 1 of 2"
    qtbot.waitUntil(lambda: words in visible_text(controller.window.composer))
    pause.release()
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    assert words in visible_text(controller.window.composer)


def test_ready_is_not_said_of_what_was_taken_out(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine(preparation=[Finished("stop")]))
    attach(qtbot, controller, picture)
    qtbot.waitUntil(lambda: "Ready" in visible_text(controller.window.composer))
    controller.attachments.remove(controller.attachments.entries[0].key)
    assert "Ready" not in visible_text(controller.window.composer)


def test_what_was_attached_during_an_answer_is_prepared_after_it(qtbot: QtBot, start: Start, picture: Path) -> None:
    pause = Pause()
    engine = ScriptedEngine([pause, Finished("stop")], preparation=[Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    attach(qtbot, controller, picture)
    assert not engine.prepared
    pause.release()
    qtbot.waitUntil(lambda: any(request.images() for request in engine.prepared))


def test_a_conversation_that_is_still_being_read_does_not_come_over_a_new_one(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.start_new()
    settle(qtbot, controller)
    assert controller.conversation.turns == []


def test_of_two_conversations_opened_at_once_the_last_one_comes(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    keys = []
    for question in ("First?", "Second?"):
        ask(qtbot, controller, question)
        keys.append(controller.conversation.key)
        controller.browsing.start_new()
    with qtbot.waitSignal(controller.asking.switched):
        controller.browsing.open(keys[1])
        controller.browsing.open(keys[1])
        controller.browsing.open(keys[0])
    settle(qtbot, controller)
    assert controller.conversation.key == keys[0]


def test_a_title_given_while_the_conversation_is_read_is_in_the_window(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.rename(key, "My own")
    qtbot.waitUntil(lambda: controller.conversation.key == key)
    qtbot.waitUntil(lambda: controller.conversation.title == "My own")
    assert titles(controller) == ["My own"]


def test_a_conversation_deleted_while_it_is_read_does_not_come(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.delete(key)
    settle(qtbot, controller)
    assert controller.conversation.key != key


def test_a_deleted_conversation_comes_back_with_undo(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.delete(key)
    qtbot.waitUntil(lambda: titles(controller) == [])
    assert controller.conversation.key != key
    press(controller.window.strip, "Undo")
    qtbot.waitUntil(lambda: controller.conversation.key == key)
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    assert "One." in visible_text(controller.window.transcript)


def test_a_conversation_deleted_while_its_answer_runs_is_gone(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([text("Half"), pause, Finished("stop")]))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.browsing.delete(controller.conversation.key)
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    settle(qtbot, controller)
    qtbot.waitUntil(lambda: titles(controller) == [])
    assert controller.window.strip.text == ""


def test_deleting_the_only_question_deletes_the_conversation(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.delete_turn(controller.conversation.turns[0])
    qtbot.waitUntil(lambda: titles(controller) == [])
    controller.browsing.undo()
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    qtbot.waitUntil(lambda: controller.conversation.key == key)


@pytest.mark.parametrize("is_left", [False, True])
def test_a_deleted_question_comes_back_with_undo(qtbot: QtBot, start: Start, is_left: bool) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    ask(qtbot, controller, "Second?")
    key = controller.conversation.key
    controller.browsing.delete_turn(controller.conversation.turns[0])
    assert [turn.question for turn in controller.conversation.turns] == ["Second?"]
    if is_left:  # and read again: it is another object now
        undo = controller.browsing._undo
        controller.browsing.start_new()
        open_again(qtbot, controller, key)
        assert undo is controller.browsing._undo
    controller.browsing.undo()
    for window in (controller, start()):
        open_again(qtbot, window, key)
        assert [turn.question for turn in window.conversation.turns] == ["First?", "Second?"]
        assert "First?" in visible_text(window.window.transcript)


def test_the_branch_that_was_chosen_is_read_after_a_restart(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    first = controller.conversation.turns[0]
    controller.asking.edit(first.id, "Other?")
    wait_for_answer(qtbot, controller)
    controller.window.transcript.version_wanted.emit(first.key)
    assert "One." in visible_text(controller.window.transcript)
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "One." in visible_text(again.window.transcript)


def test_what_was_found_in_another_version_is_shown(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("Apples.", "Pears."))
    ask(qtbot, controller, "First?")
    controller.asking.edit(controller.conversation.turns[0].id, "Other?")
    wait_for_answer(qtbot, controller)
    assert "Apples." not in visible_text(controller.window.transcript)
    with qtbot.waitSignal(controller.keeping.found) as found:
        controller.keeping.search("apples")
    assert found.args is not None
    controller.window.sidebar.found_wanted.emit(found.args[1][0])
    assert "Apples." in visible_text(controller.window.transcript)


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


def test_an_answer_of_another_window_comes_when_it_has_ended(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("Here."))
    settle(qtbot, controller)
    with other_window(history_folder()) as (key, process):
        open_again(qtbot, controller, key)
        said = visible_text(controller.window)
        assert "Begun elsewhere" in said
        assert "Being answered in another window" in said
        assert "Stop" not in said.splitlines()
        qtbot.keyClicks(controller.window.composer.question, "mine")
        tell(process)
        words = "Begun elsewhere, ended there."
        qtbot.waitUntil(lambda: words in visible_text(controller.window.transcript), timeout=OPEN_MS)
        assert controller.window.composer.draft() == "mine"
        press(controller.window, "Send")
        wait_for_answer(qtbot, controller)
        assert "Here." in visible_text(controller.window.transcript)


def test_the_list_follows_another_window(qtbot: QtBot, start: Start) -> None:
    controller = start()
    settle(qtbot, controller)
    with other_window(history_folder()):
        qtbot.waitUntil(lambda: titles(controller) == ["Asked elsewhere?"], timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)


def test_what_was_asked_elsewhere_in_the_same_conversation_comes_into_it(qtbot: QtBot, start: Start) -> None:
    """From another window or program, and from a card of Quick Ask, which has a copy of its own; nothing moves for it."""
    controller = start(answers("One. " * 2000, "Three."))
    ask(qtbot, controller, "First?")
    settle(qtbot, controller)
    transcript, conversation = controller.window.transcript, controller.conversation
    transcript.verticalScrollBar().setValue(100)
    qtbot.keyClicks(controller.window.composer.question, "begun")
    with closing(History(history_folder())) as other:
        copy = other.load(conversation.key, no_opener)
        turn = copy.start_turn("Second?", (), False)
        other.start_turn(copy, turn)
        events: list[Event] = [TextDelta("Two.", "Two."), Finished("stop")]
        copy.apply(turn.id, events)
        other.journal(turn.key, events, 0.0)
        other.finish_turn(turn)
    wait_ms = 2 * LOOK_INTERVAL_MS + OPEN_MS
    qtbot.waitUntil(lambda: [turn.question for turn in transcript.turns] == ["First?", "Second?"], timeout=wait_ms)
    assert controller.conversation is conversation
    controller.asking.ask("Third?", Plan((), ()), False, None, copy)
    qtbot.waitUntil(lambda: len(transcript.turns) == 3, timeout=wait_ms)
    assert [turn.answer.said for turn in conversation.turns[1:]] == ["Two.", "Three."]
    assert transcript.verticalScrollBar().value() == 100
    assert controller.window.composer.draft() == "begun"


def test_the_last_name_that_was_given_wins_in_both_windows(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    settle(qtbot, controller)
    with closing(History(history_folder())) as other:
        other.rename(key, "Theirs")
        controller.browsing.pin(key, True)  # neither this nor a question says anything of the name
        ask(qtbot, controller, "Second?")
        qtbot.waitUntil(lambda: controller.conversation.title == "Theirs" and titles(controller) == ["Theirs"])
        controller.browsing.rename(key, "Ours")
        settle(qtbot, controller)
        assert (other.naming(key), other.summaries()[0].title) == (("Ours", True), "Ours")
        other.rename(key, "")
        qtbot.waitUntil(lambda: controller.conversation.title == "First?", timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)


@contextmanager
def locked_out(controller: Controller) -> Iterator[None]:
    """Nothing can be written to the history, as on a full disk: a trigger refuses it."""
    with closing(sqlite3.connect(history_folder() / "history.sqlite")) as connection:
        for table in ("journal", "turn"):
            connection.execute(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END")
        yield
        for table in ("journal", "turn"):
            connection.execute(f"DROP TRIGGER no_{table}")


def test_a_history_that_cannot_be_written_is_said_once_and_caught_up_with(
    qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = [Pause() for _ in range(3)]
    script = [step for pause in pauses for step in (text("word "), pause)]
    controller = start(ScriptedEngine([*script, Finished("stop")]))
    settle(qtbot, controller)
    failures: list[str] = []
    controller.keeping.failed.connect(lambda code, _message: failures.append(code))
    with locked_out(controller):
        send(qtbot, controller, "First?")
        for pause in pauses[:2]:
            qtbot.waitUntil(pause.reached.is_set)
            settle(qtbot, controller)
            pause.release()
        qtbot.waitUntil(pauses[2].reached.is_set)
        settle(qtbot, controller)
        assert len(failures) == 1
        assert controller.window.strip.text != ""
    pauses[2].release()
    wait_for_answer(qtbot, controller)
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "word word word" in visible_text(again.window.transcript)


def test_each_question_that_cannot_be_kept_says_so(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    history_folder().parent.mkdir(parents=True, exist_ok=True)
    history_folder().write_text("no folder")
    controller = start(answers("One.", "Two."))
    strip = controller.window.strip
    qtbot.waitUntil(lambda: "cannot be read or written" in strip.text)
    for question in ("First?", "Second?"):
        strip.hide()
        ask(qtbot, controller, question)
        qtbot.waitUntil(lambda: "cannot be read or written" in strip.text)


def test_the_end_of_an_answer_is_tried_again(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    controller = start(answers("All of it."))
    settle(qtbot, controller)
    with locked_out(controller):
        ask(qtbot, controller, "First?")
        settle(qtbot, controller)
        assert rows(history_folder(), "SELECT * FROM turn") == []
        assert controller.window.strip.text != ""
    qtbot.waitUntil(lambda: titles(controller) == ["First?"], timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)
    assert controller.window.strip.text == ""  # it would be read as if the answer were not kept
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "All of it." in visible_text(again.window.transcript)


def test_what_came_before_the_window_was_closed_is_kept(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([text("Half of it"), pause, Finished("stop")]))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.window.close()
    controller.shut_down()
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    said = visible_text(again.window.transcript)
    assert "Half of it" in said
    assert "Stopped" in said


def test_a_damaged_history_is_reported(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    history_folder().mkdir(parents=True)
    (history_folder() / "history.sqlite").write_bytes(b"no database" * 1000)
    controller = start(answers("One."))
    qtbot.waitUntil(lambda: "history was damaged" in controller.window.strip.text)
    ask(qtbot, controller, "First?")
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])


def test_what_lost_its_questions_says_so(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    conversation = Conversation()
    with closing(History(history_folder())) as history:
        keep(history, conversation, "First?", said("One."))
    with closing(sqlite3.connect(history_folder() / "history.sqlite", isolation_level=None)) as connection:
        connection.execute("DELETE FROM turn")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (history_folder() / "history.sqlite").open("r+b") as file:
        file.write(bytes(4096))
    controller = start()
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    open_again(qtbot, controller, conversation.key)
    assert controller.conversation.title == "First?"
    assert "Only the title of this conversation could be saved" in controller.window.strip.text


def test_a_file_too_large_for_a_copy_is_named(qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.chat.history.files.COPY_BYTES_MAX", 10)
    controller = start(answers("One."))
    attach(qtbot, controller, make_report(tmp_path / "report.pdf"))
    ask(qtbot, controller, "First?")
    qtbot.waitUntil(lambda: "report.pdf is larger than 1 GB" in controller.window.strip.text)


def give_password(qtbot: QtBot, controller: Controller, password: str) -> None:
    """Answer the prompt, once there is one."""
    prompts: list[PasswordPrompt] = []

    def is_asked() -> bool:
        prompts[:] = [prompt for prompt in controller.window.findChildren(PasswordPrompt) if prompt.isVisible()]
        return bool(prompts)

    qtbot.waitUntil(is_asked, timeout=OPEN_MS)
    prompts[0].setTextValue(password)
    prompts[0].accept()


def test_a_protected_document_of_an_earlier_question_wants_its_password(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    with pymupdf.open() as document:
        document.new_page(width=200, height=160).draw_rect((0, 0, 200, 160), fill=(1, 0, 0))
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="right", owner_pw="right")
    controller = start(answers("Red."))
    controller.window.files_chosen.emit([str(path)])
    give_password(qtbot, controller, "right")
    qtbot.waitUntil(lambda: controller.collecting.is_ready and bool(controller.attachments.pictures), timeout=OPEN_MS)
    ask(qtbot, controller, "First?")
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    picture = again.conversation.pictures()[0]
    assert again._cache.request(picture) is None
    give_password(qtbot, again, "wrong")
    give_password(qtbot, again, "right")
    qtbot.waitUntil(lambda: again._cache.request(picture) is not None, timeout=OPEN_MS)
