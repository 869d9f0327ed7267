"""The buttons below the question: quick actions, and where the question goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.buttons import TextButton
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.quick.flow import Flow
from app.ui.quick.quick_actions import QuickAction
from app.ui.theme import themes

DESTINATION_PX_MAX = 200
ICON_PX = 14


class ActionChips(Translated, Flow):
    """Attributes:
        waiting: the id of the action that waits for words; empty for none.

    Signals:
        chosen(action id): pressed.
        edit_wanted(action id): by the menu of a button.
        destination_wanted(): the last button.
    """

    chosen = Signal(str)
    edit_wanted = Signal(str)
    destination_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(8, parent)
        self.waiting = ""
        self._actions: tuple[QuickAction, ...] = ()
        self._chips: list[TextButton] = []
        self._destination = Destination()
        self._destination.clicked.connect(self.destination_wanted)
        self.retranslate()

    def set_actions(self, actions: Sequence[QuickAction]) -> None:
        """Have a button for each of these."""
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self._chips = [self._chip(action) for action in actions]
            self.set_parts(self._chips, self._destination)
            self.retranslate()

    def set_waiting(self, action_id: str) -> None:
        """Show that this one waits for words; empty for none."""
        self.waiting = action_id
        for action, chip in zip(self._actions, self._chips, strict=True):
            chip.setCheckable(action.id == action_id)
            chip.setChecked(action.id == action_id)

    def set_destination(self, has_model: bool, host: str | None) -> None:
        """Where the question goes."""
        self._destination.show_host(has_model, host)

    def set_enabled(self, *, has_model: bool, is_running: bool) -> None:
        """What can be pressed now."""
        for action, chip in zip(self._actions, self._chips, strict=True):
            chip.setEnabled(not is_running and (has_model or not action.needs_model))

    @property
    def destination(self) -> QWidget:
        """The last button."""
        return self._destination

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to before the last button, in order."""
        return list(self._chips)

    def retranslate(self) -> None:
        for action, chip in zip(self._actions, self._chips, strict=True):
            chip.set_words(action.name, self._hint(action))
            chip.setAccessibleName(action.name)
            chip.setAccessibleDescription(self._hint(action))

    def _hint(self, action: QuickAction) -> str:
        return action.prompt if action.needs_model else self.tr("Read the text, on this computer and without a model")

    def _chip(self, action: QuickAction) -> TextButton:
        chip = TextButton("chip")
        chip.setProperty("action", action.id)
        chip.clicked.connect(self._on_chip_clicked)
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.customContextMenuRequested.connect(self._on_chip_menu_requested)
        return chip

    def _on_chip_clicked(self) -> None:
        self.chosen.emit(self.sender().property("action"))

    def _on_chip_menu_requested(self, position: QPoint) -> None:
        chip = self.sender()
        assert isinstance(chip, TextButton)
        menu = QMenu(chip)
        editing = menu.addAction(self.tr("Edit…"))
        editing.setProperty("action", chip.property("action"))
        editing.triggered.connect(self._on_editing_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(position))

    def _on_editing_triggered(self) -> None:
        self.edit_wanted.emit(self.sender().property("action"))


class Destination(Translated, TextButton):
    """Says where the question goes, always; pressing it leads to another model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("link", parent=parent)
        self._has_model = False
        self._host: str | None = None
        themes().changed.connect(self.retranslate)
        self.retranslate()

    def show_host(self, has_model: bool, host: str | None) -> None:
        """This computer, or the host named; nowhere without a model."""
        self._has_model, self._host = has_model, host
        self.retranslate()

    def retranslate(self) -> None:
        theme = themes().current
        if not self._has_model:
            words, tooltip = self.tr("No model yet: choose one…"), self.tr("A model is needed to answer. Choose one")
            name, color, tone = "", theme.text_2, "quiet"
        elif self._host is None:
            words, tooltip = self.tr("On this computer"), self.tr("Your question and its pictures stay on this computer")
            name, color, tone = "", theme.ok, "ok"
        else:
            words, tooltip = self._host, self.tr("Your question and its pictures go to {host}").format(host=self._host)
            name, color, tone = "globe", theme.warn, "warn"
        size_px = themes().text_px(ICON_PX)
        self.setIconSize(QSize(size_px, size_px))
        self.setIcon(QIcon(pixmap(name, color, size_px, self.devicePixelRatioF())) if name else QIcon())
        width_px = themes().text_px(DESTINATION_PX_MAX)
        shown = QFontMetrics(self.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, width_px)
        self.set_words(shown, tooltip)
        self.setAccessibleName(words)
        self.setAccessibleDescription(tooltip)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self.updateGeometry()
