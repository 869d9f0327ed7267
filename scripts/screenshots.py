"""Pictures of the window: its main states, to be looked at, with a scripted engine; and the two in the documentation, where the
tiny test model really answers, on a screen of its own.

python -m scripts.screenshots FOLDER [--theme dark] [--lang zh_CN] [--scale 2]     every state, into FOLDER
python -m scripts.screenshots --docs                                               docs/images/window-{light,dark}.png
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.helpers.desktop import Desktop

ROOT = Path(__file__).parents[1]
SIZE_PX = (1200, 760)
DOCS_SIZE_PX = (1280, 800)
DOCS_SCREEN = "2560x1640x24"
COLORS_MAX = 200
TINY_MODEL = ROOT / "tests" / "data" / "tiny_model" / "tiny-glm-4.6v-Q8_0.gguf"

ENGLISH = (
    "Which quarter fell, and why?",
    "First the bars: the third is lower than the second. Then the note below the chart.",
    "Revenue fell in **Q3** @, by 23 % against Q2. Every other quarter grew.\n\nThe note below the chart @ names the cause: the "
    "plant in Lyon stood still for three weeks. Q4 @ made up for it:\n\n- Q2 **30.0**\n- Q3 **23.0**\n- Q4 **33.0**\n",
    "And the year before?",
)
CHINESE = (
    "哪个季度下降了，为什么？",
    "先看柱状图：第三根柱子比第二根矮。再看图表下方的说明。",
    "收入在**第三季度** @ 下降了 23 %，其他季度都在增长。\n\n图表下方的说明 @ 给出了原因：里昂工厂停产了三周。"
    "第四季度 @ 弥补了损失：\n\n"
    "- 第二季度 **30.0**\n- 第三季度 **23.0**\n- 第四季度 **33.0**\n",
    "前一年呢？",
)
PLACES = ((0.525, 0.43, 0.66, 0.815), (0.055, 0.895, 0.68, 0.965), (0.73, 0.265, 0.865, 0.815))

REAL_CONVERSATIONS = (
    ("leaf.png", "Where is the green circle?", ("#28a03c", "#f0c81e")),
    ("lamp.png", "请定位黄色圆形。", ("#f0c81e", "#8232b4")),
    ("sign.png", "Describe the image.", ("#f08c1e", "#28a03c")),
)
"""Files, questions, and what is drawn."""


def draw_chart(path: Path) -> Path:
    """A small bar chart of four quarters, with a note below."""
    image = Image.new("RGB", (1720, 1240), "white")
    draw = ImageDraw.Draw(image)
    font, title = ImageFont.load_default(44), ImageFont.load_default(64)
    draw.text((120, 70), "Revenue 2026, in millions", font=title, fill="#222a3a")
    for index, (value, name) in enumerate(((24, "Q1"), (30, "Q2"), (23, "Q3"), (33, "Q4"))):
        left, top = 220 + index * 350, 1000 - value * 20
        draw.rectangle([left, top, left + 200, 1000], fill="#5577f6" if name == "Q3" else "#9db2ff")
        draw.text((left + 100, 1050), name, font=font, fill="#5a6270", anchor="mm")
        draw.text((left + 100, top - 40), f"{value}.0", font=font, fill="#222a3a", anchor="mm")
    draw.line([120, 1000, 1600, 1000], fill="#c4c9d4", width=4)
    draw.text((120, 1130), "The plant in Lyon was closed for three weeks.", font=font, fill="#5a6270")
    image.save(path)
    return path


def pause(milliseconds: int) -> None:
    """Let the window work. QTest.qWait holds Python's lock meanwhile, so that answers come slowly."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def take(folder: Path, theme: str, language: str) -> None:
    """Every state, one after another; in a process of its own with Qt's scale set before."""
    from app.main import build
    from app.model import Model
    from app.ui.words import refusal_words
    from inference.events import BoxFound, Failed, Finished, Progress, ReasoningDelta, TextDelta
    from inference.types import Box, Capabilities, Timings, Usage
    from tests.helpers.scripted_engine import Delay, Pause, ScriptedEngine

    question, thought, answer, second_question = CHINESE if language == "zh_CN" else ENGLISH
    looking, writing = Pause(), Pause()
    pieces = [TextDelta(part, part) for part in answer.split("@")]
    boxes = [BoxFound(Box(None, *place), "") for place in PLACES]
    last = pieces[-1]
    body = [event for pair in zip(pieces, boxes, strict=False) for event in pair]
    figures = Finished("stop", Usage(3080, 2900, 1196, 40), Timings(0.0, 0.0, 300.0, 31.0))
    engine = ScriptedEngine(
        [
            Progress("encoding", 3, 12),
            looking,
            ReasoningDelta(thought, ""),
            Delay(2.6),
            *body[:3],
            writing,
            *body[3:],
            last,
            figures,
        ],
        [TextDelta("…", "…"), Failed("engine_crashed", "The engine's process was ended by signal 9.")],
        capabilities=Capabilities("GLM-4.6V-Flash"),
        preparation=[Finished("stop")],
    )
    arguments = ["sightline", "--theme", theme, "--lang", language]
    controller = build(arguments, lambda settings: Model(engine, engine.capabilities())).controller
    window = controller.window
    window.resize(*SIZE_PX)

    def wait(condition: Callable[[], bool] = lambda: False, milliseconds: int = 400) -> None:
        for _ in range(milliseconds // 20):
            if condition():
                break
            pause(20)

    def shoot(name: str) -> None:
        wait(milliseconds=200)
        window.grab().save(str(folder / f"{name}.png"))

    shoot("01-first-run")
    window.projector_choice.ask(Path("GLM-4.6V-Flash-Q4_K_M.gguf"), [Path("mmproj-BF16.gguf"), Path("mmproj-F16.gguf")])
    window.show_page(window.projector_choice)
    shoot("02-projector")
    window.projector_choice.chosen.emit("/models/GLM-4.6V-Flash.gguf", "")
    wait(lambda: controller.model.model is not None, 5000)
    shoot("03-empty")
    chart = draw_chart(folder / "revenue-2026.png")
    window.files_chosen.emit([str(chart)])
    wait(lambda: bool(controller.attachments.pictures), 10000)
    window.composer.question.setPlainText(question)
    wait(milliseconds=800)
    shoot("04-attached")
    window.composer.set_thinking(True)
    window.composer.submitted.emit(question, True)
    wait(lambda: looking.reached.is_set(), 5000)
    shoot("05-looking")
    looking.release()
    wait(lambda: writing.reached.is_set(), 8000)
    shoot("06-writing")
    writing.release()
    wait(lambda: controller.conversation.running is None, 5000)
    shoot("07-answered")
    window.viewer.canvas.box_hovered.emit(1)
    shoot("08-highlighted")
    window.viewer.canvas.box_hovered.emit(0)
    window.composer.submitted.emit(second_question, False)
    wait(lambda: controller.conversation.running is None, 5000)
    window.strip.show_message(refusal_words("damaged", "notes.png", ""))
    shoot("09-failed")
    window.resize(window.minimumSize())
    shoot("10-small")
    controller.shut_down()


def draw_scene(path: Path, left: str, right: str) -> Path:
    """A circle and a square, as the tiny model knows them."""
    image = Image.new("RGB", (1120, 840), (245, 245, 245))
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 190, 520, 560), fill=left)
    draw.rectangle((690, 380, 1010, 700), fill=right)
    image.save(path)
    return path


