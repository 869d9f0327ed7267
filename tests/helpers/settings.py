"""The dialog of settings with all its pages, without the window that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from app.servers import Server, write_servers
from app.settings.keys import Keys
from app.settings.schema import Settings
from app.settings.secrets import Secrets
from app.settings.storage import Stored
from app.ui.actions import Actions
from app.ui.settings.dialog import PAGES, SettingsDialog
from app.ui.settings.keys_page import KeysPage

SETTINGS = Settings(
    model="/models/GLM-4.6V-Flash-UD-Q4_K_XL.gguf",
    models=("/models/GLM-4.6V-Flash-UD-Q4_K_XL.gguf", "/models/另一个模型-Q8_0.gguf"),
    keys=("api.example.org", "open.example.cn"),
    gpu_layers=12,
    glm_address="own",
    servers=write_servers([Server("the workstation", "http://192.168.1.20:8000/v1", "GLM-4.6V-AWQ", "vllm", 65_536)]),
)
FOLDER = Path("/home/somebody/.local/share/sightline/with a name that is too long for one line of the page that shows it")
STORED = (
    Stored("conversations", FOLDER / "history", 123_456_789, 312),
    Stored("attachments", FOLDER / "attachments", 4_123_456_789, 900),
    Stored("reading", FOLDER / "reading", 512_000_000, 1),
    Stored("engine", FOLDER / "engine", 0, 0),
    Stored("logs", FOLDER / "log", 1_300, 2),
)


@contextmanager
def settings_dialog(qtbot: QtBot, settings: Settings = SETTINGS, secrets: Secrets | None = None) -> Iterator[SettingsDialog]:
    """Shown, with its keys checked."""
    window = QMainWindow()
    qtbot.addWidget(window)
    keys = Keys(secrets or Secrets(), window)
    dialog = SettingsDialog(settings, keys, Actions(window), window)
    dialog.show()
    QApplication.processEvents()
    yield dialog
    dialog.close()
    keys.close()
    dialog.deleteLater()
    QApplication.processEvents()


def all_pages(qtbot: QtBot, dialog: SettingsDialog) -> Iterator[tuple[str, QWidget]]:
    """Each page in turn, shown and filled."""
    for name in PAGES:
        if name == "keys" and not dialog.findChildren(KeysPage):
            with qtbot.waitSignal(dialog.keys.checked):
                dialog.open_page(name)
        else:
            dialog.open_page(name)
        if name == "storage":
            dialog.show_storage(STORED)
        for _ in range(5):
            QApplication.processEvents()
        yield name, dialog.page
