"""What someone hears who does not see the window: the real program on a real desktop, over the system's bus of accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import screen_reader, session_bus
from tests.helpers.desktop import Desktop, is_installed
from tests.helpers.screen_reader import ScreenReader
from tests.helpers.seen_window import ANSWER_S, OPEN_S, PICTURE, PROGRAM, ROOT, SeenWindow
from tests.helpers.session_bus import SessionBus

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.skipif(
        not session_bus.is_installed() or not screen_reader.is_installed(), reason="needs dbus-daemon, at-spi2-core"
    ),
    pytest.mark.timeout(300),
]
PICTURE_HEARD = re.compile(r"shapes\.png.*Marked: (1 marked place, [a-z ]+, \d+ % of the picture)\.")


@pytest.fixture
def reader() -> Iterator[ScreenReader]:
    with SessionBus() as bus, ScreenReader(bus.address) as reader:
        yield reader


def test_an_answer_and_its_places_are_heard(reader: ScreenReader, tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        program = desktop.start([*PROGRAM, str(PICTURE)], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT), **reader.variables)
        seen = SeenWindow.of(desktop, program)
        desktop.wait_until(lambda: reader.focused == "Question", OPEN_S, "the composer's having the keyboard")
        seen.ask("Locate the red circle.", "circle is here")
        desktop.wait_until(lambda: reader.said, ANSWER_S, "the announcement")
        assert reader.said == ["Answer finished. The red circle is here: [1]."]

        heard = [each for each in reader.tree() if each.is_showing]
        assert [each for each in heard if each.is_focusable and not each.name] == []
        assert "The red circle is here: [1]." in [each.description for each in heard if each.name == "Answer"]
        (picture,) = [each.description for each in heard if each.name == "Picture with marked places"]
        place = PICTURE_HEARD.fullmatch(picture)
        assert place, picture

        # Backwards over the buttons below the answer to the reference in it.
        for button in ("More to do with this answer", "Export", "Edit", "Redo", "Copy the answer as Markdown", "Answer"):
            seen.press("shift+Tab")
            desktop.wait_until(lambda button=button: reader.focused.startswith(button), OPEN_S, f"the way to {button!r}")
        desktop.wait_until(lambda: len(reader.said) == 2, OPEN_S, "the reference's being said")
        assert reader.said[1] == place[1]
        seen.press("Return")
        desktop.wait_until(lambda: len(reader.said) == 3, OPEN_S, "the picture's being said")
        assert reader.said[2] == picture

        # A list says its row, not only itself.
        seen.press("ctrl+shift+f", "Tab")
        desktop.wait_until(lambda: reader.focused.startswith("Locate the red circle."), OPEN_S, "the conversation's row")
        seen.leave()
    assert len(reader.said) == 3
