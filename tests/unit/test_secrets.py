"""Keys are in the system's keychain or nowhere, and are said by nothing."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from app.settings.secrets import KeychainFailed, KeychainLocked, NoKeychain, Secrets, SecretsError
from tests.helpers.keychains import FileKeychain, LeakingKeychain, LockedKeychain, MemoryKeychain

KEY = "0123456789abcdef-the-key"


@pytest.fixture
def keychain() -> MemoryKeychain:
    backend = MemoryKeychain()
    keyring.set_keyring(backend)
    return backend


def test_a_key_is_kept_in_the_keychain_and_found_by_the_next_start(keychain: MemoryKeychain) -> None:
    Secrets().set("api.example.org", KEY)
    assert Secrets().get("api.example.org") == KEY
    assert keychain.passwords == {("sightline", "api.example.org"): KEY}


def test_a_key_is_replaced_and_deleted(keychain: MemoryKeychain) -> None:
    secrets = Secrets()
    secrets.set("a", "old")
    secrets.set("a", KEY)
    secrets.set("b", "other")
    assert secrets.get("a") == KEY
    secrets.delete("a")
    assert secrets.get("a") is None
    assert secrets.get("b") == "other"
    secrets.delete("a")  # nothing is there any more


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring(), FileKeychain()], ids=["fail", "null", "file"])
def test_without_a_keychain_nothing_is_kept_and_it_says_what_to_do(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)
    secrets = Secrets()
    for ask in (secrets.check, lambda: secrets.get("a"), lambda: secrets.set("a", KEY), lambda: secrets.delete("a")):
        with pytest.raises(NoKeychain, match="keychain") as raised:
            ask()
        assert raised.value.code == "no_keychain"
        assert KEY not in raised.value.message
    assert list(Path.home().rglob("*key*")) == []
    if isinstance(backend, FileKeychain):
        assert backend.passwords == {}


def test_packages_that_write_files_are_refused_whatever_they_claim() -> None:
    written = type("PlaintextKeyring", (MemoryKeychain,), {"__module__": "keyrings.alt.file", "priority": 9.0})()
    keyring.set_keyring(written)
    with pytest.raises(NoKeychain):
        Secrets().set("a", KEY)
    assert written.passwords == {}


def test_of_a_chain_the_first_real_keychain_is_used_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    file, real, spare = FileKeychain(), MemoryKeychain(), MemoryKeychain()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [file, real, spare])
    keyring.set_keyring(chainer.ChainerBackend())
    Secrets().set("a", KEY)
    assert (file.passwords, real.passwords, spare.passwords) == ({}, {("sightline", "a"): KEY}, {})
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [file])
    with pytest.raises(NoKeychain):
        Secrets().set("b", KEY)


def test_a_keychain_that_cannot_be_used_here_is_none() -> None:
    class Unusable(MemoryKeychain):
        @property
        def priority(self) -> float:  # type: ignore[override]
            raise RuntimeError("no D-Bus")

    keyring.set_keyring(Unusable())
    with pytest.raises(NoKeychain):
        Secrets().check()


def test_a_locked_keychain_says_so() -> None:
    keyring.set_keyring(LockedKeychain())
    Secrets().check()
    with pytest.raises(KeychainLocked, match="Unlock it"):
        Secrets().get("a")


def test_a_failure_repeats_neither_the_key_nor_what_the_keychain_said(caplog: pytest.LogCaptureFixture) -> None:
    keyring.set_keyring(LeakingKeychain())
    with caplog.at_level(logging.DEBUG), pytest.raises(KeychainFailed) as raised:
        Secrets().set("a", KEY)
    assert "OSError" in raised.value.message
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    logging.getLogger("app").error("it failed", exc_info=raised.value)
    assert "it failed" in caplog.text
    assert KEY not in caplog.text + raised.value.message + str(raised.getrepr(style="short"))


def test_a_key_for_this_session_is_in_memory_only(keychain: MemoryKeychain) -> None:
    secrets = Secrets()
    secrets.set_for_session("a", KEY)
    assert secrets.get("a") == KEY
    assert secrets.session_names == ("a",)
    assert keychain.passwords == {}
    assert Secrets().get("a") is None
    secrets.delete("a")
    assert secrets.get("a") is None


def test_a_key_for_this_session_needs_no_keychain() -> None:
    keyring.set_keyring(fail.Keyring())
    secrets = Secrets()
    secrets.set_for_session("a", KEY)
    assert secrets.get("a") == KEY
    secrets.delete("a")
    assert secrets.session_names == ()


def test_deleting_forgets_both_what_is_kept_and_what_is_for_the_session(keychain: MemoryKeychain) -> None:
    secrets = Secrets()
    secrets.set("a", KEY)
    secrets.set_for_session("a", "other")
    secrets.delete("a")
    assert secrets.get("a") is None
    assert keychain.passwords == {}


def test_nothing_that_is_printed_shows_a_key(keychain: MemoryKeychain, caplog: pytest.LogCaptureFixture) -> None:
    secrets = Secrets()
    with caplog.at_level(logging.DEBUG):
        secrets.set("a", KEY)
        secrets.set_for_session("b", KEY)
        secrets.get("a")
        secrets.delete("a")
    assert KEY not in repr(secrets) + str(secrets) + f"{secrets!a}" + caplog.text


@pytest.mark.parametrize(
    ("name", "key"), [("", KEY), (" ", KEY), ("a\n", KEY), ("a" * 201, KEY), ("a", ""), ("a", "x\0"), ("a", "k" * 1001)]
)
def test_what_is_no_name_or_no_key_is_refused(keychain: MemoryKeychain, name: str, key: str) -> None:
    for keep in (Secrets().set, Secrets().set_for_session):
        with pytest.raises(ValueError) as raised:
            keep(name, key)
        assert not key.strip() or key not in str(raised.value)
    assert keychain.passwords == {}


def test_the_keychain_is_imported_when_it_is_first_asked() -> None:
    code = "import sys; from app.settings.secrets import Secrets; Secrets(); sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SECRET_SERVICE = shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")


@pytest.mark.skipif(not SECRET_SERVICE, reason="needs the programs gnome-keyring-daemon and dbus-run-session")
def test_a_real_secret_service_keeps_a_key_between_processes(tmp_path: Path) -> None:
    keep = "from app.settings.secrets import Secrets; Secrets().set('a', 'real')"
    read = "from app.settings.secrets import Secrets; s = Secrets(); print(s.get('a')); s.delete('a'); print(s.get('a'))"
    script = (
        f'echo -n password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "{sys.executable}" -c "{keep}" && '
    )
    script += f'"{sys.executable}" -c "{read}"'
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    child = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert child.stdout.split() == ["real", "None"], child.stderr


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in (SecretsError, *SecretsError.__subclasses__())]
    assert len(set(codes)) == len(codes)
