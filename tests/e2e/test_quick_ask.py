"""Quick Ask on a real X11 desktop: a person presses the key, drags, types, and reads the answer where it points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.desktop import Desktop, is_installed
from tests.helpers.seen_quick_ask import (
    BELOW,
    BESIDE,
    EMPTY,
    RED_CIRCLE,
    SAME_MIN,
    SCENE,
    SHOWN_S,
    WHITE,
    WHOLE,
    WORDS,
    WORDS_AREA,
    SeenQuickAsk,
    draw_desktop,
    overlap,
)
from tests.helpers.seen_window import ACCENT, SeenWindow, kept_conversation, middle

ROUND_CIRCLE = (150, 170, 460, 480)
ROUND_SQUARE = (480, 300, 740, 540)
CARD_OF_WORDS = (WORDS_AREA[2] + 40, WORDS_AREA[1] - 40, 1300, 700)
"""Beside them and the bar."""
STOPS_TO_MORE = 7
"""Six actions, then the button that adds a shot."""

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as desktop:
        desktop.xdotool("mousemove", 1300, 850)
        yield desktop


def kept_pictures() -> list[bytes]:
    """The pixels of those of the only turn that is kept, three bytes each."""
    (turn,) = kept_conversation().turns
    return [picture.render(picture.width, picture.height).rgb for picture in turn.pictures]


def test_the_answer_points_at_the_right_pixels_of_the_screen(desktop: Desktop) -> None:
    seen = SeenQuickAsk.start(desktop)
    seen.freeze()
    seen.choose(SCENE)
    seen.ask("Locate the red circle.", "circle is here")
    desktop.wait_until(lambda: seen.box, SHOWN_S, "the box")
    assert seen.box is not None
    assert overlap(seen.box, RED_CIRCLE) > SAME_MIN, seen.box

    # Pointing at the number in the text makes the box's line thicker.
    thin = desktop.count(ACCENT, SCENE)
    desktop.xdotool("mousemove", *map(round, middle(desktop.extent(ACCENT, BESIDE))))
    desktop.wait_until(lambda: desktop.count(ACCENT, SCENE) > 1.2 * thin, SHOWN_S, "the box's highlighting")

    seen.press("Escape")
    seen.wait_until_gone()
    seen.end()
    (turn,) = kept_conversation().turns
    assert turn.question == "Locate the red circle."
    assert "circle is here" in turn.answer.markdown()


def test_two_shots_are_pinned_and_opened_in_the_window(desktop: Desktop) -> None:
    seen = SeenQuickAsk.start(desktop)
    seen.freeze()
    seen.choose(ROUND_CIRCLE)
    seen.press(*["Tab"] * STOPS_TO_MORE, "space")
    desktop.wait_until(lambda: not desktop.count(WHITE, WHOLE), SHOWN_S, "the bar's stepping aside")
    seen.choose(ROUND_SQUARE)
    seen.wait_for_words("Explain", BELOW)
    desktop.xdotool("type", "--delay", 20, "Describe the image.")
    seen.press("Return")
    seen.wait_for_words("Copy", WHOLE)
    seen.click_word("Pin", WHOLE)
    desktop.wait_until(lambda: desktop.count(EMPTY, BELOW), SHOWN_S, "the overlay's going")
    seen.click_word("Open", WHOLE)
    window = SeenWindow.of(desktop, seen.process)
    seen.wait_for_words("Describe the image", window.transcript)
    window.leave()
    whole = draw_desktop()
    assert kept_pictures() == [whole.crop(area).tobytes() for area in (ROUND_CIRCLE, ROUND_SQUARE)]


def test_text_is_read_from_the_screen_without_a_model(desktop: Desktop) -> None:
    seen = SeenQuickAsk.start(desktop, has_model=False)
    seen.freeze()
    seen.choose(WORDS_AREA)
    seen.click_word("Extract", BELOW)
    seen.wait_for_words(WORDS, CARD_OF_WORDS)
    seen.press("Escape")
    seen.wait_until_gone()
    seen.end()
    (turn,) = kept_conversation().turns
    assert WORDS in turn.answer.markdown()
