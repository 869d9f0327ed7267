"""Every colour of the theme stands out from what it is drawn on, by the rules of WCAG 2.2."""

from __future__ import annotations

import pytest

from app.ui.style import mix
from app.ui.theme import Theme, load_theme
from tests.helpers.contrast import contrast

TEXT = 4.5
"""Success criterion 1.4.3."""
SHAPE = 3.0
"""Success criteria 1.4.11 and 2.4.13: edges of controls, rings of focus, marks."""

THEMES = [load_theme("light"), load_theme("dark")]


@pytest.fixture(params=THEMES, ids=[theme.name for theme in THEMES])
def theme(request: pytest.FixtureRequest) -> Theme:
    return request.param


def weak(theme: Theme, words: tuple[str, ...], grounds: tuple[str, ...], least: float) -> list[str]:
    """The pairs that stand out less."""
    pairs = [(word, ground, contrast(getattr(theme, word), getattr(theme, ground))) for word in words for ground in grounds]
    return [f"{word} on {ground}: {found:.2f}" for word, ground, found in pairs if found < least]


GROUNDS = ("window", "surface", "sunken", "accent_soft")


def test_words_are_read_on_every_ground(theme: Theme) -> None:
    words = ("text", "text_2", "text_3", "accent", "warn", "danger", "ok")
    assert weak(theme, words, GROUNDS, TEXT) == []


def test_words_are_read_on_a_pressed_button(theme: Theme) -> None:
    assert weak(theme, ("text", "text_2"), ("line",), TEXT) == []


def test_words_are_read_on_the_accent(theme: Theme) -> None:
    hovered = mix(theme.accent, theme.text, 0.15)
    assert min(contrast(theme.on_accent, ground) for ground in (theme.accent, hovered)) >= TEXT


def test_the_numbers_of_boxes_are_read(theme: Theme) -> None:
    assert [box for box in theme.boxes if contrast(theme.on_accent, box) < TEXT] == []


def test_boxes_are_seen_on_the_grounds_of_the_window(theme: Theme) -> None:
    assert [box for box in theme.boxes for ground in (theme.window, theme.surface) if contrast(box, ground) < SHAPE] == []


def test_rings_of_focus_and_edges_of_fields_are_seen(theme: Theme) -> None:
    assert weak(theme, ("accent", "text_3"), GROUNDS, SHAPE) == []
    assert weak(theme, ("text",), GROUNDS, SHAPE) == [], "the ring around what is filled with the accent"


def test_more_contrast_is_more(theme: Theme) -> None:
    strong = theme.with_more_contrast()
    assert weak(strong, ("text", "text_2", "text_3"), GROUNDS, 7.0) == [], "success criterion 1.4.6"
    assert weak(strong, ("line",), GROUNDS, TEXT) == []


def test_colours_of_boxes_differ_from_each_other(theme: Theme) -> None:
    assert len(set(theme.boxes)) == len(theme.boxes)
