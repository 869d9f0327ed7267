"""Box text in every documented style becomes boxes; anything else is refused whole."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inference.grounding import MAX_BOXES, MAX_TEXT, owner, parse_boxes, parse_json_boxes, to_pixels
from inference.types import Box

BOX = Box(None, 0.1, 0.2, 0.3, 0.4)
OTHER = Box(None, 0.5, 0.6, 0.7, 0.8)


def corners(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


@pytest.mark.parametrize(
    "text",
    [
        "[[100,200,300,400]]",
        "[100,200,300,400]",
        "(100, 200, 300, 400)",
        "((100,200,300,400))",
        "<100,200,300,400>",
        "{100,200,300,400}",
        "<bbox>100,200,300,400</bbox>",
        "<bbox>[100, 200, 300, 400]</bbox>",
        "[(100,200,300,400)]",
        "[<100 200 300 400>]",
        "{[[100.0, 200., 300.00, 400]]}",
        " [ [ 100 , 200 , 300 , 400 ] ] \n",
        "[[[100,200,300,400]]]",
        "[[[100,200],[300,400]]]",
        "[[300,400,100,200]]",
        "[[+100,200,300,400]]",
        "<|begin_of_box|>[[100,200,300,400]]<|end_of_box|>",
        "```json\n[[100,200,300,400]]\n```",
    ],
)
def test_a_box_in_every_bracket_style(text: str) -> None:
    assert parse_boxes(text) == (BOX,)


@pytest.mark.parametrize(
    "text",
    [
        "[[100,200,300,400],[500,600,700,800]]",
        "[[100,200,300,400][500,600,700,800]]",
        "[100,200,300,400],[500,600,700,800]",
        "[100,200,300,400]; (500,600,700,800)",
        "[100,200,300,400]\n[500,600,700,800]",
        "<bbox>100,200,300,400</bbox><bbox>500,600,700,800</bbox>",
        "[<100,200,300,400>, {500,600,700,800}]",
    ],
)
def test_several_boxes_in_order(text: str) -> None:
    assert parse_boxes(text) == (BOX, OTHER)


def test_points_are_boxes_without_area() -> None:
    assert parse_boxes("[[100,200],[300.5,400]]") == (Box(None, 0.1, 0.2, 0.1, 0.2), Box(None, 0.3005, 0.4, 0.3005, 0.4))
    assert parse_boxes("(100,200),(300,400)") == (Box(None, 0.1, 0.2, 0.1, 0.2), Box(None, 0.3, 0.4, 0.3, 0.4))
    assert parse_boxes("[1000,0]") == (Box(None, 1.0, 0.0, 1.0, 0.0),)


@pytest.mark.parametrize("text", ["[[[100,200],[300,200],[200,400]]]", "[[100,200,300,200,200,400]]"])
def test_a_polygon_has_its_corners_and_their_box(text: str) -> None:
    assert parse_boxes(text) == (Box(None, 0.1, 0.2, 0.3, 0.4, polygon=((0.1, 0.2), (0.3, 0.2), (0.2, 0.4))),)


@pytest.mark.parametrize("key", ["bbox_2d", "box_2d", "bbox"])
def test_labelled_json(key: str) -> None:
    text = json.dumps([{"label": "cat", key: [100, 200, 300, 400]}, {key: [500, 600, 700, 800], "label": "狗"}])
    assert parse_boxes(text, ["a"]) == (Box("a", 0.1, 0.2, 0.3, 0.4, "cat"), Box("a", 0.5, 0.6, 0.7, 0.8, "狗"))
    assert parse_boxes(json.dumps({key: [100, 200, 300, 400]})) == (BOX,)


def test_json_points_corners_lists_and_wrappers() -> None:
    assert parse_boxes('{"point_2d": [100, 200], "label": "eye"}') == (Box(None, 0.1, 0.2, 0.1, 0.2, "eye"),)
    assert parse_boxes('{"bbox_2d": [[100, 200], [300, 400]]}') == (BOX,)
    assert parse_boxes('{"bbox_2d": [[100, 200, 300, 400], [500, 600, 700, 800]]}') == (BOX, OTHER)
    assert parse_boxes('{"count": 1, "objects": [{"bbox_2d": [100, 200, 300, 400], "label": null}]}') == (BOX,)


@pytest.mark.parametrize(
    ("image", "image_id"),
    [(2, "2"), ("Image 2", "Image 2"), ("b", "b"), ("report.pdf, page 3", "report.pdf, page 3"), (True, None), ([2], None)],
)
def test_a_box_says_what_the_model_called_its_picture(image: object, image_id: str | None) -> None:
    text = json.dumps({"bbox_2d": [100, 200, 300, 400], "image": image})
    assert [box.image_id for box in parse_boxes(text, ["a", "b"])] == [image_id]


def test_a_single_picture_owns_every_box() -> None:
    assert owner(None, ["a"]) == "a"
    assert owner(None, ["a", "a"]) == "a"
    assert owner(7, ["a"]) == "a"
    assert owner(7, ["a", "b"]) == "7"
    assert owner(None, ["a", "b"]) is None
    assert owner(None, []) is None
    assert len(owner("x" * 9999, ["a", "b"]) or "") == 300


def test_video_tracking_is_keyed_by_second() -> None:
    text = '{"0":[{"label":"car","bbox_2d":[100,200,300,400]}],"1.5":[{"label":"car","bbox_2d":[500,600,700,800]}]}'
    assert parse_boxes(text) == (Box(None, 0.1, 0.2, 0.3, 0.4, "car", 0.0), Box(None, 0.5, 0.6, 0.7, 0.8, "car", 1.5))


def test_actions_of_a_gui_agent() -> None:
    assert parse_boxes("click(start_box='[100,200]')") == (Box(None, 0.1, 0.2, 0.1, 0.2),)
    assert parse_boxes("left_click(start_box='[100,200,300,400]', element_info='Search')") == (BOX,)
    drag = parse_boxes('left_drag(start_box="(100,200)", end_box=[300,400])', ["a"])
    assert drag == (Box("a", 0.1, 0.2, 0.1, 0.2), Box("a", 0.3, 0.4, 0.3, 0.4))


def test_coordinates_a_little_outside_are_clamped() -> None:
    assert parse_boxes("[[-3, 0, 1001, 1050]]") == (Box(None, 0.0, 0.0, 1.0, 1.0),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cat",
        "42",
        "1,2,3,4",
        "[]",
        "[[]]",
        "[[1,2,3]]",
        "[[1,2,3,4,5]]",
        "[1,2,3,4,5,6]",
        "[[1,2,3,4],[1,2,3]]",
        "[[1,2,3,4],5]",
        "[5,[1,2,3,4]]",
        "[[100,200,1920,1080]]",
        "[[-100,0,1,1]]",
        "[[1e3,2,3,4]]",
        "[[1.2.3,2,3,4]]",
        "[[1-2,2,3,4]]",
        "[[NaN,2,3,4]]",
        "[[1,2,3,4]",
        "[1,2,3,4]]",
        "[1,2,3,4)",
        "<bbox>1,2,3,4",
        "[[1,2,3,4]] and more",
        '{"bbox_2d": [1, 2, 3]}',
        '{"bbox_2d": [1, 2, 3, NaN]}',
        '{"bbox_2d": [1, 2, 3, 1e999]}',
        '{"bbox_2d": [1, 2, 3, true]}',
        '{"bbox_2d": [1, 2, 3, "4"]}',
        '{"bbox_2d": null}',
        '{"bbox_2d": {}}',
        '{"bbox_2d": [1, 2, 3, 4]',
        '{"label": "cat"}',
        '{"matrix": [[1, 2, 3, 4]]}',
        '[{"bbox_2d": [1,2,3,4]}, {"bbox_2d": [1,2,3,4000]}]',
        "click(start_box='[1,2,3]')",
        "click(start_box='')",
        "click(start_box=",
    ],
)
def test_what_is_no_box_is_refused_whole(text: str) -> None:
    assert parse_boxes(text) == ()


def test_a_box_in_space_cannot_be_drawn() -> None:
    cube = '{"bbox_3d": [1,2,3,4,5,6,0,0,0], "label": "cube"}'
    assert parse_boxes(f"[{cube}]") == ()
    assert parse_boxes(f'[{cube}, {{"bbox_2d": [1,2,3,4]}}]') == ()


def test_absurd_sizes_are_refused() -> None:
    assert len(parse_boxes("[" + "[1,2,3,4]," * MAX_BOXES + "]")) == MAX_BOXES
    assert parse_boxes("[" + "[1,2,3,4]," * (MAX_BOXES + 1) + "]") == ()
    assert parse_boxes("[[1,2,3,4]]" + " " * MAX_TEXT) == ()
    assert parse_boxes("[[" + "9" * 10_000 + ",2,3,4]]") == ()
    assert parse_json_boxes('{"bbox_2d": [' + "9" * 10_000 + ",2,3,4]}") == ()


@pytest.mark.parametrize(
    "unit", ["[", "(", "<", "<bbox>", '{"a":', '[{"a":', '"', " ", "1 ", "[1,2],", "```", "start_box='[", "\\", "]"]
)
@pytest.mark.parametrize("ending", ["", "x", "]", '"'])
def test_hostile_text_takes_bounded_time(unit: str, ending: str) -> None:
    text = (unit * MAX_TEXT)[: MAX_TEXT - len(ending)] + ending
    started = time.process_time()
    for hostile in (text, "```json\n" + text[:-8], "[" + text[1:], '{"bbox_2d":' + text[11:], "start_box=" + text[10:]):
        parse_boxes(hostile)
    assert time.process_time() - started < 30


FRAGMENTS = [
    "[",
    "]",
    "[[",
    "]]",
    "(",
    ")",
    "<",
    ">",
    "{",
    "}",
    "<bbox>",
    "</bbox>",
    ",",
    " ",
    "\n",
    "1",
    "250",
    "999.5",
    "-3",
    "1e9",
    "NaN",
]
FRAGMENTS += [
    '"bbox_2d":',
    '"label":',
    '"image":',
    '"0":',
    '"bbox_3d":',
    '"point_2d":',
    '"',
    "[1,2,3,4]",
    "[[1,2],[3,4]]",
    "start_box='",
    "'",
    "é",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)))
def test_any_text_gives_sound_boxes_or_none(text: str) -> None:
    for box in parse_boxes(text, ["a", "b"]):
        assert 0 <= box.x0 <= box.x1 <= 1 and 0 <= box.y0 <= box.y1 <= 1
        assert box.image_id is None or len(box.image_id) <= 300
        assert not box.polygon or len(box.polygon) > 2


coordinate = st.integers(0, 1000)
quad = st.tuples(coordinate, coordinate, coordinate, coordinate)
STYLES = [("[", "]"), ("(", ")"), ("<", ">"), ("{", "}"), ("<bbox>", "</bbox>")]


@given(
    st.lists(st.tuples(quad, st.sampled_from(STYLES)), min_size=1, max_size=5),
    st.sampled_from(STYLES),
    st.sampled_from([",", ", ", " "]),
)
def test_any_boxes_in_any_style_are_found(
    boxes: list[tuple[tuple[int, ...], tuple[str, str]]], around: tuple[str, str], comma: str
) -> None:
    inner = [style[0] + comma.join(map(str, quad)) + style[1] for quad, style in boxes]
    found = parse_boxes(around[0] + comma.join(inner) + around[1])
    expected = [(min(x0, x1) / 1000, min(y0, y1) / 1000, max(x0, x1) / 1000, max(y0, y1) / 1000) for (x0, y0, x1, y1), _ in boxes]
    assert [corners(box) for box in found] == expected


@pytest.mark.parametrize(
    ("box", "pixels"),
    [
        (Box(None, 0.1, 0.2, 0.3, 0.4), (64, 96, 192, 192)),
        (Box(None, 0.0, 0.0, 1.0, 1.0), (0, 0, 640, 480)),
        (Box(None, 0.5, 0.5, 0.5, 0.5), (320, 240, 321, 241)),
        (Box(None, 1.0, 1.0, 1.0, 1.0), (639, 479, 640, 480)),
    ],
)
def test_boxes_in_pixels(box: Box, pixels: tuple[int, int, int, int]) -> None:
    assert to_pixels(box, 640, 480) == pixels


fraction = st.floats(0, 1)


@given(fraction, fraction, fraction, fraction, st.integers(1, 10_000), st.integers(1, 10_000))
@example(1.0, 1.0, 1.0, 1.0, 1, 1)
def test_pixels_are_inside_the_picture(a: float, b: float, c: float, d: float, width: int, height: int) -> None:
    x0, y0, x1, y1 = to_pixels(Box(None, min(a, b), min(c, d), max(a, b), max(c, d)), width, height)
    assert 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height


@given(st.integers(1, 1000), st.data())
def test_pixels_survive_the_way_to_thousandths_and_back(width: int, data: st.DataObject) -> None:
    x0 = data.draw(st.integers(0, width - 1))
    x1 = data.draw(st.integers(x0 + 1, width))
    (box,) = parse_boxes(f"[[{round(x0 / width * 1000)},0,{round(x1 / width * 1000)},1000]]")
    assert to_pixels(box, width, 10) == (x0, 0, x1, 10)


def test_a_picture_without_pixels_has_no_place() -> None:
    with pytest.raises(ValueError):
        to_pixels(BOX, 0, 10)
