"""Formulas as they are drawn: asked for here, drawn by a child process, kept for all answers."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtSvg import QSvgRenderer

from app import system
from app.chat.formula_drawing import Drawing, FormulaDrawer, is_drawable
from app.ui.keyed_tasks import KeyedTasks

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
        self._tasks = KeyedTasks("formulas", self)
        self._tasks.done.connect(self._on_tasks_done)
        self._settled: OrderedDict[Key, Drawing | None] = OrderedDict()
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
        self._tasks.run(key, self._drawer.draw, tex, is_display)
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
        return self._tasks.is_busy

    def close(self) -> None:
        """End what draws, and forget what waits. Whoever asks again starts it again."""
        self._drawer.close()
        self._tasks.close()
        self._drawer = FormulaDrawer(system.formula_worker_command())

    def _settle(self, key: Key, drawing: Drawing | None) -> None:
        self._settled[key] = drawing
        if len(self._settled) > KEPT_MAX:
            self._settled.popitem(last=False)

    def _on_tasks_done(self, key: Key, drawing: Drawing | None) -> None:
        self._settle(key, drawing)
        self.settled.emit(*key)


@cache
def formulas() -> Formulas:
    """The one place of this process that draws them; made on first use, after the application."""
    result = Formulas()
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(result.close)
    return result
