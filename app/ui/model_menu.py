"""Which model answers next: those used lately, and a file of the user's choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.language import Translated

MODELS_MAX = 8


class ModelMenu(Translated, QMenu):
    """Signals:
    model_chosen(path): one of the list.
    model_wanted(): the user wants to name another file.
    """

    model_chosen = Signal(str)
    model_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._on_group_triggered)
        self._browse = QAction(self)
        self._browse.triggered.connect(self.model_wanted)
        self._separator = self.addSeparator()
        self.addAction(self._browse)
        self.retranslate()

    def set_models(self, paths: Sequence[str], current: str) -> None:
        """Offer these model files, the one in use ticked; it is offered even if it is none of them."""
        offered = list(dict.fromkeys([current, *paths] if current and current not in paths[:MODELS_MAX] else paths))[:MODELS_MAX]
        for action in self._group.actions():
            self._group.removeAction(action)
            self.removeAction(action)
            action.deleteLater()
        names = Counter(Path(path).stem for path in offered)
        for path in offered:
            file = Path(path)
            name = file.stem if names[file.stem] == 1 else f"{file.parent.name} / {file.stem}"
            action = QAction(name.replace("&", "&&"), self._group)
            action.setData(path)
            action.setToolTip(path)
            action.setCheckable(True)
            action.setChecked(path == current)
            self.insertAction(self._separator, action)
        self._separator.setVisible(bool(offered))

    @property
    def is_worth_opening(self) -> bool:
        """Whether there is more than one thing to choose."""
        return bool(self._group.actions())

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self._browse.setText(self.tr("Choose a file…"))

    def popup_above(self, anchor: QWidget) -> None:
        """Open it over a button, the first entry ready for the keyboard."""
        corner = anchor.mapToGlobal(anchor.rect().topLeft())
        corner.setY(corner.y() - self.sizeHint().height() - 4)
        self.popup(corner)
        self.setActiveAction(self._group.checkedAction() or self._browse)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_group_triggered(self, action: QAction) -> None:
        self.model_chosen.emit(action.data())
