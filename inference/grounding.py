"""Turns the text of boxes and points into `Box` values, and boxes into pixels.

GLM writes coordinates as ``round(pixel / side * 1000)`` from the top left (GLM-V README), in brackets that vary from answer to
answer: ``[[x1,y1,x2,y2],...]``, ``[...]``, ``(...)``, ``<...>``, ``{...}``, ``<bbox>...</bbox>`` (GLM-V README); as points
``[[x,y],...]``, as polygons, as JSON with ``bbox_2d`` and, for a video, keyed by second (GLM-skills, glmv-grounding); in actions as
``click(start_box='[x,y]')`` (GLM-V GUI agent). The text is untrusted. What is no such list, has values far outside 0..1000, or is
absurdly long is refused as a whole by returning nothing, so that the caller shows it as text: half a list would mislead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inference import markup_json
from inference.types import Box

SCALE = 1000.0
SLACK = 50.0  # rounding and a model's overshoot, clamped; beyond it the numbers are pixels or no coordinates at all
MAX_TEXT = 65_536
MAX_BOXES = 2_000
MAX_DEPTH = 8
NAME_CHARACTERS_MAX = 300
BOX_MARKERS = re.compile(r"<\|(?:begin|end)_of_box\|>")
BOX_KEY = re.compile(r'"(?:bbox_2d|box_2d|bbox|point_2d)"\s*:')

_BOX_KEYS = ("bbox_2d", "box_2d", "bbox")
_FENCE_OPENS = re.compile(r"```(?:json)?\s", re.IGNORECASE)
_NUMBER = r"[+-]?(?:\d{1,6}(?:\.\d{0,20})?|\.\d{1,20})(?![\w.+-])"
_TOKEN = re.compile(rf"[\s,;]*+(?:({_NUMBER})|(<bbox>|[\[({{]|<(?!/))|(</bbox>|[\])}}>]))[\s,;]*+", re.ASCII)
_CLOSES = {"<bbox>": "</bbox>", "[": "]", "(": ")", "{": "}", "<": ">"}
_ACTION = re.compile(r"""\b(?:start|end)_box\s{0,8}=\s{0,8}(?:(['"])([^'"]{1,100})\1|([\[(][^'"\])]{1,100}[\])]))""")
_SECOND = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)

Point = tuple[float, float]


class _Refused(ValueError):
    """The text holds something that is neither a box, a point nor a polygon."""


def parse_boxes(text: str, image_ids: Sequence[str] = ()) -> tuple[Box, ...]:
    """Every box of `text` in any style this module knows; nothing when any part of it cannot be understood.

    `image_ids` are the request's pictures: a single one owns every box. Else a box has what its ``image`` field says.
    """
    if len(text) > MAX_TEXT:
        return ()
    text = BOX_MARKERS.sub("", text).strip()
    if (fence := _FENCE_OPENS.match(text)) and text.endswith("```"):
        text = text[fence.end() : -3]
    if "start_box" in text:
        return parse_action(text, owner(None, image_ids))
    if '"' in text:
        return parse_json_boxes(text, image_ids)
    return parse_bracket_boxes(text, owner(None, image_ids))


def parse_bracket_boxes(text: str, image_id: str | None = None) -> tuple[Box, ...]:
    """Boxes, points and polygons written as numbers in brackets.

    Two numbers are a point, four a box; six or more in a list of lists are a polygon. A list of pairs is a list of points; inside
    a further list it is one shape: two pairs are the corners of a box, more are a polygon.
    """
    if len(text) > MAX_TEXT:
        return ()
    try:
        return _capped(_box(shape, image_id) for shape in _shapes(_read_brackets(text), depth=0))
    except _Refused:
        return ()


def parse_json_boxes(text: str, image_ids: Sequence[str] = ()) -> tuple[Box, ...]:
    """Boxes written as JSON objects with ``bbox_2d``, ``box_2d``, ``bbox`` or ``point_2d``, at any place in the JSON.

    ``label`` and ``image`` (a number from 1, an id or a name) are optional. A key that is a number of seconds times what is below
    it. An object with nothing but ``bbox_3d`` cannot be drawn, which refuses the whole.
    """
    if len(text) > MAX_TEXT:
        return ()
    try:
        return _capped(_labelled(markup_json.loads(text), None, image_ids))
    except ValueError:  # _Refused is one too
        return ()


def parse_action(text: str, image_id: str | None = None) -> tuple[Box, ...]:
    """The places of a GUI agent's action, such as ``left_drag(start_box='[10,20]', end_box='[30,40]')``."""
    if len(text) > MAX_TEXT:
        return ()
    found = [parse_bracket_boxes(match.group(2) or match.group(3), image_id) for match in _ACTION.finditer(text)]
    if not all(found) or len(found) > MAX_BOXES:
        return ()
    return tuple(box for boxes in found for box in boxes)


