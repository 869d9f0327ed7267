"""Reading text with its inheritance: run, paragraph, shape, layout's placeholder, master's placeholder, master, presentation.

ECMA-376 part 1, 21.1.2. A paragraph's look comes from a chain of `a:pPr`-like elements, the most specific first; a run's from its
own `a:rPr` and then the `a:defRPr` of that chain.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.oxml import parse_xml

from ingest.slides.body_style import first_child, first_of, first_typeface, read_body_style, read_paragraph_style
from ingest.slides.canvas import BLACK, Colour
from ingest.slides.context import Context
from ingest.slides.numbering import numbered
from ingest.slides.symbols import is_symbol_font
from ingest.slides.text import (
    LINE_BREAK,
    Body,
    Bullet,
    Paragraph,
    Run,
    TextStyle,
)
from ingest.slides.xml import (
    NAMESPACES,
    Element,
    child,
    children,
    elements,
    flag,
    fraction,
    integer,
    local_name,
    qualified,
)

_PARAGRAPHS_MAX = 5_000
_LEVELS = 9
_SIZE_MAX_PT = 4000.0
_DOT = "•"


@dataclass(frozen=True, slots=True)
class TextSources:
    """Where text takes its looks from when it does not say.

    Attributes:
        lists: `a:lstStyle`-like elements, most specific first; the context's defaults follow them.
        bodies: `a:bodyPr` elements of the placeholders above, most specific first.
    """

    lists: tuple[Element, ...] = ()
    bodies: tuple[Element, ...] = ()


def read_body(element: Element | None, context: Context, sources: TextSources | None = None) -> Body:
    """The text of a `p:txBody` or `a:txBody` with all its looks."""
    if element is None:
        return Body()
    sources = sources or TextSources()
    own = child(element, "a:lstStyle")
    lists = (*([own] if own is not None else []), *sources.lists)
    reader = _Reader(context, lists)
    paragraphs = [
        paragraph for paragraph, _ in zip(map(reader.paragraph, children(element, "a:p")), range(_PARAGRAPHS_MAX), strict=False)
    ]
    body = child(element, "a:bodyPr")
    return Body(tuple(paragraphs), read_body_style([*([body] if body is not None else []), *sources.bodies]))


def list_style(colour: Element | None = None, typeface: str = "", bold: bool | None = None, italic: bool | None = None) -> Element:
    """A list style that says only this, for `TextSources.lists`: what a shape's or a table's style says of text.

    `colour` is an element that contains one, such as `a:fontRef` or `a:tcTxStyle`.
    """
    root = parse_xml(f'<a:lstStyle xmlns:a="{NAMESPACES["a"]}"><a:defPPr><a:defRPr/></a:defPPr></a:lstStyle>')
    properties = root[0][0]
    for name, value in (("b", bold), ("i", italic)):
        if value is not None:
            properties.set(name, str(int(value)))
    own = next(iter(elements(colour)), None)
    if own is not None:
        fill = properties.makeelement(qualified("a:solidFill"))
        fill.append(copy.deepcopy(own))
        properties.append(fill)
    if typeface:
        properties.append(properties.makeelement(qualified("a:latin"), {"typeface": typeface}))
    return root


class _Reader:
    """Reads the paragraphs of one body, in order: numbers count."""

    def __init__(self, context: Context, lists: Sequence[Element]) -> None:
        self._context, self._lists = context, lists
        self._counts: dict[int, tuple[str, int]] = {}
        self._chains: dict[int, list[Element]] = {}

    def paragraph(self, element: Element) -> Paragraph:
        own = child(element, "a:pPr")
        level = max(0, min(integer(own, "lvl"), _LEVELS - 1))
        chain = [*([own] if own is not None else []), *self._chain(level)]
        defaults = [item for item in (child(above, "a:defRPr") for above in chain if above is not own) if item is not None]
        runs = tuple(self._runs(element, defaults))
        end = child(element, "a:endParaRPr")
        end_style = self._text_style([*([end] if end is not None else []), *defaults])
        bullet = self._bullet(chain, level, runs[0].style if runs else end_style) if any(run.text for run in runs) else None
        return Paragraph(runs, read_paragraph_style(chain), end_style, bullet)

    def _chain(self, level: int) -> list[Element]:
        """The paragraph properties of a level in all the lists."""
        if level not in self._chains:
            found = []
            for styles in (*self._lists, *self._context.defaults):
                found += [item for item in (child(styles, f"a:lvl{level + 1}pPr"), child(styles, "a:defPPr")) if item is not None]
            self._chains[level] = found
        return self._chains[level]

    def _runs(self, element: Element, defaults: list[Element]) -> Iterator[Run]:
        for item in elements(element):
            kind = local_name(item)
            if kind in ("r", "fld", "br"):
                own = child(item, "a:rPr")
                style = self._text_style([*([own] if own is not None else []), *defaults])
                text = LINE_BREAK if kind == "br" else _text_of(item)
                if kind == "fld" and (item.get("type") or "").startswith("slidenum"):
                    text = str(self._context.number)
                if text:
                    link = self._link(own)
                    yield Run(text, self._as_link(style, own) if link else style, link)
            elif kind in ("AlternateContent", "m", "oMath", "oMathPara"):
                text = "".join(part.text or "" for part in item.iter() if local_name(part) == "t")
                if text:
                    yield Run(text, self._text_style(defaults))

    def _link(self, own: Element | None) -> str:
        click = child(own, "a:hlinkClick")
        if click is None:
            return ""
        target = click.get(qualified("r:id"))
        return self._context.address(target) or (
            self._context.slide_link(target) if "hlinksldjump" in (click.get("action") or "") else ""
        )

    def _as_link(self, style: TextStyle, own: Element | None) -> TextStyle:
        click = child(own, "a:hlinkClick")
        keeps = any(
            item.get("val") == "tx" for item in (click.iter() if click is not None else ()) if local_name(item) == "hlinkClr"
        )
        return replace(style, underline=True, colour=style.colour if keeps else self._context.palette.role("hlink"))

    def _text_style(self, chain: Sequence[Element]) -> TextStyle:
        def first(name: str) -> Element | None:
            return next((item for item in chain if item.get(name) is not None), None)

        def text(name: str) -> str:
            found = first(name)
            return "" if found is None else str(found.get(name))

        theme, palette = self._context.theme, self._context.palette
        caps = text("cap")
        return TextStyle(
            family=theme.family(first_typeface(chain, "a:latin")) or theme.family("+mn-lt"),
            size=max(1.0, min(integer(first("sz"), "sz", 1800) / 100, _SIZE_MAX_PT)),
            bold=flag(first("b"), "b"),
            italic=flag(first("i"), "i"),
            colour=self._colour(chain),
            east_asian=theme.family(first_typeface(chain, "a:ea")),
            symbol=theme.family(first_typeface(chain, "a:sym")),
            underline=text("u") not in ("", "none"),
            strike=text("strike") not in ("", "noStrike"),
            spacing=max(-50.0, min(integer(first("spc"), "spc") / 100, 500.0)),
            raised=max(-1.0, min(fraction(first("baseline"), "baseline"), 1.0)),
            caps=caps if caps in ("all", "small") else "",
            highlight=palette.inside(first_child(chain, "a:highlight")),
        )

    def _colour(self, chain: Sequence[Element]) -> Colour:
        palette = self._context.palette
        for item in chain:
            for fill in elements(item):
                kind = local_name(fill)
                if kind == "solidFill":
                    return palette.inside(fill) or BLACK
                if kind == "gradFill":  # one colour has to do for letters
                    return palette.inside(child(fill, "a:gsLst", "a:gs")) or BLACK
                if kind == "noFill":
                    return Colour(0.0, 0.0, 0.0, 0.0)
                if kind in ("blipFill", "pattFill"):
                    return palette.inside(child(fill, "a:fgClr")) or BLACK
        return palette.role("tx1")

    def _bullet(self, chain: Sequence[Element], level: int, style: TextStyle) -> Bullet | None:
        kind = first_of(chain, ("buNone", "buChar", "buAutoNum", "buBlip"))
        name = local_name(kind) if kind is not None else "buNone"
        self._counts = {other: count for other, count in self._counts.items() if other <= level}
        if name != "buAutoNum":
            self._counts.pop(level, None)
        if kind is None or name == "buNone":
            return None
        font = first_of(chain, ("buFont", "buFontTx"))
        family = self._context.theme.family(font.get("typeface")) if font is not None and local_name(font) == "buFont" else ""
        if name == "buAutoNum":
            text = self._number(kind, level)
        else:
            text = str(kind.get("char") or _DOT) if name == "buChar" else _DOT
        size = first_of(chain, ("buSzPct", "buSzPts", "buSzTx"))
        points_size = style.size
        if size is not None and local_name(size) == "buSzPct":
            points_size *= max(0.25, min(fraction(size, "val", 1.0), 4.0))
        elif size is not None and local_name(size) == "buSzPts":
            points_size = max(1.0, integer(size, "val", 1800) / 100)
        colour = first_of(chain, ("buClr", "buClrTx"))
        own_colour = self._context.palette.inside(colour) if colour is not None and local_name(colour) == "buClr" else None
        is_number = name == "buAutoNum"
        return Bullet(
            text,
            replace(
                style,
                family=family or style.family,
                symbol=family if is_symbol_font(family) else "",
                east_asian="" if family else style.east_asian,
                size=points_size,
                colour=own_colour or style.colour,
                bold=style.bold and is_number,
                italic=style.italic and is_number,
                **_PLAIN,
            ),
            is_number,
        )

    def _number(self, kind: Element, level: int) -> str:
        scheme, start = str(kind.get("type") or "arabicPeriod"), integer(kind, "startAt", 1)
        key = f"{scheme} {start}"
        before = self._counts.get(level)
        number = before[1] + 1 if before is not None and before[0] == key else start
        self._counts[level] = key, number
        return numbered(scheme, number)


_PLAIN: dict[str, Any] = {"underline": False, "strike": False, "raised": 0.0, "caps": "", "highlight": None, "spacing": 0.0}
"""What a bullet does not take from its text."""


def _text_of(item: Element) -> str:
    text = "".join(part.text or "" for part in children(item, "a:t"))
    return text.replace("_x000D_", "").replace("\r", "").replace("\n", " ").replace("_x000B_", LINE_BREAK)
