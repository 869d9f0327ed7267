"""The page of GLM and other servers: keys, servers that are looked at, the network, what was spent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import keyring
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.servers import GLM_KEY_NAME, Server, read_servers, write_servers
from app.settings.schema import Settings
from app.settings.secrets import SERVICE
from app.spending import Spent
from app.ui.settings.cloud_page import CloudPage
from app.ui.settings.controls import ChoiceBox
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.server_form import ModelBox
from tests.helpers.keychains import MemoryKeychain
from tests.helpers.settings import settings_dialog
from tests.helpers.window import find_button, press, visible_text

KEY = "0123456789abcdef.the-key"
WORKSTATION = Server("the workstation", "http://192.168.1.20:8000/v1", "GLM-4.6V", "vllm", 65_536)


class _Answers(BaseHTTPRequestHandler):
    """A server with two models that wants a key."""

    def do_GET(self) -> None:
        has_key = self.headers.get("Authorization") == f"Bearer {KEY}"
        models = [{"id": "eyes-9b", "owned_by": "vllm", "max_model_len": 32_768}, {"id": "words-7b"}]
        body = json.dumps({"data": models} if has_key else {"error": {"message": "no key"}}).encode()
        self.send_response(200 if has_key and self.path == "/v1/models" else 401 if not has_key else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on the standard error."""


