"""Quick Ask over a desktop with a drawn scene, worked by a person: by keys, the pointer, colours and words on the screen."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from app import reach
from tests.helpers.desktop import SCREEN, Area, Color, Desktop
from tests.helpers.seen_window import ACCENT, ANSWER_S, CIRCLE, OPEN_S, PROGRAM, ROOT, SQUARE
from tests.helpers.x11_scene import Scene

SCREEN_SIZE = tuple(int(side) for side in SCREEN.split("x")[:2])
SCENE: Area = (120, 120, 760, 600)
"""Where shapes are, as the tiny model knows them, and words in their lower part."""
RED_CIRCLE: Area = (200, 219, 413, 435)
BLUE_SQUARE: Area = (500, 330, 690, 520)
WORDS, WORDS_AREA = "Copper rose by nineteen percent", (140, 548, 640, 592)
PAPER: Color = (240, 240, 240)
EMPTY: Color = (90, 110, 130)
WHITE: Color = (255, 255, 255)
"""Of the bar and the card."""
BESIDE: Area = (764, 80, 1300, 400)
"""Where the card is, beside what was chosen of the scene."""
WHOLE: Area = (0, 0, *SCREEN_SIZE)
BELOW: Area = (100, 600, 860, 760)
"""Where the bar is."""
SHOWN_S = 60.0
AWAY_PX = 12
"""Beside the line around a region and its handles."""
SAME_MIN = 0.6
"""Of a box and what it is around: their common area by the area of both. The tag with the number sticks out."""


def draw_desktop() -> Image.Image:
    """As large as the screen."""
    image = Image.new("RGB", SCREEN_SIZE, EMPTY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((SCENE[0], SCENE[1], SCENE[2] - 1, SCENE[3] - 1), fill=PAPER)
    draw.ellipse((RED_CIRCLE[0], RED_CIRCLE[1], RED_CIRCLE[2] - 1, RED_CIRCLE[3] - 1), fill=CIRCLE)
    draw.rectangle((BLUE_SQUARE[0], BLUE_SQUARE[1], BLUE_SQUARE[2] - 1, BLUE_SQUARE[3] - 1), fill=SQUARE)
    draw.text(WORDS_AREA[:2], WORDS, font=ImageFont.load_default(24), fill="black")
    return image


def overlap(one: Area, other: Area) -> float:
    """The area that both have by the area that either has."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0, width) * max(0, height)
    return common / (sum((area[2] - area[0]) * (area[3] - area[1]) for area in (one, other)) - common)


@dataclass
class SeenQuickAsk:
    """The program that waits for its key."""

    desktop: Desktop
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, desktop: Desktop, *, has_model: bool = True) -> SeenQuickAsk:
        """Draw the desktop, start the program without its window, and wait until it hears its keys."""
        with Scene(desktop.display) as scene:
            scene.set_background(draw_desktop())
        program = list(PROGRAM)
        if not has_model:
            del program[program.index("--model") : program.index("--model") + 2]
        process = desktop.start([*program, "--hidden"], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))

        def hears() -> bool:
            assert process.poll() is None, "the program ended"
            return b'"handler": "x11"' in (reach.say(reach.REPORT, []) or b"")

        desktop.wait_until(hears, OPEN_S, "the hotkey's binding")
        return cls(desktop, process)

    def press(self, *keys: str) -> None:
        """One after the other."""
        self.desktop.xdotool("key", "--delay", 30, *keys)

    def freeze(self) -> None:
        """Press the hotkey, and wait until the screen is dimmed."""
        self.press("ctrl+shift+space")
        self.desktop.wait_until(lambda: not self.desktop.count(EMPTY, BELOW), SHOWN_S, "the screen's freezing")

    def choose(self, area: Area) -> None:
        """Drag, and wait until this part looks as it did before and what is around it does not."""
        wanted = draw_desktop()

        def is_bright(grow_px: int) -> list[bool]:
            seen, y = self.desktop.screenshot(), area[1] + (area[3] - area[1]) // 3  # above the shadow of the bar
            sides = [(area[0] - grow_px, y), (area[2] + grow_px, y)]
            return [seen.getpixel(side) == wanted.getpixel(side) for side in sides]

        self.desktop.drag(*area)
        self.desktop.wait_until(lambda: all(is_bright(-AWAY_PX)) and not any(is_bright(AWAY_PX)), SHOWN_S, f"the choice of {area}")

    def wait_for_words(self, words: str, within: Area) -> None:
        """Until they can be read there."""
        self.desktop.wait_until(lambda: words in self.desktop.read(within), ANSWER_S, f"the words {words!r}")

    def ask(self, question: str, answer: str) -> None:
        """Write into the bar, which has the keyboard, and wait until this can be read on the card."""
        self.desktop.xdotool("type", "--delay", 20, question)
        self.press("Return")
        self.wait_for_words(answer, BESIDE)

    def click_word(self, word: str, within: Area) -> None:
        """The button that begins with it."""
        places: list[tuple[float, float] | None] = []

        def is_found() -> bool:
            places.append(self.desktop.find(word, within))
            return places[-1] is not None

        self.desktop.wait_until(is_found, SHOWN_S, f"the button {word!r}")
        assert places[-1] is not None
        self.desktop.click(*places[-1])

    @property
    def box(self) -> Area | None:
        """The first one of the answer, with its tag."""
        return self.desktop.extent(ACCENT, SCENE)

    def wait_until_gone(self) -> None:
        """The screen is as it was before."""
        wanted = draw_desktop().tobytes()
        self.desktop.wait_until(lambda: self.desktop.screenshot().tobytes() == wanted, SHOWN_S, "the overlay's going")

    def end(self) -> None:
        """As the system does when the user logs out."""
        self.process.terminate()
        self.process.wait(SHOWN_S)
