"""Numbers in charts: what they look like under a format code, and where an axis begins, ends and has its marks.

Format codes: ECMA-376 part 1, 18.8.31. Of the codes, what charts use is understood: digits, groups, percent, powers of ten, dates,
literal text, and a section each for positive, negative and zero.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|([#0?][#0?,.]*(?:[eE][+-]0+)?%?|[yYmMdDhHsS]+|AM/PM|[^"\\_*\[])', re.DOTALL)
_DATE_LETTERS = frozenset("yYdDhHsS")
_CODE_MAX = 255
_EPOCH = datetime.datetime(1899, 12, 30)
_HEADROOM = 0.05
"""How much of its range an axis goes beyond the values, before it is rounded to whole steps; as PowerPoint does."""


def format_number(value: float, code: str = "General") -> str:
    """A number as Office shows it."""
    if not math.isfinite(value):
        return ""
    code = code[:_CODE_MAX].strip()
    if code in ("", "General", "@"):
        return _general(value)
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    section, shown = sections[0], value
    if value < 0 and len(sections) > 1:
        section, shown = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    tokens = list(_TOKEN.finditer(section))
    plain = "".join(token[3] or "" for token in tokens)
    if _DATE_LETTERS.intersection(plain) and not re.search(r"[#0?]", plain):
        return _date(value, tokens)
    percent = plain.count("%")
    parts, is_done = [], False
    for token in tokens:
        literal, escaped, symbol = token.groups()
        if symbol and symbol[0] in "#0?" and not is_done:
            parts.append(_digits(shown * 100.0**percent, symbol.rstrip("%")) + "%" * symbol.count("%"))
            is_done = True
        elif symbol == "General":
            parts.append(_general(shown))
        else:
            parts.append(literal if literal is not None else escaped or symbol or (" " if token[0][0] == "_" else ""))
    text = "".join(parts).strip()
    return text.replace("General", _general(shown)) if not is_done else text


def _general(value: float) -> str:
    if value == 0:
        return "0"
    if 1e-5 <= abs(value) < 1e11:
        text = f"{value:.9f}".rstrip("0").rstrip(".") if abs(value) < 1e9 else f"{value:.0f}"
        digits = len(text.lstrip("-").replace(".", ""))
        return text if digits <= 11 else f"{value:.10g}"
    return re.sub(r"e([+-])(\d)$", r"E\g<1>0\2", f"{value:.5g}").replace("e", "E")


def _digits(value: float, pattern: str) -> str:
    """A number under a pattern such as `#,##0.0#`, `0,` (thousands) or `0.00E+00`."""
    mantissa, power, exponent = pattern.partition("E") if "E" in pattern else pattern.partition("e")
    whole, _, decimals = mantissa.partition(".")
    scaled = len(whole) - len(whole.rstrip(",")) if not decimals else len(decimals) - len(decimals.rstrip(","))
    value /= 1000.0**scaled
    decimals = decimals.rstrip(",")
    needed, allowed = decimals.count("0"), min(len(decimals), 15)
    if power:
        text = f"{value:.{allowed}E}"
        base, _, tail = text.partition("E")
        return f"{base}E{tail[0]}{tail[1:].lstrip('0').rjust(max(1, len(exponent) - 1), '0')}"
    rounded = _half_up(abs(value), allowed)
    text = f"{rounded:,.{allowed}f}" if "," in whole.rstrip(",") else f"{rounded:.{allowed}f}"
    front, _, back = text.partition(".")
    while len(back) > needed and back.endswith("0"):
        back = back[:-1]
    front = front.rjust(whole.count("0"), "0") if "0" in whole else ("" if front == "0" and back else front)
    sign = "-" if value < 0 and rounded > 0 else ""
    return sign + front + ("." + back if back else "")


def _half_up(value: float, decimals: int) -> float:
    """Rounded as people do, 0.5 to 1 and 2.5 to 3, where a float can tell."""
    if value >= 1e15:
        return value
    return math.floor(float(f"{value * 10**decimals:.12g}") + 0.5) / float(10**decimals)


def _date(value: float, tokens: list[re.Match[str]]) -> str:
    try:
        moment = _EPOCH + datetime.timedelta(days=value)
    except OverflowError:
        return _general(value)
    is_twelve = any(token[3] == "AM/PM" for token in tokens)
    parts: list[str] = []
    after_hours = False
    for token in tokens:
        literal, escaped, symbol = token.groups()
        kind, length = (symbol[0].lower(), len(symbol)) if symbol else ("", 0)
        if literal is not None or escaped:
            parts.append(literal or escaped or "")
        elif symbol == "AM/PM":
            parts.append("AM" if moment.hour < 12 else "PM")
        elif kind == "y":
            parts.append(f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}")
        elif kind == "m" and not after_hours:
            names = {3: moment.strftime("%b"), 4: moment.strftime("%B"), 5: moment.strftime("%b")[0]}
            parts.append(names.get(length, f"{moment.month:0{min(length, 2)}d}"))
        elif kind == "m":
            parts.append(f"{moment.minute:0{min(length, 2)}d}")
        elif kind == "d":
            parts.append({3: moment.strftime("%a"), 4: moment.strftime("%A")}.get(length, f"{moment.day:0{min(length, 2)}d}"))
        elif kind == "h":
            parts.append(f"{(moment.hour % 12 or 12) if is_twelve else moment.hour:0{min(length, 2)}d}")
        elif kind == "s":
            parts.append(f"{moment.second:0{min(length, 2)}d}")
        else:
            parts.append(symbol or "")
        after_hours = kind == "h" or (after_hours and symbol == ":")
    return "".join(parts).strip()


# -- axes ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high` with a mark every `step`; for a logarithmic one they are powers of `base`, and `step` counts powers."""

    low: float
    high: float
    step: float
    base: float = 0.0

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high one, beyond for values outside."""
        low, high = self._power(self.low), self._power(self.high)
        return (self._power(value) - low) / (high - low) if high > low else 0.0

    @property
    def marks(self) -> list[float]:
        """The values that have a mark; at most a few hundred."""
        low, high = self._power(self.low), self._power(self.high)
        count = math.floor((high - low) / self.step + 1e-6) if self.step > 0 else 0
        places = [low + index * self.step for index in range(min(count, 400) + 1)]
        if self.base:
            return [self.base**place for place in places]
        return [0.0 if abs(place) < self.step * 1e-9 else place for place in places]

    def _power(self, value: float) -> float:
        return math.log(max(value, 1e-300), self.base) if self.base else value


def nice_scale(
    values: list[float],
    count_max: int,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    base: float = 0.0,
) -> Scale:
    """A scale for values with at most `count_max` steps of 1, 2 or 5 times a power of ten; what is given stays as it is."""
    finite = [value for value in values if math.isfinite(value) and abs(value) < 1e300]
    if base > 1:
        positive = [value for value in finite if value > 0] or [1.0]
        first = math.floor(math.log(low if low and low > 0 else min(positive), base) + 1e-9)
        last = math.ceil(math.log(high if high and high > 0 else max(positive), base) - 1e-9)
        return Scale(base**first, base ** max(last, first + 1), 1.0, base)
    bottom, top = _ends(min(finite), max(finite)) if finite else (0.0, 1.0)
    bottom, top = (bottom if low is None else low), (top if high is None else high)
    if not top > bottom:
        bottom, top = (bottom, bottom + (abs(bottom) or 1.0)) if high is None else (top - (abs(top) or 1.0), top)
    if step is None or step <= 0 or (top - bottom) / step > 400:
        step = _nice_step(top - bottom, max(1, count_max))
        while (math.ceil(top / step - 1e-9) - math.floor(bottom / step + 1e-9)) > max(1, count_max) and (
            low is None or high is None
        ):
            step = _nice_step(step * 1.01, 1)
    if low is None:
        bottom = math.floor(bottom / step + 1e-9) * step
    if high is None:
        top = math.ceil(top / step - 1e-9) * step
    return Scale(bottom, max(top, bottom + step * 1e-3), step)


def _ends(least: float, most: float) -> tuple[float, float]:
    """How far an axis must reach at least: with room beyond the values, and to zero unless they are all far from it."""
    if least == most:
        return (min(0.0, least * (1 + _HEADROOM)), max(0.0, most * (1 + _HEADROOM))) if least else (0.0, 1.0)
    is_near = (least > 0 and (most - least) < most / 6) or (most < 0 and (most - least) < -least / 6)
    room = (most - least) * _HEADROOM if is_near or least < 0 < most else max(abs(least), abs(most)) * _HEADROOM
    if is_near:
        return least - (most - least) / 2, most + room
    return (least - room if least < 0 else 0.0), (most + room if most > 0 else 0.0)


def _nice_step(span: float, count: int) -> float:
    rough = span / count
    power: float = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else 1e-300
    return next((factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9)), 10 * power)
