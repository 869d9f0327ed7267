"""More than twenty decks, each about one thing that real decks hold. Made when asked for; nothing of them is kept.

Most use the fonts that scripts/setup.sh installs, so that every program draws them with the same letters.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from tests.helpers import deck_data, deck_shapes, deck_text

DECKS: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        deck_text.bullets,
        deck_text.dark_theme,
        deck_text.chinese,
        deck_text.typography,
        deck_text.numbering,
        deck_text.vertical_and_columns,
        deck_text.layouts,
        deck_text.notes_and_alt_text,
        deck_text.office_fonts,
        deck_text.long_deck,
        deck_shapes.shape_gallery,
        deck_shapes.gradients,
        deck_shapes.transparency,
        deck_shapes.pictures,
        deck_shapes.freeforms,
        deck_shapes.groups,
        deck_data.bar_charts,
        deck_data.line_charts,
        deck_data.round_charts,
        deck_data.business,
        deck_data.table_styles,
        deck_data.table_cells,
    )
}
"""By name."""


@functools.cache
def make(name: str) -> bytes:
    """The bytes of a deck, the same for the whole run."""
    return DECKS[name]()


def write_all(folder: Path) -> list[Path]:
    """All of them as files."""
    paths = []
    for name in DECKS:
        paths.append(folder / f"{name}.pptx")
        paths[-1].write_bytes(make(name))
    return paths
