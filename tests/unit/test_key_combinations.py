"""Combinations of keys are read and written, and called what Qt and portals call them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence

from app.hotkey.handlers.portal import trigger
from app.hotkey.keys import ALONE, NAMED, canonical
from app.hotkey.models import MODIFIERS, KeyCombination
from app.settings.schema import Settings

CHARACTERS = sorted({key for code in range(0x100) if (key := canonical(chr(code)))})
KEYS = (*NAMED, *CHARACTERS)


@st.composite
def combinations(draw: st.DrawFn) -> KeyCombination:
    """Every one that can be grabbed."""
    key = draw(st.sampled_from(KEYS))
    modifiers = draw(st.sets(st.sampled_from(MODIFIERS)))
    if key not in ALONE and not modifiers & {"Ctrl", "Alt", "Meta"}:
        modifiers.add("Ctrl")
    return KeyCombination(tuple(name for name in MODIFIERS if name in modifiers), key)


@given(combinations(), st.randoms(use_true_random=False), st.booleans())
def test_what_is_written_is_read_again_in_any_order_and_case(combination: KeyCombination, random: object, is_small: bool) -> None:
    assert KeyCombination.parse(str(combination)) == combination
    names = list(combination.modifiers)
    random.shuffle(names)  # type: ignore[attr-defined]
    text = "+".join((*names, combination.key))
    if is_small and text.lower().upper() == text.upper():
        text = text.lower()
    assert KeyCombination.parse(text) == combination


@given(st.text(max_size=30) | st.lists(st.sampled_from((*MODIFIERS, *NAMED, "A", "+", "")), max_size=5).map("+".join))
def test_whatever_is_read_is_none_or_can_be_grabbed(text: str) -> None:
    combination = KeyCombination.parse(text)
    if combination is not None:
        assert combination.key in KEYS
        assert combination.key in ALONE or set(combination.modifiers) - {"Shift"}
        assert KeyCombination.parse(str(combination)) == combination


@given(combinations())
def test_qt_calls_the_keys_the_same(combination: KeyCombination) -> None:
    """So that the settings can show them as the system writes them."""
    if len(combination.key) > 1 or combination.key.isascii():
        shown = QKeySequence(str(combination)).toString(QKeySequence.SequenceFormat.PortableText)
        assert KeyCombination.parse(shown) == combination  # Qt writes Meta first


@pytest.mark.parametrize(
    "text", ["", "+", "Ctrl", "Ctrl+", "A", "Shift+A", "Shift+Space", "Ctrl+Ctrl+A", "Hyper+A", "Ctrl+F25", "Ctrl+A, B", "Ctrl+字"]
)
def test_what_nobody_could_want_to_lose_in_every_program_is_refused(text: str) -> None:
    assert KeyCombination.parse(text) is None


def test_the_keys_that_come_along_can_be_used_and_differ() -> None:
    settings = Settings()
    keys = [KeyCombination.parse(text) for text in (settings.hotkey_capture, settings.hotkey_selection, settings.hotkey_record)]
    assert None not in keys and len(set(keys)) == 3
    assert [str(key) for key in keys] == [settings.hotkey_capture, settings.hotkey_selection, settings.hotkey_record]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ctrl+Shift+Space", "CTRL+SHIFT+space"),
        ("Meta+A", "LOGO+a"),
        ("Ctrl+Alt+PgUp", "CTRL+ALT+Page_Up"),
        ("Ctrl++", "CTRL+plus"),
        ("Alt+Ä", "ALT+U00E4"),
        ("F9", "F9"),
    ],
)
def test_portals_are_asked_in_the_words_of_their_specification(text: str, expected: str) -> None:
    combination = KeyCombination.parse(text)
    assert combination is not None and trigger(combination) == expected
