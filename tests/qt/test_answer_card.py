"""The card of Quick Ask: read, pointed in, copied, asked on and pinned; over the picture and as a window of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSizeGrip, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.chat.session import Turn
from app.ui.message_text import QuestionText
from app.ui.picture_levels import PictureCache
from app.ui.quick.answer_card import AnswerCard
from app.ui.quick.ask_bar import AskBar
from app.ui.quick.panel import QuickPanel
from app.ui.quick.reader import Reader
from app.ui.theme import themes, ui_font
from app.workers.tasks import TaskRunner
from tests.helpers.answers import default_looks
from tests.helpers.quick import Surface, finish, make_turn, write
from tests.helpers.window import find_button, press, visible_text

REGION = QRect(230, 190, 612, 370)
LINES = "\n\n".join(f"Line {number} of what there is to say." for number in range(60))
POINTING = ("The VAT ", "@", " is right, the total ", "@", " is not.")


@pytest.fixture(autouse=True)
def _looks(qapp: QApplication) -> Iterator[None]:
    qapp.setStyle("Fusion")
    qapp.setFont(ui_font())
    with default_looks():
        yield


@pytest.fixture
def surface(qapp: QApplication) -> Iterator[Surface]:
    """May go before the test ends."""
    surface = Surface()
    surface.show()
    yield surface
    if isValid(surface):
        surface.close()
        surface.deleteLater()


@pytest.fixture
def cache(qapp: QApplication) -> Iterator[PictureCache]:
    tasks = TaskRunner("quick")
    yield PictureCache(tasks)
    tasks.close()


@pytest.fixture
def panel(surface: Surface) -> QuickPanel:
    bar = AskBar(surface)
    bar.set_actions("")
    panel = QuickPanel(bar, surface)
    panel.open(surface, REGION)
    return panel


@pytest.fixture
def card(qtbot: QtBot, panel: QuickPanel, cache: PictureCache) -> Iterator[AnswerCard]:
    """Open beside a region, with nothing on it yet."""
    card = AnswerCard(cache)
    panel.show_card(card)
    yield card
    if isValid(card):
        card.setParent(None)
        card.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def answered(card: AnswerCard, *pieces: str, question: str = "Is it right?", before: str = "", number: int = 1) -> Turn:
    turn = make_turn(question, before, number)
    card.show_turn(turn)
    write(turn, *pieces)
    finish(turn)
    card.refresh()
    return turn


def place_of(card: AnswerCard) -> QRect:
    return card.card_rect.translated(card.pos())


def test_an_answer_is_announced_once(qtbot: QtBot, card: AnswerCard) -> None:
    said: list[str] = []
    card.announcer.announced.connect(said.append)
    turn = make_turn()
    card.show_turn(turn)
    for piece in POINTING:
        write(turn, piece)
        card.refresh()
    assert said == []
    finish(turn)
    for _ in range(3):
        card.refresh()
    assert said == ["Answer finished. The VAT [1] is right, the total [2] is not."]


def test_the_card_grows_at_its_side_of_the_region_and_then_scrolls(qtbot: QtBot, card: AnswerCard) -> None:
    turn = make_turn()
    card.show_turn(turn)
    before = place_of(card)
    assert before.left() > REGION.right()
    write(turn, *POINTING)
    card.refresh()
    assert place_of(card).height() > before.height()
    write(turn, LINES)
    card.refresh()
    assert place_of(card).left() == before.left()
    assert card.parentWidget().rect().contains(place_of(card))
    bar = card.findChild(Reader).verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    write(turn, LINES)
    card.refresh()
    assert bar.value() == 10


def test_neither_bar_nor_card_covers_the_other_or_the_region(card: AnswerCard, surface: Surface) -> None:
    answered(card, LINES)
    bar = surface.findChild(AskBar)
    asked = bar.card_rect.translated(bar.pos())
    assert not asked.intersects(place_of(card))
    assert not asked.intersects(REGION)
    assert not place_of(card).intersects(REGION)


def test_a_bar_that_grows_pushes_the_card_aside(panel: QuickPanel, card: AnswerCard, surface: Surface) -> None:
    answered(card, LINES)
    bar = surface.findChild(AskBar)
    bar.set_text("\n".join("line" for _ in range(8)))
    bar._chips.edit_wanted.emit("explain")
    QApplication.processEvents()
    asked = bar.card_rect.translated(bar.pos())
    assert asked.height() > 250
    assert not asked.intersects(place_of(card))
    assert surface.rect().contains(asked)
    panel.move_to(REGION.translated(400, 0))
    assert place_of(card).right() < REGION.left() + 400


def test_references_are_reached_with_the_keyboard_before_the_buttons(qtbot: QtBot, card: AnswerCard) -> None:
    answered(card, *POINTING)
    pointed: list[int] = []
    card.reference_hovered.connect(pointed.append)
    card.findChild(Reader).setFocus(Qt.FocusReason.TabFocusReason)
    names = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.text() if isinstance(focused, QPushButton) else type(focused).__name__)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert names == ["Reader", "MarkdownView", "MarkdownView", "Copy", "Pin", "Ask on", "Open in window", "More"]
    assert pointed == [1, 2, 0]


def test_a_reference_is_activated_with_enter_and_lit_up_from_outside(qtbot: QtBot, card: AnswerCard) -> None:
    answered(card, *POINTING)
    text = card._shown[0].view.blocks[0].views[0]
    text.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(card.reference_activated) as activated:
        qtbot.keyClick(text, Qt.Key.Key_Return)
    assert activated.args == [1]
    card.set_current(2)
    assert text.current_reference == 2


def test_a_question_is_asked_on_below_the_answer(qtbot: QtBot, card: AnswerCard) -> None:
    first = answered(card, *POINTING)
    press(card, "Ask on")
    field = QApplication.focusWidget()
    assert field is not None
    assert field.accessibleName() == "Question"
    qtbot.keyClicks(field, "And the date?")
    with qtbot.waitSignal(card.ask_on) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.args == ["And the date?"]
    answered(card, "May ", "@", question="And the date?", before=first.key, number=2)
    said = visible_text(card)
    assert said.index("VAT") < said.index("And the date?") < said.index("May")
    turns: list[int] = []
    card.turn_pointed.connect(turns.append)
    for shown in (card._shown[0], card._shown[1]):
        shown.view.reference_activated.emit(shown.turn.id, 1)
    assert turns == [1, 2]
    answered(card, "Anew.", number=3)
    assert "VAT" not in visible_text(card)


def test_while_an_answer_comes_it_can_be_stopped_and_not_asked_on(qtbot: QtBot, card: AnswerCard) -> None:
    turn = make_turn()
    card.show_turn(turn)
    write(turn, "It ")
    card.refresh()
    buttons = [button.text() for button in card.findChildren(QPushButton) if button.isVisible()]
    assert buttons == ["Pin", "Open in window", "Stop"]
    with qtbot.waitSignal(card.stop_wanted):
        press(card, "Stop")
    finish(turn)
    card.refresh()
    assert find_button(card, "Ask on")
    assert "0.3 s" in visible_text(card)
    assert "Redo" not in visible_text(card)


def test_copy_takes_the_answer_as_markdown(qtbot: QtBot, card: AnswerCard) -> None:
    answered(card, "It is **right** ", "@", ".")
    with qtbot.waitSignal(card.copy_wanted):
        press(card, "Copy")
    assert QGuiApplication.clipboard().text() == "It is **right** [1]."
    assert find_button(card, "Copied")


def test_recognised_text_is_plain_and_copied_whole(qtbot: QtBot, card: AnswerCard) -> None:
    said: list[str] = []
    card.announcer.announced.connect(said.append)
    text = "<b>Total</b>: 1,457.60\n<img src='file:///etc/passwd'>\n" + "x" * 100_000
    card.show_status("Reading the text…")
    assert "Reading the text…" in visible_text(card)
    card.show_text(text)
    shown = card.findChild(QuestionText).toPlainText()
    assert shown.startswith("<b>Total</b>: 1,457.60\n<img")
    assert "more characters are not shown here" in visible_text(card)
    assert card.findChild(Reader).verticalScrollBar().value() == 0
    press(card, "Copy")
    assert QGuiApplication.clipboard().text() == text
    assert card.parentWidget().rect().contains(place_of(card))
    card.show_text(" \n")
    assert "No text was found here." in visible_text(card)
    assert [words[:5] for words in said] == ["<b>To", "No te"]


def test_consent_is_asked_with_the_safe_answer_at_hand(qtbot: QtBot, card: AnswerCard) -> None:
    card.ask_consent("api.example.org")
    assert "api.example.org" in visible_text(card)
    focused = QApplication.focusWidget()
    assert focused is find_button(card, "Don't send")
    with qtbot.waitSignal(card.consented) as consented:
        qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert consented.args == [False]
    with qtbot.waitSignal(card.consented) as consented:
        press(card, "Send")
    assert consented.args == [True]


def test_a_failure_offers_to_try_again_only_where_that_can_be_done(card: AnswerCard) -> None:
    tried: list[bool] = []
    card.show_failure("It crashed.", lambda: tried.append(True))
    press(card, "Ask again")
    assert tried == [True]
    card.show_failure("It crashed.")
    assert "Ask again" not in visible_text(card)


def test_what_is_asked_or_goes_wrong_later_leaves_the_answers_there(card: AnswerCard) -> None:
    first = answered(card, "It is right.")
    for show in (lambda: card.ask_consent("api.example.org"), lambda: card.show_failure("It crashed.")):
        show()
        assert "It is right." in visible_text(card)
    assert "api.example.org" not in visible_text(card)
    answered(card, "In May.", question="And the date?", before=first.key, number=2)
    assert "It is right." in visible_text(card)
    assert "crashed" not in visible_text(card)
    card.show_text("Recognised.")
    assert "It is right." not in visible_text(card)


def test_escape_says_that_the_card_is_done_with(qtbot: QtBot, card: AnswerCard, surface: Surface) -> None:
    answered(card, "Yes.")
    with qtbot.waitSignal(card.dismissed):
        qtbot.keyClick(find_button(card, "Copy"), Qt.Key.Key_Escape)
    assert surface.keys == 0


@pytest.fixture
def pinned(qtbot: QtBot, card: AnswerCard, surface: Surface) -> AnswerCard:
    """Pinned while its answer runs, and what it was on is gone."""
    turn = make_turn()
    card.show_turn(turn)
    write(turn, *POINTING)
    card.refresh()
    place = place_of(card).translated(surface.mapToGlobal(QPoint(0, 0)))
    with qtbot.waitSignal(card.pin_toggled) as toggled:
        press(card, "Pin")
    assert toggled.args == [True]
    surface.close()
    surface.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(surface)
    assert place_of(card).topLeft() == place.topLeft()
    qtbot.waitUntil(lambda: card.maximumHeight() > card.height())  # it may be sized as soon as it is seen
    return card


def test_a_pinned_card_outlives_the_overlay_and_goes_on(qtbot: QtBot, pinned: AnswerCard) -> None:
    flags = pinned.windowFlags()
    assert pinned.isWindow()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.FramelessWindowHint
    turn, height = pinned._shown[0].turn, pinned.height()
    write(turn, "\n\nMore of it.\n\nAnd more.")
    finish(turn)
    pinned.refresh()
    assert "More of it." in visible_text(pinned)
    assert pinned.height() > height
    with qtbot.assertNotEmitted(pinned.pin_toggled):
        pinned.pin()


def test_a_pinned_card_is_moved_and_sized_with_mouse_and_keys(qtbot: QtBot, pinned: AnswerCard) -> None:
    header: QWidget = pinned._parts.header
    at, size = pinned.pos(), pinned.size()
    QTest.mousePress(header, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    QTest.mouseMove(header, QPoint(60, 38))
    QTest.mouseRelease(header, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    assert pinned.pos() == at + QPoint(40, 30)
    header.setFocus()
    qtbot.keyClick(header, Qt.Key.Key_Right)
    assert pinned.pos() == at + QPoint(56, 30)
    qtbot.keyClick(header, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert pinned.height() == size.height() + 16
    grip = pinned.findChild(QSizeGrip)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseMove(grip, QPoint(38, 32))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert pinned.size() == size + QSize(30, 40)
    write(pinned._shown[0].turn, LINES)
    pinned.refresh()
    assert pinned.size() == size + QSize(30, 40), "the user's size stays"


@pytest.mark.parametrize("is_by_key", [True, False])
def test_a_pinned_card_closes_for_good(qtbot: QtBot, pinned: AnswerCard, is_by_key: bool) -> None:
    with qtbot.waitSignal(pinned.closed):
        if is_by_key:
            qtbot.keyClick(find_button(pinned, "Stop"), Qt.Key.Key_Escape)
        else:
            QTest.mouseClick(pinned._parts.header._close, Qt.MouseButton.LeftButton)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(pinned)


@pytest.mark.parametrize("percent", [100, 200])
def test_no_words_of_the_buttons_are_cut(card: AnswerCard, percent: int) -> None:
    themes().choose_text_size(percent)
    answered(card, *POINTING)
    QApplication.processEvents()
    for button in card.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()
            assert card.card_rect.contains(QRect(button.mapTo(card, QPoint(0, 0)), button.size()))
