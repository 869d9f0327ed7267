"""What a later start says to the one that runs: written, read, and nothing else understood."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import reach, start_line
from app.capture_wish import KINDS, CaptureWish
from app.instance import BadMessage, Message

TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=50)
NAMES = st.binary(max_size=20).filter(lambda name: b"\0" not in name).map(os.fsdecode)
"""Names of files are bytes on Linux, and need not be text."""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


@given(command=st.sampled_from(reach.COMMANDS), arguments=st.lists(TEXTS | NAMES, max_size=5))
def test_what_is_written_is_what_is_read(command: str, arguments: list[str]) -> None:
    line = reach.write_line(command, arguments)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    message = Message.parse(line[:-1])
    assert (message.command, message.arguments, message.folder) == (command, tuple(arguments), os.getcwd())


def test_the_leave_to_come_to_the_front_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "x11_TIME5")
    assert Message.parse(reach.write_line("open", [])).activation_token == "x11_TIME5"
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "wayland")
    assert Message.parse(reach.write_line("open", [])).activation_token == "wayland"


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_of_any_kind_are_no_message(line: bytes) -> None:
    with pytest.raises(BadMessage):
        Message.parse(line)


@given(st.dictionaries(st.sampled_from(("version", "command", "arguments", "folder", "token", "more")), VALUES))
def test_what_is_nearly_a_message_is_refused_or_harmless(changes: dict[str, object]) -> None:
    good = {"version": reach.VERSION, "command": "open", "arguments": ["a"], "folder": "/", "token": ""}
    try:
        message = Message.parse(json.dumps(good | changes).encode())
    except BadMessage:
        return
    assert message.command in reach.COMMANDS
    assert all(isinstance(text, str) and "\0" not in text for text in (*message.arguments, message.folder))
    assert message.activation_token.isprintable()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"version": True}, {"version": "1"}, {"command": "quit"}, {"command": ["open"]}, {"arguments": "a"},
        {"arguments": ["a\0b"]}, {"arguments": [1]}, {"arguments": ["a"] * 10_001}, {"arguments": ["a" * 32_769]}, {"folder": None},
        {"token": "a\nb"}, {"token": "a" * 1_001},
    ],
)  # fmt: skip
def test_what_is_not_of_this_form_is_refused(change: dict[str, object]) -> None:
    good = {"version": 1, "command": "open", "arguments": ["a"], "folder": "/", "token": ""}
    Message.parse(json.dumps(good).encode())
    with pytest.raises(BadMessage):
        Message.parse(json.dumps(good | change).encode())


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(BadMessage):
        Message.parse(b"[" * reach.LINE_BYTES_MAX)


@given(st.sampled_from(KINDS), st.none() | st.floats(0, 60), st.sampled_from(("", "grim", "gnome-screenshot")))
def test_a_wish_survives_the_way(kind: str, delay_s: float | None, handler: str) -> None:
    wish = CaptureWish(kind, delay_s, handler)  # type: ignore[arg-type]
    read = start_line.read_capture(wish.words())
    assert read is not None
    assert CaptureWish.parse(read[1]) == wish


@given(st.lists(st.sampled_from(("--screen", "--same", "--delay", "--handler", "3", "nan", "-1", "61", "a b", "grim")) | TEXTS))
def test_a_wish_of_any_words_is_a_wish_or_a_sentence(words: list[str]) -> None:
    try:
        said, wish = "", CaptureWish.parse(words)
    except ValueError as error:
        said, wish = str(error), CaptureWish()
    assert not said or (said.endswith(".") and len(said) < 300)
    assert wish.delay_s is None or 0 <= wish.delay_s <= 60


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("open", [], None)),
        (["a.png", "b c.pdf"], ("open", ["a.png", "b c.pdf"], None)),
        (["--data-dir", "there", "a.png"], ("open", ["a.png"], "there")),
        (["--data-dir=there"], ("open", [], "there")),
        (["--", "-a.png", "--hidden"], ("open", ["-a.png", "--hidden"], None)),
        (["--hidden"], ("report", [], None)),
        (["--new-window"], None),
        (["--model", "a.gguf"], None),
        (["--theme=dark"], None),
        (["--help"], None),
        (["--data-dir"], None),
    ],
)
def test_a_start_with_options_of_its_own_is_a_window_of_its_own(arguments: list[str], expected: object) -> None:
    assert start_line.read_start(arguments) == expected


@pytest.mark.parametrize("arguments", [["--out", "a.png"], ["--help"], ["--delay"], ["more"], ["--sc"], ["--delay=3"]])
def test_a_capture_that_is_not_simple_is_left_to_argparse(arguments: list[str]) -> None:
    assert start_line.read_capture(arguments) is None


def test_each_data_folder_has_an_instance_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert reach.name("one") == reach.name(str(tmp_path / "two" / ".." / "one")) != reach.name("two")
    monkeypatch.setenv("SIGHTLINE_DATA_DIR", str(tmp_path / "one"))
    assert reach.name() == reach.name("one")
    monkeypatch.delenv("SIGHTLINE_DATA_DIR")
    assert reach.name() == "sightline"


def test_only_a_folder_of_the_user_alone_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", "")
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    assert reach.socket_path("sightline") == str(run / "sightline")
    link = tmp_path / "link"
    link.symlink_to(run)
    long = tmp_path / ("long" * 30)
    long.mkdir(mode=0o700)
    for folder in (link, long, tmp_path / "missing"):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        assert not str(reach.socket_path("sightline")).startswith(str(tmp_path))
    run.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    assert not str(reach.socket_path("sightline")).startswith(str(tmp_path))
