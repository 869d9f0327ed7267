"""Only what is near is drawn, and what is looked at never moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.chat.session import Conversation
from app.ui.markdown_view import MarkdownView
from app.ui.message_text import QuestionText
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript import Transcript
from app.ui.transcript_area import FAR
from app.workers.tasks import TaskRunner
from inference.events import Finished, TextDelta
from tests.helpers.transcripts import REALISTIC, add_turn, long_conversation, said

NOTCH_PX = 72
"""Three steps, as Qt has it."""


@pytest.fixture
def transcript(qtbot: QtBot) -> Iterator[Transcript]:
    """One that is seen, 700 x 600 px."""
    themes().choose("light")
    tasks = TaskRunner("pictures")
    transcript = Transcript(PictureCache(tasks))
    qtbot.addWidget(transcript)
    transcript.resize(700, 600)
    transcript.show()
    yield transcript
    tasks.close()


def settle(qtbot: QtBot, transcript: Transcript) -> None:
    """Wait until everything near has its widget and what is far has none."""
    qtbot.waitUntil(lambda: not transcript._timer.isActive())
    QApplication.processEvents()


def places(transcript: Transcript) -> dict[str, int]:
    """Where each question in view stands, by its words."""
    found = {}
    for text in transcript.findChildren(QuestionText):
        y = text.mapTo(transcript.viewport(), QPoint(0, 0)).y()
        if text.isVisible() and 0 <= y < transcript.viewport().height():
            found[text.toPlainText()] = y
    return found


def wheel(transcript: Transcript, pixels: int) -> None:
    """As a touchpad does it over the middle of the transcript; up is positive."""
    viewport = transcript.viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(0, pixels), QPoint(0, pixels * 2), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def test_a_conversation_opens_at_its_end_with_widgets_only_for_what_is_near(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(500)
    transcript.set_conversation(conversation)
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 100_000
    assert transcript.views[-1].geometry().bottom() < transcript.viewport().height()
    assert 2 <= len(transcript.views) < 12


def test_widgets_far_away_are_released_and_come_back_the_same(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_conversation(long_conversation(60))
    settle(qtbot, transcript)
    last = places(transcript) or transcript.views[-1].geometry()
    height = transcript.rows[59].height_px
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    assert "Question 1: which quarter fell, and why?" in places(transcript)
    assert transcript.rows[59].view is None
    assert transcript.rows[59].height_px == height
    assert sum(view.height() for view in transcript.views) < (2 * FAR + 3) * transcript.viewport().height()
    transcript.scroll_to_end()
    settle(qtbot, transcript)
    assert (places(transcript) or transcript.views[-1].geometry()) == last


def test_what_is_unfolded_stays_so_when_its_widget_was_released(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(61)
    transcript.set_conversation(conversation)
    view = transcript.bring_into_view(conversation.turns[59].id)
    assert view is not None
    view.answer.open_reasoning()
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    assert transcript.rows[59].view is None
    view = transcript.bring_into_view(conversation.turns[59].id)
    assert view is not None
    text = view.answer.open_text
    assert text is not None
    assert "Hidden thought 60." in text.plain_text()


def test_scrolling_back_moves_what_is_seen_by_just_that_much(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_conversation(long_conversation(40))
    settle(qtbot, transcript)
    compared = 0
    for _ in range(120):
        before = places(transcript)
        wheel(transcript, 60)  # one notch
        settle(qtbot, transcript)
        after = places(transcript)
        for words in before.keys() & after.keys():
            assert after[words] - before[words] == NOTCH_PX
            compared += 1
    assert compared > 20


def test_heights_that_become_known_above_move_nothing(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(30)
    transcript.set_conversation(conversation)
    transcript.show_turn(conversation.turns[15].key)
    settle(qtbot, transcript)
    assert not all(row.is_measured for row in transcript.rows)
    before = places(transcript)
    assert before
    for row in list(transcript.rows)[:15]:
        with transcript.held():
            row.height_px += 137
    assert places(transcript) == before
    assert transcript.rows.total_px > 0


@pytest.mark.parametrize("leave", ["wheel", "key", "bar", "selection"])
def test_an_answer_is_followed_until_the_user_looks_elsewhere(qtbot: QtBot, transcript: Transcript, leave: str) -> None:
    conversation = long_conversation(5)
    turn = add_turn(conversation, "Running?", [TextDelta("Line one.\n\n" * 60, "x")])
    transcript.set_conversation(conversation)
    transcript.setFocus()
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()

    def grow() -> None:
        conversation.apply(turn.id, [TextDelta("More and more.\n\n" * 5, "x")])
        transcript.refresh_turn(turn.id)
        settle(qtbot, transcript)

    grow()
    assert bar.value() == bar.maximum()
    actions: dict[str, Callable[[], object]] = {
        "wheel": lambda: wheel(transcript, 3),  # even this little
        "key": lambda: qtbot.keyClick(transcript, Qt.Key.Key_PageUp),
        "bar": lambda: bar.setValue(bar.value() - 200),
        "selection": lambda: select_words(transcript.views[-1].answer.findChildren(MarkdownView)[0]),
    }
    actions[leave]()
    place, end = bar.value(), bar.maximum()
    grow()
    assert bar.maximum() > end
    assert bar.value() == place
    qtbot.keyClick(transcript, Qt.Key.Key_End)
    grow()
    assert bar.value() == bar.maximum()


def select_words(widget: QWidget) -> None:
    """As with the mouse."""
    widget.setFocus(Qt.FocusReason.MouseFocusReason)
    cursor = widget.textCursor()  # type: ignore[attr-defined]
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    cursor.movePosition(QTextCursor.MoveOperation.NextWord, QTextCursor.MoveMode.KeepAnchor)
    widget.setTextCursor(cursor)  # type: ignore[attr-defined]


def test_the_way_to_the_end_is_offered_away_from_it_and_says_when_something_came(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(10)
    turn = add_turn(conversation, "Running?", [])
    transcript.set_conversation(conversation)
    button = transcript._end_button
    assert button.isHidden()
    wheel(transcript, 400)
    assert button.isVisible()
    assert not button.has_news
    conversation.apply(turn.id, [TextDelta("Hello.", "x"), Finished("stop")])
    transcript.refresh_turn(turn.id)
    assert button.has_news
    assert "new" in button.accessibleName()
    button.click()
    assert button.isHidden()
    assert transcript.verticalScrollBar().value() == transcript.verticalScrollBar().maximum()


def test_keys_scroll(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_conversation(long_conversation(20))
    transcript.setFocus()
    bar = transcript.verticalScrollBar()
    values = [bar.value()]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_PageDown):
        qtbot.keyClick(transcript, key)
        values.append(bar.value())
    assert values[1] < values[0]
    assert values[2] < values[1] - 400
    assert values[3] > values[2]
    assert values[4] == 0
    assert values[5] > 400
    qtbot.keyClick(transcript, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()


def test_a_window_of_another_width_keeps_what_is_read(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(30)
    transcript.set_conversation(conversation)
    transcript.show_turn(conversation.turns[12].key)
    settle(qtbot, transcript)
    words = conversation.turns[12].question
    before = places(transcript)[words]
    for width in (520, 900, 460, 700):
        transcript.resize(width, 600)
        settle(qtbot, transcript)
        assert abs(places(transcript)[words] - before) <= 2


def test_a_question_that_is_asked_is_followed_again(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(10)
    transcript.set_conversation(conversation)
    wheel(transcript, 2000)
    turn = add_turn(conversation, "New?", [])
    transcript.add_turn(turn)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert "New?" in places(transcript)


def test_another_version_takes_the_place_of_the_one_before(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(12)
    middle = conversation.turns[8]
    other = add_turn(conversation, "In other words?", said(REALISTIC), before=middle.before)
    conversation.choose(middle.key)
    transcript.set_conversation(conversation)
    transcript.show_turn(middle.key)
    settle(qtbot, transcript)
    place = places(transcript)[middle.question]
    conversation.choose(other.key)
    transcript.path_changed()
    settle(qtbot, transcript)
    assert [turn.key for turn in transcript.turns] == [turn.key for turn in conversation.turns]
    assert len(transcript.turns) == 9
    bar = transcript.verticalScrollBar()
    assert places(transcript)["In other words?"] == place or bar.value() == bar.maximum()


def test_a_turn_that_is_taken_out_above_moves_nothing(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(20)
    transcript.set_conversation(conversation)
    settle(qtbot, transcript)
    wheel(transcript, 300)
    settle(qtbot, transcript)
    before = places(transcript)
    assert before
    conversation.drop_turn(conversation.turns[3].id)
    transcript.path_changed()
    settle(qtbot, transcript)
    assert places(transcript) == before
    assert len(transcript.turns) == 19


def test_what_is_being_written_is_not_released(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = long_conversation(40)
    transcript.set_conversation(conversation)
    transcript.edit_question(conversation.turns[0].id)
    view = transcript.rows[0].view
    assert view is not None
    transcript.scroll_to_end()
    settle(qtbot, transcript)
    assert transcript.rows[0].view is view
    assert transcript.rows[20].view is None


def test_tab_goes_through_the_turns_in_the_order_of_reading(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    for number in range(12):
        add_turn(conversation, f"Q{number}?", said("Word.\n\n" * 12))
    transcript.set_conversation(conversation)
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    transcript.activateWindow()
    transcript.setFocus()
    seen: list[int] = []
    for _ in range(400):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        settle(qtbot, transcript)
        focused = QApplication.focusWidget()
        row = next((i for i, row in enumerate(transcript.rows) if row.view and focused and row.view.isAncestorOf(focused)), None)
        if row is None:
            break
        assert focused is not None
        assert focused.accessibleName()
        place = focused.mapTo(transcript.viewport(), QPoint(0, 0)).y()
        assert -focused.height() < place < transcript.viewport().height()
        if row not in seen:
            seen.append(row)
    assert seen == list(range(12))


def test_a_transcript_that_is_not_seen_yet_is_right_when_it_is(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.hide()
    transcript.set_conversation(long_conversation(10))
    assert transcript.views == []
    transcript.show()
    settle(qtbot, transcript)
    assert transcript.verticalScrollBar().value() == transcript.verticalScrollBar().maximum()
    assert transcript.views[-1].height() == transcript.views[-1].fit(transcript.column_px)


def test_an_empty_conversation_is_empty(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_conversation(long_conversation(3))
    transcript.clear()
    assert transcript.turns == []
    assert transcript.views == []
    assert transcript.verticalScrollBar().maximum() == 0
    transcript.turn_page(-1)
    transcript.show_turn("nothing")
    transcript.refresh_turn(12345)
    assert transcript.bring_into_view(12345) is None
