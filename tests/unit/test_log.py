"""What reaches the log files, and what does not."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import log, paths


@pytest.fixture(autouse=True)
def _handlers_as_they_were() -> Iterator[None]:
    names = (None, "app", "inference", "ingest")
    levels = [logging.getLogger(name).level for name in names]
    before = logging.root.handlers[:]
    logging.root.handlers = []
    yield
    for handler in logging.root.handlers:
        handler.close()
    logging.root.handlers = before
    for name, level in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(level)


def test_each_process_has_its_own_file() -> None:
    file = log.set_up("engine")
    assert not file.exists()
    logging.getLogger("inference.local").info("loaded in %d ms", 12)
    assert file == paths.log_dir() / "engine.log"
    assert file.read_text(encoding="utf-8").endswith(f"INFO {os.getpid()} inference.local: loaded in 12 ms\n")


@pytest.mark.parametrize(("level", "expected"), [("", "info"), ("debug", "debug info"), ("WARNING", ""), ("nonsense", "info")])
def test_the_environment_sets_the_level(level: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(log.LEVEL_VARIABLE, level)
    file = log.set_up("test")
    logging.getLogger("app.x").debug("debug")
    logging.getLogger("app.x").info("info")
    logging.getLogger("app.x").error("error")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line.rsplit(" ", 1)[1] for line in lines] == [*expected.split(), "error"]


def test_other_packages_are_heard_only_when_they_warn() -> None:
    file = log.set_up("test")
    logging.getLogger("httpx").info("POST everything")
    logging.getLogger("httpx").warning("odd")
    assert "POST" not in file.read_text(encoding="utf-8")
    assert "odd" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("key sk-proj_abc-DEF123456 used", "key sk-*** used"),
        ("{'Authorization': 'Bearer abc.def-1'}", "{'Authorization': 'Bearer ***'}"),
        ("glm 0123456789abcdef0123456789abcdef.AbCdEfGh12345678", "glm ***.***"),
        ("a task-force, risk-averse", "a task-force, risk-averse"),
        ("took 0.25 s on llama.cpp", "took 0.25 s on llama.cpp"),
    ],
)
def test_keys_are_starred_out(text: str, redacted: str) -> None:
    assert log.redact(text) == redacted


def test_the_home_folder_does_not_name_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path.home()
    assert log.redact(f"{home}/a.pdf, {home}") == "~/a.pdf, ~"
    assert log.redact(f"{home}-backup/a.pdf") == f"{home}-backup/a.pdf"
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert log.redact("/usr/lib") == "/usr/lib"


def test_arguments_and_tracebacks_are_redacted_too() -> None:
    file = log.set_up("test")
    try:
        raise ValueError("Bearer secret")
    except ValueError:
        logging.getLogger("app").exception("with %s", "sk-12345678")
    text = file.read_text(encoding="utf-8")
    assert "ValueError: Bearer ***" in text
    assert "secret" not in text
    assert "12345678" not in text
