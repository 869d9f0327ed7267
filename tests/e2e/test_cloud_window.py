"""The real program on a real desktop: a person adds a server that runs a model, chooses it, and gets an answer that points."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app import paths
from app.main import SETTINGS_FILE
from app.settings.store import SettingsStore
from tests.helpers.desktop import Area, Desktop, is_installed
from tests.helpers.llama_server import running_llama_server
from tests.helpers.seen_window import ACCENT, ANSWER_S, CIRCLE, OPEN_S, PICTURE, ROOT, SeenWindow, kept_conversation, middle

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]

PROGRAM = (sys.executable, "-m", "app", "--theme", "light", "--lang", "en")


def click_word(desktop: Desktop, word: str, within: Area) -> None:
    """Wait until it can be read, and click it."""
    desktop.wait_until(lambda: desktop.find(word, within), OPEN_S, f"the word {word!r}")
    desktop.click(*(desktop.find(word, within) or (0, 0)))


def test_a_person_adds_a_server_and_asks_it(tmp_path: Path) -> None:
    SettingsStore(paths.config_dir() / SETTINGS_FILE).change(system_prompt=False)  # the tiny model was not taught any
    with running_llama_server() as server, Desktop(tmp_path) as desktop:
        process = desktop.start([*PROGRAM, str(PICTURE)], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        seen = SeenWindow.of(desktop, process)
        window = (seen.left, seen.top, seen.left + seen.width, seen.top + seen.height)
        desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), OPEN_S, "the picture's showing")

        _, first = desktop.find("Use", seen.transcript) or (0, 0)  # "Use a GGUF file you have…"
        left, _, right, bottom = seen.transcript
        click_word(desktop, "Use", (left, round(first) + 15, right, bottom))  # "Use GLM or a server…"
        active = ("getactivewindow", "getwindowname")
        desktop.wait_until(lambda: "Settings" in desktop.xdotool(*active), OPEN_S, "the settings")
        seen.press("ctrl+f")
        seen.type("vLLM")
        click_word(desktop, "Add", window)
        desktop.wait_until(lambda: "Address" in desktop.read(window), OPEN_S, "the form")
        seen.type(server.address.removeprefix("http://"))
        seen.press("Return")
        desktop.wait_until(lambda: "1 model" in desktop.read(window), OPEN_S, "what stands there")
        click_word(desktop, "Save", window)
        desktop.wait_until(lambda: "Change" in desktop.read(window), OPEN_S, "the server in the list")
        seen.press("Escape")

        click_word(desktop, "model", seen.composer)  # "No model yet"
        click_word(desktop, "127", window)
        desktop.wait_until(
            lambda: "127.0.0.1" in desktop.read((window[0], window[1], window[2], window[1] + 48)), OPEN_S, "the badge"
        )
        desktop.click(*middle((seen.composer[0], seen.composer[3] - 120, seen.composer[2], seen.composer[3] - 100)))
        circle = desktop.extent(CIRCLE, seen.viewer)
        assert circle is not None
        seen.write("Locate the red circle.")
        seen.press("Return")
        asked = (seen.composer[0], seen.transcript[3] - 100, seen.composer[2], seen.composer[3] - 80)
        desktop.wait_until(lambda: "will be sent to 127.0.0.1" in desktop.read(asked), OPEN_S, "the question before it is sent")
        click_word(desktop, "Send", asked)

        desktop.wait_until(lambda: seen.box, ANSWER_S, "a box in the picture")
        desktop.wait_until(lambda: desktop.extent(ACCENT, seen.transcript), OPEN_S, "a reference in the text")
        desktop.wait_until(lambda: seen.send is None, ANSWER_S, "the answer's end")
        x, y = middle(seen.box)
        assert circle[0] < x < circle[2] and circle[1] < y < circle[3], (seen.box, circle)
        seen.leave()
    turn = kept_conversation().turns[-1]
    assert turn.host is not None and turn.host.startswith("127.0.0.1:") and turn.answer.references
