"""A program that records and says what happens, one line each: `python -m tests.helpers.recording_app [X Y WIDTH HEIGHT]`.

Lines on stdin are `pause`, `resume`, `stop`. What it says: the state, where its windows and buttons are, how many `frames` there
are, `failed` and `finished`.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QPoint, QSocketNotifier, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.capture.geometry import screens
from app.capture.models import Rect
from app.screen_recording import ScreenRecording
from app.settings.schema import Settings
from app.ui.recording_bar import RecordingBar
from app.ui.theme import themes


def main() -> int:
    """Record until it is over."""
    app = QApplication(sys.argv[:1])
    themes().choose("light")
    framed = ScreenRecording(Settings, app)
    recording = framed.recording
    area = Rect(*map(int, sys.argv[1:])) if len(sys.argv) > 1 else None

    def say(*words: object) -> None:
        print(*words, flush=True)

    def say_buttons() -> None:
        for bar in app.topLevelWidgets():
            if isinstance(bar, RecordingBar):
                say("bar", "minimised" if bar.isMinimized() else "shown", int(bar.winId()))
                for button in bar.findChildren(QAbstractButton):
                    if button.isVisible():
                        centre = button.mapToGlobal(QPoint(button.width() // 2, button.height() // 2))
                        say("button", centre.x(), centre.y(), button.accessibleName())

    def on_state_changed() -> None:
        say("state", recording.state)
        QTimer.singleShot(300, say_buttons)  # the window manager has placed it by then

    def on_line() -> None:
        line = sys.stdin.readline().strip()
        {"pause": recording.pause, "resume": recording.resume, "stop": lambda: recording.stop(keep=True)}[line]()

    def on_finished(path: str) -> None:
        say("finished", path)
        app.quit()

    recording.state_changed.connect(on_state_changed)
    recording.progressed.connect(lambda *_: say("frames", recording.progress.frames if recording.progress else 0))
    recording.failed.connect(lambda code, message: say("failed", code, message))
    recording.finished.connect(on_finished)
    recording.discarded.connect(lambda: (say("discarded"), app.quit()))
    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
    notifier.activated.connect(on_line)
    framed.start(screens()[0], area)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
