"""Which paragraphs of a Word document are headings, and what stands before items of lists (ECMA-376 part 1, 17.7 and 17.9)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from ingest.text.word_runs import attribute, child, local_name

_LEVELS = 9
_HEADING = re.compile(r"(?:heading|titre|überschrift|标题)\s*([1-9])", re.IGNORECASE)
_BASED_ON_MAX = 20
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


class Styles:
    """The paragraph styles."""

    def __init__(self, root: Any | None) -> None:
        found = [each for each in root if local_name(each) == "style"] if root is not None else []
        self._styles = {attribute(style, "styleId"): style for style in found}

    def heading_level(self, paragraph: Any, style: str) -> int:
        """1 to 9, or 0 for what is no heading."""
        if own := attribute(child(paragraph, "pPr", "outlineLvl"), "val"):
            return _level(own)
        for each in self._chain(style):
            name = attribute(child(each, "name"), "val")
            if match := _HEADING.fullmatch(name):
                return int(match[1])
            if name.lower() == "title":
                return 1
            if outline := attribute(child(each, "pPr", "outlineLvl"), "val"):
                return _level(outline)
        return 0

    def numbering(self, style: str) -> Any | None:
        """The list that a style belongs to."""
        return next((found for each in self._chain(style) if (found := child(each, "pPr", "numPr")) is not None), None)

    def _chain(self, style: str) -> list[Any]:
        chain: list[Any] = []
        while (found := self._styles.get(style)) is not None and len(chain) < _BASED_ON_MAX:
            chain.append(found)
            style = attribute(child(found, "basedOn"), "val")
        return chain


class Numbering:
    """Counts the items of lists."""

    def __init__(self, root: Any | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _LEVELS)
        for element in root if root is not None else ():
            if local_name(element) == "abstractNum":
                levels = [each for each in element if local_name(each) == "lvl"]
                self._levels[attribute(element, "abstractNumId")] = {
                    _number(attribute(each, "ilvl")): _definition(each) for each in levels
                }
            elif local_name(element) == "num":
                self._abstract[attribute(element, "numId")] = attribute(child(element, "abstractNumId"), "val")

    def mark(self, numbering: Any | None) -> str:
        """What stands before an item, indented by its level; empty for what is none."""
        list_id = attribute(child(numbering, "numId"), "val")
        abstract = self._abstract.get(list_id)
        if abstract is None or list_id == "0":
            return ""
        level = min(_number(attribute(child(numbering, "ilvl"), "val")), _LEVELS - 1)
        levels, counts = self._levels.get(abstract, {}), self._counts[list_id]
        kind, pattern, start = levels.get(level, ("bullet", "", 1))
        counts[level] = counts[level] + 1 if counts[level] else start
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        indent = "  " * level
        if kind == "bullet":
            return f"{indent}- "
        if kind == "none" or not pattern:
            return indent

        def shown(match: re.Match[str]) -> str:
            above = int(match[1]) - 1
            kind_above, _, start_above = levels.get(above, ("decimal", "", 1))
            return _as_written(counts[above] or start_above, kind_above)

        return f"{indent}{re.sub('%([1-9])', shown, pattern)} "


def _definition(level: Any) -> tuple[str, str, int]:
    kind = attribute(child(level, "numFmt"), "val") or "decimal"
    return kind, attribute(child(level, "lvlText"), "val"), _number(attribute(child(level, "start"), "val") or "1")


def _as_written(number: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * min(9, (number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        return roman.upper() if kind == "upperRoman" else roman
    return str(number)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _level(outline: str) -> int:
    level = _number(outline) + 1
    return level if level <= _LEVELS else 0
