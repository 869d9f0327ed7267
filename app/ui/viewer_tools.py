"""Below the picture: pages, regions, text, size; and a line that says what is being done."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.language import Translated

NOTICE_MS = 6_000
TICK_MS = 1_000


class ViewerTools(Translated, QFrame):
    """Attributes:
    region: whether a drag frames a region.
    read: recognises the text.

    Signals:
    page_wanted(by how many), zoom_wanted(in or out), fit_wanted().
    regions_toggled(whether a drag frames a region).
    reading_wanted(): recognise the text.
    """

    page_wanted = Signal(int)
    zoom_wanted = Signal(bool)
    fit_wanted = Signal()
    regions_toggled = Signal(bool)
    reading_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerTools")
        self._previous, self._next = IconButton("chevron-left"), IconButton("unfold")
        self.region, self.read = IconButton("region"), IconButton("text-select")
        self._zoom_out, self._zoom_in, self._fit = IconButton("zoom-out"), IconButton("zoom-in"), IconButton("fit")
        self.region.setCheckable(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        for widget in (self._previous, self._next, self.region, self.read):
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in (self._zoom_out, self._zoom_in, self._fit):
            layout.addWidget(widget)
        self._previous.clicked.connect(self._on_previous_clicked)
        self._next.clicked.connect(self._on_next_clicked)
        self.region.toggled.connect(self.regions_toggled)
        self.read.clicked.connect(self.reading_wanted)
        self._zoom_out.clicked.connect(self._on_zoom_out_clicked)
        self._zoom_in.clicked.connect(self._on_zoom_in_clicked)
        self._fit.clicked.connect(self.fit_wanted)
        self.retranslate()

    def set_place(self, index: int, count: int) -> None:
        """Which page of how many is in view, counted from 0."""
        for button, is_possible in ((self._previous, index > 0), (self._next, index < count - 1)):
            button.setVisible(count > 1)
            button.setEnabled(is_possible)

    def set_has_picture(self, has_picture: bool) -> None:
        """Whether there is anything to zoom or to frame."""
        for button in (self._zoom_in, self._zoom_out, self._fit, self.region):
            button.setEnabled(has_picture)

    def set_can_read(self, can_read: bool) -> None:
        """Whether there may be text that only recognition finds."""
        self.read.setVisible(can_read)

    def retranslate(self) -> None:
        self._previous.set_words(self.tr("Previous page"), "PgUp")
        self._next.set_words(self.tr("Next page"), "PgDn")
        self.region.set_words(self.tr("Frame a region to ask about"), "R")
        self.read.set_words(self.tr("Read text"))
        self._zoom_in.set_words(self.tr("Zoom in"), "+")
        self._zoom_out.set_words(self.tr("Zoom out"), "−")
        self._fit.set_words(self.tr("Show the whole picture"), "0")
        self.setAccessibleName(self.tr("Viewer tools"))

    def _on_previous_clicked(self) -> None:
        self.page_wanted.emit(-1)

    def _on_next_clicked(self) -> None:
        self.page_wanted.emit(1)

    def _on_zoom_out_clicked(self) -> None:
        self.zoom_wanted.emit(False)

    def _on_zoom_in_clicked(self) -> None:
        self.zoom_wanted.emit(True)


class ViewerNotice(Translated, QFrame):
    """A line that goes by itself, or says for how many seconds text is being read, with a way to stop.

    Attributes:
        stop: the way to stop.

    Signals:
        stopped().
    """

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerNotice")
        self._is_reading = False
        self._seconds = 0
        self._words = QLabel()
        self._words.setProperty("kind", "quiet")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.stop = TextButton("link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 4)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.stop)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.stop.clicked.connect(self.stopped)
        self.hide()
        self.retranslate()

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_message(self, words: str) -> None:
        """Say something for a while."""
        self._show(words, is_reading=False)
        self._timer.start(NOTICE_MS)

    def show_reading(self) -> None:
        """Text is being read, until something else is said."""
        self._seconds = 0
        self._show(self.tr("Reading the text…"), is_reading=True)
        self._timer.start(TICK_MS)

    def clear(self) -> None:
        """Say nothing."""
        self._timer.stop()
        self._is_reading = False
        self.hide()

    def retranslate(self) -> None:
        self.stop.set_words(self.tr("Stop"), self.tr("Stop reading the text"))

    def _show(self, words: str, is_reading: bool) -> None:
        self._is_reading = is_reading
        self.stop.setVisible(is_reading)
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()

    def _on_timer_timeout(self) -> None:
        if not self._is_reading:
            self.clear()
            return
        self._seconds += 1
        self._words.setText(self.tr("Reading the text… {seconds} s").format(seconds=QLocale().toString(self._seconds)))
