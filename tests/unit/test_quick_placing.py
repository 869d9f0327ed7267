"""Bar and card beside any region of any screen: whole, apart, and over as little of the region as can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.capture.models import Rect
from app.ui.quick.placing import BAR_GAP_PX, CARD_GAP_PX, MARGIN_PX, card_slot, overlap_px, place_bar, place_card

ROOMS = st.builds(Rect, st.just(0), st.just(0), st.integers(800, 3000), st.integers(600, 2000))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Rect, Rect]:
    """A screen and a region of it."""
    room = draw(ROOMS)
    width, height = draw(st.integers(1, room.width)), draw(st.integers(1, room.height))
    return room, Rect(draw(st.integers(0, room.width - width)), draw(st.integers(0, room.height - height)), width, height)


def is_whole(place: Rect, room: Rect) -> bool:
    return (
        room.x <= place.x
        and room.y <= place.y
        and place.x + place.width <= room.x + room.width
        and place.y + place.height <= room.y + room.height
    )


def anywhere(draw: st.DataObject, room: Rect, size: tuple[int, int]) -> Rect:
    x = draw.draw(st.integers(MARGIN_PX, room.width - size[0] - MARGIN_PX))
    y = draw.draw(st.integers(MARGIN_PX, room.height - size[1] - MARGIN_PX))
    return Rect(x, y, *size)


@given(scenes(), st.integers(100, 700), st.integers(60, 500), st.data())
def test_no_other_place_of_the_bar_covers_less_of_the_region(
    scene: tuple[Rect, Rect], width: int, height: int, data: st.DataObject
) -> None:
    room, region = scene
    bar = place_bar(room, region, (width, height))
    assert is_whole(bar, room)
    assert (bar.width, bar.height) == (width, height)
    assert overlap_px(bar, region) <= overlap_px(anywhere(data, room, (width, height)), region)


@given(scenes(), st.integers(100, 700), st.integers(60, 160), st.integers(150, 700), st.integers(80, 500), st.data())
def test_the_card_covers_neither_the_bar_nor_more_of_the_region_than_anywhere_else(
    scene: tuple[Rect, Rect], bar_width: int, bar_height: int, width: int, height: int, data: st.DataObject
) -> None:
    room, region = scene
    bar = place_bar(room, region, (bar_width, bar_height))
    slot = card_slot(room, region, bar, [(width, height)])
    assert is_whole(slot, room)
    other = anywhere(data, room, (width, height))
    assert (overlap_px(slot, bar), overlap_px(slot, region)) <= (overlap_px(other, bar), overlap_px(other, region))


@given(scenes(), st.integers(1, 600), st.integers(1, 600))
def test_a_card_that_grows_stays_whole_and_in_its_column(scene: tuple[Rect, Rect], first: int, second: int) -> None:
    room, region = scene
    bar = place_bar(room, region, (600, 80))
    slot = card_slot(room, region, bar, [(400, 480), (400, 300), (320, 300)])
    small, large = (place_card(slot, region, height) for height in sorted((first, second)))
    assert is_whole(small, slot)
    assert is_whole(large, slot)
    assert (small.x, small.width) == (large.x, large.width)
    assert large.y <= small.y
    assert large.y + large.height >= small.y + small.height


@given(scenes(), st.integers(0, 500), st.integers(0, 400))
def test_what_is_taken_is_not_covered_where_there_is_room(scene: tuple[Rect, Rect], x: int, y: int) -> None:
    room, region = scene
    tools = Rect(x, y, 200, 40)
    assert overlap_px(place_bar(room, region, (400, 80), [tools]), tools) == 0


def test_as_in_the_drawing() -> None:
    """Bar below and card right of the region, flush with it."""
    room, region = Rect(0, 0, 1400, 800), Rect(230, 190, 610, 370)
    bar = place_bar(room, region, (610, 76))
    assert bar == Rect(230, 190 + 370 + BAR_GAP_PX, 610, 76)
    slot = card_slot(room, region, bar, [(400, 480)])
    assert place_card(slot, region, 142) == Rect(230 + 610 + CARD_GAP_PX, 190, 400, 142)


def test_the_card_becomes_smaller_before_it_covers_anything() -> None:
    room, region = Rect(0, 0, 1000, 800), Rect(12, 12, 620, 500)
    bar = place_bar(room, region, (600, 80))
    sizes = [(400, 480), (320, 480), (320, 240)]
    assert card_slot(room, region, bar, sizes) == Rect(620 + 12 + CARD_GAP_PX, 12, 320, 480)
