"""What is sent of real attachments: as much as fits, at the detail that fits, and every loss is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.chat.parts import Choice, Plan, Room, Shown, Written, parse_pages, text_tokens
from app.chat.pictures import Crop, within
from app.chat.plan import plan
from app.chat.session import answer_for
from inference.events import BoxFound
from inference.types import Box, Capabilities
from ingest.attachment import Attachment, open_attachment
from ingest.errors import NoSuchPage
from ingest.isolate import Readers
from ingest.types import Area
from tests.helpers.documents import make_video

PAGES = 12


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1)
    yield readers
    readers.close()


@pytest.fixture(scope="module")
def report(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    """Twelve A4 pages full of small print."""
    import pymupdf

    document = pymupdf.open()
    for number in range(PAGES):
        page = document.new_page()
        page.insert_text((40, 60), [f"Line {line} of page {number + 1} says that all is well in this part." for line in range(60)])
    path = tmp_path_factory.mktemp("plan") / "report.pdf"
    document.save(path)
    return open_attachment(path, readers=readers)


@pytest.fixture(scope="module")
def notes(readers: Readers) -> Attachment:
    """Some thousand lines of plain text."""
    return open_attachment(
        "\n".join(f"{n}: nothing new on this line" for n in range(3000)).encode(), name="notes.txt", readers=readers
    )


@pytest.fixture(scope="module")
def photo(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    path = tmp_path_factory.mktemp("plan") / "photo.png"
    Image.new("RGB", (1280, 720), "teal").save(path)
    return open_attachment(path, readers=readers)


@pytest.fixture(scope="module")
def clip(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    path, _ = make_video(tmp_path_factory.mktemp("plan") / "clip.mp4", frame_count=20)
    return open_attachment(path, readers=readers)


def codes(planned: Plan) -> list[str]:
    return [reduction.code for reduction in planned.reductions]


def test_a_picture_that_fits_is_sent_as_it_is(photo: Attachment) -> None:
    planned = plan([Choice(photo)], Room(16_000))
    (part,) = planned.parts
    assert isinstance(part, Shown)
    assert (part.width, part.height, part.name) == (1280, 720, "")
    assert codes(planned) == []


def test_a_picture_that_the_model_cannot_take_whole_is_sent_smaller_and_that_is_said(photo: Attachment) -> None:
    planned = plan([Choice(photo)], Room(300))
    assert planned.tokens <= 300
    assert codes(planned) == ["detail_reduced"]


def test_the_limit_of_the_model_for_one_picture_is_no_loss_to_speak_of(photo: Attachment) -> None:
    planned = plan([Choice(photo)], Room(16_000, picture_tokens_max=400))
    assert planned.tokens <= 400
    assert codes(planned) == []


def test_pages_are_as_large_as_their_small_print_needs(report: Attachment) -> None:
    planned = plan([Choice(report, (0, 1))], Room(16_000))
    assert [part.name for part in planned.parts] == ["Page 1", "Page 2"]
    assert all(isinstance(part, Shown) and part.width % 28 == 0 and part.width > 700 for part in planned.parts)


def test_more_pages_share_the_detail(report: Attachment) -> None:
    planned = plan([Choice(report)], Room(9_000))
    assert len(planned.parts) == PAGES
    assert planned.tokens <= 9_000
    assert codes(planned) == ["detail_reduced"]
    assert len({(part.width, part.height) for part in planned.parts if isinstance(part, Shown)}) == 1


def test_pages_that_do_not_fit_are_left_out_from_the_end_and_that_is_said(report: Attachment) -> None:
    planned = plan([Choice(report)], Room(2_500))
    assert 0 < len(planned.parts) < PAGES
    assert planned.tokens <= 2_500
    assert [part.name for part in planned.parts] == [f"Page {number + 1}" for number in range(len(planned.parts))]
    assert "pages_left_out" in codes(planned)
    assert f"only {len(planned.parts)} of {PAGES} pages" in " ".join(lost.message for lost in planned.reductions)


def test_text_is_sent_as_text(notes: Attachment) -> None:
    planned = plan([Choice(notes, (0,))], Room(16_000))
    (part,) = planned.parts
    assert isinstance(part, Written)
    assert part.text.startswith("0: nothing new")


def test_text_that_does_not_fit_is_cut_and_that_is_said(notes: Attachment) -> None:
    planned = plan([Choice(notes)], Room(6_000))
    assert 0 < len(planned.parts) < notes.contents.page_count
    assert planned.tokens <= 6_000
    assert "text_cut" in codes(planned)


def test_frames_that_do_not_fit_are_thinned_out_evenly(clip: Attachment) -> None:
    planned = plan([Choice(clip, frames_per_s=2)], Room(400))
    times = [part.time_s for part in planned.parts if isinstance(part, Shown) and part.time_s is not None]
    assert planned.tokens <= 400
    assert len(times) == len(planned.parts) > 2
    assert times[0] == 0.0 and times[-1] > 5.0
    assert "frames_left_out" in codes(planned)


def test_several_attachments_are_named_and_share_the_room(report: Attachment, notes: Attachment, photo: Attachment) -> None:
    planned = plan([Choice(notes), Choice(report), Choice(photo)], Room(6_000))
    assert planned.tokens <= 6_000
    assert {part.place and part.place.source.id for part in planned.parts} == {notes.id, report.id, photo.id}
    assert {"report.pdf, page 1"} <= {part.name for part in planned.parts}


def test_nothing_fits_into_no_room_and_that_is_said(report: Attachment) -> None:
    planned = plan([Choice(report)], Room(0))
    assert planned.parts == ()
    assert codes(planned) == ["pages_left_out"]


def test_the_room_is_what_the_conversation_has_left() -> None:
    capabilities = Capabilities("model", context_tokens=8_000, picture_tokens_max=256)
    assert Room.of(capabilities) == Room(6_000, 256)
    assert Room.of(capabilities, used_tokens=5_000) == Room(1_000, 256)
    assert Room.of(capabilities, used_tokens=9_000).tokens == 0


@settings(max_examples=30)
@given(room=st.integers(0, 40_000), most=st.integers(1, 4096))
def test_a_plan_never_takes_more_than_there_is(report: Attachment, photo: Attachment, room: int, most: int) -> None:
    planned = plan([Choice(report, (0, 3)), Choice(photo)], Room(room, most))
    assert planned.tokens <= room
    assert all(part.image_tokens <= most for part in planned.parts if isinstance(part, Shown))
    assert len(planned.parts) == 3 or planned.reductions


@pytest.mark.parametrize(
    ("words", "indices"),
    [
        ("3", (2,)),
        ("3-5", (2, 3, 4)),
        ("1, 4, 9-10", (0, 3, 8, 9)),
        ("9-", (8, 9)),
        ("-2", (0, 1)),
        ("2,2，1", (1, 0)),
        ("3–4", (2, 3)),
    ],
)
def test_pages_are_written_as_people_write_them(words: str, indices: tuple[int, ...]) -> None:
    assert parse_pages(words, 10, "report.pdf") == indices


@pytest.mark.parametrize("words", ["", "0", "11", "5-3", "8-12", "a", "1--3", "-", "1.5", ","])
def test_pages_that_are_not_there_are_refused(words: str) -> None:
    with pytest.raises(NoSuchPage):
        parse_pages(words, 10, "report.pdf")


def test_chinese_takes_more_tokens_a_character() -> None:
    assert text_tokens("word " * 70) == 100
    assert text_tokens("字" * 70) == 50


def test_a_part_of_a_page_is_one_picture_that_says_what_it_is_part_of(report: Attachment, photo: Attachment) -> None:
    area = Area(0.1, 0.1, 0.6, 0.4)
    (part,) = plan([Choice(report, (2,), area=area)], Room(16_000)).parts
    assert isinstance(part, Shown) and isinstance(part.picture, Crop) and part.place is not None
    assert (part.name, part.place.locator, part.place.area) == ("Part of page 3", "page 3", part.picture.area)
    assert (part.place.area.x0, part.place.area.y1) == pytest.approx((0.1, 0.4), abs=2e-3)
    assert part.tokens <= 16_000 and part.width * part.height >= part.picture.width * part.picture.height * 0.9
    both = plan([Choice(report, (2,)), Choice(report, (2,), area=area), Choice(photo, (0,), area=area)], Room(16_000)).parts
    assert [each.name for each in both] == ["report.pdf, page 3", "report.pdf, part of page 3", "part of photo.png"]
    assert len({each.picture.id for each in both}) == 3


def test_a_part_of_a_picture_is_sent_in_its_own_pixels_and_of_a_frame_as_a_picture(photo: Attachment, clip: Attachment) -> None:
    (part,) = plan([Choice(photo, (0,), area=Area(0.5, 0.5, 1, 1))], Room(16_000)).parts
    assert isinstance(part, Shown)
    assert (part.width, part.height) == (640, 360)
    (part,) = plan([Choice(clip, None, 1.0, area=Area(0, 0, 0.5, 0.5))], Room(16_000)).parts
    assert isinstance(part, Shown) and part.place is not None
    assert (part.name, part.time_s, part.place.time_s) == ("Part of 00:01", None, 1.0)


def test_a_part_that_does_not_fit_is_sent_smaller_and_that_is_said(photo: Attachment) -> None:
    planned = plan([Choice(photo, (0,), area=Area(0, 0, 1, 0.9))], Room(300))
    assert planned.tokens <= 300
    assert codes(planned) == ["detail_reduced"]


def test_a_box_about_a_part_lies_on_the_right_pixels_of_the_original(report: Attachment) -> None:
    (part,) = plan([Choice(report, (2,), area=Area(0.5, 0.5, 1.0, 1.0))], Room(16_000)).parts
    answer = answer_for([], [part])
    answer.apply(BoxFound(Box(None, 0.5, 0.5, 1.0, 1.0), "x"))
    (reference,) = answer.references
    assert reference.picture_id == part.picture.id
    assert isinstance(part.picture, Crop)
    box = within(part.picture.area, Area(reference.box.x0, reference.box.y0, reference.box.x1, reference.box.y1))
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((0.75, 0.75, 1.0, 1.0), abs=2e-3)
