"""Code blocks of answers: colours, copying, scrolling, and code that is too much."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.chat.answer import TextBlock
from app.ui.code_text import code_colors
from app.ui.code_view import COPIED_MS, CodeView
from app.ui.rich_text import RichText
from app.ui.theme import load_theme, themes
from tests.helpers.answers import default_looks, settle, show
from tests.helpers.contrast import contrast

PYTHON = "```python\ndef total(values):  # sum\n    return 'x' + 1\n```\n"


@pytest.fixture(autouse=True)
def _default_looks(qapp: QApplication) -> Iterator[None]:
    with default_looks():
        yield


def code_view(view: RichText) -> CodeView:
    part = view.views[-1]
    assert isinstance(part, CodeView)
    return part


def colors(view: CodeView, line: int) -> dict[str, str]:
    """What is coloured in a line."""
    block = view.text.document().findBlockByNumber(line)
    text = block.text()
    return {
        text[found.start : found.start + found.length]: found.format.foreground().color().name()
        for found in block.layout().formats()
    }


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours_are_read_on_the_ground_of_code(name: str) -> None:
    for theme in (load_theme(name), load_theme(name).with_more_contrast()):
        weak = {kind: color for kind, color in code_colors(theme).items() if contrast(color, theme.sunken) < 4.5}
        assert weak == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_have_the_colours_of_the_theme(qtbot: QtBot, name: str) -> None:
    view = settle(qtbot, show(qtbot, PYTHON))
    themes().choose(name)  # type: ignore[arg-type]
    settle(qtbot, view)
    wanted = {kind: color.lower() for kind, color in code_colors(themes().current).items()}
    found = colors(code_view(view), 0)
    assert found == {"def": wanted["keyword"], "total": wanted["function"], "# sum": wanted["comment"]}
    assert colors(code_view(view), 1) == {"return": wanted["keyword"], "'x'": wanted["string"], "1": wanted["number"]}


def test_the_line_that_is_being_written_has_no_colours_yet(qtbot: QtBot) -> None:
    view = RichText()
    qtbot.addWidget(view)
    view.show_block(TextBlock(["```python\ndef f():\n    return"]))
    settle(qtbot, view)
    assert colors(code_view(view), 0) != {}
    assert colors(code_view(view), 1) == {}
    view.set_final()
    settle(qtbot, view)
    assert colors(code_view(view), 1) != {}


def test_letters_beyond_the_basic_plane_do_not_shift_colours(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "```python\nx = '😀😀' + 12\n```\n"))
    block = code_view(view).text.document().firstBlock()
    cursor = QTextCursor(block)
    words = []
    for found in block.layout().formats():
        cursor.setPosition(block.position() + found.start)
        cursor.setPosition(block.position() + found.start + found.length, QTextCursor.MoveMode.KeepAnchor)
        words.append(cursor.selectedText())
    assert words == ["'😀😀'", "12"]


def test_the_language_is_named(qtbot: QtBot) -> None:
    for info, name in (("py", "Python"), ("js", "JavaScript"), ("nolanguage", "nolanguage"), ("", "Code"), ("x" * 500, "x" * 40)):
        view = settle(qtbot, show(qtbot, f"```{info}\nx\n```\n"))
        assert code_view(view).language_name == name


def test_copy_takes_the_code_as_it_was_written_and_says_so(qtbot: QtBot) -> None:
    view = show(qtbot, PYTHON)
    button = code_view(view).findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert (button.text(), button.accessibleName()) == ("Copy", "Copy the code")
    with qtbot.waitActive(view):
        view.activateWindow()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "def total(values):  # sum\n    return 'x' + 1\n"
    assert button.text() == "Copied"
    qtbot.waitUntil(lambda: button.text() == "Copy", timeout=10 * COPIED_MS)


def test_selected_code_is_copied_as_text(qtbot: QtBot) -> None:
    view = show(qtbot, "```\na\n  b\n```\n")
    code_view(view).text.selectAll()
    assert view.selected_text() == "a\n  b"
    code_view(view).text.copy()
    assert QGuiApplication.clipboard().text() == "a\n  b"


def test_long_lines_scroll_sideways_and_the_wheel_is_for_the_conversation(qtbot: QtBot) -> None:
    view = show(qtbot, "```\n" + "word " * 100 + "\nshort\n```\n")
    part = code_view(view)
    bar = part.text.horizontalScrollBar()
    assert bar.maximum() > 0
    assert part.text.document().blockCount() == 2
    assert part.text.verticalScrollBar().maximum() == 0
    assert part.text in part.focus_stops()
    assert part.text.focusPolicy() & Qt.FocusPolicy.TabFocus
    for delta, is_taken in ((QPoint(0, -120), False), (QPoint(-120, 0), True)):
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), delta, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(part.text.viewport(), event)
        assert event.isAccepted() == is_taken
    assert bar.value() > 0


def test_all_lines_are_seen_whatever_script_they_are_in(qtbot: QtBot) -> None:
    view = show(qtbot, "```\n" + "ascii\n中文行\n😀 emoji\n" * 30 + "```\n")
    text = code_view(view).text
    cursor = QTextCursor(text.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert text.verticalScrollBar().maximum() == 0
    assert text.cursorRect(cursor).bottom() <= text.viewport().height()


def test_the_height_only_grows_and_by_whole_lines(qtbot: QtBot) -> None:
    view = RichText()
    qtbot.addWidget(view)
    view.resize(400, 10)
    view.show()
    source = "```python\n" + "x = 1  # and more, longer than the column is, so that it has to be scrolled\n" * 6
    heights = []
    for end in range(12, len(source)):
        view.show_block(TextBlock([source[:end]]))
        heights.append(view.height())
    assert heights == sorted(heights)
    steps = {after - before for before, after in pairwise(heights)} - {0}
    assert len(steps) == 1


def test_a_giant_block_is_shown_whole_without_colours(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "```python\n" + "x = 1\n" * 20_000 + "```\n"))
    part = code_view(view)
    assert part.text.document().blockCount() == 20_000
    assert colors(part, 0) == {}


def test_a_line_without_end_is_broken_to_the_eye_only(qtbot: QtBot) -> None:
    line = "x" * 300_000
    view = settle(qtbot, show(qtbot, f"```python\n{line}\n```\n"))
    part = code_view(view)
    assert part.text.document().blockCount() == 75
    assert part.code == line + "\n"
    assert view.plain_text() == line


def test_lexers_are_not_imported_before_there_is_code() -> None:
    code = (
        "import sys\nfrom PySide6.QtWidgets import QApplication\napp = QApplication([])\n"
        "from app.chat.answer import TextBlock\nfrom app.ui.rich_text import RichText\n"
        "view = RichText()\nview.show_block(TextBlock(['Text, a table\\n\\n| a |\\n|---|\\n| b |\\n']))\n"
        "print([name for name in ('pygments', 'ziamath', 'markdown_it') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
