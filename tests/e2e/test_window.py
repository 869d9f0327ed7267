"""The real program on a real desktop: a person types, clicks and points; the tiny model answers in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.helpers.desktop import Color, Desktop, is_installed
from tests.helpers.seen_window import ACCENT, ANSWER_S, CIRCLE, OPEN_S, PICTURE, SQUARE, SeenWindow, kept_conversation, middle

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[SeenWindow]:
    with Desktop(tmp_path) as desktop:
        seen = SeenWindow.open(desktop, PICTURE)
        desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), OPEN_S, "the picture's showing")
        yield seen


def colors_of(image: Image.Image) -> dict[Color, int]:
    """How many pixels are of each colour."""
    return {color: count for count, color in image.getcolors(image.width * image.height)}


def test_a_person_asks_points_and_leaves(seen: SeenWindow) -> None:
    desktop = seen.desktop
    circle = desktop.extent(CIRCLE, seen.viewer)

    seen.write("Locate the red circle.")
    seen.press("Return")
    desktop.wait_until(lambda: seen.box, ANSWER_S, "a box in the picture")
    desktop.wait_until(lambda: desktop.extent(ACCENT, seen.transcript), OPEN_S, "a reference in the text")
    desktop.wait_until(lambda: seen.send is None, ANSWER_S, "the answer's end")  # until then, Send is Stop
    assert circle is not None
    x, y = middle(seen.box)
    assert circle[0] < x < circle[2], (seen.box, circle)
    assert circle[1] < y < circle[3], (seen.box, circle)

    # Pointing at the reference makes the box's line thicker.
    thin = desktop.count(ACCENT, seen.viewer)
    desktop.xdotool("mousemove", *(round(value) for value in middle(desktop.extent(ACCENT, seen.transcript))))
    desktop.wait_until(lambda: desktop.count(ACCENT, seen.viewer) > 1.2 * thin, OPEN_S, "the box's highlighting")
    desktop.xdotool("mousemove", seen.left + 20, seen.top + seen.height - 10)
    desktop.wait_until(lambda: desktop.count(ACCENT, seen.viewer) == thin, OPEN_S, "the highlight's end")

    # The second question goes out with a click on Send; the composer has kept the focus.
    seen.write("How many shapes are there?")
    desktop.click(*middle(seen.send))
    desktop.wait_until(lambda: seen.box is None, OPEN_S, "the new turn")
    seen.wait_for_answer("2 shapes")

    assert psutil.Process(seen.process.pid).children(recursive=True), "the model runs in a process of its own"
    seen.leave()


def test_a_region_is_asked_about(seen: SeenWindow) -> None:
    """It is framed with the pointer, and the question typed at once. The model is to look only at what is inside the frame."""
    desktop = seen.desktop
    seen.ask("Locate the red circle.", "circle is here")
    square = desktop.extent(SQUARE, seen.viewer)
    assert square is not None
    desktop.drag(square[0] - 12, square[1] - 12, square[2] + 12, square[3] + 12)
    desktop.wait_until(lambda: "Ask about this region" in desktop.read(seen.viewer), OPEN_S, "the offer")
    seen.type("How many shapes are there?")
    desktop.wait_until(lambda: desktop.extent(SQUARE, seen.composer), OPEN_S, "the part's card")
    desktop.wait_until(lambda: seen.send, OPEN_S, "Send's becoming ready")
    seen.press("Return")
    seen.wait_for_answer("There")
    seen.leave()

    turn = kept_conversation().turns[-1]
    assert turn.question == "How many shapes are there?"
    (part,) = turn.parts
    assert part.place is not None
    area = part.place.area
    assert area is not None
    with Image.open(PICTURE) as picture:
        whole = picture.convert("RGB")
    sides = (area.x0 * whole.width, area.y0 * whole.height, area.x1 * whole.width, area.y1 * whole.height)
    framed = colors_of(whole.crop(tuple(map(round, sides))))
    assert framed[SQUARE] == colors_of(whole)[SQUARE]
    assert CIRCLE not in framed
