"""The overlay on a real X11 desktop: a person points, drags, nudges, draws and leaves; what is seen is compared pixel by pixel."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.helpers.desktop import Color, Desktop, is_installed

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool")

WAIT_S = 60
FRAME: Color = (0x7F, 0x9C, 0xFF)
BOX: Color = (0x2F, 0x5B, 0xEA)
Place = tuple[int, int, int, int]


class SeenOverlay:
    """What it tells, and what is seen of it."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.desktop = desktop
        self._told = folder / "told.jsonl"
        command = [sys.executable, "-m", "tests.helpers.driven_overlay", str(folder)]
        with self._told.open("wb") as out:
            desktop.start(command, stdout=out.fileno(), QT_QPA_PLATFORM="xcb")

    def wait_for(self, event: str, meets: Callable[[dict[str, Any]], bool] = lambda told: True) -> dict[str, Any]:
        """What was told last, once it is this event."""
        last: list[dict[str, Any]] = []

        def is_told() -> bool:
            lines = [json.loads(line) for line in self._told.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
            last[:] = [told for told in lines if told["event"] == event][-1:]
            return bool(last) and meets(last[0])

        self.desktop.wait_until(is_told, WAIT_S, f"the event {event}")
        return last[0]

    def wait_for_frame(self, x: int, y: int, width: int, height: int) -> None:
        """Until its line is around this part of the screen."""
        corners = [(x - 1, y - 1), (x + width, y + height), (x - 1, y + height), (x + width, y - 1)]
        edges = [(x - 1, y + height // 3), (x + width // 3, y + height)]
        self.desktop.wait_until(lambda: self._are(FRAME, corners + edges), WAIT_S, f"a frame around {x}, {y}, {width}, {height}")

    def _are(self, color: Color, places: list[tuple[int, int]]) -> bool:
        picture = self.desktop.screenshot()
        return all(picture.getpixel(place) == color for place in places)


@pytest.fixture
def before_and_seen(tmp_path: Path) -> Iterator[tuple[Image.Image, SeenOverlay]]:
    with Desktop(tmp_path) as desktop:
        desktop.xdotool("mousemove", 1400, 900)
        seen = SeenOverlay(desktop, tmp_path)
        seen.wait_for("shown")
        yield desktop.screenshot(), seen


def box_of(place: list[int]) -> Place:
    x, y, width, height = place
    return x, y, x + width, y + height


def is_same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is None


def test_a_person_drags_nudges_draws_and_leaves(before_and_seen: tuple[Image.Image, SeenOverlay]) -> None:
    _, seen = before_and_seen
    desktop = seen.desktop
    window = seen.wait_for("shown")["window"]

    desktop.xdotool("mousemove", 500, 400)  # a window is outlined as it hovers
    seen.wait_for_frame(*window)

    desktop.carry(300, 250, 700, 500)  # the frame follows the pointer
    seen.wait_for_frame(300, 250, 400, 250)
    desktop.xdotool("key", "shift+Right")
    seen.wait_for_frame(300, 250, 401, 250)
    desktop.drop()
    chosen = seen.wait_for("chosen")
    assert (chosen["area"], chosen["title"]) == ([300, 250, 401, 250], "")

    # Its box is on the right pixels: the middle half, drawn over the picture that is sent.
    left, top, right, bottom = 300 + 100, 250 + 62, 300 + 301, 250 + 188
    desktop.wait_until(lambda: desktop.screenshot().getpixel((left, (top + bottom) // 2)) == BOX, WAIT_S, "the box")
    extent = desktop.extent(BOX, (301, 290, 700, 499))
    assert extent is not None
    assert max(abs(one - other) for one, other in zip(extent[1:], (top, right, bottom), strict=False)) <= 22  # its tag stands out
    desktop.xdotool("mousemove", 450, 400)
    seen.wait_for("hovered", lambda told: told["number"] == 1)
    desktop.xdotool("mousemove", 320, 480)
    seen.wait_for("hovered", lambda told: told["number"] == 0)

    desktop.xdotool("key", "Down")  # by one pixel
    seen.wait_for("changed", lambda told: told["area"] == [300, 251, 401, 250])
    desktop.xdotool("key", "Up")
    changed = seen.wait_for("changed", lambda told: told["area"][1] == 250)

    x, y, width, height = changed["tools"]  # the third tool blurs
    desktop.click(x + width * 5 / 8, y + height / 2)
    desktop.drag(310, 460, 390, 490)
    sent = seen.wait_for("changed", lambda told: told["marks"] == 1)
    picture = Image.open(sent["file"]).convert("RGB")
    original = Image.open(chosen["file"]).convert("RGB").crop((0, 0, 401, 250))
    blurred = (10, 210, 90, 240)
    assert not is_same(picture.crop(blurred), original.crop(blurred))
    assert is_same(picture.crop((0, 0, 401, 205)), original.crop((0, 0, 401, 205)))
    desktop.wait_until(
        lambda: is_same(desktop.screenshot().crop((310, 460, 390, 490)), picture.crop(blurred)), WAIT_S, "what is sent is seen"
    )
    desktop.xdotool("key", "ctrl+z")
    seen.wait_for("changed", lambda told: told["marks"] == 0)

    desktop.xdotool("key", "Escape")  # puts the tool away
    desktop.xdotool("key", "Escape")
    seen.wait_for("left")
    desktop.wait_until(lambda: desktop.count(FRAME, (0, 0, 1500, 960)) == 0, WAIT_S, "the live screen")


def test_what_is_chosen_by_keys_is_what_was_on_the_screen(before_and_seen: tuple[Image.Image, SeenOverlay]) -> None:
    _, seen = before_and_seen
    desktop = seen.desktop
    window = seen.wait_for("shown")["window"]
    desktop.xdotool("key", "Tab")
    seen.wait_for_frame(*window)
    desktop.xdotool("key", "Return")
    chosen = seen.wait_for("chosen")
    assert (chosen["area"], chosen["title"]) == (window, "Scene")
    picture = Image.open(chosen["file"]).convert("RGB")
    desktop.xdotool("key", "Escape")
    seen.wait_for("left")
    area = box_of(window)
    desktop.wait_until(lambda: is_same(desktop.screenshot().crop(area), picture), WAIT_S, "the live window, pixel for pixel")
