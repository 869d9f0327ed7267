"""`sightline capture` and `sightline doctor` on a real desktop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app import paths
from app.settings.store import SettingsStore
from tests.helpers.desktop import SCREEN, Desktop, is_installed
from tests.helpers.engine import MODEL

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-P", "-m", "app")
WAIT_S = 60.0

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool")


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as started:
        yield started


def run(desktop: Desktop, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": desktop.display, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*PROGRAM, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=WAIT_S)


def test_the_screen_is_written_as_it_is(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start(["xsetroot", "-solid", "#336699"])
    desktop.wait_until(lambda: desktop.screenshot().getpixel((700, 500)) == (0x33, 0x66, 0x99), WAIT_S, "the background")
    done = run(desktop, "capture", "--screen", "--out", tmp_path / "screen.png")
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "screen.png") as image:
        assert image.size == tuple(map(int, SCREEN.split("x")[:2]))
        assert image.convert("RGB").getpixel((700, 500)) == (0x33, 0x66, 0x99)


def test_a_region_is_chosen_and_written(desktop: Desktop, tmp_path: Path) -> None:
    target = tmp_path / "region.png"
    before = desktop.screenshot()
    program = desktop.start([*PROGRAM, "capture", "--region", "--out", str(target)], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
    desktop.wait_until(lambda: desktop.screenshot() != before, WAIT_S, "the overlay")
    desktop.drag(300, 200, 500, 350)
    desktop.wait_until(lambda: program.poll() is not None, WAIT_S, "the end")
    assert program.returncode == 0
    with Image.open(target) as image:
        assert abs(image.width - 200) <= 2 and abs(image.height - 150) <= 2


def test_leaving_writes_nothing(desktop: Desktop, tmp_path: Path) -> None:
    program = desktop.start([*PROGRAM, "capture", "--out", str(tmp_path / "a.png")], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
    desktop.wait_until(lambda: desktop.has_keyboard(program), WAIT_S, "the overlay")
    desktop.xdotool("key", "Escape")
    desktop.wait_until(lambda: program.poll() is not None, WAIT_S, "the end")
    assert program.returncode == 130
    assert not (tmp_path / "a.png").exists()


def test_a_capture_starts_sightline_which_ends_with_it(desktop: Desktop) -> None:
    program = desktop.start([*PROGRAM, "capture"], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
    desktop.wait_until(lambda: desktop.has_keyboard(program), WAIT_S, "the overlay")
    desktop.xdotool("key", "Escape")
    desktop.wait_until(lambda: program.poll() is not None, WAIT_S, "the end")
    assert program.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--handler", "nothing"), 1, "no way of capturing named"),
        (("--same",), 2, "--region or --screen"),
        (("--delay", "61"), 2, "seconds from 0 to 60"),
    ],
)
def test_what_cannot_be_done_is_said(desktop: Desktop, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = run(desktop, "capture", "--out", tmp_path / "a.png", *arguments)
    assert done.returncode == code
    assert words in done.stderr


def test_the_doctor_finds_what_works_and_what_does_not(desktop: Desktop) -> None:
    store = SettingsStore(paths.config_dir() / "settings.json")
    store.change(model=str(MODEL))
    done = run(desktop, "doctor", "--json")
    said = {part["part"]: part for part in json.loads(done.stdout)["parts"]}
    assert {name: part["state"] for name, part in said.items()} == {
        "capture": "works", "hotkeys": "works", "tray": "limited", "login": "works", "keychain": "limited", "model": "works",
        "engine": "works", "history": "works", "recognition": "works",
        "proxy": "works", "glm": "limited",
    }  # fmt: skip
    assert done.returncode == 0
    assert "mss" in said["capture"]["message"] and "AppIndicator" in said["tray"]["advice"]

    store.change(model="/gone.gguf", capture_handler="grim")
    (paths.data_dir() / "history").rename(paths.data_dir() / "elsewhere")
    (paths.data_dir() / "history").touch()
    done = run(desktop, "doctor")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert [line.split()[1] for line in lines] == ["capture", "model", "history"]
