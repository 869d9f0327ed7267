"""The measurements of `bench.window`, each for a process of its own: ``python -m bench.window_probes NAME STARTED_AT ...``."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator

TURNS_LONG, TURNS_SHORT = 500, 100
TOKENS_PER_S = 200
BEAT_MS = 5
ANSWER = """The quarter fell by **8 %**, for two reasons:

- the plant stood still for three weeks, which alone costs *five points*,
- copper rose by 19 %, and `hedging` ended in June.

| part | share |
|---|---|
| plant | 5.1 |
| copper | 2.9 |

```python
def fall(plant: float, copper: float) -> float:
    # both are points
    return plant + copper
```

这个季度下降了百分之八。原因有两个：工厂停工三周，以及铜价上涨。Nothing else fell, and the order book is longer than a year ago.
"""


def start(started_at: float, folder: str) -> dict[str, float]:
    """Our window, as `app.__main__` has it built."""
    before = time.monotonic()
    gc.disable()
    from PySide6.QtTest import QTest

    from app.main import build

    imported = time.monotonic()
    controller = build(["sightline", "--data-dir", folder]).controller
    window = controller.window
    while not window.windowHandle() or not window.windowHandle().isExposed():
        QTest.qWait(1)
    window.repaint()
    QTest.keyClicks(window.composer.question, "a")
    assert window.composer.question.toPlainText() == "a"
    ready_s = time.monotonic() - started_at
    window.close()
    controller.shut_down()
    return {"ready_s": ready_s, "imports_ms": 1000 * (imported - before)}


def bare_start(started_at: float, _folder: str) -> dict[str, float]:
    """The least that a window with a text field costs."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    app = QApplication([])
    window, edit = QMainWindow(), QPlainTextEdit()
    window.setCentralWidget(edit)
    window.show()
    while not window.windowHandle().isExposed():
        QTest.qWait(1)
    window.repaint()
    QTest.keyClicks(edit, "a")
    ready_s = time.monotonic() - started_at
    app.quit()
    return {"ready_s": ready_s}


def fill(_started_at: float, folder: str) -> dict[str, float]:
    """A history with a short and a long conversation, and 300 others."""
    from pathlib import Path

    from app.chat.history.store import History
    from app.chat.session import Conversation
    from inference.events import Finished, TextDelta

    store = History(Path(folder) / "data" / "history")
    for name, turns in (("long", TURNS_LONG), ("short", TURNS_SHORT), *((f"other {number}", 1) for number in range(300))):
        conversation = Conversation(name)
        conversation.own_title = name
        for number in range(turns):
            turn = conversation.start_turn(f"Question {number} of {name}?", (), False)
            turn.answer.apply(TextDelta(ANSWER, ANSWER))
            turn.answer.apply(Finished("stop"))
            store.start_turn(conversation, turn)
            store.journal(turn.key, [TextDelta(ANSWER, ANSWER), Finished("stop")], 0.0)
            store.finish_turn(turn)
    store.close()
    return {}


def stream(_started_at: float, folder: str, seconds: str) -> dict[str, float]:
    """Our window while an answer comes."""
    from PySide6.QtTest import QTest

    controller = _controller(folder, float(seconds))
    _wait(lambda: controller.model.model is not None)
    controller.browsing.open("short")
    _wait(lambda: controller.conversation.key == "short")
    controller.window.composer.submitted.emit("And now?", False)
    _wait(lambda: controller.conversation.turns[-1].answer.blocks)
    QTest.qWait(300)
    result = _beats(lambda: controller.conversation.running is None)
    _end(controller)
    return result


