"""Which model answers next: a file on this computer, a model of the cloud, a server. Each entry from elsewhere names its host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.remote_offers import LOCAL, Offer, Offers
from app.ui.language import Translated
from app.ui.tooltips import plain_tooltip

MODELS_MAX = 8


class ModelMenu(Translated, QMenu):
    """Signals:
    model_chosen(path): a file on this computer.
    model_wanted(): the user wants to name another file.
    engine_chosen(choice): one elsewhere, as `EngineChoice` writes it.
    servers_wanted(): the user wants to set one up.
    """

    model_chosen = Signal(str)
    model_wanted = Signal()
    engine_chosen = Signal(str)
    servers_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._paths: tuple[str, ...] = ()
        self._path = ""
        self._offers: Offers | None = None
        self._files, self._elsewhere = QActionGroup(self), QActionGroup(self)
        self._files.triggered.connect(self._on_files_triggered)
        self._elsewhere.triggered.connect(self._on_elsewhere_triggered)
        self._browse = self._set_up = QAction(self)
        self._more: QMenu | None = None
        self._fill()

    def set_models(self, paths: Sequence[str], current: str) -> None:
        """Offer these model files, the one in use ticked; it is offered even if it is none of them."""
        if (tuple(paths), current) != (self._paths, self._path):
            self._paths, self._path = tuple(paths), current
            self._fill()

    def set_offers(self, offers: Offers) -> None:
        """Offer these too; what they say of the current one holds for all."""
        if offers != self._offers:
            self._offers = offers
            self._fill()

    @property
    def is_worth_opening(self) -> bool:
        """Whether there is more than one thing to choose."""
        return bool(self._files.actions()) or self._offers is not None

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self._browse.setText(self.tr("Choose a file…"))
        if self._more is not None:
            self._more.setTitle(self.tr("More GLM models"))
        if self._offers is not None:
            has_any = self._offers.glm or self._offers.servers
            self._set_up.setText(self.tr("GLM and servers…") if has_any else self.tr("Use GLM or a server…"))

    def popup_above(self, anchor: QWidget) -> None:
        """Open it over a button, the first entry ready for the keyboard."""
        corner = anchor.mapToGlobal(anchor.rect().topLeft())
        corner.setY(corner.y() - self.sizeHint().height() - 4)
        self.popup(corner)
        checked = [action for action in (self._files.checkedAction(), self._elsewhere.checkedAction()) if action in self.actions()]
        self.setActiveAction(checked[0] if checked else self._browse)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self) -> None:
        """All anew: a menu that lets go of an action ends its connections."""
        self._clear()
        offers = self._offers or Offers()
        for action in self._file_actions(is_local=offers.current == LOCAL):
            self.addAction(action)
        if self.actions():
            self.addSeparator()
        self._browse = self.addAction("")
        self._browse.triggered.connect(self.model_wanted)
        if self._offers is not None:
            self._fill_elsewhere(self._offers)
        self.retranslate()

    def _fill_elsewhere(self, offers: Offers) -> None:
        self.addSeparator()
        for offer in offers.glm[:1]:
            self.addAction(self._action(offer, offers.current, offer.host or ""))
        if len(offers.glm) > 1:
            self._more = self.addMenu("")
            self._more.setToolTipsVisible(True)
            for offer in offers.glm[1:]:
                self._more.addAction(self._action(offer, offers.current, "" if offer.sees else self.tr("text only")))
        for offer in offers.servers:
            self.addAction(self._action(offer, offers.current, offer.host or ""))
        if offers.glm or offers.servers:
            self.addSeparator()
        self._set_up = self.addAction("")
        self._set_up.triggered.connect(self.servers_wanted)

    def _clear(self) -> None:
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        for group in (self._files, self._elsewhere):
            for action in group.actions():
                group.removeAction(action)
                action.deleteLater()
        if self._more is not None:
            self._more.deleteLater()
            self._more = None

    def _file_actions(self, *, is_local: bool) -> list[QAction]:
        current, paths, actions = self._path, self._paths, []
        offered = list(dict.fromkeys([current, *paths] if current and current not in paths[:MODELS_MAX] else paths))[:MODELS_MAX]
        names = Counter(Path(path).stem for path in offered)
        for path in offered:
            file = Path(path)
            name = file.stem if names[file.stem] == 1 else f"{file.parent.name} / {file.stem}"
            action = _checkable(name, self._files, path == current and is_local)
            action.setData(path)
            action.setToolTip(plain_tooltip(path))
            actions.append(action)
        return actions

    def _action(self, offer: Offer, current: str, beside: str) -> QAction:
        action = _checkable(offer.name, self._elsewhere, offer.choice == current)
        if beside:
            action.setText(f"{action.text()}\t{beside}")
        action.setToolTip(plain_tooltip(f"{offer.model} · {offer.host}"))
        action.setData(offer.choice)
        return action

    def _on_files_triggered(self, action: QAction) -> None:
        self.model_chosen.emit(action.data())

    def _on_elsewhere_triggered(self, action: QAction) -> None:
        self.engine_chosen.emit(action.data())


def _checkable(name: str, group: QActionGroup, is_checked: bool) -> QAction:
    action = QAction(name.replace("&", "&&"), group)
    action.setCheckable(True)
    action.setChecked(is_checked)
    return action
