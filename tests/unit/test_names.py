"""What a model calls a picture, in all the ways in which models do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.names import PictureNames

REPORT = {f"report.pdf, page {page}": f"r{page}" for page in (3, 14, 15)}
OTHER = {"Other report.pdf, page 14": "o14", "Other report.pdf, page 20": "o20"}
DECK = {"talk.pptx, slide 5": "s5"}
CLIP = {"clip.mp4, 00:12.5": "c12", "clip.mp4, 00:14.5": "c14", "clip.mp4, 1:02:03": "c3723"}
PLAIN = {"cat.png": "cat", "my photo (1).jpg": "photo"}


def pictures(*groups: dict[str, str], latest: tuple[str, ...] = ()) -> PictureNames:
    names = {name: id for group in groups for name, id in group.items()}
    return PictureNames(tuple(names.values()), latest, {f"{id}-56x28": id for id in names.values()}, names)


@pytest.mark.parametrize(
    ("target", "picture_id"),
    [
        ("r3", "r3"), ("r14-56x28", "r14"),
        ("1", "r3"), ("Image 2", "r14"), ("image_2", "r14"), ("图2", "r14"), ("图片 2", "r14"), ("第2张图片", "r14"), ("２", "r14"),
        ("report.pdf, page 3", "r3"), ("Report.PDF page 3", "r3"), ("report.pdf,page3", "r3"), ("page 3", "r3"), ("Page_3", "r3"),
        ("p. 3", "r3"), ("p3", "r3"), ("“report.pdf”，第3页", "r3"), ("第 三 页", "r3"), ("Page 14 of report.pdf", "r14"),
        ("Page 14 of Other report.pdf", "o14"), ("page 20", "o20"), ("page 15", "r15"),
        ("talk.pptx, slide 5", "s5"), ("Slide 5", "s5"), ("slide 5 of talk.pptx", "s5"),
        ("幻灯片 5", "s5"), ("talk.pptx 第5页", "s5"),
        ("clip.mp4 00:12.5", "c12"), ("clip.mp4, 0:12.5", "c12"), ("00:12.5", "c12"), ("12.5 seconds", "c12"),
        ("clip.mp4 at 12 s", "c12"),
        ("14秒", "c14"), ("1:02:03", "c3723"), ("00:14", "c14"),
        ("cat.png", "cat"), ("CAT.png", "cat"), ("my photo (1).jpg", "photo"),
    ],
)  # fmt: skip
def test_a_picture_is_found_by_what_the_model_calls_it(target: str, picture_id: str) -> None:
    assert pictures(REPORT, OTHER, DECK, CLIP, PLAIN).find(target) == picture_id


@pytest.mark.parametrize(
    "target",
    [
        "",
        "0",
        "99",
        "Image 99",
        "page 14",
        "page 1",
        "report.pdf",
        "dog.png",
        "00:40",
        "clip.mp4",
        "clip.mp4 00:40",
        "page",
        "r",
        "²",
    ],
)
def test_what_is_not_there_or_not_clear_is_not_found(target: str) -> None:
    assert pictures(REPORT, OTHER, DECK, CLIP, PLAIN).find(target) is None


def test_a_page_of_several_files_is_the_one_that_the_question_is_about() -> None:
    assert pictures(REPORT, OTHER, latest=("o14", "o20")).find("page 14") == "o14"


def test_without_named_pages_a_page_is_a_number() -> None:
    assert pictures(PLAIN).find("page 2") == "photo"


def test_a_picture_sent_at_two_sizes_is_one_picture_with_two_numbers() -> None:
    names = PictureNames(("cat", "dog", "cat"), (), {"cat-2x2": "cat", "dog": "dog", "cat": "cat"}, {})
    assert (names.find("3"), names.find("2"), names.find("cat-2x2")) == ("cat", "dog", "cat")


@pytest.mark.parametrize(
    ("text", "picture_id"),
    [
        ("It is ", "cat"),
        ("In Image 2: ", "photo"),
        ("in image 1 and picture 2, ", "photo"),
        ("Image 2, then Image 99, ", "photo"),
        ("图片2中，", "photo"),
        ("图3：", "r3"),
        ("在第2张图里，", "photo"),
        ("mirage 3 ", "cat"),
        ("my photo (1).jpg shows ", "photo"),
        ("on page 3 ", "r3"),
        ("on page 33 ", "cat"),
        ("第3页", "r3"),
        ("第 三 页的", "r3"),
        ("On page 14 of Other report.pdf ", "o14"),
        ("Other report.pdf says on page 14 that ", "o14"),
        ("Other report.pdf says it. In report.pdf, page 14 ", "r14"),
        ("At 00:12.5 ", "c12"),
        ("after 14.5 seconds ", "c14"),
        ("On page 3, and at 1:02:03 ", "c3723"),
    ],
)
def test_the_picture_named_last_is_the_one_that_is_meant(text: str, picture_id: str) -> None:
    names = pictures(PLAIN, REPORT, OTHER, CLIP)
    for character in text:
        names.note(character)
    assert names.current() == picture_id
    names.note("and so ")
    assert names.current() == picture_id


def test_a_picture_that_was_shown_was_named() -> None:
    names = pictures(PLAIN, REPORT)
    names.note("On page 3 ")
    names.note_picture("photo")
    assert names.current() == "photo"
    names.note_picture(None)
    assert names.current() == "photo"


def test_frames_are_found_by_their_time() -> None:
    names = pictures(CLIP)
    assert [names.at_time(time_s) for time_s in (12.0, 13.6, 3723.0, 40.0)] == ["c12", "c14", "c3723", None]
    assert pictures(CLIP, {"b.mp4, 00:12": "b12"}).at_time(12.0) is None
    assert pictures(CLIP, {"b.mp4, 00:12": "b12"}, latest=("b12",)).at_time(12.0) == "b12"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_names_a_picture_or_none(target: str, text: str) -> None:
    names = pictures(PLAIN, REPORT, CLIP)
    known = {*PLAIN.values(), *REPORT.values(), *CLIP.values(), None}
    assert names.find(target) in known
    names.note(text)
    assert names.current() in known


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.sampled_from("abc"), max_size=6))
def test_any_names_will_do_and_are_found_again(names: dict[str, str]) -> None:
    known = PictureNames(("a", "b", "c"), (), {}, names)
    known.note(" ".join(names))
    assert known.current() in ("a", "b", "c", None)
    for name in names:
        assert known.find(name) in ("a", "b", "c", None)
