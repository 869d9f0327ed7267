"""What stands below a finished answer: what can be done with it, and what it took."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.chat.session import Turn
from app.ui.buttons import TextButton
from app.ui.known_engines import known_engines
from app.ui.language import Translated
from app.ui.transcript_stack import Stack
from app.ui.words import figures_words

ACTIONS = ("copy", "redo", "edit", "export")
"""Those with a word of their own; the others are behind the last one."""
MORE_ACTIONS = ("redo_with", "delete")
CHANGING = frozenset({"redo", "redo_with", "edit", "delete"})
"""Those that have to wait while an answer is running."""
GAP_PX = 8


def action_words(name: str) -> str:
    """What a command says on a button and in a menu."""
    return {
        "copy": QCoreApplication.translate("Message", "Copy"),
        "copy_text": QCoreApplication.translate("Message", "Copy as plain text"),
        "copy_selection": QCoreApplication.translate("Message", "Copy the selection"),
        "redo": QCoreApplication.translate("Message", "Redo"),
        "edit": QCoreApplication.translate("Message", "Edit"),
        "export": QCoreApplication.translate("Message", "Export"),
        "redo_with": QCoreApplication.translate("Message", "Redo with another model…"),
        "delete": QCoreApplication.translate("Message", "Delete"),
    }[name]


def action_hint(name: str) -> str:
    """What it does, where the word alone does not say it."""
    return {
        "copy": QCoreApplication.translate("Message", "Copy the answer as Markdown"),
        "redo": QCoreApplication.translate("Message", "Ask again; this answer is kept as another version"),
        "edit": QCoreApplication.translate("Message", "Change the question and ask again"),
        "export": QCoreApplication.translate("Message", "Save the answer as a file"),
    }.get(name, "")


class AnswerFooter(Translated, Stack):
    """Quiet links on the left, figures on the right, or below where they have no room.

    Signals:
        action_wanted(name): one of ACTIONS and MORE_ACTIONS.
    """

    action_wanted = Signal(str)

    def __init__(self, turn: Turn, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._turn, self._answer = turn, turn.answer
        self._is_locked = False
        self._buttons = {name: TextButton("link") for name in ACTIONS}
        self._more = TextButton("link")
        self._figures = self.adopt(QLabel(self))
        self._figures.setProperty("kind", "small")
        self._figures.setTextFormat(Qt.TextFormat.PlainText)
        self._figures.setWordWrap(True)
        for name, button in self._buttons.items():
            button.clicked.connect(self._on_button_clicked)
            button.setProperty("action", name)
        self._more.clicked.connect(self._on_more_clicked)
        self._links = [self.adopt(button) for button in (*self._buttons.values(), self._more)]
        known_engines().changed.connect(self.retranslate)
        self.retranslate()

    def parts(self) -> Sequence[QWidget]:
        return *self._links, self._figures

    def fit(self, width_px: int) -> int:
        x = y = height = 0
        for link in self._links:
            if link.isHidden():
                continue
            hint = link.sizeHint()
            if x > 0 and x + hint.width() > width_px:
                x, y = 0, y + hint.height()
            link.setGeometry(x, y, min(hint.width(), width_px), hint.height())
            x, height = x + hint.width() + GAP_PX, hint.height()
        if self._figures.isHidden():
            return y + height
        figures_px = self._figures.fontMetrics().horizontalAdvance(self._figures.text()) + 2
        if x + figures_px <= width_px:
            self._figures.setGeometry(width_px - figures_px, y, figures_px, height)
            return y + height
        figures_height = self._figures.heightForWidth(width_px)
        self._figures.setGeometry(0, y + height + GAP_PX // 2, width_px, figures_height)
        return y + height + GAP_PX // 2 + figures_height

    def set_locked(self, is_locked: bool) -> None:
        """Whether an answer is running, so that nothing can be asked or taken away."""
        self._is_locked = is_locked
        for name, button in self._buttons.items():
            button.setEnabled(not (is_locked and name in CHANGING))

    def retranslate(self) -> None:
        for name, button in self._buttons.items():
            button.set_words(action_words(name), action_hint(name))
        self._more.set_words(self.tr("More"), self.tr("More to do with this answer"))
        for name in ("copy", "export"):
            if not self._answer.markdown():
                self._buttons[name].hide()
        comma = QCoreApplication.translate("Figures", ", ")
        figures = comma.join(filter(None, (figures_words(self._answer), known_engines().figures_words(self._turn))))
        if self._answer.finish_reason == "cancelled":
            figures = " · ".join(filter(None, (self.tr("Stopped"), figures)))
        elif self._answer.finish_reason == "length":
            figures = " · ".join(filter(None, (self.tr("Cut off at the length limit"), figures)))
        self._figures.setText(figures)
        self._figures.setVisible(bool(figures))

    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.action_wanted.emit(sender.property("action"))

    def _on_more_clicked(self) -> None:
        menu = ActionMenu(MORE_ACTIONS, CHANGING if self._is_locked else frozenset(), self)
        menu.action_wanted.connect(self.action_wanted)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


class ActionMenu(QMenu):
    """Commands on a message; gone when closed.

    Signals:
        action_wanted(name): one was chosen.
    """

    action_wanted = Signal(str)

    def __init__(self, names: tuple[str, ...], disabled: frozenset[str], parent: QWidget) -> None:
        """An empty name is a line between groups."""
        super().__init__(parent)
        for name in names:
            if not name:
                self.addSeparator()
                continue
            action = self.addAction(action_words(name))
            action.setData(name)
            action.setEnabled(name not in disabled)
            action.triggered.connect(self._on_action_triggered)
        self.aboutToHide.connect(self.deleteLater)

    def _on_action_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.action_wanted.emit(sender.data())  # type: ignore[attr-defined]
