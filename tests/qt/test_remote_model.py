"""A model elsewhere is opened with its key from the keychain, without the window or its end waiting for the user."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.engine_choice import EngineChoice, load_model_table, own_models_file, remote_config
from app.model import CurrentModel, open_model
from app.servers import GLM_KEY_NAME, Server, write_servers
from app.settings.schema import Settings
from app.settings.secrets import SERVICE, own_secrets
from tests.helpers.keychains import LockedKeychain, MemoryKeychain


class SlowKeychain(MemoryKeychain):
    """Its dialog stands open until `answer` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.answer = threading.Event(), threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.is_asked.set()
        self.answer.wait(30)
        return super().get_password(service, username)


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()


def test_glm_is_opened_by_its_host_and_a_fault_in_the_own_table_is_told(qtbot: QtBot, parent: QObject) -> None:
    keychain = MemoryKeychain()
    keychain.passwords[SERVICE, GLM_KEY_NAME] = "some-key"
    keyring.set_keyring(keychain)
    own_models_file().write_text("no table at all")
    model = CurrentModel(open_model, parent)
    with qtbot.waitSignal(model.warned) as warned:
        model.open(Settings(engine="glm", glm_address="china"))
    assert "models.toml" in warned.args[0]
    assert model.model is not None and model.model.capabilities.host == "open.bigmodel.cn"
    assert model.model.capabilities.model_name == "glm-4.6v-flash"
    model.close()


def test_an_own_model_that_is_missing_because_its_table_has_a_fault_is_told_by_the_fault(qtbot: QtBot, parent: QObject) -> None:
    own_models_file().write_text('[[model]]\nid = "my-glm"\ncontext_tokens = "many"\n')
    model = CurrentModel(open_model, parent)
    with qtbot.waitSignal(model.failed) as failed:
        model.open(Settings(engine="glm", glm_model="my-glm"))
    assert failed.args[0] == "model_table_invalid" and "context_tokens" in failed.args[1]
    model.close()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (Settings(engine="glm"), "keychain_locked"),
        (Settings(engine="server:gone"), "server_not_found"),
        (Settings(engine="glm", glm_address="own", glm_own_address="http://gateway.example.org/v4"), "address_invalid"),
        (Settings(engine="glm", ca_file="/gone.pem"), "certificate_refused"),
    ],
)
def test_what_is_wrong_is_told_by_its_code(qtbot: QtBot, parent: QObject, settings: Settings, code: str) -> None:
    keyring.set_keyring(LockedKeychain())
    model = CurrentModel(open_model, parent)
    with qtbot.waitSignal(model.failed) as failed:
        model.open(settings)
    assert failed.args[0] == code and failed.args[1].endswith(".") and model.model is None
    model.close()


def test_a_keychain_that_nobody_answers_holds_up_nothing(qtbot: QtBot, parent: QObject, tiny_model: tuple[Path, Path]) -> None:
    keychain = SlowKeychain()
    keyring.set_keyring(keychain)
    model = CurrentModel(open_model, parent)
    model.open(Settings(engine="glm"))
    assert keychain.is_asked.wait(30)
    with qtbot.waitSignal(model.changed):
        model.open(Settings(model=str(tiny_model[0])))
    qtbot.waitUntil(lambda: model.model is not None)
    assert model.model is not None and model.model.capabilities.host is None
    model.open(Settings(engine="glm"))
    model.close()
    keychain.answer.set()


def test_a_server_without_a_key_needs_no_keychain(qtbot: QtBot, parent: QObject) -> None:
    keyring.set_keyring(LockedKeychain())
    lab = Server("Lab", "http://localhost:8000/v1", "tiny", "vllm", 8_000, vision=False)
    settings = Settings(engine="server:lab", servers=write_servers([lab]))
    model = CurrentModel(open_model, parent)
    with qtbot.waitSignals([model.changed, model.changed]):
        model.open(settings)
    assert model.model is not None
    assert (model.model.capabilities.vision, model.model.capabilities.context_tokens) == (False, 8_000)
    model.close()
    own_secrets().set_for_session(lab.key_name, "for-now")
    config = remote_config(EngineChoice("server", "lab"), settings, own_secrets(), load_model_table()[0])
    assert config.key == "for-now" and "for-now" not in repr(config)
