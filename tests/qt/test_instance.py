"""One instance: real sockets, real later starts, and whatever else may come through that door."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import instance as instance_module
from app import reach
from app.instance import Instance, Message

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-P", "-m", "app")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks through a socket of POSIX")


@pytest.fixture
def running(qapp: QApplication) -> Iterator[Instance]:
    assert reach.claim()
    made = Instance()
    assert made.listen()
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


@pytest.fixture
def received(running: Instance) -> list[Message]:
    """All that came, in order."""
    messages: list[Message] = []
    running.received.connect(messages.append)
    return messages


def path() -> str:
    found = reach.socket_path(reach.name())
    assert found is not None
    return found


def connect() -> socket.socket:
    """It does not wait for anything from now on: the other side is in the same thread."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(path())
    client.setblocking(False)
    return client


def answer(client: socket.socket) -> bytes | None:
    """What came, empty when the other side has hung up, None while there is nothing."""
    try:
        return client.recv(100)
    except BlockingIOError:
        return None
    except ConnectionResetError:
        return b""


def run(qtbot: QtBot, *arguments: str, folder: Path | None = None, **variables: str) -> int:
    """A later start, while this process goes on."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    process = subprocess.Popen([*PROGRAM, *arguments], cwd=folder or ROOT, env=environment)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
    return process.returncode


def test_files_of_a_later_start_come_with_their_folder(qtbot: QtBot, received: list[Message], tmp_path: Path) -> None:
    assert run(qtbot, "a b.png", "文.pdf", folder=tmp_path, XDG_ACTIVATION_TOKEN="leave") == 0
    assert received == [Message("open", ("a b.png", "文.pdf"), str(tmp_path), "leave")]


def test_a_capture_comes_with_its_words(qtbot: QtBot, received: list[Message]) -> None:
    assert run(qtbot, "capture", "--screen", "--delay", "2") == 0
    (message,) = received
    assert (message.command, message.arguments) == ("capture", ("--screen", "--delay", "2"))


def test_a_hidden_start_beside_another_one_does_nothing(qtbot: QtBot, received: list[Message]) -> None:
    assert run(qtbot, "--hidden") == 0
    assert received == []


def test_the_report_is_what_the_instance_says_of_itself(qtbot: QtBot, running: Instance) -> None:
    running.report = lambda: {"tray": True, "hotkeys": {"capture": "文"}}
    code = "from app.commands.doctor import ask_running; print(ask_running())"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.read() == "{'tray': True, 'hotkeys': {'capture': '文'}}\n"


def test_only_its_user_can_open_the_door(running: Instance) -> None:
    assert stat.S_IMODE(os.stat(path()).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path())).st_mode) == 0o700


def test_who_comes_before_it_listens_is_answered_when_it_does(qtbot: QtBot, qapp: QApplication) -> None:
    assert reach.claim()
    process = subprocess.Popen([*PROGRAM, "capture"], cwd=ROOT)
    early = connect()
    early.sendall(reach.write_line("open", []))
    made = Instance()
    messages: list[Message] = []
    made.received.connect(messages.append)
    assert made.listen()
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
    assert process.returncode == 0
    assert sorted(message.command for message in messages) == ["capture", "open"]
    early.close()
    made.close()
    made.deleteLater()


def test_one_that_was_killed_leaves_the_way_free() -> None:
    command = [sys.executable, "-m", "tests.helpers.first_start", "60"]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert first.stdout is not None
    with first.stdout:
        assert first.stdout.readline() == b"True\n"
        assert not reach.claim()
        first.kill()
        first.wait()
    assert os.path.exists(path())
    assert reach.claim()
    reach.release()


def test_of_two_only_one_is_it(running: Instance) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.helpers.first_start", "0"], cwd=ROOT, capture_output=True)
    assert done.stdout == b"False\n"
    other = subprocess.run(
        [sys.executable, "-m", "tests.helpers.first_start", "0"], cwd=ROOT, capture_output=True,
        env={**os.environ, "SIGHTLINE_DATA_DIR": "/another"},
    )  # fmt: skip
    assert other.stdout == b"True\n"


def test_after_its_end_another_can_be_it(qapp: QApplication) -> None:
    for _ in range(2):
        assert reach.claim()
        made = Instance()
        assert made.listen()
        made.close()
        made.deleteLater()
        assert not os.path.exists(path())
        assert reach.say("report", []) is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.binary(max_size=300).map(lambda data: data.replace(b"\n", b"")), rest=st.binary(max_size=20))
def test_whatever_is_said_is_answered_with_no(qtbot: QtBot, received: list[Message], line: bytes, rest: bytes) -> None:
    client = connect()
    client.sendall(line + b"\n" + rest)
    answers: list[bytes | None] = []
    qtbot.waitUntil(lambda: answers.append(answer(client)) or answers[-1] is not None)
    client.close()
    assert answers[-1] == b"no\n"
    assert received == []


def test_who_says_too_much_is_dropped(qtbot: QtBot, received: list[Message]) -> None:
    client = connect()
    sent = 0

    def was_dropped() -> bool:
        nonlocal sent
        try:
            sent += client.send(b"a" * 65_536)
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False

    qtbot.waitUntil(was_dropped, timeout=60_000)
    assert sent < 8 * reach.LINE_BYTES_MAX
    assert received == []
    client.close()


def test_who_says_nothing_is_dropped(qtbot: QtBot, received: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_module, "LINE_S", 0.2)
    silent, slow, good = connect(), connect(), connect()
    slow.sendall(b'{"version":1')
    good.sendall(reach.write_line("open", []))
    qtbot.waitUntil(lambda: len(received) == 1)
    qtbot.waitUntil(lambda: [answer(silent), answer(slow)] == [b"", b""], timeout=60_000)
    for client in (silent, slow, good):
        client.close()


def test_many_at_once_are_turned_away_and_later_ones_heard(
    qtbot: QtBot, running: Instance, received: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_module, "CLIENTS_MAX", 3)
    crowd = [connect() for _ in range(8)]
    turned_away: set[int] = set()

    def count() -> int:
        turned_away.update(number for number, client in enumerate(crowd) if answer(client) == b"")
        return len(turned_away)

    qtbot.waitUntil(lambda: count() == 5, timeout=60_000)
    for client in crowd:
        client.close()
    qtbot.waitUntil(lambda: running._clients == 0, timeout=60_000)
    late = connect()
    late.sendall(reach.write_line("open", []))
    qtbot.waitUntil(lambda: answer(late) == b"ok\n", timeout=60_000)
    late.close()
    assert [message.command for message in received] == ["open"]