def owner(explicit: object, image_ids: Sequence[str]) -> str | None:
    """What the picture of a box is called: the only one there is, else the id, name or number that the model wrote, if any."""
    if len(set(image_ids)) == 1:  # a conversation names the same picture again in each turn
        return image_ids[0]
    is_name = isinstance(explicit, str | int) and not isinstance(explicit, bool)
    return str(explicit)[:NAME_CHARACTERS_MAX] if is_name else None


def to_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """`box` as pixel edges ``(x0, y0, x1, y1)`` of a picture, to the nearest; x1 and y1 are exclusive.

    Always inside the picture and at least one pixel wide and high, so that a point can be cut out too. Raises ValueError for a
    picture without pixels.
    """
    if width < 1 or height < 1:
        raise ValueError(f"A picture of {width} x {height} pixels has no place for a box.")
    x0, x1 = _edges(box.x0, box.x1, width)
    y0, y1 = _edges(box.y0, box.y1, height)
    return x0, y0, x1, y1


def _edges(low: float, high: float, side: int) -> tuple[int, int]:
    first = min(max(round(low * side), 0), side - 1)
    return first, min(max(round(high * side), first + 1), side)


def _read_brackets(text: str) -> list[Any]:
    """`text` as nested lists of numbers, whatever the brackets. Raises _Refused."""
    root: list[Any] = []
    stack = [root]
    closers: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _Refused
        position = token.end()
        number, opener, closer = token.groups()
        if number:
            stack[-1].append(float(number))
        elif opener:
            if len(closers) == MAX_DEPTH:
                raise _Refused
            closers.append(_CLOSES[opener])
            stack[-1].append([])
            stack.append(stack[-1][-1])
        elif not closers or closers.pop() != closer:
            raise _Refused
        else:
            stack.pop()
    if closers or not all(isinstance(item, list) for item in root):
        raise _Refused
    return root


def _shapes(value: Any, depth: int) -> Iterator[tuple[Point, ...]]:
    """The shapes in nested lists: one corner is a point, two are a box, more a polygon. `depth` counts the lists around."""
    if not isinstance(value, list) or not value or depth > MAX_DEPTH:
        raise _Refused
    if _are_numbers(value):
        if len(value) % 2 or (len(value) > 4 and depth < 2):
            raise _Refused
        fractions = [_fraction(coordinate) for coordinate in value]
        yield tuple(zip(fractions[::2], fractions[1::2], strict=True))
    elif depth > 1 and all(isinstance(item, list) and len(item) == 2 and _are_numbers(item) for item in value):
        yield tuple((_fraction(x), _fraction(y)) for x, y in value)
    else:
        for item in value:
            yield from _shapes(item, depth + 1)


def _are_numbers(values: list[Any]) -> bool:
    return all(type(value) in (float, int) for value in values)


def _fraction(coordinate: float) -> float:
    if not -SLACK <= coordinate <= SCALE + SLACK:
        raise _Refused
    return min(max(coordinate / SCALE, 0.0), 1.0)


def _box(shape: tuple[Point, ...], image_id: str | None, label: str | None = None, time_s: float | None = None) -> Box:
    xs, ys = [x for x, _ in shape], [y for _, y in shape]
    polygon = shape if len(shape) > 2 else ()
    return Box(image_id, min(xs), min(ys), max(xs), max(ys), label, time_s, polygon)


def _labelled(value: Any, time_s: float | None, image_ids: Sequence[str]) -> Iterator[Box]:
    """The boxes of a JSON value, in reading order; its nesting is bounded by `markup_json`."""
    if isinstance(value, list):
        for item in value:
            yield from _labelled(item, time_s, image_ids)
    elif isinstance(value, dict):
        if shapes := tuple(_shapes_of_object(value)):
            image_id, label = owner(value.get("image"), image_ids), _label(value)
            yield from (_box(shape, image_id, label, time_s) for shape in shapes)
        elif "bbox_3d" in value:
            raise _Refused
        else:
            for key, item in value.items():
                yield from _labelled(item, float(key) if _SECOND.fullmatch(key) else time_s, image_ids)


def _shapes_of_object(value: Mapping[str, Any]) -> Iterator[tuple[Point, ...]]:
    for key in _BOX_KEYS:
        if key in value:
            # Two pairs under a box's key are its corners, hence the depth at which `_shapes` takes them so.
            yield from _shapes(value[key], depth=2)
            return
    if "point_2d" in value:
        yield from _shapes(value["point_2d"], depth=0)


def _label(value: Mapping[str, Any]) -> str | None:
    label = value.get("label")
    return None if label is None or isinstance(label, list | dict) else str(label)


def _capped(boxes: Iterator[Box]) -> tuple[Box, ...]:
    found: list[Box] = []
    for box in boxes:
        if len(found) == MAX_BOXES:
            raise _Refused
        found.append(box)
    return tuple(found)
