"""Drawings in SVG, drawn by resvg.

resvg, not PyMuPDF: of style sheets, gradients, clipping, masks, filters and markers PyMuPDF 1.28 draws none, resvg 0.48 all.
It runs no scripts and opens no network connections, but it does open files that a drawing names. So the drawing is parsed here
first, under libxml2's limits of depth and entities, and every reference that leads out of it is taken out.
Formats: SVG 1.1 and 2; CSS Values 4 for units.
"""

from __future__ import annotations

import contextlib
import functools
import io
import math
import re
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import resvg_py
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image, ImageFont

from ingest import limits
from ingest.documents import Source
from ingest.errors import Damaged, TooLarge
from ingest.pillow import decoding
from ingest.types import Contents, Note, PageInfo, PageText, Pixels

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_PX_PER_UNIT = {
    **{"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6},
    **{"em": 16.0, "rem": 16.0, "ex": 8.0},
}
_PT_PER_PX = 0.75
_SIDE_MAX_PT = 14_400.0
"""200 inches, as in PDF; a drawing has no size of its own, so a larger one is only described smaller."""
_HTML = f"{_SVG}foreignObject"
_HTML_BLOCKS = ("br", "div", "p", "li", "tr", "h1", "h2", "h3")
_STACK_BYTES = 256 << 20
_LABEL_PX = 16
_LABEL_STYLE = "fill:#222;stroke:none;font-family:sans-serif"
_SANS_FILES = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf", "NotoSans-Regular.ttf", "FreeSans.ttf", "OpenSans-Regular.ttf")
_MONOSPACE_FILES = ("LiberationMono-Regular.ttf", "DejaVuSansMono.ttf", "NotoSansMono-Regular.ttf", "FreeMono.ttf")


class Drawing:
    """One SVG file, a document of one page.

    Attributes:
        contents: what opening told.
    """

    def __init__(self, source: Source) -> None:
        if source.size_bytes > limits.TEXT_BYTES_MAX:
            raise TooLarge(f"{source.name} is larger than {limits.TEXT_BYTES_MAX >> 20} MB, too large for a drawing.")
        self._name = source.name
        drawing = _parse(source)
        title = " ".join((drawing.findtext(f"{_SVG}title") or "").split())
        self._text = _read_text(drawing)
        warnings = _close_in(drawing) + _spell_out_html(drawing)
        width_px, height_px = _size_px(drawing)
        self._frame = _framed(drawing, width_px, height_px)
        scale = min(_PT_PER_PX, _SIDE_MAX_PT / max(width_px, height_px))
        self._info = PageInfo(0, "picture", max(1.0, width_px * scale), max(1.0, height_px * scale), is_vector=True)
        self.contents = Contents(
            "picture", 1, title=title, warnings=tuple(warnings), renderer=f"resvg {resvg_py.__resvg_version__}"
        )

    def page(self, index: int) -> PageInfo:
        return self._info

    def text(self, index: int) -> PageText:
        return self._text

    def render(self, index: int, width: int, height: int) -> Pixels:
        self._frame.set("width", str(width))
        self._frame.set("height", str(height))
        drawing = etree.tostring(self._frame, encoding="unicode")
        has_text = not self._text.scanned  # looking for the system's fonts takes 115 ms
        sans, monospace = _fonts() if has_text else (None, None)
        draw = functools.partial(
            resvg_py.svg_to_bytes,
            drawing,
            background="#fff",
            skip_system_fonts=not has_text,
            sans_serif_family=sans,
            serif_family=sans,
            monospace_family=monospace,
        )
        try:
            png = _deep(draw)
        except BaseException as error:
            is_panic = type(error).__name__ == "PanicException"  # Rust's panics are no Exception
            if not isinstance(error, ValueError) and not is_panic:
                raise
            raise Damaged(f"{self._name} is damaged: it cannot be drawn ({error}).") from error
        with decoding(self._name):
            image = Image.open(io.BytesIO(png), formats=("PNG",)).convert("RGB")
            assert image.size == (width, height)
            return Pixels(width, height, image.tobytes())

    def close(self) -> None:
        """Nothing is open."""


def _parse(source: Source) -> Any:
    """The root. Raises Damaged."""
    data = source.read()
    # Illustrator declares entities, so they are resolved, under libxml2's limits. Those forbid embedded pictures above 10 MB too.
    has_entities = re.search(rb"E\0?N\0?T\0?I\0?T\0?Y", data) is not None
    parser = etree.XMLParser(
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=not has_entities,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Damaged(f"{source.name} is damaged: it is not proper XML ({error}).") from error
    if root.tag != f"{_SVG}svg":
        raise Damaged(f"{source.name} is damaged: it begins like an SVG drawing and is none.")
    return root


def _close_in(root: Any) -> list[str]:
    """Take out what leads out of the drawing; returns warnings."""
    left_out = 0
    for element in root.iter(etree.Element):
        for href in _HREFS:
            target = element.get(href)
            if target is not None and not target.strip().startswith(("#", "data:")) and element.tag != f"{_SVG}a":
                del element.attrib[href]
                left_out += 1
    return [f"{left_out} pictures or parts are in other files and not shown."] if left_out else []


def _read_text(root: Any) -> PageText:
    lines = [_line(element) for element in root.iter(f"{_SVG}text")]
    lines += [line for element in root.iter(_HTML) for line in _html_lines(element)]
    notes = [Note("alt_text", _line(element)) for element in root.iter(f"{_SVG}title", f"{_SVG}desc")]
    said = [line for line in lines if line]
    text = "\n".join([*said, *(note.text for note in notes)])
    return PageText(text[: limits.PAGE_CHARACTERS_MAX], notes=tuple(notes[: limits.PAGE_WORDS_MAX]), scanned=not said)


def _line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _html_lines(element: Any) -> list[str]:
    """What HTML inside a drawing says, each block a line."""
    pieces: list[str] = []
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if etree.QName(part).localname in _HTML_BLOCKS:
            pieces.append("\n")
        pieces.append((part.text if event == "start" else part.tail if part is not element else "") or "")
    return [" ".join(line.split()) for line in "".join(pieces).split("\n") if line.strip()]


def _spell_out_html(root: Any) -> list[str]:
    """Labels in HTML, as Mermaid makes them, become plain text in the middle of their place; returns warnings."""
    spelled = 0
    for element in list(root.iter(_HTML)):
        parent, lines = element.getparent(), _html_lines(element)
        if parent is None or parent.tag == f"{_SVG}switch" or not lines:  # a switch has something else for us
            continue
        x, y, width, height = (_length_px(element.get(side)) or 0.0 for side in ("x", "y", "width", "height"))
        label = etree.Element(f"{_SVG}text", {"font-size": f"{_LABEL_PX}", "text-anchor": "middle", "style": _LABEL_STYLE})
        label.set("transform", element.get("transform", ""))
        top = y + height / 2 - (len(lines) - 1) * _LABEL_PX * 0.6
        for number, line in enumerate(lines):
            place = {"x": f"{x + width / 2:g}", "y": f"{top + number * _LABEL_PX * 1.2 + _LABEL_PX * 0.35:g}"}
            etree.SubElement(label, f"{_SVG}tspan", place).text = line
        label.tail = element.tail
        parent.replace(element, label)
        spelled += 1
    return ["Labels in HTML are drawn as plain text."] if spelled else []


def _length_px(text: str | None) -> float | None:
    """A length, None when it has none or is a share of something."""
    match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?)\s*([a-zA-Z]*)\s*", text or "")
    if match is None or match[2].lower() not in _PX_PER_UNIT:
        return None
    return float(match[1]) * _PX_PER_UNIT[match[2].lower()]


def _size_px(root: Any) -> tuple[float, float]:
    """As a browser shows it: the size it asks for, else that of its coordinates, else 300 x 150 (CSS 2.1 section 10.3.2)."""
    width, height = _length_px(root.get("width")), _length_px(root.get("height"))
    box = [float(number) for number in re.findall(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?", root.get("viewBox", ""))]
    across, down = box[2:] if len(box) == 4 and min(box[2:]) > 0 else (300.0, 150.0)
    if not width and not height:
        width, height = across, down
    width = width or (height or 0.0) * across / down
    height = height or width * down / across
    if not 0 < min(width, height) <= max(width, height) < math.inf:
        return 300.0, 150.0
    return width, height


def _framed(drawing: Any, width_px: float, height_px: float) -> Any:
    """The drawing in a frame that can be stretched to any size, whatever its own rules of scaling."""
    drawing.set("width", f"{width_px:g}")
    drawing.set("height", f"{height_px:g}")
    frame = etree.Element(f"{_SVG}svg", viewBox=f"0 0 {width_px:g} {height_px:g}", preserveAspectRatio="none")
    frame.append(drawing)
    return frame


def _deep(draw: Callable[[], bytes]) -> bytes:
    """Call with a large stack: resvg takes 33 KB of it for each level of a drawing, of which it allows 1,024."""
    usual = threading.stack_size(_STACK_BYTES)
    try:
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(draw).result()
    finally:
        threading.stack_size(usual)


@functools.cache
def _fonts() -> tuple[str | None, str | None]:
    """Families for sans-serif and monospace. None for resvg's own: Arial and Courier New, as on Windows and macOS.

    The first also stands in for families that are missing, mostly Arial and Helvetica, by being the one for serif: without it
    resvg leaves their text out.
    """
    if not sys.platform.startswith("linux"):
        return None, None
    sans = _installed(_SANS_FILES)
    return sans, _installed(_MONOSPACE_FILES) or sans


def _installed(files: Iterable[str]) -> str | None:
    """The family in the first font file that is there; Pillow looks where the system keeps fonts."""
    for file in files:
        with contextlib.suppress(OSError):
            return str(ImageFont.truetype(file).getname()[0])
    return None
