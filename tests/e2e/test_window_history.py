"""What was asked is there again: after quitting and after a kill, with its versions; and nothing of what was private is."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app import paths
from tests.helpers.desktop import Desktop, is_installed
from tests.helpers.engine import MODEL
from tests.helpers.seen_window import ANSWER_S, CIRCLE, OPEN_S, PICTURE, ROOT, SeenWindow, kept_conversation

BACK_TO_VERSIONS = 6
"""Five commands below the answer, then the arrow to the version before."""

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as desktop:
        yield desktop


def open_with_picture(desktop: Desktop) -> SeenWindow:
    seen = SeenWindow.open(desktop, PICTURE)
    desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), OPEN_S, "the picture's showing")
    return seen


def open_newest(seen: SeenWindow) -> None:
    """The conversation that was written to last."""
    seen.desktop.wait_until(lambda: "Today" in seen.desktop.read(seen.sidebar), OPEN_S, "the list of conversations")
    seen.press("ctrl+Next")


def test_an_answer_is_found_again_with_its_box(desktop: Desktop) -> None:
    seen = open_with_picture(desktop)
    seen.ask("Locate the red circle.", "circle is here")
    box = seen.box
    assert box is not None
    seen.leave()

    again = SeenWindow.open(desktop)
    again.press("ctrl+shift+f")
    again.type("circle is here")
    desktop.wait_until(lambda: "is here" in desktop.read(again.sidebar), OPEN_S, "the result")
    again.press("Return")
    desktop.wait_until(lambda: again.box, OPEN_S, "the box")
    desktop.wait_until(lambda: again.box == box, OPEN_S, f"the box at {box}")
    assert "circle is here" in desktop.read(again.transcript)
    again.leave()


@pytest.mark.slow
def test_a_question_is_asked_again_and_edited(desktop: Desktop) -> None:
    seen = open_with_picture(desktop)
    seen.ask("Locate the red circle.", "circle is here")
    seen.press("ctrl+r")
    desktop.wait_until(lambda: "2/2" in desktop.read(seen.transcript).replace(" ", ""), OPEN_S, "the second version")
    seen.wait_for_answer("circle is here")
    seen.press("ctrl+Up", "ctrl+a")
    seen.type("How many shapes are there?")
    seen.press("Return")
    seen.wait_for_answer("2 shapes")
    assert seen.box is None
    seen.leave()

    conversation = kept_conversation()
    (turn,) = conversation.turns
    questions = [version.question for version in conversation.versions(turn)]
    assert questions == ["Locate the red circle.", "Locate the red circle.", "How many shapes are there?"]
    assert turn is conversation.versions(turn)[-1]

    again = SeenWindow.open(desktop)
    open_newest(again)
    desktop.wait_until(lambda: "2 shapes" in desktop.read(again.transcript), OPEN_S, "the last version")
    again.press("ctrl+l", *["shift+Tab"] * BACK_TO_VERSIONS, "space")
    desktop.wait_until(lambda: "circle is here" in desktop.read(again.transcript), OPEN_S, "the version before")
    desktop.wait_until(lambda: again.box, OPEN_S, "its box")
    again.leave()


def test_nothing_private_is_on_the_disk(desktop: Desktop) -> None:
    seen = SeenWindow.open(desktop)
    desktop.wait_until(lambda: "kept here" in desktop.read(seen.sidebar), OPEN_S, "the window")
    seen.press("ctrl+shift+n")
    desktop.wait_until(lambda: "Private" in desktop.read(seen.sidebar), OPEN_S, "the private conversation")
    folder = paths.data_dir().parent
    before = {path for path in folder.rglob("*") if path.is_file()}
    seen.attach(PICTURE)
    desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), OPEN_S, "the picture's showing")
    seen.ask("Locate the red circle, zanzibar.", "circle is here")
    seen.leave()

    after = {path for path in folder.rglob("*") if path.is_file()}
    assert {path.name for path in after - before} <= {"settings.json", "speeds.json", "window.log"}
    data = PICTURE.read_bytes()
    secrets = [b"zanzibar", b"circle is here", b"shapes.png", hashlib.sha256(data).hexdigest().encode(), data[100:200]]
    for path in after | {path for path in Path.home().rglob("*") if path.is_file()}:
        held = path.read_bytes()
        assert not any(secret in held for secret in secrets), path
        assert not any(secret.decode("latin-1") in str(path) for secret in secrets), path


@pytest.mark.slow
def test_a_window_that_was_killed_says_that_the_answer_was_cut(desktop: Desktop) -> None:
    folder = paths.data_dir().parent
    command = [sys.executable, "-m", "tests.helpers.driven_window", str(folder), str(MODEL), str(PICTURE)]
    process = desktop.start(command, stdout=subprocess.PIPE, QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
    assert process.stdout is not None
    said = next(line for line in map(json.loads, process.stdout) if line["text"] and not line["is_final"])
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert psutil.wait_procs(children, timeout=OPEN_S)[1] == []

    seen = SeenWindow.open(desktop)
    open_newest(seen)
    desktop.wait_until(lambda: "This answer was cut off" in desktop.read(seen.transcript), ANSWER_S, "the line")
    assert said["text"].split()[0] in desktop.read(seen.transcript)
    desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), OPEN_S, "the picture's showing")
    seen.leave()
