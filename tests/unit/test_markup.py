"""Model output becomes events: each documented format, and what looks like one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inference.events import BoxFound, Event, ImageRef, ReasoningDelta, TextDelta, ToolCall, ToolCallDelta
from inference.markup import MAX_TOOL_CALL, MarkupParser, visible_text
from inference.types import Box, ToolUse
from tests.helpers.markup import parse

PICTURES = ("cat.png", "dog.png", "page three")
BOX_TEXT = "[[100,200,300,400]]"
LABELLED = '{"label": "cat", "bbox_2d": [100, 200, 300, 400]}'


def box_in(image_id: str | None, label: str | None = None) -> Box:
    return Box(image_id, 0.1, 0.2, 0.3, 0.4, label)


def text(shown: str, raw: str | None = None) -> TextDelta:
    return TextDelta(shown, shown if raw is None else raw)


# --- Reasoning ---


def test_reasoning_is_apart_from_the_answer() -> None:
    assert parse("\n<think>Hm.\nA cat.</think>\nIt is a cat.") == [
        ReasoningDelta("Hm.\nA cat.", "\n<think>Hm.\nA cat.</think>\n"),
        text("It is a cat."),
    ]


def test_empty_reasoning_shows_nothing() -> None:
    assert parse("<think></think>\n\nYes") == [ReasoningDelta("", "<think></think>\n"), text("\nYes")]


def test_reasoning_that_began_in_the_prompt() -> None:
    expected = [ReasoningDelta("Hm.", "Hm.</think>\n"), text("是。")]
    assert parse("Hm.</think>\n是。", starts_in_reasoning=True) == expected
    assert parse("<think>Hm", starts_in_reasoning=True) == [ReasoningDelta("Hm", "<think>Hm")]


def test_unfinished_reasoning_stays_reasoning() -> None:
    assert parse("<think>Hm </thin") == [ReasoningDelta("Hm </thin", "<think>Hm </thin")]


def test_markers_in_reasoning_are_neither_shown_nor_followed() -> None:
    events = parse(f"<think>I see <|begin_of_box|>{BOX_TEXT}<|end_of_box|> {BOX_TEXT} ```</think>ok {BOX_TEXT}")
    assert events[0] == ReasoningDelta(f"I see {BOX_TEXT} {BOX_TEXT} ```", events[0].raw)  # type: ignore[union-attr]
    assert events[1:] == [text("ok "), BoxFound(box_in("a"), BOX_TEXT)]


def test_a_stray_closing_tag_is_not_shown() -> None:
    assert visible_text(parse("Yes</think>\nNo")) == "YesNo"


# --- Boxes ---


def test_a_box_between_its_tokens() -> None:
    raw = f"<|begin_of_box|>{BOX_TEXT}<|end_of_box|>"
    events = parse(f"The red circle is here: {raw}.")
    assert events == [text("The red circle is here: "), BoxFound(box_in("a"), raw), text(".")]
    assert visible_text(events) == f"The red circle is here: {BOX_TEXT}."


@pytest.mark.parametrize(
    "content",
    [
        "[100,200,300,400]",
        "(100,200,300,400)",
        "<100,200,300,400>",
        "{100,200,300,400}",
        "<bbox>100,200,300,400</bbox>",
        "[<bbox>100, 200, 300, 400</bbox>]",
        " \n[[100.0, 200, 300, 400]]\n ",
        '[{"bbox_2d": [100, 200, 300, 400]}]',
        '{"box_2d": [100, 200, 300, 400]}',
    ],
)
def test_every_bracket_style_between_box_tokens(content: str) -> None:
    raw = f"<|begin_of_box|>{content}<|end_of_box|>"
    assert parse(f"位置：{raw}。") == [text("位置："), BoxFound(box_in("a"), raw), text("。")]


def test_the_first_of_several_boxes_has_the_whole_raw_text() -> None:
    raw = "<|begin_of_box|>[[100,200,300,400],[100,200,300,400]]<|end_of_box|>"
    assert parse(raw) == [BoxFound(box_in("a"), raw), BoxFound(box_in("a"), "")]


def test_points_and_actions_between_box_tokens() -> None:
    point = Box("a", 0.1, 0.2, 0.1, 0.2)
    for content in ("[[100,200]]", "click(start_box='[100,200]')", "start_box='[100,200]'"):
        raw = f"<|begin_of_box|>{content}<|end_of_box|>"
        assert parse(raw) == [BoxFound(point, raw)]


@pytest.mark.parametrize(
    "content", ["42", "A red square.", "[1,2,3]", "(see below)", "{x | x > 2}", "", "<b>", "wait(5)", "[[1,2,3,4000]]"]
)
def test_other_content_of_a_box_is_text(content: str) -> None:
    raw = f"<|begin_of_box|>{content}<|end_of_box|>"
    assert parse(f"So: {raw}!") == [text(f"So: {content}!", f"So: {raw}!")]


def test_boxes_among_other_content_of_a_box_are_found() -> None:
    events = parse(f"<|begin_of_box|>{BOX_TEXT} and\n```json\n[{LABELLED}]\n```<|end_of_box|>")
    assert [event.box for event in events if isinstance(event, BoxFound)] == [box_in("a"), box_in("a", "cat")]
    assert visible_text(events) == f"{BOX_TEXT} and\n```json\n[{LABELLED}]\n```"


def test_an_unfinished_box_shows_without_its_token() -> None:
    assert parse("At <|begin_of_box|>[[100,200,") == [text("At [[100,200,", "At <|begin_of_box|>[[100,200,")]
    assert parse(f"<|begin_of_box|>{BOX_TEXT}") == [text("", "<|begin_of_box|>"), BoxFound(box_in("a"), BOX_TEXT)]
    assert parse("At <|begin_of") == [text("At <|begin_of")]


def test_bare_boxes() -> None:
    two = "[ [100, 200, 300, 400],\n[100, 200, 300, 400] ]"
    assert parse(f"红色圆形在{two}。") == [text("红色圆形在"), BoxFound(box_in("a"), two), BoxFound(box_in("a"), ""), text("。")]
    assert parse("<bbox>[100,200,300,400]</bbox>") == [BoxFound(box_in("a"), "<bbox>[100,200,300,400]</bbox>")]


@pytest.mark.parametrize(
    "prose",
    [
        "The list [1,2,3,4] is sorted.",
        "The matrix [[1,2],[3,4]] and [[1,0,0,0],[0,1,0,0]].",
        "See [[wiki link]] and [[1,2,3]].",
        "Sizes [[100,200,1920,1080]].",
        "Open [[1,2,3,4]",
        "(100,200,300,400) <100,200,300,400> {100,200,300,400}",
        "f(a[[1, b]])",
    ],
)
def test_other_brackets_in_prose_are_text(prose: str) -> None:
    assert parse(prose) == [text(prose)]


def test_json_boxes_bare_and_fenced() -> None:
    for raw in (
        LABELLED,
        f"[{LABELLED}]",
        f"```json\n[\n  {LABELLED}\n]\n```",
        f"```\n{LABELLED}\n```",
        f"```JSON\r\n[{LABELLED}]```",
    ):
        assert parse(f"Here: {raw}\nThere.") == [text("Here: "), BoxFound(box_in("a", "cat"), raw), text("\nThere.")]
    assert visible_text(parse(f"Here: {LABELLED}.")) == f"Here: {LABELLED}."


def test_tracked_video_has_times() -> None:
    events = parse(f'{{"0":[{LABELLED}],"1":[{LABELLED}]}}')
    assert [event.box.time_s for event in events if isinstance(event, BoxFound)] == [0.0, 1.0]


@pytest.mark.parametrize(
    "prose",
    [
        '{"total": 12.5, "items": ["tea"]}',
        '```json\n{"total": 12.5}\n```\nDone.',
        '[{"bbox_3d": [1,2,3,4,5,6,0,0,0], "label": "cube"}]',
        '{"label": "cat", "bbox_2d": [100, 200',
        '{"label": "cat", "bbox_2d": [100, 200, 3000, 400]}',
        "f = {x for x in y} or {}",
        'He said {"hello there"} twice.',
        f"```python\nboxes = {BOX_TEXT}\n```",
        f"```python\n{LABELLED}\n```",
        f"```json\n{LABELLED}\n{LABELLED}\n```",
        f"Write `{BOX_TEXT}` or ``{LABELLED}``.",
        f"```\nopen {BOX_TEXT}",
        "`<think>` and `<tool_call>` and `![x](a)`",
    ],
)
def test_other_json_and_code_are_text(prose: str) -> None:
    assert parse(prose) == [text(prose)]


@pytest.mark.parametrize(
    "code", ["`x`", "``a`b``", "```py\nx\n```\n", "```py\n`\n``` \n", "````\n```\n````\n", "```x```", "an ` alone\n", "` `` `"]
)
def test_code_ends(code: str) -> None:
    assert parse(f"{code} {BOX_TEXT}")[1:] == [BoxFound(box_in("a"), BOX_TEXT)]


@pytest.mark.parametrize("code", ["`x", "``x`", "```\nx\n``\n", "```\nx\n``` y\n", "```\nx ```\n", "````\n```\n", "```py\n\n"])
def test_code_goes_on(code: str) -> None:
    assert parse(f"{code} {BOX_TEXT}") == [text(f"{code} {BOX_TEXT}")]


def test_box_tokens_count_in_code_too() -> None:
    raw = f"<|begin_of_box|>{BOX_TEXT}<|end_of_box|>"
    assert parse(f"`{raw}` {BOX_TEXT}") == [
        text("`"),
        BoxFound(box_in("a"), raw),
        text("` "),
        BoxFound(box_in("a"), BOX_TEXT),
    ]


# --- The picture of a box ---


def test_a_box_may_name_its_own_picture() -> None:
    raw = '[{"bbox_2d": [100,200,300,400], "image": 3}, {"bbox_2d": [100,200,300,400]}]'
    boxes = [event.box for event in parse(f"Image 2: {raw}", pictures=PICTURES) if isinstance(event, BoxFound)]
    assert boxes == [box_in("3"), box_in(None)]


def test_a_single_picture_has_every_box_and_no_picture_none() -> None:
    assert parse(f"Image 7 {BOX_TEXT}", pictures=["a", "a"])[-1] == BoxFound(box_in("a"), BOX_TEXT)
    assert parse(f"Image 1 {BOX_TEXT}", pictures=[])[-1] == BoxFound(box_in(None), BOX_TEXT)


# --- References ---


@pytest.mark.parametrize("kind", ["image", "table"])
@pytest.mark.parametrize("bang", ["!", ""])
def test_references_as_in_the_guide(kind: str, bang: str) -> None:
    raw = f'{bang}<{kind}_ref>[2, {BOX_TEXT}, "图 \\"A\\", [left]"]</{kind}_ref>'
    events = parse(f"See {raw}.", pictures=PICTURES)
    assert events == [text("See "), ImageRef("2", (box_in("2"),), '图 "A", [left]', raw, kind), text(".")]  # type: ignore[arg-type]
    assert visible_text(events) == f"See {raw}."


@pytest.mark.parametrize(
    ("content", "target", "boxes", "caption"),
    [
        ("[7, [[100,200,300,400]], “chart”]", "7", (box_in("7"),), "chart"),
        ('["dog.png", [100,200,300,400]]', "dog.png", (box_in("dog.png"),), ""),
        ('[1, [], "all of it"]', "1", (), "all of it"),
        ("[1, a chart]", "1", (), "a chart"),
        ("[1]", "1", (), ""),
        ("[0]", "0", (), ""),
        ("[Image 2]", "Image 2", (), ""),
        ("[图 2, [[100,200,300,400]]]", "图 2", (box_in("图 2"),), ""),
        ('[report.pdf, page 3, [[100,200,300,400]], "c"]', "report.pdf, page 3", (box_in("report.pdf, page 3"),), "c"),
        ("['report.pdf, page 3', \"c\"]", "report.pdf, page 3", (), "c"),
        ("[clip.mp4 00:12.5, “c”]", "clip.mp4 00:12.5", (), "c"),
        ("[x, [[100,200,300,400]]]", "x", (box_in("x"),), ""),
    ],
)
def test_references_in_other_ways(content: str, target: str, boxes: tuple[Box, ...], caption: str) -> None:
    raw = f"!<image_ref>{content}</image_ref>"
    assert parse(raw, pictures=PICTURES) == [ImageRef(target, boxes, caption, raw)]


@pytest.mark.parametrize(
    "content",
    ["", "2", "[]", "[, [[1,2,3,4]]]", '["", 1]', "[1, [[1,2,3]]]", "[1, [[1,2,3,4]]", "[1]\n", "[1]</table_ref>", "[1]<b>"],
)
def test_malformed_references_are_text(content: str) -> None:
    raw = f"!<image_ref>{content}</image_ref>"
    assert visible_text(parse(raw, pictures=PICTURES)) == raw
    assert not any(isinstance(event, ImageRef) for event in parse(raw, pictures=PICTURES))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("dog.png", "dog.png"),
        ("page three", "page three"),
        ("Image 2", "Image 2"),
        ("图片1", "图片1"),
        ("2", "2"),
        ("report.pdf, page 3", "report.pdf, page 3"),
        ("<clip (1).mp4 00:12.5>", "clip (1).mp4 00:12.5"),
        ('dog.png "a dog"', "dog.png"),
    ],
)
def test_markdown_pictures_are_references(target: str, expected: str) -> None:
    raw = f"![the caption]({target})"
    assert parse(f"{raw}!", pictures=PICTURES) == [ImageRef(expected, (), "the caption", raw), text("!")]


@pytest.mark.parametrize(
    "target",
    ["https://example.org/x.png", "data:image/png;base64,AA", "//x.org/a.png", "img/cat.png", "C:\\cat.png", "#top", "", " "],
)
def test_markdown_pictures_at_an_address_are_text(target: str) -> None:
    raw = f"![x]({target})"
    assert parse(raw, pictures=PICTURES) == [text(raw)]


def test_answer_tags_are_dropped() -> None:
    raw = f"<answer><|begin_of_box|>{BOX_TEXT}<|end_of_box|></answer>"
    assert visible_text(parse(raw)) == BOX_TEXT


# --- Tool calls ---


def tool(*calls: ToolUse, raws: Sequence[str]) -> list[Event]:
    pairs = enumerate(zip(calls, raws, strict=True))
    return [event for index, (call, raw) in pairs for event in (ToolCallDelta(index, raw), ToolCall(call, ""))]


def test_a_tool_call_of_the_template() -> None:
    raw = (
        "<tool_call>crop\n<arg_key>bbox</arg_key>\n<arg_value>[1,2,3,4]</arg_value>\n"
        "<arg_key>name</arg_key>\n<arg_value>红 <b>\n</arg_value>\n</tool_call>"
    )
    call = ToolUse("call_0", "crop", {"bbox": [1, 2, 3, 4], "name": "红 <b>\n"})
    assert parse(f"Wait.\n{raw}\n") == [text("Wait.\n"), *tool(call, raws=[raw]), text("\n")]
    assert visible_text(parse(f"Wait.{raw}")) == "Wait."


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "zoom", "arguments": {"x": 1}}',
        '\n{"name": "zoom", "arguments": "{\\"x\\": 1}"}\n',
        "zoom<arg_key>x</arg_key><arg_value>1</arg_value>",
        "\nzoom\n<arg_key> x </arg_key>\n\n<arg_value> 1 </arg_value>",
    ],
)
def test_tool_calls_in_other_ways(body: str) -> None:
    raw = f"<tool_call>{body}</tool_call>"
    assert parse(raw) == tool(ToolUse("call_0", "zoom", {"x": 1}), raws=[raw])


def test_several_tool_calls_are_numbered() -> None:
    raw = "<tool_call>list\n</tool_call>"
    calls = [ToolUse("call_0", "list", {}), ToolUse("call_1", "list", {})]
    assert parse(raw, raw) == tool(*calls, raws=[raw, raw])


@pytest.mark.parametrize("value", ["NaN", "[" * 100 + "]" * 100, "1" * 5000, "{'a': 1}", ""])
def test_an_argument_that_is_no_json_is_a_string(value: str) -> None:
    raw = f"<tool_call>f\n<arg_key>k</arg_key>\n<arg_value>{value}</arg_value>\n</tool_call>"
    assert parse(raw) == tool(ToolUse("call_0", "f", {"k": value}), raws=[raw])


@pytest.mark.parametrize(
    "raw",
    [
        "<tool_call>crop\n<arg_key>bbox</arg_key>\n</tool_call>",
        "<tool_call>crop\n<arg_key>bbox</arg_key>\n<arg_value>1",
        "<tool_call>crop\n<arg_key>a</arg_key>\n<arg_value>1</arg_value> and more</tool_call>",
        '<tool_call>{"name": 5}</tool_call>',
        '<tool_call>{"name": "f", "arguments": [1]}</tool_call>',
        '<tool_call>{"name": "f", "arguments"',
        '<tool_call>{"a" "b"}</tool_call>',
    ],
)
def test_a_malformed_or_unfinished_tool_call_shows(raw: str) -> None:
    assert parse(f"So {raw}") == [text("So "), ToolCallDelta(0, raw), TextDelta(raw, "")]


@pytest.mark.parametrize(
    "prose",
    ["the <tool_call> tag", "<tool_call>", "<tool_call>crop the picture", "<tool_call>crop\n<arg", "<tool_call></tool_call>"],
)
def test_talk_of_tool_calls_is_text(prose: str) -> None:
    assert parse(prose) == [text(prose)]


def test_a_tool_call_streams() -> None:
    parser = MarkupParser([])
    assert parser.feed("<tool_call>write\n<arg_key>") == [ToolCallDelta(0, "<tool_call>write\n<arg_key>")]
    assert parser.feed("html</arg_key><arg_value><p>") == [ToolCallDelta(0, "html</arg_key><arg_value><p>")]
    assert parser.feed("x</to") == [ToolCallDelta(0, "x")]


def test_an_endless_tool_call_is_given_up() -> None:
    start = "<tool_call>f\n<arg_key>k</arg_key><arg_value>"
    endless = start + "x" * MAX_TOOL_CALL
    events = parse(endless + BOX_TEXT)
    assert [type(event) for event in events] == [ToolCallDelta, TextDelta, BoxFound]
    assert parse(*(endless[i : i + 1000] for i in range(0, len(endless), 1000)), BOX_TEXT) == events
