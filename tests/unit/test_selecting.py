"""Whatever mouse and keys do, a region lies within one screen's picture; and each does what it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.capture.framing import Field, Grip, Target
from app.capture.models import Rect
from app.capture.selecting import Phase, Selecting

EDITOR = Target(Rect(100, 80, 400, 300), "Editor")
BEHIND = Target(Rect(50, 60, 600, 400), "Behind")
FIELDS = (Field(800, 600, 1.0, (EDITOR, BEHIND)), Field(2560, 1440, 2.0, (Target(Rect(0, 0, 500, 500), "Second"),)))

places = st.floats(-50, 3000)
steps = st.integers(-3000, 3000)
inputs = st.one_of(
    st.tuples(st.sampled_from(["point_at", "press"]), st.integers(0, 1), places, places),
    st.tuples(st.sampled_from(["release", "abandon", "take", "take_last", "choose_again"])),
    st.tuples(st.sampled_from(["nudge", "resize"]), steps, steps),
    st.tuples(st.just("step"), st.sampled_from([1, -1])),
)


def at(x: float, y: float, screen: int = 0, fields: tuple[Field, ...] = FIELDS, last: tuple[int, Rect] | None = None) -> Selecting:
    selecting = Selecting(fields, last)
    selecting.point_at(screen, x, y)
    return selecting


def drag(selecting: Selecting, x: float, y: float) -> bool:
    selecting.press(selecting.screen, *selecting.point)
    selecting.point_at(selecting.screen, x, y)
    return selecting.release()


@given(st.lists(inputs, max_size=30))
def test_a_region_lies_within_its_screen_whatever_is_done(events: list[tuple[object, ...]]) -> None:
    selecting = Selecting(FIELDS, (1, Rect(2500, 1400, 900, 900)))
    for name, *arguments in events:
        before = (selecting.phase, selecting.screen)
        method: Callable[..., object] = getattr(selecting, str(name))
        method(*arguments)
        region = selecting.region
        if region is not None:
            assert 0 <= region.x < region.x + region.width <= selecting.field.width
            assert 0 <= region.y < region.y + region.height <= selecting.field.height
        assert region is not None or selecting.phase in (Phase.POINTING, Phase.DRAGGING)
        if before[0] is Phase.TAKEN and name != "choose_again":
            assert selecting.screen == before[1]


def test_a_drag_takes_what_is_between_both_ends_whichever_way_it_goes() -> None:
    for x0, y0, x1, y1 in ((120, 90, 320, 240), (320, 240, 120, 90), (120, 240, 320, 90)):
        selecting = at(x0, y0)
        assert drag(selecting, x1, y1)
        assert (selecting.region, selecting.title) == (Rect(120, 90, 200, 150), "")


def test_the_last_place_a_pointer_reaches_is_the_end_of_the_picture() -> None:
    for screen, last in ((0, (799, 599)), (1, (2558, 1438))):
        selecting = at(0, 0, screen)
        assert drag(selecting, *last)
        assert selecting.region == FIELDS[screen].whole


def test_a_click_takes_the_topmost_window_and_beside_all_windows_the_screen() -> None:
    for place, region, title in (
        ((150, 100), EDITOR.rect, "Editor"), ((60, 70), BEHIND.rect, "Behind"), ((700, 500), Rect(0, 0, 800, 600), ""),
    ):  # fmt: skip
        selecting = at(*place)
        hovered = selecting.hovered.rect if selecting.hovered else None
        assert hovered == (region if title else None)
        assert drag(selecting, place[0] + 2, place[1] - 2)  # a hand is not quite still
        assert (selecting.region, selecting.title) == (region, title)


def test_arrows_move_by_a_pixel_and_shift_moves_the_far_corner() -> None:
    selecting = at(150, 100)
    assert selecting.nudge(1, 0)  # the window that was outlined
    assert selecting.resize(0, -1)
    assert selecting.region == Rect(101, 80, 400, 299)
    assert selecting.take()
    assert (selecting.phase, selecting.title) == (Phase.TAKEN, "")
    assert selecting.nudge(-1, 2)
    assert selecting.region == Rect(100, 82, 400, 299)


def test_arrows_refine_a_drag_that_goes_on() -> None:
    selecting = at(200, 200)
    selecting.press(0, *selecting.point)
    selecting.point_at(0, 300, 300)
    selecting.nudge(1, 1)
    selecting.resize(0, 5)
    selecting.point_at(0, 310, 300)
    assert selecting.release()
    assert selecting.region == Rect(201, 201, 110, 105)


def test_enter_takes_the_screen_where_the_pointer_is_else_what_is_framed() -> None:
    selecting = at(150, 100, 1)
    assert selecting.take()
    assert selecting.region == FIELDS[1].whole
    assert not selecting.take()


def test_tab_goes_through_the_windows_of_all_screens() -> None:
    selecting = at(700, 500)
    titles = []
    for _ in range(4):
        assert selecting.step(1)
        titles.append((selecting.screen, selecting.title))
    assert titles == [(0, "Editor"), (0, "Behind"), (1, "Second"), (0, "Editor")]
    assert selecting.step(-1)
    assert selecting.title == "Second"
    assert selecting.abandon()
    assert (selecting.phase, selecting.region) == (Phase.POINTING, None)
    assert not Selecting((Field(10, 10, 1.0),)).step(1)


@pytest.mark.parametrize(
    ("last", "region"),
    [
        ((1, Rect(10, 20, 30, 40)), Rect(10, 20, 30, 40)),
        ((1, Rect(2500, 1400, 900, 900)), Rect(2500, 1400, 60, 40)),  # the screen has become smaller
        ((1, Rect(3000, 0, 10, 10)), None),
        (None, None),
    ],
)
def test_space_takes_the_same_region_again_if_it_is_there(last: tuple[int, Rect] | None, region: Rect | None) -> None:
    selecting = at(5, 5, last=last)
    assert selecting.take_last() == (region is not None)
    assert selecting.region == region
    assert selecting.screen == (1 if region else 0)


@pytest.mark.parametrize(
    ("grip", "start", "region"),
    [
        (Grip.INSIDE, (300, 200), Rect(110, 105, 200, 100)),
        (Grip.LEFT, (100, 150), Rect(110, 100, 190, 100)),
        (Grip.BOTTOM_RIGHT, (300, 200), Rect(100, 100, 210, 105)),
        (Grip.TOP_RIGHT, (301, 99), Rect(100, 105, 210, 95)),
        (Grip.TOP, (200, 98), Rect(100, 105, 200, 95)),
    ],
)
def test_a_taken_region_is_moved_inside_and_sized_at_its_edges(grip: Grip, start: tuple[int, int], region: Rect) -> None:
    selecting = at(100, 100)
    drag(selecting, 300, 200)
    selecting.point_at(0, *((200, 150) if grip is Grip.INSIDE else start))
    assert selecting.grip is grip
    x, y = selecting.point
    assert drag(selecting, x + 10, y + 5)
    assert selecting.region == region


def test_a_click_leaves_a_taken_region_alone_and_a_drag_beside_it_makes_another() -> None:
    selecting = at(100, 100)
    drag(selecting, 300, 200)
    selecting.point_at(0, 600, 500)
    assert not drag(selecting, 601, 500)
    assert selecting.region == Rect(100, 100, 200, 100)
    assert not selecting.point_at(1, 5, 5)
    selecting.point_at(0, 600, 500)
    assert drag(selecting, 650, 550)
    assert selecting.region == Rect(600, 500, 50, 50)


def test_a_drag_that_is_given_up_leaves_what_was_before() -> None:
    selecting = at(100, 100)
    drag(selecting, 300, 200)
    selecting.point_at(0, 300, 200)
    selecting.press(0, *selecting.point)
    selecting.point_at(0, 400, 400)
    assert selecting.abandon()
    assert (selecting.region, selecting.phase) == (Rect(100, 100, 200, 100), Phase.TAKEN)
    assert not selecting.release()
