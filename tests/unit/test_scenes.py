"""The generator of test questions: answers agree with the pictures, and the scoring counts what it says."""

from __future__ import annotations

import random

import pytest

from inference.types import ImagePart
from tests.helpers.boxes import boxes_in, iou
from tests.helpers.pictures import COLOURS
from tests.helpers.scenes import CROP_SIZE, TASKS, Sample, Task, conversation, is_right, sample, to_pil, with_crop


@pytest.mark.parametrize("task", TASKS)
def test_the_expected_answer_is_right_with_and_without_reasoning(task: Task) -> None:
    for seed in range(20):
        asked = sample(task, random.Random(seed))
        assert is_right(asked, asked.expected_text)
        assert is_right(asked, f"\n<think>{asked.thinking_text}</think>\n{asked.expected_text}")
        assert not is_right(asked, "I do not know.")


@pytest.mark.parametrize("task", TASKS)
def test_the_same_seed_draws_the_same_question(task: Task) -> None:
    assert sample(task, random.Random(5)) == sample(task, random.Random(5))


@pytest.mark.parametrize("size", [None, (640, 360), (150, 133)])
def test_the_boxes_hold_the_colour_that_the_question_names(size: tuple[int, int] | None) -> None:
    for seed in range(40):
        asked = sample("locate", random.Random(seed), size)
        (box,) = asked.expected_boxes
        assert _colour_at_the_middle(asked, box) == asked.thinking_text.removeprefix("I look for the ").split()[0]


def test_pictures_have_the_taught_sizes_unless_one_is_given() -> None:
    for seed in range(20):
        (picture,) = sample("describe", random.Random(seed)).images
        assert picture.width % 28 == 0 and picture.height % 28 == 0
        assert 112 <= picture.width <= 168 and 112 <= picture.height <= 168
    (picture,) = sample("number", random.Random(1), (320, 240)).images
    assert (picture.width, picture.height) == (320, 240)


def test_boxes_of_all_shapes_go_from_left_to_right() -> None:
    for seed in range(40):
        boxes = sample("locate_all", random.Random(seed)).expected_boxes
        middles = [box[0] + box[2] for box in boxes]
        assert middles == sorted(middles)


def test_a_crop_comes_back_as_a_tool_result_with_the_named_shape() -> None:
    asked = sample("tool", random.Random(3))
    second = with_crop(asked)
    call, result = second.messages[-2], second.messages[-1]
    assert call.tool_calls[0].arguments == {"bbox": list(asked.expected_boxes[0])}
    assert result.role == "tool" and result.tool_call_id == call.tool_calls[0].id
    (crop,) = (part for part in result.parts if isinstance(part, ImagePart))
    assert (crop.width, crop.height) == CROP_SIZE
    assert second.expected_text.removesuffix(".").split()[-2:] == asked.question.removesuffix(".").split()[-2:]
    assert second.expected_boxes == ()


def test_a_second_turn_keeps_what_was_answered_before() -> None:
    first, second = conversation(random.Random(4))
    assert second.messages[0] == first.messages[0]
    changed = second.following(first, "Nothing.")
    assert [message.role for message in changed.messages] == ["user", "assistant", "user"]
    assert changed.images == first.images


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3),
        ((0, 0, 0, 0), (0, 0, 10, 10), 0.0),
    ],
)
def test_iou_is_intersection_by_union(a: tuple[int, ...], b: tuple[int, ...], expected: float) -> None:
    assert iou(a, b) == pytest.approx(expected)
    assert iou(b, a) == pytest.approx(expected)


def test_boxes_need_the_right_number_and_half_an_overlap() -> None:
    asked = sample("locate", random.Random(1))
    (box,) = asked.expected_boxes
    far = [min(999, edge + 500) for edge in box[:2]] + [999, 999]
    assert not is_right(asked, f"[[{','.join(map(str, far))}]]")
    assert not is_right(asked, f"{asked.expected_text}{asked.expected_text}")
    assert boxes_in("[[1,2,3,4],[5,6,7,8]] and [9,9]") == ((1, 2, 3, 4), (5, 6, 7, 8))


def _colour_at_the_middle(asked: Sample, box: tuple[int, int, int, int]) -> str:
    image = to_pil(asked.images[0])
    x, y = (int((box[axis] + box[axis + 2]) / 2000 * image.size[axis]) for axis in (0, 1))
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(pixel, COLOURS[name], strict=True)))
