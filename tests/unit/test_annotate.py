"""What is drawn on saved and exported pictures: each place seen for itself, and no number hides it."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from app.chat.annotate import draw_references
from app.chat.answer import Reference
from app.ui.theme import load_theme
from inference.types import Box

GREY = (128, 128, 128)
COLORS = [tuple(int(name[at : at + 2], 16) for at in (1, 3, 5)) for name in load_theme("light").boxes]


def place(number: int, *edges: float, polygon: tuple[tuple[float, float], ...] = ()) -> Reference:
    return Reference(number, Box("1", *edges, polygon=polygon), "1")


def drawn(*references: Reference, size: tuple[int, int] = (400, 300)) -> Image.Image:
    return draw_references(Image.new("RGB", size, GREY), references)


def changed(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The smallest area around all that was drawn."""
    return ImageChops.difference(image, Image.new("RGB", image.size, GREY)).getbbox()


def pixels_of(image: Image.Image, color: tuple[int, ...]) -> int:
    return sum(count for count, found in image.getcolors(image.width * image.height) or () if found == color)


def test_a_box_has_its_line_its_shade_and_its_number_above_it() -> None:
    image = drawn(place(1, 0.25, 0.5, 0.75, 0.9))
    assert image.getpixel((100, 150)) == image.getpixel((299, 269)) == COLORS[0]
    assert image.getpixel((200, 200)) not in (GREY, COLORS[0])  # shaded
    assert changed(image) == (100, 150 - 16, 300, 270)


def test_a_polygon_is_no_box() -> None:
    image = drawn(place(1, 0.25, 0.5, 0.75, 0.9, polygon=((0.25, 0.5), (0.75, 0.5), (0.75, 0.9))))
    assert image.getpixel((250, 200)) != GREY, "inside"
    assert image.getpixel((120, 250)) == GREY, "in the box, not in the shape"


@pytest.mark.parametrize("at", [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0)])
def test_a_point_can_be_seen(at: tuple[float, float]) -> None:
    image = drawn(place(1, *at, *at))
    x, y = round(at[0] * 399), round(at[1] * 299)
    near = image.crop((x - 12, y - 12, x + 12, y + 12))
    assert pixels_of(near, COLORS[0]) >= 40


@pytest.mark.parametrize("edges", [(0.3, 0.0, 0.33, 0.05), (0.0, 0.02, 0.05, 0.06), (0.97, 0.0, 1.0, 0.04)])
def test_a_small_box_at_the_edge_is_not_under_its_number(edges: tuple[float, float, float, float]) -> None:
    image = drawn(place(1, *edges))
    left, top, right, bottom = (round(edge * side) for edge, side in zip(edges, (400, 300, 400, 300), strict=True))
    middle = image.getpixel(((left + right) // 2, (top + bottom) // 2))
    assert middle not in (GREY, COLORS[0], (255, 255, 255)), "shaded, as inside a box"


def test_numbers_of_places_with_the_same_corner_stand_beside_each_other() -> None:
    one, both = drawn(place(1, 0.2, 0.5, 0.8, 0.9)), drawn(place(1, 0.2, 0.5, 0.8, 0.9), place(2, 0.2, 0.5, 0.5, 0.7))
    tag = (80, 134, 80 + 16, 150)
    assert ImageChops.difference(one.crop(tag), both.crop(tag)).getbbox() is None
    assert pixels_of(both.crop((96, 134, 112, 150)), COLORS[1]) > 100


def test_no_line_goes_through_a_number() -> None:
    alone, crossed = drawn(place(1, 0.25, 0.5, 0.75, 0.9)), drawn(place(1, 0.25, 0.5, 0.75, 0.9), place(2, 0.1, 0.1, 0.9, 0.47))
    tag = (103, 136, 113, 148)  # without its round corners
    assert ImageChops.difference(alone.crop(tag), crossed.crop(tag)).getbbox() is None


def test_tags_stay_inside_a_picture_that_is_hardly_larger() -> None:
    image = drawn(*(place(number, 0.9, 0.9, 1.0, 1.0) for number in range(1, 13)), size=(30, 20))
    assert image.size == (30, 20)