def bare_stream(_started_at: float, _folder: str, seconds: str) -> dict[str, float]:
    """A plain text field at the same pace."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    QApplication([])
    edit = QPlainTextEdit()
    edit.resize(720, 800)
    edit.show()
    end = time.monotonic() + float(seconds)
    tokens = _tokens()
    timer = QTimer()
    timer.timeout.connect(lambda: edit.insertPlainText("".join(next(tokens) for _ in range(TOKENS_PER_S // 20))))
    timer.start(50)
    return _beats(lambda: time.monotonic() > end)


def open(_started_at: float, folder: str, rounds: str) -> dict[str, list[float]]:
    """Our window, from an empty conversation to the long one."""
    from PySide6.QtCore import QEventLoop

    controller = _controller(folder, 0.0)
    _wait(lambda: controller.browsing.summaries)
    times = []
    for _ in range(int(rounds)):
        loop = QEventLoop()
        controller.asking.switched.connect(loop.quit)
        began = time.monotonic()
        controller.browsing.open("long")
        loop.exec()
        controller.asking.switched.disconnect(loop.quit)
        assert controller.conversation.key == "long"
        controller.window.repaint()
        times.append(1000 * (time.monotonic() - began))
        controller.browsing.start_new()
        _settle()
    _end(controller)
    return {"ms": times}


def bare_open(_started_at: float, _folder: str, _rounds: str) -> dict[str, list[float]]:
    """A text browser for every message, in a column that scrolls."""
    from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

    QApplication([])
    began = time.monotonic()
    area, column = QScrollArea(), QWidget()
    layout = QVBoxLayout(column)
    for number in range(2 * TURNS_LONG):
        browser = QTextBrowser()
        browser.setMarkdown(ANSWER if number % 2 else f"Question {number}?")
        browser.setFixedHeight(int(browser.document().size().height()))
        layout.addWidget(browser)
    area.setWidget(column)
    area.resize(800, 800)
    area.show()
    area.repaint()
    return {"ms": [1000 * (time.monotonic() - began)]}


def memory(_started_at: float, folder: str, use: str) -> dict[str, float]:
    """Questions, searches, switches, themes and pages of the transcript, again and again."""
    import psutil

    from app.memory import give_back_large_blocks

    controller = _controller(folder, 0.2)
    give_back_large_blocks()
    _wait(lambda: controller.model.model is not None and controller.browsing.summaries)
    process = psutil.Process()
    seen: list[float] = [process.memory_info().rss / 1e6]
    keys = ["short", "long", *(f"other {number}" for number in range(20))]
    for number in range(int(use)):
        key = keys[number % len(keys)]
        controller.browsing.open(key)
        _wait(lambda key=key: controller.conversation.key == key)
        controller.window.transcript.turn_page(-1)
        _settle()
        controller.window.sidebar.search_wanted.emit(("copper", "工厂", "Question 7")[number % 3])
        controller.window.composer.submitted.emit(f"Again, {number}?", False)
        _wait(lambda: controller.conversation.running is None)
        if number % 10 == 9:
            controller.preferences.change("theme", ("light", "dark")[number // 10 % 2])
        _settle()
        seen.append(process.memory_info().rss / 1e6)
    _end(controller)
    return {"start_mb": seen[0], "half_mb": seen[len(seen) // 2], "end_mb": seen[-1]}


class _Paced:
    """An engine that writes the answer again and again, at a pace, for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def capabilities(self) -> object:
        from inference.types import Capabilities

        return Capabilities("Paced")

    def prepare(self, _request: object, _cancel: object) -> Iterator[object]:
        from inference.events import Finished

        yield Finished("stop")

    def stream(self, _request: object, cancel: object) -> Iterator[object]:
        from inference.events import Finished, TextDelta

        began = time.monotonic()
        for number, token in enumerate(_tokens()):
            ahead_s = began + number / TOKENS_PER_S - time.monotonic()
            if number / TOKENS_PER_S > self._seconds or cancel.is_set():  # type: ignore[attr-defined]
                break
            if ahead_s > 0:
                time.sleep(ahead_s)
            yield TextDelta(token, token)
        yield Finished("stop")

    def close(self) -> None:
        pass


def _tokens() -> Iterator[str]:
    while True:
        for start in range(0, len(ANSWER), 4):
            yield ANSWER[start : start + 4]
        yield "\n\n"


def _controller(folder: str, seconds: float) -> object:
    from app.main import build
    from app.model import Model

    engine = _Paced(seconds)
    arguments = ["sightline", "--data-dir", folder, "--model", "/models/paced.gguf"]
    return build(arguments, lambda _settings: Model(engine, engine.capabilities())).controller  # type: ignore[arg-type]


def _beats(is_done: Callable[[], object]) -> dict[str, float]:
    """The longest time between two beats of the event loop, beyond the beat itself, and the processor's time meanwhile."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    loop, timer = QEventLoop(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    longest, last = 0.0, time.monotonic()
    began, used = time.monotonic(), time.process_time()

    def beat() -> None:
        nonlocal longest, last
        now = time.monotonic()
        longest, last = max(longest, now - last - BEAT_MS / 1000), now
        if is_done():
            loop.quit()

    timer.timeout.connect(beat)
    timer.start(BEAT_MS)
    loop.exec()
    return {"stall_ms": 1000 * longest, "core": (time.process_time() - used) / (time.monotonic() - began)}


def _wait(condition: Callable[[], object], timeout_s: float = 60.0) -> None:
    from PySide6.QtTest import QTest

    end = time.monotonic() + timeout_s
    while not condition():
        QTest.qWait(1)
        assert time.monotonic() < end, "it never happened"


def _settle() -> None:
    from PySide6.QtTest import QTest

    QTest.qWait(20)


def _end(controller: object) -> None:
    controller.window.close()  # type: ignore[attr-defined]
    controller.shut_down()  # type: ignore[attr-defined]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](float(sys.argv[2]), *sys.argv[3:])))
