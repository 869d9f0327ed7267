"""What can be done with a question and an answer, and what is said about how an answer stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.chat.session import Conversation, Turn
from app.ui.answer_footer import AnswerFooter
from app.ui.answer_view import CUT_CODE
from app.ui.message_parts import QuestionEditor, QuietButton
from app.ui.message_text import QuestionText
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript import Transcript
from app.workers.tasks import TaskRunner
from inference.events import Event, Failed, Finished, Notice, Progress, ReasoningDelta, TextDelta
from tests.helpers.transcripts import DrawnPicture, add_turn, long_conversation, said
from tests.helpers.window import find_button, press, visible_text

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard")  # offscreen, where menus open


@pytest.fixture
def transcript(qtbot: QtBot) -> Iterator[Transcript]:
    """One that is seen, high enough for all that is in it."""
    themes().choose("light")
    tasks = TaskRunner("pictures")
    transcript = Transcript(PictureCache(tasks))
    qtbot.addWidget(transcript)
    transcript.resize(760, 1200)
    transcript.show()
    yield transcript
    tasks.close()


def show(transcript: Transcript, *turns: tuple[str, list[object]]) -> Conversation:
    """A conversation with these questions and the events of their answers."""
    conversation = Conversation()
    for question, events in turns:
        add_turn(conversation, question, events)  # type: ignore[arg-type]
    transcript.set_conversation(conversation)
    QApplication.processEvents()
    return conversation


def heard(transcript: Transcript) -> list[tuple[int, str]]:
    """The actions that will be wanted."""
    wanted: list[tuple[int, str]] = []
    transcript.action_wanted.connect(lambda turn_id, name: wanted.append((turn_id, name)))
    return wanted


def open_menu(widget: QWidget) -> QMenu:
    """The context menu that the keyboard or the right button opens here."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), widget.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, words: str) -> None:
    """Trigger the entry with these words."""
    action = next(action for action in menu.actions() if action.text() == words)
    assert action.isEnabled()
    action.trigger()
    menu.close()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_the_line_below_an_answer_says_what_is_wanted_of_it(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", said("One **two**.")))
    wanted = heard(transcript)
    for words in ("Copy", "Redo", "Export"):
        press(transcript, words)
    assert wanted == [(conversation.turns[0].id, name) for name in ("copy", "redo", "export")]
    assert clipboard() == "One **two**."


def test_more_can_be_done_behind_the_last_word(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", said("One.")))
    wanted = heard(transcript)
    for words in ("Redo with another model…", "Delete"):
        press(transcript, "More")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        choose(menu, words)
    assert wanted == [(conversation.turns[0].id, name) for name in ("redo_with", "delete")]


def test_the_menu_of_an_answer_copies_it_as_plain_text(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", said("# Head\n\nOne **two** and `a*b*c`.\n\n```\nx = **y\n```")))
    wanted = heard(transcript)
    view = transcript.views[0].answer
    choose(open_menu(view.blocks[0]), "Copy as plain text")
    assert clipboard() == "Head\n\nOne two and a*b*c.\n\nx = **y"
    choose(open_menu(view.blocks[0]), "Redo")
    assert wanted[-1] == (conversation.turns[0].id, "redo")
    assert "Copy the selection" not in [action.text() for action in open_menu(view).actions()]


def test_a_selection_can_be_copied_by_itself(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("Question of several words?", said("Answer.")))
    words = transcript.findChild(QuestionText)
    assert isinstance(words, QuestionText)
    cursor = words.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
    words.setTextCursor(cursor)
    choose(open_menu(words), "Copy the selection")
    assert clipboard() == "Question"
    choose(open_menu(words), "Copy")
    assert clipboard() == "Question of several words?"


def edit_first(transcript: Transcript) -> QuestionEditor:
    """Press the pencil of the first question."""
    pencil = next(b for b in transcript.findChildren(QuietButton) if b.accessibleName() == "Edit the question")
    pencil.click()
    editor = transcript.findChild(QuestionEditor)
    assert isinstance(editor, QuestionEditor)
    return editor


def edits(transcript: Transcript) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    transcript.question_edited.connect(lambda turn_id, text: found.append((turn_id, text)))
    return found


def test_a_question_is_put_in_other_words_where_it_stands(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("Which?", said("One.")))
    found = edits(transcript)
    editor = edit_first(transcript)
    assert editor.field.toPlainText() == "Which?"
    assert not transcript.findChild(QuestionText).isVisible()  # type: ignore[union-attr]
    qtbot.keyClick(editor.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor.field, "And why?")
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert found == [(conversation.turns[0].id, "Which?\nAnd why?")]
    assert transcript.findChild(QuestionText).isVisible()  # type: ignore[union-attr]


def test_escape_leaves_a_question_as_it_was(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("Which?", said("One.")))
    found = edits(transcript)
    heights = [view.height() for view in transcript.views]
    editor = edit_first(transcript)
    qtbot.keyClicks(editor.field, "nonsense")
    qtbot.keyClick(editor.field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert found == []
    assert [view.height() for view in transcript.views] == heights
    assert "Which?" in visible_text(transcript)
    assert "nonsense" not in visible_text(transcript)


def test_an_emptied_question_cannot_be_sent(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("Which?", said("One.")))
    found = edits(transcript)
    editor = edit_first(transcript)
    editor.field.setPlainText("  ")
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert found == []
    press(transcript, "Cancel")
    assert "Which?" in visible_text(transcript)


def test_editing_can_be_asked_for_from_outside_and_brings_the_question_into_view(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(30)
    transcript.set_conversation(conversation)
    transcript.edit_question(conversation.turns[2].id)
    editor = transcript.findChild(QuestionEditor)
    assert isinstance(editor, QuestionEditor)
    y = editor.mapTo(transcript.viewport(), QPoint(0, 0)).y()
    assert 0 <= y < transcript.viewport().height() - editor.height()
    assert editor.field.hasFocus() or not transcript.isActiveWindow()


def test_nothing_is_asked_again_while_an_answer_runs(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", said("One.")), ("B?", [TextDelta("Half", "x")]))
    button = next(b for b in transcript.views[0].answer.findChildren(QWidget) if getattr(b, "text", str)() == "Redo")
    assert not button.isEnabled()
    transcript.edit_question(conversation.turns[0].id)
    assert transcript.findChild(QuestionEditor) is None
    conversation.apply(conversation.turns[1].id, [Finished("stop")])
    transcript.refresh_turn(conversation.turns[1].id)
    assert button.isEnabled()


def versions(transcript: Transcript) -> str:
    return next((line for line in visible_text(transcript).split("\n") if " / " in line), "")


def test_versions_can_be_gone_through(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    turns: list[Turn] = [add_turn(conversation, f"Version {n}?", said("Yes."), before="") for n in range(3)]
    wanted: list[str] = []
    transcript.version_wanted.connect(wanted.append)
    transcript.set_conversation(conversation)
    QApplication.processEvents()
    assert versions(transcript) == "3 / 3"
    before = next(w for w in transcript.findChildren(QWidget) if w.accessibleName() == "Version before")
    after = next(w for w in transcript.findChildren(QWidget) if w.accessibleName() == "Version after")
    assert not after.isEnabled()
    before.click()  # type: ignore[attr-defined]
    assert wanted == [turns[1].key]
    conversation.choose(turns[1].key)
    transcript.path_changed()
    QApplication.processEvents()
    assert versions(transcript) == "2 / 3"
    assert "Version 1?" in visible_text(transcript)


def test_tab_goes_on_from_a_question_that_was_clicked(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("One?", said("1")), ("Two?", said("2")))
    transcript.activateWindow()
    first, second = transcript.views
    transcript.order_focus()
    for view in (first, second):
        qtbot.mouseClick(view.question.words.viewport(), Qt.MouseButton.LeftButton)
        view.question.words.setFocus(Qt.FocusReason.MouseFocusReason)
        qtbot.keyClick(view.question.words, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert view.isAncestorOf(focused)


def test_the_keyboard_stays_on_the_way_to_the_versions(qtbot: QtBot, transcript: Transcript) -> None:
    def follow(key: str) -> None:
        conversation.choose(key)
        transcript.path_changed()

    conversation = Conversation()
    add_turn(conversation, "First?", said("Yes."))
    first = conversation.turns[0].key
    for number in range(3):
        add_turn(conversation, f"Version {number}?", said("Yes."), before=first)
    transcript.version_wanted.connect(follow)
    transcript.set_conversation(conversation)
    transcript.activateWindow()
    QApplication.processEvents()
    next(w for w in transcript.findChildren(QWidget) if w.accessibleName() == "Version before").setFocus()
    seen = []
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space):
        focused = QApplication.focusWidget()
        qtbot.keyClick(focused, key)
        QApplication.processEvents()
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append((versions(transcript), focused.accessibleName()))
    assert seen == [("2 / 3", "Version before"), ("1 / 3", "Version after"), ("2 / 3", "Version after")]


def test_when_a_turn_goes_the_keyboard_stays_in_the_conversation(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", said("One.")), ("B?", said("Two.")))
    transcript.activateWindow()
    transcript.views[1].answer.findChildren(AnswerFooter)[0].findChildren(QPushButton)[0].setFocus()
    conversation.drop_turn(conversation.turns[1].id)
    transcript.path_changed()
    assert transcript.hasFocus()


def test_a_turn_with_one_version_says_nothing_of_versions(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("A?", said("One.")))
    assert versions(transcript) == ""


def test_a_cut_answer_keeps_what_was_shown_and_says_so_quietly(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", [TextDelta("Half of it", "x"), Failed(CUT_CODE, "It was cut off.")]))
    shown = visible_text(transcript)
    assert "Half of it" in shown
    assert "This answer was cut off. What had been shown is kept." in shown
    assert "could not be finished" not in shown
    with qtbot.waitSignal(transcript.retry_wanted) as caught:
        press(transcript, "Ask again")
    assert caught.args == [conversation.turns[0].id]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([ReasoningDelta("Hm.", "x"), Finished("stop")], "The model thought about it and then ended without an answer."),
        ([ReasoningDelta("Hm.", "x"), TextDelta("\n", "\n"), Finished("length")], "The length limit was reached before"),
        ([Finished("stop")], "The model ended without an answer."),
    ],
)
def test_an_answer_that_says_nothing_is_not_left_empty(
    qtbot: QtBot, transcript: Transcript, events: list[Event], words: str
) -> None:
    conversation = Conversation()
    turn = add_turn(conversation, "A?", [])
    transcript.set_conversation(conversation)
    with qtbot.waitSignal(transcript.announcer.announced) as announced:
        conversation.apply(turn.id, events)
        transcript.refresh_turn(turn.id)
    QApplication.processEvents()
    assert announced.args is not None
    assert announced.args[0].startswith(words)
    assert words in visible_text(transcript)
    with qtbot.waitSignal(transcript.retry_wanted):
        press(transcript, "Ask again")


@pytest.mark.parametrize("events", [[ReasoningDelta("Hm.", "x"), Finished("cancelled")], said("Yes.")])
def test_an_answer_that_was_stopped_or_says_something_is_not_called_empty(
    qtbot: QtBot, transcript: Transcript, events: list[Event]
) -> None:
    show(transcript, ("A?", events))
    assert "ended without" not in visible_text(transcript)


def test_an_answer_that_another_window_gets_says_so(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", [Progress("loading", 1, 2)]))
    turn = conversation.turns[0]
    transcript.set_elsewhere(turn.id)
    QApplication.processEvents()
    assert "Being answered in another window" in visible_text(transcript)
    assert "Loading" not in visible_text(transcript)
    conversation.apply(turn.id, said("Here it is."))
    transcript.refresh_turn(turn.id)
    QApplication.processEvents()
    assert "another window" not in visible_text(transcript)
    assert "Here it is." in visible_text(transcript)


def test_messages_are_named_groups(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("A?", said("One.")))
    view = transcript.views[0]
    assert view.question.accessibleName().startswith("You, ")
    assert ":" in view.question.accessibleName()
    assert view.answer.accessibleName() == "Answer, GLM-4.6V-Flash"


def test_the_end_of_an_answer_is_announced_once_and_deltas_are_not(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("Old?", said("Old answer.")))
    announced: list[str] = []
    transcript.announcer.announced.connect(announced.append)
    turn = add_turn(conversation, "New?", [])
    transcript.add_turn(turn)
    for event in (
        Notice("few", "Few layers fit."),
        ReasoningDelta("Hm", "x"),
        TextDelta("It is ", "x"),
        TextDelta("**here**.", "x"),
    ):
        conversation.apply(turn.id, [event])
        transcript.refresh_turn(turn.id)
    assert announced == ["Few layers fit."]
    conversation.apply(turn.id, [Finished("stop")])
    transcript.refresh_turn(turn.id)
    transcript.refresh_turn(turn.id)
    assert announced == ["Few layers fit.", "Answer finished. It is here."]


def test_a_failure_is_announced(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = show(transcript, ("A?", []))
    announced: list[str] = []
    transcript.announcer.announced.connect(announced.append)
    conversation.apply(conversation.turns[0].id, [Failed("engine_crashed", "9")])
    transcript.refresh_turn(conversation.turns[0].id)
    assert len(announced) == 1
    assert announced[0].startswith("The model's process crashed.")


def test_a_long_word_and_a_long_question_are_seen_whole(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    add_turn(conversation, "x" * 900, said("One."))
    add_turn(conversation, "发票总额与税率。" * 200, said("One."))
    transcript.set_conversation(conversation)
    QApplication.processEvents()
    for words in transcript.findChildren(QuestionText):
        assert words.document().size().width() <= words.width()
        assert words.document().size().height() <= words.height()
        assert words.mapTo(transcript, QPoint(0, 0)).x() > 0


def test_a_pasted_log_is_folded_until_it_is_wanted(qtbot: QtBot, transcript: Transcript) -> None:
    log = "\n".join(f"line {number}" for number in range(20_000))
    conversation = show(transcript, (log, said("One.")))
    words = transcript.findChild(QuestionText)
    assert isinstance(words, QuestionText)
    assert words.toPlainText().endswith("line 19")
    press(transcript, "Show all of it")
    assert words.toPlainText() == log[:50_000]
    assert "Copy the question" in visible_text(transcript)
    assert words.document().size().height() <= words.height()
    find_named(transcript, "Copy the question").click()  # type: ignore[attr-defined]
    assert clipboard() == log
    transcript.set_conversation(conversation)
    assert transcript.views[0].question.words.toPlainText().endswith("line 19")  # as it was opened first


def find_named(transcript: Transcript, name: str) -> QWidget:
    return next(widget for widget in transcript.findChildren(QWidget) if widget.accessibleName() == name)


def test_a_question_shows_what_went_along(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    picture = DrawnPicture()
    add_turn(conversation, "What?", said("This."), [picture])
    transcript.set_conversation(conversation)
    QApplication.processEvents()
    card = next(w for w in transcript.findChildren(QWidget) if w.accessibleName().startswith("Attachment report-2026.pdf"))
    with qtbot.waitSignal(transcript.picture_activated) as caught:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert caught.args == [picture.id]


def test_larger_text_keeps_everything_in_its_place(qtbot: QtBot, transcript: Transcript) -> None:
    show(transcript, ("Which quarter fell, and why did it fall?", said("One.\n\n" * 5)))
    before = transcript.views[0].height()
    themes().choose_text_size(150)
    QApplication.processEvents()
    view = transcript.views[0]
    assert view.height() == view.fit(transcript.column_px)
    assert view.height() >= before
    themes().choose_text_size(100)
    assert find_button(transcript, "Copy").isVisible()
