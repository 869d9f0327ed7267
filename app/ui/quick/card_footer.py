"""The line below an answer on the card: what can be done with it, and how long it took."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPoint, QTimer, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.chat.answer import Answer
from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.quick.flow import Flow
from app.ui.words import figures_words

GAP_PX = 10
COPIED_MS = 1_500


class CardFooter(Translated, Flow):
    """Attributes:
    has_picture: whether one can be copied.

    Signals:
    action_wanted(name): `copy`, `pin`, `ask_on`, `open`, `copy_text`, `copy_picture` or `stop`.
    """

    action_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(GAP_PX, parent)
        self.has_picture = True
        self._answer: Answer | None = None
        self._host: str | None = None
        self._shown: tuple[Answer, str | None, bool] | None = None
        self._buttons = {name: TextButton("link") for name in ("copy", "pin", "ask_on", "open", "more")}
        for name, button in self._buttons.items():
            button.setProperty("action", name)
            button.clicked.connect(self._on_button_clicked)
        self._stop = TextButton("link", "stop", icon_px=12)
        self._stop.setProperty("action", "stop")
        self._stop.clicked.connect(self._on_button_clicked)
        self._figures = QLabel()
        self._figures.setProperty("kind", "small")
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(self.retranslate)
        self.set_parts((*self._buttons.values(), self._stop), self._figures)
        self.retranslate()

    def show_answer(self, answer: Answer, host: str | None) -> None:
        """An answer, running or not; `host` is where it comes from unless that is here."""
        now = answer, host, answer.is_final
        if now != self._shown:
            self._shown, self._answer, self._host = now, answer, host
            self.retranslate()

    def show_text(self) -> None:
        """Recognised text."""
        self._shown = self._answer = self._host = None
        self.retranslate()

    def set_pinned(self, is_pinned: bool) -> None:
        """A pinned card is pinned no further."""
        self._buttons["pin"].setVisible(not is_pinned)
        self.announce_change()

    def say_copied(self) -> None:
        """For a moment."""
        self._copied.start()
        self.retranslate()

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*self._buttons.values(), self._stop]

    def retranslate(self) -> None:
        is_running = self._answer is not None and not self._answer.is_final
        words = self._buttons
        words["copy"].set_words(self.tr("Copied") if self._copied.isActive() else self.tr("Copy"), self.tr("Copy the text"))
        words["pin"].set_words(self.tr("Pin"), self.tr("Keep it on top, in a window of its own"))
        words["ask_on"].set_words(self.tr("Ask on"), self.tr("Ask another question about it"))
        words["open"].set_words(self.tr("Open in window"), self.tr("Go on with this conversation in the window"))
        words["more"].set_words(self.tr("More"), self.tr("More to do with this answer"))
        self._stop.set_words(self.tr("Stop"), self.tr("Stop the answer"))
        for name in ("copy", "ask_on", "more"):
            self._buttons[name].setVisible(not is_running)
        self._stop.setVisible(is_running)
        figures = self._answer if self._answer is not None and not is_running else None
        self._figures.setText(self._figures_words(figures))
        self._figures.setToolTip(figures_words(figures) if figures is not None else "")
        self._figures.setVisible(bool(self._figures.text()))
        self.announce_change()

    def _figures_words(self, answer: Answer | None) -> str:
        """The time to the first word, and where it came from if that was elsewhere."""
        if answer is None:
            return self._host or ""
        seconds = answer.timings.time_to_first_token_ms / 1000.0
        time = self.tr("{seconds} s").format(seconds=QLocale().toString(seconds, "f", 1)) if seconds > 0 else ""
        return " · ".join(filter(None, (self._host, time)))

    def _on_button_clicked(self) -> None:
        name = self.sender().property("action")
        if name == "more":
            self._open_menu()
        else:
            self.action_wanted.emit(name)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        offers = [("copy_text", self.tr("Copy as plain text"))]
        if self.has_picture:
            offers.insert(0, ("copy_picture", self.tr("Copy the picture")))
        for name, words in offers:
            action = menu.addAction(words)
            action.setProperty("action", name)
            action.triggered.connect(self._on_button_clicked)
        menu.aboutToHide.connect(menu.deleteLater)
        more = self._buttons["more"]
        menu.popup(more.mapToGlobal(QPoint(0, more.height())))
