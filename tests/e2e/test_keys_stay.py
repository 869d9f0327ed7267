"""A key goes from the keychain to its server and nowhere else: no file, no log, no export, no output, no command line has it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app import cli
from app.chat.export import FORMATS
from app.log import LEVEL_VARIABLE
from tests.helpers.keychains import SharedKeychain
from tests.helpers.replay_server import ReplayServer, Script, refusal, sse, words
from tests.helpers.window import make_picture

ROOT = Path(__file__).parents[2]
KEY = "Kq7vT2xW9pLmZ4sN8rYb"
"""No pattern of the log knows it as a key."""
FORMS = (KEY.encode(), KEY.encode("utf-16-le"), base64.b64encode(KEY.encode()).rstrip(b"="), KEY[4:].encode())
CUT = Script((*words("Half ", finish=None), *sse({"error": {"code": "1234", "message": f"lost {KEY}"}})))


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below, and what is in archives."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        yield path, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((path / name, archive.read(name)) for name in archive.namelist())


def command_lines(process: psutil.Process) -> str:
    """Of a process and those that it started, with their environments."""
    family = [process, *process.children(recursive=True)]
    return "\n".join(f"{each.cmdline()} {each.environ()}" for each in family if each.is_running())


def test_a_key_is_in_nothing_that_the_program_writes_says_or_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    keychain, exports = tmp_path / "keychain.json", tmp_path / "exports"
    exports.mkdir()
    for name, value in (
        ("PYTHON_KEYRING_BACKEND", f"{SharedKeychain.__module__}.{SharedKeychain.__name__}"),
        (SharedKeychain.VARIABLE, str(keychain)),
        (LEVEL_VARIABLE, "debug"),
    ):
        monkeypatch.setenv(name, value)
    answer = Script((0.5, *words("Red.", usage={"prompt_tokens": 5, "completion_tokens": 2})))
    with ReplayServer(answer, refusal(401, "401", f"Incorrect API key provided: {KEY}"), CUT, answer) as server:
        started = [sys.executable, "-m", "tests.helpers.keyed_window", server.url, str(make_picture(tmp_path / "red.png"))]
        window = subprocess.Popen(started, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert window.stdin is not None
        window.stdin.write(KEY.encode() + b"\n")
        window.stdin.flush()
        assert server.wait_for(lambda: server.requests, 60)
        running = command_lines(psutil.Process(window.pid))
        said, complained = window.communicate(timeout=120)
        assert said.decode().splitlines() == ["Red.", "key_refused", "server_failed"]
        assert b"no such thing" in complained  # the program went wrong, and said so
        assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests)

        assert cli.main(["ask", "Which colour?", "--engine", "server:lab", "--json"]) == 0
        for name in FORMATS:
            assert cli.main(["export", "--last", "--format", name, "--out", str(exports), "--reasoning"]) == 0
    assert KEY in keychain.read_text()  # it was there to be found

    written = dict([*contents(Path(os.environ["HOME"])), *contents(exports)])
    names = {path.name for path in written}
    assert {"settings.json", "window.log", "crash.txt", "spending.sqlite"} <= names and len(list(exports.iterdir())) >= len(FORMATS)
    assert b"CloudEngine" in b"".join(data for path, data in written.items() if path.name == "window.log")
    written[Path("stdout")], written[Path("stderr")], written[Path("/proc")] = said, complained, running.encode()
    written[Path("terminal")] = "".join(capfd.readouterr()).encode()
    assert [str(path) for path, data in written.items() if any(form in data for form in FORMS)] == []
    assert "server Lab" in json.loads(next(data for path, data in written.items() if path.name == "settings.json"))["keys"]
