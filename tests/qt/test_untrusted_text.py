"""What a model writes is shown, never executed, fetched or opened by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference, TextBlock
from app.ui.link_menu import LinkMenu
from app.ui.markdown_view import MarkdownView
from inference.events import Finished, TextDelta
from inference.types import Box
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import Start, ask


def view_of(qtbot: QtBot, *pieces: str | Reference) -> MarkdownView:
    view = MarkdownView()
    qtbot.addWidget(view)
    view.resize(400, 100)
    view.show()
    view.show_block(TextBlock(list(pieces)))
    return view


def has_pictures(view: MarkdownView) -> bool:
    block = view.document().begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            if iterator.fragment().charFormat().isImageFormat():
                return True
            iterator += 1
        block = block.next()
    return False


@pytest.mark.parametrize(
    "html",
    [
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "<img src='file:///etc/hostname'>",
        "<div onclick='x'>\n\n<a href='x'>y</a>\n</div>",
    ],
)
def test_html_is_text(qtbot: QtBot, html: str) -> None:
    view = view_of(qtbot, f"Before {html} after")
    said = "".join(view.toPlainText().split()).replace('"', "'")
    assert "".join(html.split()) in said
    assert not has_pictures(view)


@pytest.mark.parametrize(
    "source",
    ["![chart](http://example.org/x.png)", "![chart](file:///etc/hostname)", "![chart][1]\n\n[1]: http://example.org/x.png"],
)
def test_pictures_in_markdown_become_their_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    asked: list[object] = []
    monkeypatch.setattr(QTextDocument, "loadResource", lambda self, kind, name: asked.append(name), raising=False)
    view = view_of(qtbot, f"See {source} here")
    view.grab()
    assert "[chart]" in view.toPlainText()
    assert not has_pictures(view)
    assert asked == []


def test_no_resource_is_ever_loaded(qtbot: QtBot) -> None:
    view = view_of(qtbot, "text")
    for kind in QTextDocument.ResourceType:
        for address in ("http://example.org/x.png", "file:///etc/hostname", "data:text/plain,hello", "qrc:/x.png"):
            assert not view.document().resource(kind.value, QUrl(address)), address


@pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard")  # offscreen, where menus open
def test_a_link_shows_where_it_leads_before_anything_opens(qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    controller = start(ScriptedEngine([TextDelta("A [page](https://example.org/a?b=1&c=2).", "x"), Finished("stop")]))
    ask(qtbot, controller, "Where?")
    view = next(view for view in controller.window.transcript.findChildren(MarkdownView) if view.isVisible())
    view.link_activated.emit("https://example.org/a?b=1&c=2", view.mapToGlobal(view.rect().center()))
    menu = controller.window.findChild(LinkMenu)
    assert isinstance(menu, QMenu)
    heading, _, opening, _ = menu.actions()
    assert heading.text() == "https://example.org/a?b=1&&c=2"
    assert not heading.isEnabled()
    assert opened == []
    opening.trigger()
    assert opened == [QUrl("https://example.org/a?b=1&c=2")]
    menu.close()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "smb://host/share", "vscode://x", "page.html"])
def test_a_link_to_anything_but_a_page_cannot_be_opened(qtbot: QtBot, start: Start, target: str) -> None:
    controller = start(ScriptedEngine())
    menu = LinkMenu(target, controller.window)
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [target, "Copy the address"]


def test_the_model_cannot_forge_references(qtbot: QtBot) -> None:
    real = Reference(1, Box(None, 0, 0, 1, 1), "a")
    view = view_of(qtbot, "forged \ufdd29\ufdd3 \ufffc and real ", real)
    assert view.reference_rect(9) is None
    assert view.reference_rect(1) is not None


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_growing_text_ends_as_it_would_have_been_at_once(qtbot: QtBot, size: int) -> None:
    source = (
        "# Head\n\nOne **two** `three`.\n\n- a\n- b\n\n  more\n- c\n\n1. x\n2. y\n\n```python\nfor i in x:\n\n    pass\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n---\n\nEnd of *it* all\n"
    )
    whole = view_of(qtbot, source)
    block = TextBlock([""])
    growing = view_of(qtbot)
    for start in range(0, len(source), size):
        block.pieces[0] = source[: start + size]
        growing.show_block(block)
    assert growing.toPlainText() == whole.toPlainText()
    assert growing.document().toHtml() == whole.document().toHtml()
    assert growing.height() == whole.height()
