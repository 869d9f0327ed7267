"""LaTeX as outlines, drawn by a child process (`app.chat.formula_worker`) that is ended when a formula takes too long."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.chat.formulas import FORMULA_CHARACTERS_MAX
from base.wire import Wire
from ingest.child import Child, ChildFailed

log = logging.getLogger(__name__)

WORKER_COMMAND = (sys.executable, "-P", "-m", "app.chat.formula_worker")
DRAWING_S_MAX = 2.0
FAILURES_MAX = 3
"""Of children that ended by themselves, one after the other; then it is not the formula's fault."""
STARTING_S_MAX = 15.0
"""For the first formula of a child, which imports ziamath: 0.3 s on a computer that has nothing else to do."""
_NESTING_MAX = 24
_HAN = re.compile(r"[⺀-鿿가-힯豈-﫿]")
_MACROS = re.compile(r"\\(?:[egx]?def|let|newcommand|renewcommand|providecommand|input|include|require|csname)(?![a-zA-Z])")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as SVG in black. Sizes are for letters of one px; `depth` is how far it reaches below the line."""

    svg: str
    width: float
    height: float
    depth: float


class _TooSlow(Exception):
    pass


class FormulaDrawer:
    """Draws one formula after another; for any number of threads."""

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        """Starts nothing yet."""
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._is_closed = False
        self._failures = 0

    def draw(self, tex: str, is_display: bool) -> Drawing | None:
        """The formula; None for one that cannot be drawn. Blocks, 0.4 s the first time, else 5 to 40 ms, at most 2 s."""
        if not is_drawable(tex) or self._failures >= FAILURES_MAX:
            return None
        with self._lock:
            try:
                return self._ask(tex, is_display)
            except (ChildFailed, OSError) as error:
                self._failures += 1
                log.warning("a formula could not be drawn: %.200s", error)
            except _TooSlow:
                log.info("a formula took too long to draw")
            return None

    def close(self) -> None:
        """End the child, working or not. Nothing is drawn any more."""
        self._is_closed = True
        child = self._child
        if child is not None:
            child.end()

    def _ask(self, tex: str, is_display: bool) -> Drawing | None:
        if self._child is None or not self._child.is_alive:
            self._child = Child(self._command)
        deadline = time.monotonic() + (STARTING_S_MAX if self._child.is_fresh else DRAWING_S_MAX)

        def check() -> None:
            if self._is_closed or time.monotonic() > deadline:
                raise _TooSlow

        answer, _ = self._child.exchange({"tex": tex, "is_display": is_display}, None, 0, check)
        self._failures = 0
        return _drawing_from(answer.get("result"))


def is_drawable(tex: str) -> bool:
    """Whether it is worth trying: neither too long nor too deep, no macros, and no Chinese, which the font of formulas lacks."""
    depth = deepest = 0
    for sign in re.findall(r"\\\\|\\[{}]|[{}]", tex):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return 0 < len(tex) <= FORMULA_CHARACTERS_MAX and deepest <= _NESTING_MAX and not _HAN.search(tex) and not _MACROS.search(tex)


def _drawing_from(result: Wire | None) -> Drawing | None:
    if result is None:
        return None
    from app.chat.formula_worker import UNIT_PX

    return Drawing(
        result["svg"], result["width"] / UNIT_PX, result["height"] / UNIT_PX, min(result["depth"], result["height"]) / UNIT_PX
    )
