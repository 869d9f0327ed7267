"""LaTeX formulas as drawings. ziamath takes 0.3 s to import, which happens at the first formula."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from dataclasses import dataclass
from functools import lru_cache

FORMULA_CHARACTERS_MAX = 2_000
_HAS_HAN = re.compile(r"[⺀-鿿가-힯豈-﫿]")
_ROOT = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="[-\d.]+ (-?[\d.]+)')
_lock = threading.Lock()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as SVG in black outlines; `depth` is how far it reaches below the line. All in the unit of the size asked for."""

    svg: str
    width: float
    height: float
    depth: float


@lru_cache(maxsize=256)
def draw_formula(tex: str, size: float, is_display: bool) -> Drawing | None:
    """A formula with letters of this size; None when it cannot be drawn, and its source has to do.

    The font has no Chinese, so that formulas with Chinese words in them stay text.
    """
    if not tex.strip() or len(tex) > FORMULA_CHARACTERS_MAX or _HAS_HAN.search(tex):
        return None
    try:
        with _lock, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # ziamath 0.13 finds its fonts in an old way
            import ziamath

            ziamath.config.svg2 = False  # outlines in place: neither MuPDF nor Qt draws <symbol>
            svg = str(ziamath.Latex(tex, size=size, inline=not is_display).svg())
    except (Exception, RecursionError) as error:  # a border: the source is a model's, the parser raises whatever it likes
        log.info("a formula could not be drawn: %s", type(error).__name__)
        return None
    root = _ROOT.match(svg)
    if root is None:
        return None
    width, height, top = float(root[1]), float(root[2]), float(root[3])
    return Drawing(svg, width, height, height + top)
