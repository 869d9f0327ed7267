"""What tests do with the window: attach, ask, press, read. Fixtures that start one are in `tests/qt/conftest.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.controller import Controller

OPEN_MS = 60_000
"""A reading process has to start first, on a computer that may be busy."""

Start = Callable[..., Controller]


def make_picture(path: Path, size: tuple[int, int] = (200, 100), color: str = "red") -> Path:
    image = Image.new("RGB", size, "white")
    image.paste(color, (0, 0, size[0] // 2, size[1]))
    image.save(path)
    return path


def attach(qtbot: QtBot, controller: Controller, *paths: Path) -> None:
    """Open files as from the file dialog, and wait until they are open and planned."""
    before = len(controller.attachments.pictures)
    controller.window.files_chosen.emit([str(path) for path in paths])
    qtbot.waitUntil(lambda: len(controller.attachments.pictures) == before + len(paths), timeout=OPEN_MS)
    qtbot.waitUntil(lambda: not controller.collecting.is_running, timeout=OPEN_MS)


def send(qtbot: QtBot, controller: Controller, question: str) -> None:
    """Type a question and press Send."""
    qtbot.keyClicks(controller.window.composer.question, question)
    press(controller.window, "Send")


def ask(qtbot: QtBot, controller: Controller, question: str) -> None:
    """Send a question and wait until the answer has ended and is shown."""
    send(qtbot, controller, question)
    wait_for_answer(qtbot, controller)


def wait_for_answer(qtbot: QtBot, controller: Controller) -> None:
    """Wait until the last answer has ended and is shown."""
    qtbot.waitUntil(lambda: controller.conversation.running is None)
    QApplication.processEvents()  # widgets added to a layout are shown with the next events


def press(parent: QWidget, words: str) -> None:
    """Click the visible, enabled button with these words."""
    find_button(parent, words).click()


def find_button(parent: QWidget, words: str) -> QPushButton:
    found = [button for button in parent.findChildren(QPushButton) if button.text() == words and button.isVisible()]
    assert len(found) == 1, f"{len(found)} visible buttons say {words!r}"
    assert found[0].isEnabled(), f"{words!r} is disabled"
    return found[0]


def visible_text(parent: QWidget) -> str:
    """Everything that labels, buttons and answers say, one per line."""
    lines = []
    for widget in parent.findChildren(QWidget):
        if widget.isVisible():
            for name in ("text", "toPlainText"):
                value = getattr(widget, name, None)
                if callable(value) and isinstance(said := value(), str):
                    lines.append(said)
    return "\n".join(lines)
