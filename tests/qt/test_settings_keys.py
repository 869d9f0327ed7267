"""The page of keys: names are shown, keys never; the keychain is asked outside the window's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.settings.keys import Keys
from app.settings.schema import Settings
from app.settings.secrets import KEY_CHARACTERS_MAX, Secrets
from app.ui.settings.dialog import SettingsDialog
from tests.helpers.keychains import LockedKeychain, MemoryKeychain, WaitingKeychain
from tests.helpers.settings import settings_dialog
from tests.helpers.window import find_button, press, visible_text

KEY = "0123456789abcdef-the-key"


@contextmanager
def keys_page(qtbot: QtBot, backend: KeyringBackend, *names: str, secrets: Secrets | None = None) -> Iterator[SettingsDialog]:
    keyring.set_keyring(backend)
    with settings_dialog(qtbot, Settings(keys=names), secrets) as dialog:
        with qtbot.waitSignal(dialog.keys.checked):
            dialog.open_page("keys")
        yield dialog


def fields(dialog: SettingsDialog) -> tuple[QLineEdit, QLineEdit]:
    """Of the name and of the key."""
    name, key = dialog.page.findChildren(QLineEdit)
    return name, key


def seen(dialog: SettingsDialog) -> str:
    """All that is said; new lines of a list are shown with the next events."""
    QApplication.processEvents()
    return visible_text(dialog)


def fill_in(qtbot: QtBot, dialog: SettingsDialog, name: str, key: str) -> None:
    for field, text in zip(fields(dialog), (name, key), strict=True):
        field.setText("")
        qtbot.keyClicks(field, text)


def test_a_key_goes_to_the_keychain_and_its_name_to_the_settings(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    with keys_page(qtbot, keychain) as dialog:
        assert "None yet" in seen(dialog)
        fill_in(qtbot, dialog, " api.example.org ", KEY)
        with qtbot.waitSignal(dialog.changed) as changed:
            press(dialog, "Keep in the keychain")
        assert changed.args == ["keys", ("api.example.org",)]
        assert keychain.passwords == {("sightline", "api.example.org"): KEY}
        assert "api.example.org" in seen(dialog)
        assert [field.text() for field in fields(dialog)] == ["", ""]
        assert not fields(dialog)[1].isUndoAvailable()


def test_a_key_is_never_seen(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), keys_page(qtbot, MemoryKeychain()) as dialog:
        fill_in(qtbot, dialog, "a", KEY)
        key = fields(dialog)[1]
        assert key.displayText() == "●" * len(KEY)
        key.selectAll()
        key.copy()
        assert KEY not in QGuiApplication.clipboard().text()
        with qtbot.waitSignal(dialog.keys.saved):
            press(dialog, "Keep in the keychain")
        assert KEY not in seen(dialog)
        said = [text for widget in dialog.findChildren(QWidget) for text in (widget.accessibleName(), widget.toolTip())]
        assert KEY not in " ".join(said) + caplog.text


def test_a_key_can_be_pasted(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    with keys_page(qtbot, keychain) as dialog:
        fill_in(qtbot, dialog, "a", "")
        QGuiApplication.clipboard().setText(f"{KEY}\n")
        fields(dialog)[1].paste()
        with qtbot.waitSignal(dialog.keys.saved):
            press(dialog, "Keep in the keychain")
        assert keychain.passwords == {("sightline", "a"): KEY}
        QGuiApplication.clipboard().clear()


def test_a_name_that_is_there_gets_the_new_key(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    keychain.set_password("sightline", "a", "old")
    with keys_page(qtbot, keychain, "a") as dialog:
        fill_in(qtbot, dialog, "a", KEY)
        with qtbot.waitSignal(dialog.keys.saved), qtbot.assertNotEmitted(dialog.changed):
            press(dialog, "Keep in the keychain")
        assert keychain.passwords == {("sightline", "a"): KEY}


def test_a_key_is_removed_after_one_question(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    keychain.set_password("sightline", "a", KEY)
    with keys_page(qtbot, keychain, "a") as dialog:
        assert "In the keychain" in seen(dialog)
        press(dialog, "Remove…")
        assert "Remove the key of a? You can add it again." in seen(dialog)
        with qtbot.waitSignal(dialog.changed) as changed:
            press(dialog, "Remove")
        assert changed.args == ["keys", ()]
        assert keychain.passwords == {}
        assert "None yet" in seen(dialog)


def test_without_a_keychain_it_says_so_and_a_key_is_for_this_session_only(qtbot: QtBot) -> None:
    secrets = Secrets()
    with keys_page(qtbot, fail.Keyring(), secrets=secrets) as dialog:
        assert "GNOME Keyring or KWallet" in seen(dialog)
        fill_in(qtbot, dialog, "a", KEY)
        with qtbot.waitSignal(dialog.keys.saved), qtbot.assertNotEmitted(dialog.changed):
            press(dialog, "Use until Sightline ends")
        assert secrets.get("a") == KEY
        assert "Until Sightline ends" in seen(dialog)
        assert "GNOME Keyring or KWallet" in seen(dialog)


def test_a_locked_keychain_says_so_and_what_was_typed_stays(qtbot: QtBot) -> None:
    with keys_page(qtbot, LockedKeychain()) as dialog:
        fill_in(qtbot, dialog, "a", KEY)
        with qtbot.waitSignal(dialog.keys.failed):
            press(dialog, "Keep in the keychain")
        assert "The keychain is locked." in seen(dialog)
        assert fields(dialog)[1].text() == KEY
        assert find_button(dialog, "Keep in the keychain").isEnabled()


def test_what_is_too_long_is_refused_and_not_cut(qtbot: QtBot) -> None:
    keychain = MemoryKeychain()
    with keys_page(qtbot, keychain) as dialog:
        fields(dialog)[0].setText("a")
        fields(dialog)[1].setText("k" * (KEY_CHARACTERS_MAX + 1))
        with qtbot.waitSignal(dialog.keys.failed):
            press(dialog, "Keep in the keychain")
        assert "too long for a key" in seen(dialog)
        assert keychain.passwords == {}


def test_a_keychain_that_waits_for_its_user_holds_up_neither_the_window_nor_its_end(qtbot: QtBot) -> None:
    keychain = WaitingKeychain()
    with keys_page(qtbot, keychain, "b") as dialog:
        fill_in(qtbot, dialog, "a", KEY)
        press(dialog, "Keep in the keychain")
        assert keychain.is_asked.wait(10)
        dialog.open_page("general")
        dialog.open_page("keys")
        dialog.show_settings(Settings(keys=("b", "c")))
        assert "c" in seen(dialog).splitlines()
    keychain.answer.set()  # after the dialog and what asks are gone


def test_answers_come_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    keyring.set_keyring(MemoryKeychain())
    keys = Keys(Secrets())
    threads: list[threading.Thread] = []
    keys.saved.connect(lambda *_: threads.append(threading.current_thread()))
    with qtbot.waitSignal(keys.saved):
        keys.save("a", KEY)
    keys.close()
    assert threads == [threading.main_thread()]
