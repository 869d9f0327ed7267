"""The real program on a desktop, seen and worked as a person does: by colours, words, keys and the pointer."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from app import paths
from app.chat.history.store import History
from app.chat.session import Conversation
from app.ui.header import HEADER_PX
from app.ui.panes import SIDEBAR_WIDTH_PX, VIEWER_WIDTH_PX
from app.ui.theme import load_theme
from ingest.attachment import open_attachment
from tests.helpers.desktop import Area, Color, Desktop
from tests.helpers.engine import MODEL

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "resources" / "demo" / "shapes.png"
CIRCLE: Color = (220, 40, 40)
SQUARE: Color = (50, 80, 220)
PROGRAM = (sys.executable, "-m", "app", "--model", str(MODEL), "--theme", "light", "--lang", "en")
PLACE_PX = (60, 40)
COMPOSER_PX = 220
"""With the cards of what is attached."""
OPEN_S = 60.0
ANSWER_S = 90.0


def color(name: str) -> Color:
    """Of a theme's `#rrggbb`."""
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


ACCENT = color(load_theme("light").accent)


def middle(area: Area | None) -> tuple[float, float]:
    """Of something that is there."""
    assert area is not None
    return (area[0] + area[2]) / 2, (area[1] + area[3]) / 2


def kept_conversation() -> Conversation:
    """The only one in the history of a program that has ended."""
    history = History(paths.data_dir() / "history")
    (summary,) = history.summaries()
    conversation = history.load(summary.key, lambda source: open_attachment(history.file_of(source)))
    history.close()
    return conversation


@dataclass
class SeenWindow:
    """The running program and where its window is on the screen, in pixels."""

    desktop: Desktop
    process: subprocess.Popen[bytes]
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def open(cls, desktop: Desktop, *arguments: str | Path) -> SeenWindow:
        """Start the program with a model, and wait for its window."""
        process = desktop.start([*PROGRAM, *map(str, arguments)], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        return cls.of(desktop, process)

    @classmethod
    def of(cls, desktop: Desktop, process: subprocess.Popen[bytes]) -> SeenWindow:
        """The window of a program that was started."""
        window = ""

        def has_window() -> bool:
            nonlocal window
            assert process.poll() is None, "the program ended"
            window = desktop.xdotool("search", "--onlyvisible", "--pid", process.pid, "--name", "Sightline")
            return bool(window)

        desktop.wait_until(has_window, OPEN_S, "the window's opening")
        desktop.xdotool("windowactivate", "--sync", window)
        desktop.xdotool("windowmove", "--sync", window, *PLACE_PX)
        lines = desktop.xdotool("getwindowgeometry", "--shell", window).splitlines()
        place = {name: int(value) for name, value in (line.split("=") for line in lines)}
        return cls(desktop, process, place["X"], place["Y"], place["WIDTH"], place["HEIGHT"])

    @property
    def sidebar(self) -> Area:
        """Below its buttons."""
        return self.left, self.top + HEADER_PX, self.left + SIDEBAR_WIDTH_PX, self.top + self.height

    @property
    def viewer(self) -> Area:
        """Where it is while there is something to look at."""
        right, bottom = self.left + self.width, self.top + self.height
        return right - VIEWER_WIDTH_PX, self.top + HEADER_PX, right, bottom

    @property
    def composer(self) -> Area:
        """The lower part, with Send."""
        bottom = self.top + self.height
        return self.left + SIDEBAR_WIDTH_PX, bottom - COMPOSER_PX, self.left + self.width - VIEWER_WIDTH_PX, bottom

    @property
    def transcript(self) -> Area:
        """Above the composer."""
        left, bottom, right, _ = self.composer
        return left, self.top + HEADER_PX, right, bottom

    @property
    def box(self) -> Area | None:
        """The one that is drawn in the viewer."""
        return self.desktop.extent(ACCENT, self.viewer)

    @property
    def send(self) -> Area | None:
        """Send while it can be pressed, or Stop; the line around the composer has the same colour but is thin."""
        return self.desktop.extent(ACCENT, self.composer, thickness_px=5)

    def press(self, *keys: str) -> None:
        """One after the other, as `ctrl+n`."""
        self.desktop.xdotool("key", "--delay", 30, *keys)

    def type(self, text: str) -> None:
        """Into what has the keyboard."""
        self.desktop.xdotool("type", "--delay", 20, text)

    def write(self, question: str) -> None:
        """Type into the composer, which has the keyboard, and wait until Send can be pressed."""
        self.type(question)
        self.desktop.wait_until(lambda: self.send, OPEN_S, "Send's becoming ready")

    def ask(self, question: str, answer: str) -> None:
        """Write a question, send it, and wait until this can be read as the answer and it has ended."""
        self.write(question)
        self.press("Return")
        self.wait_for_answer(answer)

    def wait_for_answer(self, answer: str) -> None:
        """Wait until this can be read and nothing runs."""
        self.desktop.wait_until(lambda: self.send is None, ANSWER_S, "the answer's end")
        self.desktop.wait_until(lambda: answer in self.desktop.read(self.transcript), ANSWER_S, f"the answer {answer!r}")
        self.desktop.wait_until(lambda: self.send is None, ANSWER_S, "the answer's end")  # until then, Send is Stop

    def attach(self, path: Path) -> None:
        """With the file dialog."""
        self.press("ctrl+o")
        active = ("getactivewindow", "getwindowname")
        self.desktop.wait_until(lambda: "Open files" in self.desktop.xdotool(*active), OPEN_S, "the dialog")
        self.type(str(path))
        self.press("Return")

    def leave(self) -> None:
        """Quit, and see that nothing goes on."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.press("ctrl+q")
        assert self.process.wait(OPEN_S) == 0
        assert psutil.wait_procs(children, timeout=OPEN_S)[1] == []
