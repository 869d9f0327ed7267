"""Parts of real pictures, pages and frames come from the original pixels; kept pictures are opened when they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.chat.pictures import CROP_PX_MIN, Crop, KeptPicture, Place, SourceInfo, find_picture, is_vector, place_of, within
from ingest import limits
from ingest.attachment import Attachment, open_attachment
from ingest.errors import NoSuchPage
from ingest.isolate import Readers
from ingest.types import Area, Pixels
from tests.helpers.documents import CIRCLE_PT, PAGE_PT, make_pdf, make_video
from tests.helpers.stills import Still

SIZE = (1000, 700)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1)
    yield readers
    readers.close()


@pytest.fixture(scope="module")
def noise() -> Image.Image:
    return Image.effect_noise(SIZE, 90).convert("RGB")


@pytest.fixture(scope="module")
def photo(readers: Readers, noise: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    path = tmp_path_factory.mktemp("pictures") / "photo.png"
    noise.save(path)
    return open_attachment(path, readers=readers)


@pytest.fixture(scope="module")
def report(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    return open_attachment(make_pdf(tmp_path_factory.mktemp("pictures") / "report.pdf"), readers=readers)


@pytest.fixture(scope="module")
def clip(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    return open_attachment(make_video(tmp_path_factory.mktemp("pictures") / "clip.mp4")[0], readers=readers)


def image(pixels: Pixels) -> Image.Image:
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb)


@pytest.mark.parametrize(
    "area", [Area(0.1, 0.2, 0.4, 0.5), Area(0, 0, 1, 1), Area(0.9, 0.9, 1, 1), Area(0.1234, 0.4321, 0.55, 0.99)]
)
def test_a_part_of_a_picture_has_its_very_pixels(photo: Attachment, noise: Image.Image, area: Area) -> None:
    crop = Crop.of(photo.pages()[0], area)
    left, top = round(crop.area.x0 * SIZE[0]), round(crop.area.y0 * SIZE[1])
    wanted = noise.crop((left, top, left + crop.width, top + crop.height))
    assert image(crop.render(crop.width, crop.height)).tobytes() == wanted.tobytes()


def test_a_part_of_a_page_is_drawn_larger_and_sharply(report: Attachment) -> None:
    x0, y0, x1, y1 = (value / side for value, side in zip(CIRCLE_PT, PAGE_PT * 2, strict=True))
    crop = Crop.of(report.pages()[1], Area(x0, y0, x1, y1))
    width, height = crop.size_for(max_pixels=1_000_000)
    assert width > 2 * crop.width
    drawn = image(crop.render(width, height))
    greens = [drawn.getpixel((column, height // 2))[1] for column in range(0, width // 20)]  # type: ignore[index]
    assert min(greens) < 60 and sum(60 < green < 200 for green in greens) <= 3  # an edge of few pixels: drawn at that size
    assert drawn.getpixel((2, 2)) == (255, 255, 255)


def test_a_part_of_a_frame_has_the_frames_pixels(clip: Attachment) -> None:
    frame = clip.frames()[1]
    crop = Crop.of(frame, Area(0.25, 0.25, 1.0, 1.0))
    whole = image(frame.render(frame.width, frame.height))
    left, top = round(crop.area.x0 * frame.width), round(crop.area.y0 * frame.height)
    wanted = whole.crop((left, top, left + crop.width, top + crop.height))
    assert image(crop.render(crop.width, crop.height)).tobytes() == wanted.tobytes()
    assert place_of(crop) == Place(SourceInfo.of(clip), frame.locator, frame.time_s, crop.area)


@given(st.tuples(*[st.floats(-0.2, 1.2)] * 4), st.integers(1, 5000), st.integers(1, 5000))
def test_any_area_becomes_whole_pixels_inside_and_large_enough(corners: tuple[float, ...], width: int, height: int) -> None:
    x0, x1 = sorted(corners[:2])
    y0, y1 = sorted(corners[2:])
    crop = Crop.of(Still("s", "s", width, height), Area(x0, y0, x1, y1))
    area = crop.area
    for low, high, side, wanted in ((area.x0, area.x1, width, (x0, x1)), (area.y0, area.y1, height, (y0, y1))):
        assert 0 <= low < high <= 1
        assert abs(low * side - round(low * side)) < 1e-6 and abs(high * side - round(high * side)) < 1e-6
        assert round((high - low) * side) >= min(CROP_PX_MIN, side)
        assert low <= min(max(wanted[0], 0), 1) + 2e-6 and high >= min(max(wanted[1], 0), 1) - 2e-6
    assert crop.width * crop.height <= width * height


def test_a_part_of_a_part_is_a_part_of_the_whole(photo: Attachment) -> None:
    page = photo.pages()[0]
    outer = Crop.of(page, Area(0.2, 0.2, 0.6, 0.6))
    inner = Crop.of(outer, Area(0.5, 0.5, 1.0, 1.0))
    assert inner.picture is page
    assert (inner.area.x0, inner.area.x1) == pytest.approx((0.4, 0.6), abs=2e-3)
    kept = kept_of(photo, place_of(outer))
    place = place_of(Crop(kept, Area(0.5, 0.5, 1.0, 1.0)))
    assert place is not None and place.area == within(outer.area, Area(0.5, 0.5, 1.0, 1.0))


def test_drawing_is_bounded_however_small_the_part(report: Attachment) -> None:
    drawn: list[int] = []

    class Counting(Still):
        def render(self, width: int, height: int) -> Pixels:
            drawn.append(width * height)
            return Still.render(self, width, height)

    Crop(Counting("s", "s", 8000, 6000), Area(0.5, 0.5, 0.5 + 1e-9, 0.5 + 1e-9)).render(50, 50)
    assert drawn[0] <= limits.RENDER_PIXELS_MAX
    crop = Crop.of(report.pages()[0], Area(0.5, 0.5, 0.5, 0.5))
    assert image(crop.render(600, 600)).size == (600, 600)


def test_a_small_view_of_a_part_does_not_draw_all_of_a_large_picture() -> None:
    sizes: list[tuple[int, int]] = []

    class Counting(Still):
        def render(self, width: int, height: int) -> Pixels:
            sizes.append((width, height))
            return Still.render(self, width, height)

    Crop(Counting("s", "s", 8000, 6000), Area(0.0, 0.0, 0.5, 0.5)).render(40, 30)
    assert sizes == [(80, 60)]


def kept_of(attachment: Attachment, place: Place | None) -> KeptPicture:
    assert place is not None
    found = find_picture(attachment, place)
    return KeptPicture(place, found.id, found.name, found.width, found.height, lambda _source: attachment)


def test_a_kept_picture_draws_what_it_was(photo: Attachment, report: Attachment, clip: Attachment) -> None:
    for attachment, whole in ((photo, photo.pages()[0]), (report, report.pages()[1]), (clip, clip.frames()[1])):
        for picture in (whole, Crop.of(whole, Area(0.2, 0.3, 0.9, 0.8))):
            kept = kept_of(attachment, place_of(picture))
            assert (kept.id, kept.width, kept.height) == (picture.id, picture.width, picture.height)
            assert kept.render(90, 60) == picture.render(90, 60)
            assert (place_of(kept), is_vector(kept)) == (place_of(picture), is_vector(picture))


def test_a_place_that_is_gone_is_said(report: Attachment) -> None:
    place = place_of(report.pages()[0])
    assert place is not None
    with pytest.raises(NoSuchPage):
        find_picture(report, replace(place, locator="page 99"))


def test_places_have_names(photo: Attachment, report: Attachment, clip: Attachment) -> None:
    page, frame = report.pages()[1], clip.frames()[0]
    places = [place_of(picture) for picture in (photo.pages()[0], page, Crop.of(page, Area(0, 0, 0.5, 0.5)), frame)]
    names = ["photo.png", "report.pdf, page 2", "report.pdf, part of page 2", f"clip.mp4, {frame.locator}"]
    assert [place.name for place in places if place] == names
