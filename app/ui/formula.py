"""Formulas as they are drawn: asked for here, drawn by a child process, kept for all answers."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtSvg import QSvgRenderer

from app import system
from app.chat.formula_drawing import Drawing, FormulaDrawer, is_drawable
from app.workers.tasks import TaskRunner

KEPT_MAX = 1_000
RENDERERS_MAX = 300
DRAWN_IN = "black"
"""The colour in the drawings, replaced by the wanted one."""

Key = tuple[str, bool]
"""LaTeX, and whether it stands on a line of its own."""


class Formulas(QObject):
    """Signals:
    settled(tex, is display): a formula is drawn, or cannot be.
    """

    settled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._drawer = FormulaDrawer(system.formula_worker_command())
        self._runner = TaskRunner("formulas", self)
        self._runner.succeeded.connect(self._on_runner_succeeded)
        self._runner.failed.connect(self._on_runner_failed)
        self._settled: OrderedDict[Key, Drawing | None] = OrderedDict()
        self._waiting: dict[int, Key] = {}
        self._renderers: OrderedDict[tuple[str, bool, str], QSvgRenderer] = OrderedDict()

    def ask(self, tex: str, is_display: bool) -> bool:
        """Whether it is known how to show the formula; if not, `settled` will tell."""
        key = tex, is_display
        if key in self._settled:
            self._settled.move_to_end(key)
            return True
        if not is_drawable(tex):
            self._settle(key, None)
            return True
        if key not in self._waiting.values():
            self._waiting[self._runner.run(self._drawer.draw, tex, is_display)] = key
        return False

    def is_settled(self, tex: str, is_display: bool) -> bool:
        """Whether it is known how to show the formula."""
        return (tex, is_display) in self._settled

    def drawing(self, tex: str, is_display: bool) -> Drawing | None:
        """The formula, if it is drawn."""
        return self._settled.get((tex, is_display))

    def renderer(self, tex: str, is_display: bool, color: str) -> QSvgRenderer | None:
        """What paints the formula in this colour (``#RRGGBB``), if it is drawn."""
        drawing = self.drawing(tex, is_display)
        if drawing is None:
            return None
        key = tex, is_display, color
        if key not in self._renderers:
            self._renderers[key] = QSvgRenderer(QByteArray(drawing.svg.replace(f'"{DRAWN_IN}"', f'"{color}"').encode()))
            if len(self._renderers) > RENDERERS_MAX:
                self._renderers.popitem(last=False)
        self._renderers.move_to_end(key)
        return self._renderers[key]

    @property
    def is_busy(self) -> bool:
        """Whether formulas are being drawn."""
        return bool(self._waiting)

    def close(self) -> None:
        """End what draws."""
        self._drawer.close()
        self._runner.close()

    def _settle(self, key: Key, drawing: Drawing | None) -> None:
        self._settled[key] = drawing
        if len(self._settled) > KEPT_MAX:
            self._settled.popitem(last=False)

    def _on_runner_succeeded(self, job_id: int, drawing: Drawing | None) -> None:
        key = self._waiting.pop(job_id)
        if not self._waiting:
            self._runner.close()  # its thread; the next formula starts another
        self._settle(key, drawing)
        self.settled.emit(*key)

    def _on_runner_failed(self, job_id: int, error: Exception) -> None:
        self._on_runner_succeeded(job_id, None)


@cache
def formulas() -> Formulas:
    """The one place of this process that draws them; made on first use, after the application."""
    result = Formulas()
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(result.close)
    return result
