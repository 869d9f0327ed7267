"""A question asked again with another model: from the choice of the model until that one is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.asking import Asking
from app.following import Following
from app.model import CurrentModel
from app.model_choice import ModelChoice
from app.remote_choice import RemoteChoice
from app.ui.main_window import MainWindow


class Redoing(QObject):
    """Waits for the model. Whatever else the user does in the meantime takes the wish back."""

    def __init__(
        self,
        window: MainWindow,
        asking: Asking,
        following: Following,
        model_choice: ModelChoice,
        remote: RemoteChoice,
        model: CurrentModel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._asking, self._model = window, asking, model
        self._turn_id = 0
        self._is_chosen = False
        self._menu_timer = QTimer(self)
        self._menu_timer.setSingleShot(True)
        self._menu_timer.timeout.connect(self._on_menu_timer_timeout)
        following.redo_with_wanted.connect(self._on_following_redo_with_wanted)
        window.composer.model_menu_closed.connect(self._on_composer_model_menu_closed)
        window.composer.model_wanted.connect(self._on_composer_model_wanted)
        window.composer.model_chosen.connect(self._menu_timer.stop)
        window.composer.engine_chosen.connect(self._menu_timer.stop)
        remote.chosen.connect(self._on_model_choice_chosen)
        remote.confirmed.connect(self._on_model_changed)
        window.model_dismissed.connect(self._forget)
        model_choice.chosen.connect(self._on_model_choice_chosen)
        model_choice.dismissed.connect(self._forget)
        asking.switched.connect(self._forget)
        asking.started.connect(self._forget)
        model.changed.connect(self._on_model_changed)
        model.failed.connect(self._forget)

    def _forget(self) -> None:
        self._turn_id = 0
        self._is_chosen = False

    def _on_following_redo_with_wanted(self, turn_id: int) -> None:
        self._turn_id, self._is_chosen = turn_id, False
        self._window.composer.open_model_menu()

    def _on_composer_model_menu_closed(self) -> None:
        """What was chosen in it, if anything, is told after this."""
        self._menu_timer.start()

    def _on_composer_model_wanted(self) -> None:
        self._menu_timer.stop()

    def _on_menu_timer_timeout(self) -> None:
        self._forget()

    def _on_model_choice_chosen(self) -> None:
        self._is_chosen = self._turn_id != 0

    def _on_model_changed(self) -> None:
        if self._is_chosen and self._model.model is not None:
            turn_id = self._turn_id
            self._forget()
            self._asking.redo(turn_id)
