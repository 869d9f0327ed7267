"""The guards of conftest.py stop what they are there to stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app import paths

_TRESPASSERS = """
import socket, threading
import pytest

def test_connects_quietly():
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_looks_up_a_name():
    with pytest.raises(OSError):
        socket.getaddrinfo("example.org", 443)

def test_leaves_a_thread():
    end = threading.Event()
    threading.Thread(target=end.wait, args=(2,), name="left").start()

def test_warns():
    import warnings
    warnings.warn("odd", UserWarning)

def test_is_told_off_by_qt(qapp):
    from PySide6.QtCore import qWarning
    qWarning("odd")

def test_talks_to_itself():
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(server.getsockname()).close()
    server.close()
"""


def test_trespassers_fail(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    shutil.copy(root / "pyproject.toml", tmp_path)
    (tmp_path / "tests").mkdir()
    guards = (root / "tests" / "conftest.py").read_text(encoding="utf-8").replace("WAIT_S = 60.0", "WAIT_S = 0.1")
    (tmp_path / "tests" / "conftest.py").write_text(guards, encoding="utf-8")
    (tmp_path / "tests" / "test_trespassers.py").write_text(_TRESPASSERS, encoding="utf-8")
    child = subprocess.run([sys.executable, "-m", "pytest", "-rA"], cwd=tmp_path, capture_output=True, text=True, check=False)
    outcomes = dict(reversed(line.split()[:2]) for line in child.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
    assert sorted(name.rpartition("::")[2] for name in outcomes) == [
        "test_connects_quietly",
        "test_is_told_off_by_qt",
        "test_leaves_a_thread",
        "test_looks_up_a_name",
        "test_warns",
    ], child.stdout


def test_users_files_are_out_of_reach() -> None:
    assert paths.data_dir().is_relative_to(os.environ["HOME"])
    assert "pytest" in os.environ["HOME"]
