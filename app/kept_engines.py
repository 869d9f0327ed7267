"""Engines that are not asked any more and have not ended yet.

The engine on this computer holds gigabytes, and takes long to load them again. When another computer is to answer, it rests: for
ten minutes the way back costs nothing, as when one question goes to the cloud and the next does not; then its memory is given
back. It is at rest with one model only: before another file is loaded, it ends.

A remote engine holds next to nothing and is there at once. It ends as soon as no answer runs, so that those that come from it
are not cut off when the next question is to go elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from app.model import Model

REST_MS = 10 * 60 * 1000

Key = tuple[object, ...]
"""What was chosen on this computer; an engine at rest is of use to nothing else."""


class KeptEngines(QObject):
    """Keeps them, and says when one may end."""

    def __init__(self, end: Callable[[Model], object], is_answering: Callable[[], bool], parent: QObject) -> None:
        """`end` ends one outside the window's thread; `is_answering` tells whether any answer runs, of whatever engine."""
        super().__init__(parent)
        self._end, self._is_answering = end, is_answering
        self._resting: tuple[Key, Model] | None = None
        self._retired: list[Model] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def put(self, key: Key, model: Model) -> None:
        """Keep one that is not in use any more."""
        if model.capabilities.host is None:
            self.end_resting()
            self._resting = key, model
            self._timer.start()
        else:
            self._retired.append(model)
            self.end_retired()

    def take(self, key: Key) -> Model | None:
        """The one at rest, if it is this one; if it is another, it ends."""
        resting, self._resting = self._resting, None
        self._timer.stop()
        if resting is not None and resting[0] == key:
            return resting[1]
        if resting is not None:
            self._end(resting[1])
        return None

    def end_retired(self) -> None:
        """To be called when an answer has ended."""
        if not self._is_answering():
            retired, self._retired = self._retired, []
            for model in retired:
                self._end(model)

    def end_resting(self) -> None:
        """Give its memory back."""
        self.take(())

    def clear(self) -> list[Model]:
        """All of them, for whoever ends them now."""
        resting, self._resting = self._resting, None
        retired, self._retired = self._retired, []
        self._timer.stop()
        return [*retired, *([resting[1]] if resting is not None else [])]

    def _on_timer_timeout(self) -> None:
        if self._is_answering():  # perhaps its own answer
            self._timer.start()
        else:
            self.end_resting()