@pytest.fixture
def address() -> Iterator[str]:
    """Of a running server, as a user writes it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Holder(QObject):
    """Keeps what is changed, and shows it again, as the window does."""

    def __init__(self, dialog: SettingsDialog, settings: Settings) -> None:
        super().__init__(dialog)
        self._dialog, self.settings = dialog, settings

    def change(self, name: str, value: object) -> None:
        self.settings = replace(self.settings, **{name: value})  # type: ignore[arg-type]
        self._dialog.show_settings(self.settings)


@contextmanager
def cloud_page(qtbot: QtBot, keychain: MemoryKeychain, settings: Settings | None = None) -> Iterator[SettingsDialog]:
    """Open, with its keychain checked and the table of models read."""
    keyring.set_keyring(keychain)
    with settings_dialog(qtbot, settings or Settings()) as dialog:
        holder = Holder(dialog, settings or Settings())
        dialog.changed.connect(holder.change)
        with qtbot.waitSignal(dialog.keys.checked):
            dialog.open_page("servers")
        qtbot.waitUntil(lambda: len(page_of(dialog)._model._choice._values) > 5)
        yield dialog


def page_of(dialog: SettingsDialog) -> CloudPage:
    assert isinstance(dialog.page, CloudPage)
    return dialog.page


def held(dialog: SettingsDialog) -> Settings:
    """What the settings are now."""
    return dialog.findChild(Holder).settings


def seen(dialog: SettingsDialog) -> str:
    QApplication.processEvents()
    return visible_text(dialog.page)


def field(dialog: SettingsDialog, name: str) -> QLineEdit:
    """The visible one with this accessible name; of a box that can be written in, its own."""
    return next(each for each in dialog.page.findChildren(QLineEdit) if each.accessibleName() == name and each.isVisible())


def test_the_key_of_glm_is_kept_replaced_and_removed(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    with cloud_page(qtbot, keychain) as dialog:
        qtbot.keyClicks(field(dialog, "Key"), KEY)
        with qtbot.waitSignal(dialog.keys.saved):
            press(dialog, "Keep in the keychain")
        assert keychain.passwords == {(SERVICE, GLM_KEY_NAME): KEY}
        assert held(dialog).keys == (GLM_KEY_NAME,)
        assert "In the keychain" in seen(dialog) and KEY not in seen(dialog)
        press(dialog, "Replace…")
        QApplication.processEvents()
        qtbot.keyClicks(field(dialog, "Key"), "another-key")
        with qtbot.waitSignal(dialog.keys.saved):
            press(dialog, "Keep in the keychain")
        assert keychain.passwords == {(SERVICE, GLM_KEY_NAME): "another-key"}
        QApplication.processEvents()
        press(page_of(dialog)._key, "Remove…")
        QApplication.processEvents()
        with qtbot.waitSignal(dialog.keys.removed):
            press(page_of(dialog)._key, "Remove")
        assert (keychain.passwords, held(dialog).keys) == ({}, ())
        assert field(dialog, "Key").text() == ""


def test_the_model_is_chosen_with_what_is_known_of_it(qtbot: QtBot) -> None:
    with cloud_page(qtbot, MemoryKeychain()) as dialog:
        assert "sees up to 50 pictures" in seen(dialog) and "free of charge" in seen(dialog)
        choice = page_of(dialog)._model.findChild(ChoiceBox)
        choice.activated.emit(choice._values.index("glm-4.6"))
        assert held(dialog).glm_model == "glm-4.6"
        assert "text only" in seen(dialog) and "million tokens" in seen(dialog)


def test_a_server_is_looked_at_and_added_with_its_key(qtbot: QtBot, address: str) -> None:
    keychain = MemoryKeychain()
    with cloud_page(qtbot, keychain) as dialog:
        press(dialog, "Add a server…")
        QApplication.processEvents()
        looking = page_of(dialog)._servers._looking
        qtbot.keyClicks(field(dialog, "Address"), address)
        with qtbot.waitSignal(looking.failed) as failed:
            press(dialog, "Look")
        assert failed.args[0] == "key_missing" and failed.args[1] in seen(dialog)
        qtbot.keyClicks(field(dialog, "Key, if it wants one"), KEY)
        with qtbot.waitSignal(looking.found):
            press(dialog, "Look")
        assert "vLLM · 2 models · reads 33K tokens" in seen(dialog)
        field(dialog, "Name").setText("the lab")
        with qtbot.waitSignal(dialog.keys.saved):
            press(dialog, "Save")
        (server,) = read_servers(held(dialog).servers)
        assert server == Server("the lab", f"http://{address}/v1", "eyes-9b", "vllm", 32_768)
        assert keychain.passwords == {(SERVICE, "server the lab"): KEY}
        assert KEY not in held(dialog).servers
        assert "with a key" in seen(dialog)


def test_what_is_wrong_with_a_server_is_said(qtbot: QtBot) -> None:
    with cloud_page(qtbot, MemoryKeychain()) as dialog:
        press(dialog, "Add a server…")
        QApplication.processEvents()
        qtbot.keyClicks(field(dialog, "Address"), "127.0.0.1:9")  # nobody listens there
        with qtbot.waitSignal(page_of(dialog)._servers._looking.failed) as failed:
            press(dialog, "Look")
        assert failed.args[0] == "server_unreachable" and failed.args[1] in seen(dialog)
        assert not find_all_enabled(dialog, "Save")
        press(dialog, "Cancel")
        assert held(dialog).servers == ""


def find_all_enabled(dialog: SettingsDialog, words: str) -> bool:
    QApplication.processEvents()
    try:
        find_button(dialog.page, words)
    except AssertionError:
        return False
    return True


def test_a_server_in_use_keeps_its_place_under_another_name_and_a_key_its_host(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    keychain.passwords[SERVICE, WORKSTATION.key_name] = KEY
    engine = f"server:{WORKSTATION.name}"
    settings = Settings(servers=write_servers([WORKSTATION]), keys=(WORKSTATION.key_name,), engine=engine)
    with cloud_page(qtbot, keychain, settings) as dialog:
        press(dialog, "Change…")
        QApplication.processEvents()
        field(dialog, "Name").setText("the box")
        with qtbot.waitSignals([dialog.keys.saved, dialog.keys.removed]):
            press(dialog, "Save")
        assert held(dialog).engine == "server:the box"
        assert keychain.passwords == {(SERVICE, "server the box"): KEY}
        QApplication.processEvents()
        press(dialog, "Change…")
        QApplication.processEvents()
        dialog.page.findChild(ModelBox).setCurrentText("another")  # how much it reads was not asked
        press(dialog, "Save")
        (changed,) = read_servers(held(dialog).servers)
        assert (changed.model, changed.dialect, changed.context_tokens) == ("another", WORKSTATION.dialect, None)
        QApplication.processEvents()
        press(dialog, "Change…")
        QApplication.processEvents()
        field(dialog, "Address").setText("http://10.0.0.7:8000/v1")
        with qtbot.waitSignal(dialog.keys.removed):  # another host does not get it
            press(dialog, "Save")
        assert keychain.passwords == {}
        QApplication.processEvents()
        press(page_of(dialog)._servers, "Remove…")
        QApplication.processEvents()
        press(page_of(dialog)._servers, "Remove")
        assert (held(dialog).engine, held(dialog).servers) == ("local", "")


def test_the_network_is_checked_and_the_coding_plans_are_explained(qtbot: QtBot) -> None:
    with cloud_page(qtbot, MemoryKeychain()) as dialog:
        proxy = field(dialog, "Proxy")
        proxy.setText("ftp://proxy")
        proxy.editingFinished.emit()
        assert "must begin with http://" in seen(dialog) and held(dialog).proxy == ""
        proxy.setText("http://Proxy:3128")
        proxy.editingFinished.emit()
        assert held(dialog).proxy == "http://proxy:3128" and "must begin" not in seen(dialog)
        assert "coding tools" not in seen(dialog) and "Another address of GLM" not in seen(dialog)
        dialog.changed.emit("glm_address", "china_coding")
        assert "coding tools" in seen(dialog)
        dialog.changed.emit("glm_address", "own")
        assert "Another address of GLM" in seen(dialog) and "coding tools" not in seen(dialog)


def test_what_was_spent_is_told_by_model(qtbot: QtBot) -> None:
    with cloud_page(qtbot, MemoryKeychain()) as dialog:
        dialog.show_spending([])
        assert "This month: nothing" in seen(dialog)
        paid = Spent("glm-4.6v", "api.z.ai", 12, 84_000, 0.0371, "USD")
        free = Spent("glm-4.6v-flash", "api.z.ai", 1, 900, 0.0, "USD")
        dialog.show_spending([paid, free, Spent("eyes-9b", "lab", 2, 10, None, "USD")])
        said = seen(dialog)
        assert "This month: $0.037" in said and "12 answers" in said and "free of charge" in said and "price unknown" in said
