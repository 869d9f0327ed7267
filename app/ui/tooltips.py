"""What is shown where the pointer rests: names of files, models and places come from strangers."""

from __future__ import annotations

from html import escape

TOOLTIP_CHARACTERS_MAX = 500


def plain_tooltip(text: str) -> str:
    """A tooltip that says just this, of a length that can be read. Qt takes for HTML what looks like it."""
    shown = text if len(text) <= TOOLTIP_CHARACTERS_MAX else text[: TOOLTIP_CHARACTERS_MAX - 1] + "…"
    return f"<span>{escape(shown)}</span>" if "<" in shown else shown
