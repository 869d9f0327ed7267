"""Says, where the question is written, that the model does not take all pictures of the conversation: before it is asked."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.asking import Asking
from app.chat.compose import earlier_left_out
from app.chat.parts import Reduction
from app.collecting import Collecting
from app.model import CurrentModel
from app.ui.main_window import MainWindow
from app.ui.words import reduction_words


class EarlierPictures(QObject):
    """Looks again when the model, the conversation or what is attached has changed, and repeats itself only with other words."""

    def __init__(self, window: MainWindow, asking: Asking, collecting: Collecting, model: CurrentModel, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._asking, self._collecting, self._model = window, asking, collecting, model
        self._said: tuple[str, tuple[Reduction, ...]] = ("", ())
        self._timer = QTimer(self)  # after what else is said about a change
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        for changed in (model.changed, asking.switched, asking.path_changed, collecting.changed):
            changed.connect(self._timer.start)

    def _look(self) -> None:
        conversation, plan, model = self._asking.conversation, self._collecting.plan, self._model.model
        if model is None or self._collecting.is_running:
            return
        lost = earlier_left_out(conversation.turns, plan.parts, model.capabilities)
        if lost and self._said != (conversation.key, lost):
            self._window.strip.show_message(" ".join(reduction_words(each) for each in (*plan.reductions, *lost)))
        self._said = conversation.key, lost
