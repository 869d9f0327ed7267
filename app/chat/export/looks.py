"""Colours of what is exported: those of the window, and those of code."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any, Literal

Theme = Literal["light", "dark"]
_CODE_STYLES: dict[Theme, str] = {"light": "xcode", "dark": "github-dark"}


def color(theme: Theme, name: str) -> str:
    """A colour of tokens.json by its name, as ``#RRGGBB``."""
    return str(_tokens()[theme][name])


def box_colors(theme: Theme) -> list[str]:
    """Those of marked places, for the numbers 1, 2 and so on, then from the beginning."""
    return list(_tokens()["boxes"][theme])


@cache
def code_style(theme: Theme) -> str:
    """CSS for the classes of Pygments, without backgrounds."""
    from pygments.formatters.html import HtmlFormatter

    rules = HtmlFormatter(style=_CODE_STYLES[theme]).get_style_defs("pre.code")
    wanted = [line for line in rules.splitlines() if re.match(r"pre\.code \.\w+ \{", line)]
    return "\n".join(re.sub(r"background-color: [^;}]+;?|border: [^;}]+;?", "", line) for line in wanted)


@cache
def code_colors(kind: Any) -> str | None:
    """The colour, as ``RRGGBB``, of a kind of token of Pygments; None for that of the text around."""
    from pygments.styles import get_style_by_name

    found = get_style_by_name(_CODE_STYLES["light"]).style_for_token(kind)["color"]
    return str(found).upper() if found else None


@cache
def _tokens() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((resources.files("resources") / "themes" / "tokens.json").read_text(encoding="utf-8"))
    return read
