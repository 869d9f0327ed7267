"""Model output in pieces: what must hold for any output however it is split, and how long it may take."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.events import BoxFound, ImageRef, ReasoningDelta, TextDelta, ToolCall
from inference.markup import MAX_TOOL_CALL, MarkupParser, visible_text
from inference.markup_scan import HOLD_LIMIT
from tests.helpers.markup import parse


def fed(*pieces: str) -> list[str]:
    """The text shown after each piece."""
    parser = MarkupParser(("a",))
    return [visible_text(parser.feed(piece)) for piece in pieces]


def test_plain_text_is_shown_at_once() -> None:
    assert fed("Hello", " 世界", ", 3 > 2.") == ["Hello", " 世界", ", 3 > 2."]
    assert fed(*"Hi there") == list("Hi there")


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (("a <", "b", "r"), ("a ", "", "<br")),
        (("a <", "c"), ("a ", "<c")),
        (("<th", "e"), ("", "<the")),
        (("<|begin_of_b", "o", "y"), ("", "", "<|begin_of_boy")),
        (("<|begin_of_box|>", "4", "2"), ("", "4", "2")),
        (("<|begin_of_box|>", "[", "w"), ("", "", "[w")),
        (("x[", "1"), ("x", "[1")),
        (("x[[1", ",", "a"), ("x", "", "[[1,a")),
        (("{", '"a"', ": 1, ", "who"), ("", "", "", '{"a": 1, who')),
        (("{", "a"), ("", "{a")),
        (("Oh!", " "), ("Oh", "! ")),
        (("![a", "](b", ")"), ("", "", "![a](b)")),
        (("`", "a"), ("", "`a")),
        (("```", "p"), ("", "```p")),
        (("```json\n", "1"), ("", "```json\n1")),
        (("`a", "[[", "<"), ("`a", "[[", "")),
        (("a\n", "b"), ("a", "\nb")),
        (("\n<", "t", "o", "p"), ("", "", "\n", "<top")),
        (("[[1", "]] "), ("", "[[1]] ")),
    ],
)
def test_text_is_held_back_only_while_it_may_become_a_marker(pieces: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert tuple(fed(*pieces)) == shown


def test_reasoning_is_shown_at_once() -> None:
    parser = MarkupParser([], starts_in_reasoning=True)
    assert parser.feed("Hm [[1, `x` ![") == [ReasoningDelta("Hm [[1, `x` ![", "Hm [[1, `x` ![")]


@pytest.mark.parametrize(
    "start",
    ["[[", '{"bbox_2d": [', '```json\n[{"bbox_2d": [1,', "<|begin_of_box|>[[", "![", "!<image_ref>", "<bbox>", "<tool_call>"],
)
@pytest.mark.parametrize("filler", ["1, ", " ", "1\n"])
def test_what_is_held_back_is_bounded(start: str, filler: str) -> None:
    parser = MarkupParser(("a",))
    parser.feed(start)
    arrived = len(start)
    while parser.feed(filler * 100) == []:
        arrived += len(filler) * 100
        assert arrived <= HOLD_LIMIT + 400


def test_json_without_boxes_is_not_held_back_for_long() -> None:
    assert fed("```json\n", '{"shop": "Tea", "items": [' + '{"name": "tea", "price": 12.50}, ' * 10)[1] != ""


WELL_FORMED = [
    "\n<think>Image 1.</think>\n",
    "<|begin_of_box|>[[1,2,3,4],[5,6,7,8]]<|end_of_box|>",
    "<|begin_of_box|>(1,2),(3,4)<|end_of_box|>",
    '<|begin_of_box|>{"label": "a\\"b", "bbox_2d": [1,2,3,4], "image": 2}<|end_of_box|>',
    "<|begin_of_box|>42<|end_of_box|>",
    "<|begin_of_box|><bbox>1,2,3,4</bbox><|end_of_box|>",
    "<|begin_of_box|>click(start_box='[1,2]', x='y')<|end_of_box|>",
    "[[1,2,3,4], [5,6,7,8]]",
    "[ [1.5,2,3,4] ]",
    "[" + " " * 64 + "[1,2,3,4]]",
    "Image 12: [[1,2,3,4]]",
    "在第2张图1 [[1,2,3,4]]",
    "<bbox>[1,2,3,4]</bbox>",
    "<bbox>" + "1," * 1000 + "</bbox>",
    '[{"label": "a", "bbox_2d": [1,2,3,4]}, {"point_2d": [1,2]}]',
    '{"a": "' + "x" * 300 + '", "bbox_2d": [1,2,3,4]}',
    '```json\n[{"bbox_2d": [1,2,3,4]}]\n```',
    '```json  \n \n  {"bbox_2d": [1,2,3,4]}\n```',
    '```\n{"0": [{"bbox_2d": [1,2,3,4], "label": "a`b"}]}```',
    "```py\n[[1,2,3,4]]\n```\n",
    "````\n```\n[[1,2,3,4]]\n````\n",
    "`a [[1,2,3,4]]`",
    "``a`[[1,2,3,4]]``",
    '!<image_ref>[1, [[1,2,3,4]], "c"]</image_ref>',
    "<table_ref>[2]</table_ref>",
    "![cap tion](Image 1)",
    "![](b)",
    "![a](<b (1), page 2>)",
    "![x](https://y)",
    "![" + "a" * 500 + "](a)",
    "<tool_call>crop\n<arg_key>b</arg_key>\n<arg_value>[1,2]</arg_value>\n</tool_call>",
    "<tool_call>\nf\n</tool_call>",
    '<tool_call>{"name": "f", "arguments": {"a": "</b>"}}</tool_call>',
    "<answer>yes</answer>",
    "Hello 是\r\n",
]
TOKENS = sorted({token for whole in WELL_FORMED for token in re.findall(r"</?\w+>|<\|\w+\|>|\w+|\W", whole)})
noise = st.one_of(st.text(max_size=5), st.text('[]{}<>`!|()"\\/ \n,1ajt', max_size=8))
piece = st.one_of(st.sampled_from(TOKENS), noise)


@st.composite
def nearly_well_formed(draw: st.DrawFn) -> str:
    whole = draw(st.sampled_from(WELL_FORMED))
    if draw(st.booleans()):
        return whole
    start = draw(st.integers(0, len(whole)))
    return whole[:start] + draw(piece) + whole[start + draw(st.integers(0, 3)) :]


output = st.lists(st.one_of(nearly_well_formed(), nearly_well_formed(), piece), max_size=15).map("".join)


@st.composite
def split_output(draw: st.DrawFn) -> list[str]:
    whole = draw(output)
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    return [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


@given(split_output(), st.booleans(), st.sampled_from([(), ("a",), ("a", "b")]))
def test_events_do_not_depend_on_how_the_output_was_split(pieces: list[str], reasoning: bool, pictures: tuple[str, ...]) -> None:
    whole = "".join(pieces)
    events = parse(whole, pictures=pictures, starts_in_reasoning=reasoning)
    assert parse(*pieces, pictures=pictures, starts_in_reasoning=reasoning) == events
    assert parse(*whole, pictures=pictures, starts_in_reasoning=reasoning) == events


@given(st.lists(st.sampled_from([*WELL_FORMED, "Hello", "[[", '{"', "(", "`", "```", "\n"])).map("".join))
def test_box_tokens_never_show(whole: str) -> None:
    shown = visible_text(event for event in parse(whole) if not isinstance(event, TextDelta) or event.raw)
    assert "<|begin_of_box|>" not in shown and "<|end_of_box|>" not in shown


@given(split_output())
def test_only_text_that_may_become_a_marker_is_ever_held_back(pieces: list[str]) -> None:
    """Whatever was fed, a line of letters after a line break and a space gets out: nothing waits for more than that."""
    parser = MarkupParser(("a",))
    raw = "".join(event.raw for piece in [*pieces, "\n\n(see below.\n ok"] for event in parser.feed(piece))  # type: ignore[union-attr]
    assert raw == "".join(pieces) + "\n\n(see below.\n ok"


@pytest.mark.parametrize(
    ("start", "filler", "end", "limit"),
    [
        ("[", " ", "[1,2,3,4]]", 64),
        ("{", " ", '"bbox_2d": [1,2,3,4]}', 64),
        ("```json\n", " ", '{"bbox_2d": [1,2,3,4]}\n```', 64),
        ("<|begin_of_box|>", "\n", "[1,2,3,4]<|end_of_box|>", 64),
        ('{"a": "', "x", '", "bbox_2d": [1,2,3,4]}', 256),
        ('{"bbox_2d": [1,2,3,4], "a": "', "\\\\", '"}', 256),
        ('```json\n[{"a": "', "x", '", "bbox_2d": [1,2,3,4]}]\n```', 256),
        ("<|begin_of_box|>[1,2,3,4]", " ", "<|end_of_box|>", 256),
        ("![", "x", "](a)", 500),
        ("![](<", "x", ">)", 300),
        ("<bbox>1,2,3,4", " ", "</bbox>", 2_000),
        ("[[1,2,3,4]", " ", "]", HOLD_LIMIT),
        ('```\n{"bbox_2d": [1,2,3,4], "a": "', "x", '"}\n```', HOLD_LIMIT),
        ("<|begin_of_box|>[1,2,3,4]", " ", "<|end_of_box|>", HOLD_LIMIT),
        ("<tool_call>f<arg_key>k</arg_key><arg_value>", "x", "</arg_value></tool_call>", MAX_TOOL_CALL),
    ],
)
def test_limits_do_not_depend_on_how_the_output_was_split(start: str, filler: str, end: str, limit: int) -> None:
    outcomes = set()
    for length in range(max(0, limit - 80), limit + 6, 7 if limit == MAX_TOOL_CALL else 1):
        whole = start + filler * (length // len(filler)) + end + "."
        events = parse(whole)
        outcomes.add(any(isinstance(event, BoxFound | ImageRef | ToolCall) for event in events))
        cut = len(start) + limit - 30
        assert parse(whole[:cut], *whole[cut:]) == events
        if limit < 1000:
            assert parse(*whole) == events
    assert True in outcomes and (False in outcomes or limit == 256)  # a box before that limit keeps the hope up


HOSTILE = [
    *("[", "<", "`", "{", "[[", "<think>", "<|begin_of_box|>", "<tool_call>", "!<image_ref>[", "```json\n["),
    *(
        "!",
        "\n",
        "[ ",
        '{"',
        "` ",
        "``` ",
        "\\",
        "<t",
        "</",
        "<|",
        "![",
        "Image 1 ",
        '[{"bbox":"',
        "</think>",
        "<answer>",
        "<bbox>1 ",
    ),
    *("<|begin_of_box|>[", "<tool_call>f<arg_key>", "[[1,2,3,4],", "[[1,2,3,4]] ", "![" + "a" * 490, "!<image_ref>" + "a" * 1900),
    *(
        "[[" + " " * 100,
        "<|begin_of_box|>f(start_box=",
        "[[" + "1," * 20_000,
        '{"bbox":[' + "1," * 20_000,
        "<|begin_of_box|>" + "[1]," * 10_000,
    ),
]


def hostile(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.mark.parametrize("unit", HOSTILE[:10])
def test_a_megabyte_of_hostile_output_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    parse(hostile(unit, 1_000_000), pictures=("a", "b"))
    assert time.process_time() - started < 60  # about one on a quiet computer; quadratic would be minutes


@pytest.mark.parametrize("unit", HOSTILE, ids=lambda unit: unit[:30])
def test_hostile_output_in_small_pieces_takes_linear_time(unit: str) -> None:
    whole = hostile(unit, 100_000)
    started = time.process_time()
    parse(*(whole[start : start + 5] for start in range(0, len(whole), 5)), pictures=("a", "b"))
    assert time.process_time() - started < 60
