"""Formulas of custom shapes: ECMA-376 part 1, 20.1.9.11 (guides). Angles in 1/60,000 degree."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ingest.slides.xml import Element, child, children

_GUIDES_MAX = 2_000
_TURN = 21_600_000
_RADIANS = math.pi / 10_800_000
_LIMIT = 1e12

_FORMULAS: dict[str, Callable[[float, float, float], float]] = {
    "*/": lambda x, y, z: x * y / z if z else 0.0,
    "+-": lambda x, y, z: x + y - z,
    "+/": lambda x, y, z: (x + y) / z if z else 0.0,
    "?:": lambda x, y, z: y if x > 0 else z,
    "abs": lambda x, y, z: abs(x),
    "at2": lambda x, y, z: math.atan2(y, x) / _RADIANS,
    "cat2": lambda x, y, z: x * math.cos(math.atan2(z, y)),
    "cos": lambda x, y, z: x * math.cos(y * _RADIANS),
    "max": lambda x, y, z: max(x, y),
    "min": lambda x, y, z: min(x, y),
    "mod": lambda x, y, z: math.hypot(x, y, z),
    "pin": lambda x, y, z: max(x, min(y, z)),
    "sat2": lambda x, y, z: x * math.sin(math.atan2(z, y)),
    "sin": lambda x, y, z: x * math.sin(y * _RADIANS),
    "sqrt": lambda x, y, z: math.sqrt(max(x, 0.0)),
    "tan": lambda x, y, z: x * math.tan(y * _RADIANS),
    "val": lambda x, y, z: x,
}


class Guides:
    """The named values of one shape of `width` x `height` EMU."""

    def __init__(self, width: float, height: float) -> None:
        short, long = min(width, height), max(width, height)
        self._values: dict[str, float] = {
            **{"l": 0.0, "t": 0.0, "r": width, "b": height, "w": width, "h": height, "ss": short, "ls": long},
            **{"hc": width / 2, "vc": height / 2, "cd2": _TURN / 2, "cd4": _TURN / 4, "cd8": _TURN / 8},
            **{"3cd4": _TURN * 3 / 4, "3cd8": _TURN * 3 / 8, "5cd8": _TURN * 5 / 8, "7cd8": _TURN * 7 / 8},
            **{f"wd{part}": width / part for part in (2, 3, 4, 5, 6, 8, 10, 12, 32)},
            **{f"hd{part}": height / part for part in (2, 3, 4, 5, 6, 8, 10, 12, 32)},
            **{f"ssd{part}": short / part for part in (2, 4, 6, 8, 16, 32)},
        }

    def read(self, geometry: Element | None, *names: str) -> Guides:
        """Add what lists such as `a:avLst` and `a:gdLst` define."""
        for name in names:
            for guide, _ in zip(children(child(geometry, name), "a:gd"), range(_GUIDES_MAX), strict=False):
                self._values[str(guide.get("name"))] = self.evaluate(str(guide.get("fmla") or "val 0"))
        return self

    def evaluate(self, formula: str) -> float:
        """The value of a formula such as "*/ w adj 100000"; 0 when it makes no sense."""
        operator, *operands = formula.split()
        x, y, z = (*map(self.value, operands[:3]), 0.0, 0.0, 0.0)[:3]
        try:
            result = _FORMULAS[operator](x, y, z)
        except (KeyError, ValueError, OverflowError):
            return 0.0
        return max(-_LIMIT, min(result, _LIMIT)) if result == result else 0.0

    def value(self, name: str | None) -> float:
        """Of a guide or a number; 0 for neither."""
        if name is None:
            return 0.0
        if name in self._values:
            return self._values[name]
        try:
            number = float(name)
        except ValueError:
            return 0.0
        return max(-_LIMIT, min(number, _LIMIT)) if number == number else 0.0


def adjustments(geometry: Element | None) -> Mapping[str, float]:
    """What the `a:avLst` of an `a:prstGeom` sets, by name: "adj", "adj1" ..."""
    guides = Guides(0.0, 0.0)
    return {
        str(guide.get("name")): guides.evaluate(str(guide.get("fmla") or "val 0"))
        for guide, _ in zip(children(child(geometry, "a:avLst"), "a:gd"), range(64), strict=False)
    }
