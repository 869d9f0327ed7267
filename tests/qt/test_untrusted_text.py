"""What a model writes is shown, never executed, fetched or opened by itself."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCharFormat, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTextBrowser
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference
from app.ui.badge import Badge
from app.ui.buttons import TextButton
from app.ui.code_view import CodeView
from app.ui.elided_label import ElidedLabel
from app.ui.link_menu import LinkMenu
from app.ui.markdown_document import fragments
from app.ui.markdown_view import MarkdownView
from app.ui.rich_text import RichText
from inference.events import Finished, TextDelta
from inference.types import Box
from tests.helpers.answers import default_looks, show
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import Start, ask


@pytest.fixture(autouse=True)
def _default_looks(qapp: QApplication) -> Iterator[None]:
    with default_looks():
        yield


def view_of(qtbot: QtBot, *pieces: str | Reference) -> RichText:
    return show(qtbot, *pieces, width=400)


def documents(view: RichText) -> list[QTextDocument]:
    return [part.text.document() if isinstance(part, CodeView) else part.document() for part in view.views]


def formats(view: RichText) -> list[QTextCharFormat]:
    """Of all that is shown."""
    found = []
    for document in documents(view):
        block = document.begin()
        while block.isValid():
            found += [char_format for _, _, char_format in fragments(block)]
            block = block.next()
    return found


def has_pictures(view: RichText) -> bool:
    return any(char_format.isImageFormat() for char_format in formats(view))


def links(view: RichText) -> list[str]:
    return [char_format.anchorHref() for char_format in formats(view) if char_format.isAnchor()]


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
    said = "".join(view.plain_text().split()).replace('"', "'")
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
    assert "[chart]" in view.plain_text()
    assert not has_pictures(view)
    assert asked == []


def test_no_resource_is_ever_loaded(qtbot: QtBot) -> None:
    view = view_of(qtbot, "text ![x](http://example.org/x.png)")
    for kind in QTextDocument.ResourceType:
        for address in ("http://example.org/x.png", "file:///etc/hostname", "data:text/plain,hello", "qrc:/x.png"):
            assert not documents(view)[0].resource(kind.value, QUrl(address)), address


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


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
        "file:///etc/passwd",
        "vbscript:x",
        "//example.org/x",
        "\\\\host\\share",
        "http:/example.org",
        "https://user:password@example.org@evil.example",
    ],
)
def test_a_link_of_any_kind_is_handed_out_as_it_is_and_never_followed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    view = view_of(qtbot, f"Go [there](<{target}>) now")
    part = view.views[0]
    assert isinstance(part, MarkdownView)
    activated: list[str] = []
    view.link_activated.connect(lambda where, place: activated.append(where))
    place = part.cursorRect(part.document().find("there")).center() - QPoint(5, 0)
    QTest.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert activated == links(view)
    assert len(activated) == 1
    assert "".join(activated[0].split()) == unescaped(target)
    assert part.document().find("there").charFormat().toolTip() in (activated[0], f"<span>{escape(activated[0])}</span>")
    assert opened == []
    assert part.document().find("there").charFormat().anchorHref() == activated[0]


def unescaped(target: str) -> str:
    """As Markdown reads it: a backslash before a sign stands for the sign."""
    return target.replace("\\\\", "\\")


def test_the_target_of_a_link_cannot_hide_what_it_is(qtbot: QtBot) -> None:
    view = view_of(qtbot, "[a](https://example.org/\u202egpj.exe) [b](https://exam\u200bple.org)")
    assert links(view) == ["https://example.org/%E2%80%AEgpj.exe", "https://exam%E2%80%8Bple.org"]


@pytest.mark.parametrize("words", ["<img src='file:///etc/hostname'>", "<b>x</b>", "a & b"])
def test_tooltips_are_text(qtbot: QtBot, words: str) -> None:
    box = Box("a", 0, 0, 1, 1, words)
    target = "https://example.org/?" + words.replace("<", "\\<").replace(">", "\\>")
    view = view_of(qtbot, f"[x](<{target}>) ", Reference(1, box, "a"), f" ${words}$")
    tips = [char_format.toolTip() for char_format in formats(view) if char_format.toolTip()]
    assert tips
    document = QTextDocument()
    for tip in tips:
        document.setHtml(tip) if "<" in tip else document.setPlainText(tip)
        assert words in unquote(document.toPlainText()) or "cannot be drawn" in tip


@pytest.mark.parametrize(
    "source",
    [
        "```html\n<script>alert(1)</script>\n<img src=http://example.org/x.png>\n```\n",
        "| <script>alert(1)</script> | ![x](http://example.org/x.png) |\n|---|---|\n| <img src=x> | [a](javascript:b) |\n",
        "- <iframe src='http://example.org'></iframe>\n\n> <style>* { color: red }</style>\n",
        "<!-- comment -->\n\n<details><summary>x</summary>y</details>",
        "&lt;b&gt; &#60;i&#62;",
    ],
)
def test_html_is_text_wherever_it_stands(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    asked: list[object] = []
    for view_type in (QTextDocument, QTextBrowser):
        monkeypatch.setattr(view_type, "loadResource", lambda self, kind, name: asked.append(name), raising=False)
    view = view_of(qtbot, source)
    view.grab()
    assert not has_pictures(view)
    assert asked == []
    assert "<" in view.plain_text() or "[x]" in view.plain_text()


@pytest.mark.parametrize(
    "source",
    [
        ">" * 3000 + " x",
        "- " * 1500 + "x",
        "[" * 5000 + "x" + "](y)" * 5000,
        "*_" * 5000,
        "`" * 20_000,
        "$" * 20_001,
        "\\(" * 5000,
        "|" * 3000 + "\n" + "|-" * 3000 + "|\n",
        "#" * 10_000,
        "&" * 10_000,
        "\ufdd2" * 1000 + "1\ufdd3\ufffc\ufdd0\ufdd1\u2029\x00\r\x0b",
        "1. " + "9" * 400,
        "999999999. x\n" * 20,
        "```" + "x" * 10_000 + "\ny\n```",
    ],
)
def test_hostile_text_is_shown_somehow(qtbot: QtBot, source: str) -> None:
    view = view_of(qtbot, source)
    view.grab()
    view.find("x")
    assert isinstance(view.plain_text(), str)


def test_names_of_strangers_are_no_html_where_the_pointer_rests(qtbot: QtBot) -> None:
    name = "<img src='file:///etc/passwd'><b>glm</b>"
    button, badge, label = TextButton("plain"), Badge(), ElidedLabel("small", Qt.TextElideMode.ElideRight)
    for widget in (button, badge, label):
        qtbot.addWidget(widget)
    button.set_words("Model", name)
    badge.set_words("Model", name)
    label.resize(40, 20)
    label.set_full_text(name)
    tips = [widget.toolTip() for widget in (button, badge, label)]
    assert [unescape(tip) for tip in tips] == [f"<span>{name}</span>"] * 3
    assert all("<img" not in tip and "<b>" not in tip for tip in tips)
