"""Finding words in a conversation, drawn or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.session import Conversation
from app.ui.find_bar import FindBar
from app.ui.message_text import QuestionText
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript import Transcript
from app.ui.transcript_text import find_all, folded, plain_text
from app.workers.tasks import TaskRunner
from inference.events import Finished, ReasoningDelta, TextDelta
from tests.helpers.transcripts import add_turn, long_conversation, said


@pytest.fixture
def transcript(qtbot: QtBot) -> Iterator[Transcript]:
    """One that is seen, with sixty turns."""
    themes().choose("light")
    tasks = TaskRunner("pictures")
    transcript = Transcript(PictureCache(tasks))
    qtbot.addWidget(transcript)
    transcript.resize(700, 600)
    transcript.set_conversation(long_conversation(60))
    transcript.show()
    yield transcript
    tasks.close()


def find(qtbot: QtBot, transcript: Transcript, words: str) -> FindBar:
    """Type into the bar, as after Ctrl+F."""
    transcript.open_find()
    bar = transcript.findChild(FindBar)
    assert isinstance(bar, FindBar)
    bar.field.setText(words)
    return bar


def test_every_turn_is_searched_and_the_hit_is_brought_into_view(qtbot: QtBot, transcript: Transcript) -> None:
    bar = find(qtbot, transcript, "Turn number 5 ")
    assert bar.count_words == "1 of 1"
    row = transcript.rows[4]
    assert row.view is not None
    hit = row.view.answer.blocks[0]
    bottom = hit.mapTo(transcript.viewport(), QPoint(0, hit.height())).y()
    assert 0 < bottom <= transcript.viewport().height()


def test_the_bar_covers_no_hit(qtbot: QtBot, transcript: Transcript) -> None:
    """The first question stands at the right, where the bar is."""
    transcript.set_conversation(long_conversation(1))
    bar = find(qtbot, transcript, "question 1")
    (view,) = transcript.views
    words = view.question.words
    assert words.mapTo(transcript, QPoint(0, 0)).y() > bar.geometry().bottom()
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert transcript.viewport().y() == 0


@pytest.mark.parametrize("is_at_end", [False, True])
def test_the_bar_moves_nothing_that_is_read(qtbot: QtBot, transcript: Transcript, is_at_end: bool) -> None:
    scroll = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: scroll.value() == scroll.maximum())
    if not is_at_end:
        scroll.setValue(scroll.maximum() // 2)
    view = transcript.views[-1]
    place = view.mapTo(transcript, QPoint(0, 0)).y()
    transcript.open_find()
    bar = transcript.findChild(FindBar)
    assert bar is not None
    assert transcript.viewport().y() > 0
    assert view.mapTo(transcript, QPoint(0, 0)).y() == place
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert transcript.viewport().y() == 0
    assert view.mapTo(transcript, QPoint(0, 0)).y() == place


def test_hits_are_gone_through_round_and_round(qtbot: QtBot, transcript: Transcript) -> None:
    bar = find(qtbot, transcript, "question 2")  # 2 and 20 to 29
    assert bar.count_words == "1 of 11"
    first = transcript.turn_in_view
    for _ in range(10):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count_words == "11 of 11"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count_words == "1 of 11"
    assert transcript.turn_in_view == first
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count_words == "11 of 11"


def test_the_search_begins_where_one_is_looking(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.show_turn(transcript.turns[24].key)
    bar = find(qtbot, transcript, "question 2")
    assert bar.count_words == "7 of 11"  # 25 is the seventh
    assert transcript.rows[24].view is not None


def test_a_hit_in_a_question_is_marked(qtbot: QtBot, transcript: Transcript) -> None:
    bar = find(qtbot, transcript, "ＱＵＥＳＴＩＯＮ 33:")  # of any case and width
    assert bar.count_words == "1 of 1"
    words = next(w for w in transcript.findChildren(QuestionText) if w.toPlainText().startswith("Question 33:"))
    assert [s.cursor.selectedText() for s in words.extraSelections()] == ["Question 33:"]  # type: ignore[attr-defined]
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert words.extraSelections() == []


def test_chinese_is_found(qtbot: QtBot, transcript: Transcript) -> None:
    assert find(qtbot, transcript, "里昂的工厂").count_words.endswith("of 15")


def test_a_hit_in_folded_reasoning_unfolds_it(qtbot: QtBot, transcript: Transcript) -> None:
    bar = find(qtbot, transcript, "hidden thought 3.")
    assert bar.count_words == "1 of 1"
    view = transcript.rows[2].view
    assert view is not None
    text = view.answer.open_text
    assert text is not None
    QApplication.processEvents()
    y = text.mapTo(transcript.viewport(), QPoint(0, 0)).y()
    assert 0 <= y < transcript.viewport().height()


def test_words_that_are_nowhere_say_so(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.open_find()
    place = transcript.verticalScrollBar().value()
    assert find(qtbot, transcript, "zeppelin").count_words == "Not found"
    assert transcript.verticalScrollBar().value() == place
    assert find(qtbot, transcript, "").count_words == ""


def test_escape_closes_and_gives_the_focus_back(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.activateWindow()
    transcript.setFocus()
    bar = find(qtbot, transcript, "quarter")
    assert bar.field.hasFocus()
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert transcript.hasFocus()


def test_what_an_answer_goes_on_to_say_is_found(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    turn = add_turn(conversation, "A?", [ReasoningDelta("Hm", "x")])
    transcript.set_conversation(conversation)
    bar = find(qtbot, transcript, "zebra")
    assert bar.count_words == "Not found"
    conversation.apply(turn.id, [TextDelta("A zebra.", "x"), Finished("stop")])
    transcript.refresh_turn(turn.id)
    assert bar.count_words.endswith("of 1")


def hit_of(transcript: Transcript, words: str) -> tuple[str, int]:
    """What is marked as the current hit in the answer to the first question, and how far down in the viewport it is."""
    view = transcript.rows[0].view
    assert view is not None
    accent = QColor(themes().current.accent)
    for text in view.texts():
        for mark in text.extraSelections():  # type: ignore[attr-defined]
            if mark.format.background().color() == accent:
                cursor = QTextCursor(mark.cursor)
                cursor.setPosition(mark.cursor.selectionStart())
                place = text.mapTo(transcript.viewport(), text.cursorRect(cursor).center())  # type: ignore[attr-defined]
                return mark.cursor.selectedText(), place.y()
    raise AssertionError(f"no hit is marked for {words!r}")


@pytest.mark.parametrize(
    "markdown",
    ["Long: 😀 the ＧＬＭ-4.6 model.", "| a | b |\n|---|---|\n| 1 | ＧＬＭ-4.6 |", "```text\n😀 = ＧＬＭ-4.6\n```"],
    ids=["prose", "table", "code"],
)
def test_a_hit_in_an_answer_is_found_whatever_its_width_and_shown(qtbot: QtBot, transcript: Transcript, markdown: str) -> None:
    conversation = Conversation()
    add_turn(conversation, "A?", said("Filler.\n\n" * 40 + markdown + "\n\nFiller." * 40))
    transcript.set_conversation(conversation)
    assert find(qtbot, transcript, "glm-4.6").count_words == "1 of 1"
    words, y = hit_of(transcript, "glm-4.6")
    assert words == "ＧＬＭ-4.6"
    assert 0 <= y <= transcript.viewport().height()


def test_a_hit_below_a_table_that_was_not_shown_to_its_end_is_brought_into_view(qtbot: QtBot, transcript: Transcript) -> None:
    """The table is still growing, a few rows at a time, when the words are typed."""
    table = "| a | b |\n|---|---|\n" + "".join(f"| {row} | x |\n" for row in range(300))
    conversation = Conversation()
    add_turn(conversation, "A?", said(f"{table}\nThe zebra." + "\n\nFiller." * 60))
    transcript.set_conversation(conversation)
    find(qtbot, transcript, "zebra")
    QApplication.processEvents()
    words, y = hit_of(transcript, "zebra")
    assert words == "zebra"
    assert 0 <= y <= transcript.viewport().height()


def test_words_are_found_as_they_are_read(qtbot: QtBot, transcript: Transcript) -> None:
    conversation = Conversation()
    add_turn(conversation, "A?", said("The **net** result: see [page two](x) and `a*b*c`."))
    transcript.set_conversation(conversation)
    for words in ("the net result", "see page two and a*b*c"):
        assert find(qtbot, transcript, words).count_words == "1 of 1", words


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("# Head\n\n> quote **b** ~~z~~", "Head\n\nquote b z"),
        ("snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
        ("```py\nx = **y**\n# no head\n```\nafter *it*", "x = **y**\n# no head\nafter it"),
        ("![chart](x.png) [a](b)", "chart a"),
        ("- one\n- *two*", "- one\n- two"),
    ],
)
def test_markdown_is_searched_and_copied_without_its_signs(markdown: str, read: str) -> None:
    assert plain_text(markdown) == read


LETTERS = "aAＡbßẞﬁ發发éＥ\u0301İ½ \n"
"""Some that are one letter for some and two for others."""


@settings(max_examples=25)
@given(st.text(LETTERS, max_size=40), st.text(LETTERS, min_size=1, max_size=3))
def test_each_place_that_is_found_reads_like_what_was_wanted(text: str, wanted: str) -> None:
    for start, end in find_all(text, wanted):
        assert 0 <= start < end <= len(text)
        found = "".join(folded(character) for character in text[start:end])
        assert folded(wanted) in found


@given(st.text(alphabet="ab *_`[]()~#>\n", max_size=200))
def test_any_markdown_becomes_some_text(markdown: str) -> None:
    assert len(plain_text(markdown)) <= len(markdown)