def take_real(folder: Path, theme: str) -> None:
    """A few conversations with the tiny model, through its real process; the last one is in the window."""
    from app.main import build

    controller = build(["sightline", "--theme", theme, "--lang", "en", "--model", str(TINY_MODEL)]).controller
    window, command = controller.window, controller.window.actions_table.triggered.emit
    window.resize(*DOCS_SIZE_PX)

    def wait(condition: Callable[[], bool]) -> None:
        while not condition():
            pause(20)

    def ask(question: str, picture: Path | None = None, thinking: bool = False) -> None:
        if picture is not None:
            window.files_chosen.emit([str(picture)])
            wait(lambda: bool(controller.attachments.pictures) and not controller.collecting.is_running)
        count = len(controller.conversation.turns)
        window.composer.submitted.emit(question, thinking)
        wait(lambda: len(controller.conversation.turns) > count and controller.conversation.running is None)

    wait(lambda: controller.model.model is not None)
    shapes = draw_scene(folder / "shapes.png", "#dc2828", "#3250dc")
    for name, question, colors in REAL_CONVERSATIONS:
        ask(question, draw_scene(folder / name, *colors))
        command("conversation.new")
    ask("Locate all the shapes.", shapes, thinking=True)
    ask("How many shapes are there?")
    window.transcript.reference_activated.emit(controller.conversation.turns[0].id, 1)  # a click on its first number
    key = controller.conversation.key
    first = next(summary.key for summary in controller.browsing.summaries if summary.title == REAL_CONVERSATIONS[0][1])
    controller.browsing.pin(first, True)
    wait(lambda: any(summary.is_pinned for summary in controller.browsing.summaries))
    wait(lambda: any(summary.key == key for summary in controller.browsing.summaries))
    pause(800)
    window.grab().save(str(folder / "real.png"))
    controller.shut_down()


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here and options.docs:
        take_real(options.folder, options.theme)
    elif options.here:
        take(options.folder, options.theme, options.lang)
    elif options.docs:
        for theme in ("light", "dark"):
            with tempfile.TemporaryDirectory() as folder, Desktop(Path(folder), DOCS_SCREEN) as desktop:
                start(Path(folder), theme, "en", "2", "--docs", QT_QPA_PLATFORM="xcb", DISPLAY=desktop.display)
                with Image.open(Path(folder, "real.png")) as image:
                    small = image.convert("RGB").quantize(COLORS_MAX, dither=Image.Dither.NONE)
                    small.save(ROOT / "docs" / "images" / f"window-{theme}.png", optimize=True)
    else:
        options.folder.mkdir(parents=True, exist_ok=True)
        start(options.folder, options.theme, options.lang, options.scale)


def start(folder: Path, theme: str, language: str, scale: str, *extra: str, **variables: str) -> None:
    """A process with that scale."""
    with tempfile.TemporaryDirectory() as data:
        variables = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "SIGHTLINE_DATA_DIR": data, **variables}
        command = [sys.executable, "-m", "scripts.screenshots", str(folder), "--theme", theme, "--lang", language, "--here", *extra]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=True)


if __name__ == "__main__":
    main()
