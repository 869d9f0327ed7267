"""What stands beside the region while it is recorded: for how long, and the ways to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.theme import RADIUS_PX, themes

if TYPE_CHECKING:
    from app.capture.recording_job import Progress
    from app.recording import State

HIDING_MS = 400
"""Desktops take their time to put a window away, some with an animation; it must not be seen in the recording."""
MARK_PX = 12


class RecordingBar(Translated, QWidget):
    """A small window.

    Where it would be in the picture it is kept minimised. Bringing it back pauses the recording, and it has no pixels before that.

    Signals:
        pause_wanted(), resume_wanted(), stop_wanted(): the recording goes on, or is ended and kept.
        discard_wanted(): it is ended and thrown away; asked for twice.
    """

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state: State = "starting"
        self._progress: Progress | None = None
        self._is_hidden_while_recording = False
        self.setObjectName("recordingBar")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._mark, self._words, self._time, self._details = QLabel(), QLabel(), QLabel(), QLabel()
        self._words.setProperty("kind", "title")
        self._details.setProperty("kind", "quiet")
        self._pause = IconButton("pause")
        self._stop = TextButton("primary", "stop")
        self._discard = IconButton("trash")
        self._really = TextButton("danger")
        self._keep = TextButton("outlined")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        for part in (
            self._mark,
            self._words,
            self._time,
            self._details,
            self._pause,
            self._stop,
            self._discard,
            self._really,
            self._keep,
        ):
            layout.addWidget(part)
        layout.setStretchFactor(self._details, 1)  # what is said stays together while the bar is wider than it need be
        self._pause.clicked.connect(self._on_pause_clicked)
        self._stop.clicked.connect(self.stop_wanted)
        self._discard.clicked.connect(lambda: self._ask(True))
        self._keep.clicked.connect(lambda: self._ask(False))
        self._really.clicked.connect(self.discard_wanted)
        self._resuming = QTimer(self)
        self._resuming.setSingleShot(True)
        self._resuming.setInterval(HIDING_MS)
        self._resuming.timeout.connect(self.resume_wanted)
        themes().changed.connect(self._on_themes_changed)
        self._ask(False)
        self.retranslate()
        self._on_themes_changed()

    def show_beside(self) -> None:
        """On top of all windows; whoever calls has moved it to where it is not recorded."""
        self.setWindowFlags(_BESIDE_FLAGS)
        self.show()

    def show_minimised(self) -> None:
        """Among the windows of the desktop, to be brought back from there."""
        self._is_hidden_while_recording = True
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint)
        self._shape()
        self.showMinimized()

    def set_state(self, state: State) -> None:
        """What the recording does."""
        self._state = state
        self._say()
        self._draw()
        self._shape()

    def set_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._progress = progress
        self._say()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Recording"))
        self._stop.set_words(self.tr("Stop"), self.tr("Stop the recording and keep it"))
        self._discard.set_words(self.tr("Throw the recording away"))
        self._really.set_words(self.tr("Throw away"), self.tr("Stop the recording and throw it away"))
        self._keep.set_words(self.tr("Go on recording"))
        self._say()

    def _say(self) -> None:
        is_paused = self._state == "paused"
        self._pause.set_words(self.tr("Go on") if is_paused else self.tr("Pause"))
        self._pause.set_icon("resume" if is_paused else "pause")
        self._pause.setEnabled(self._state in ("recording", "paused"))
        words = self._state_words()
        self._words.setText(words[self._state])
        metrics = self._words.fontMetrics()
        self._words.setMinimumWidth(max(map(metrics.horizontalAdvance, words.values())))  # the buttons stay below the pointer
        progress = self._progress
        time = time_words(progress.seconds if progress else 0.0)
        details = []
        if progress is not None:
            locale = QLocale()
            details.append(locale.formattedDataSize(progress.bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat))
            if progress.dropped:
                details.append(self.tr("missing frames: {0}").format(locale.toString(progress.dropped)))
        self._time.setText(time)
        self._details.setText(" · ".join(details))
        self.setWindowTitle(f"{self._words.text()} {time}")
        self.setAccessibleName(self.windowTitle())
        if self.sizeHint().width() > self.width():  # it never shrinks, for the same reason
            self.adjustSize()

    def _state_words(self) -> dict[str, str]:
        recording = self.tr("Recording")
        others = {"starting": self.tr("Starting"), "paused": self.tr("Paused"), "ending": self.tr("Ending")}
        return {"idle": recording, "recording": recording, **others}

    def _ask(self, is_asked: bool) -> None:
        for widget in (self._pause, self._stop, self._discard):
            widget.setVisible(not is_asked)
        for widget in (self._really, self._keep):
            widget.setVisible(is_asked)
        (self._keep if is_asked else self._stop).setFocus()
        self._say()

    def _on_pause_clicked(self) -> None:
        if self._state != "paused":
            self.pause_wanted.emit()
        elif self._is_hidden_while_recording:
            self._resuming.start()
            self._shape()
            self.showMinimized()
        else:
            self.resume_wanted.emit()

    def _draw(self) -> None:
        theme = themes().current
        name, color = ("pause", theme.text_2) if self._state == "paused" else ("dot", theme.danger)
        self._mark.setPixmap(pixmap(name, color, themes().text_px(MARK_PX), self.devicePixelRatioF()))
        self.update()

    def _on_themes_changed(self) -> None:
        self._draw()
        self._time.setMinimumWidth(self._time.fontMetrics().horizontalAdvance("00:00"))
        self._details.setMinimumWidth(self._details.fontMetrics().horizontalAdvance("100.0 MB"))
        self._say()
        self.adjustSize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self._is_hidden_while_recording and not self.isMinimized():
            self._resuming.stop()
            self._shape()
            self.pause_wanted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is the same as Stop."""
        event.ignore()
        self.stop_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shape()

    def _shape(self) -> None:
        """Round corners without help from a compositor. Nothing at all where it would be seen in the recording."""
        if self._is_hidden_while_recording and (self._state != "paused" or self._resuming.isActive()):
            self.setMask(_NOTHING)
        else:
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), RADIUS_PX, RADIUS_PX)
            self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = themes().current
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


_NOTHING = QRegion(-2, -2, 1, 1)
"""No pixel of the window; an empty region would mean all of it."""
_BESIDE_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.NoDropShadowWindowHint  # a shadow could fall into the picture
)


def time_words(seconds: float) -> str:
    """As on a stopwatch, "0:07" or "1:02:03"."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
