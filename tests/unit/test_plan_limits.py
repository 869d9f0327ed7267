"""What goes to a model that sees no pictures, or only so many: as text, or less of it, and every loss is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.chat.compose import NOT_SENT, build_request, earlier_left_out
from app.chat.parts import Choice, Plan, Room, Shown, Written
from app.chat.plan import plan
from app.chat.session import Conversation
from app.chat.written import NOTHING_RECOGNISED, RECOGNISED, VideoNotSeen
from inference.events import Finished, ReasoningDelta, TextDelta
from inference.types import Capabilities, ImagePart, LinkPart, TextPart
from ingest.attachment import Attachment, Picture, open_attachment
from ingest.isolate import Readers
from ingest.types import Area, PageText
from tests.helpers.documents import make_video
from tests.helpers.stills import Still
from tests.helpers.video_files import Cue, Recipe, steady
from tests.helpers.video_files import make_video as make_recorded

BLIND = Room(16_000, vision=False)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1)
    yield readers
    readers.close()


@pytest.fixture(scope="module")
def sign(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    path = tmp_path_factory.mktemp("plan") / "sign.png"
    Image.new("RGB", (400, 80), "white").save(path)
    return open_attachment(path, readers=readers)


@pytest.fixture(scope="module")
def report(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    """Four pages of text, and a fifth that is a drawing."""
    import pymupdf

    document = pymupdf.open()
    for number in range(4):
        document.new_page(width=300, height=400).insert_text((40, 60), f"All is well on page {number + 1}.")
    document.new_page(width=300, height=400).draw_rect((50, 50, 250, 350), fill=(0, 0.5, 0.5))
    path = tmp_path_factory.mktemp("plan") / "report.pdf"
    document.save(path)
    return open_attachment(path, readers=readers)


@pytest.fixture(scope="module")
def clip(readers: Readers, tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    path, _ = make_video(tmp_path_factory.mktemp("plan") / "clip.mp4", frame_count=20)
    return open_attachment(path, readers=readers)


def said(planned: Plan) -> list[tuple[str, int, int]]:
    return [(lost.code, lost.sent, lost.total) for lost in planned.reductions]


def read_nothing(_picture: Picture) -> PageText:
    return PageText("", ())


def test_a_model_that_sees_nothing_gets_what_recognition_reads_and_is_told_so(sign: Attachment) -> None:
    planned = plan([Choice(sign)], BLIND, lambda _: PageText("Platform 9731", ()))
    (part,) = planned.parts
    assert isinstance(part, Written) and RECOGNISED in part.text and "9731" in part.text
    assert part.name == "sign.png (recognised text)"
    assert said(planned) == [("picture_as_text", 1, 1)]
    assert all(lost.message and "sign.png" in lost.message for lost in planned.reductions)
    (question,) = build_request([], "Where to?", planned.parts, naming="en").messages
    assert [type(each) for each in question.parts] == [TextPart] and "sign.png (recognised text):" in str(question.parts[0])


def test_pages_go_as_their_own_text_and_only_what_has_none_is_recognised(report: Attachment) -> None:
    asked: list[str] = []

    def recognise(picture: Picture) -> PageText:
        asked.append(picture.name)
        return PageText("Profit 12 %", ())

    planned = plan([Choice(report)], BLIND, recognise)
    assert all(isinstance(part, Written) for part in planned.parts)
    assert asked == ["report.pdf, page 5"]
    assert said(planned) == [("picture_as_text", 1, 5), ("sent_as_text", 4, 5)]
    part = plan([Choice(report, (0,), area=Area(0, 0, 0.5, 0.5))], BLIND, read_nothing).parts[0]
    assert isinstance(part, Written) and part.text == NOTHING_RECOGNISED


@settings(max_examples=12)
@given(tokens=st.integers(0, 600))
def test_what_is_written_never_takes_more_than_there_is(report: Attachment, sign: Attachment, tokens: int) -> None:
    planned = plan([Choice(report), Choice(sign)], Room(tokens, vision=False), lambda _: PageText("word " * 80, ()))
    assert planned.tokens <= tokens
    assert len(planned.parts) == 6 or any(lost.code == "pages_left_out" for lost in planned.reductions)


def test_a_video_goes_as_its_subtitles_or_is_refused(clip: Attachment, readers: Readers, tmp_path: Path) -> None:
    with pytest.raises(VideoNotSeen, match=r"clip\.mp4"):
        plan([Choice(clip)], BLIND, read_nothing)
    cues = [Cue(500, 1500, "Hello"), Cue(1500, 2500, "你好")]
    spoken = open_attachment(make_recorded(tmp_path / "talk.mkv", Recipe(steady(30), cues=cues)), readers=readers)
    planned = plan([Choice(spoken)], BLIND, read_nothing)
    (part,) = planned.parts
    count = len(spoken.contents.subtitles)
    assert isinstance(part, Written) and part.name == "talk.mkv (subtitles)"
    assert part.text.splitlines() == ["[00:00.5] Hello", "[00:01.5] 你好"]
    assert said(planned) == [("subtitles_only", count, count)]
    assert said(plan([Choice(spoken)], Room(10, vision=False), read_nothing)) == [("subtitles_only", 0, count)]


def test_pages_beyond_the_limit_of_pictures_go_as_text_or_are_left_out(report: Attachment, sign: Attachment) -> None:
    planned = plan([Choice(report), Choice(sign)], Room(16_000, pictures_max=3))
    assert [type(part) for part in planned.parts] == [Shown, Shown, Written, Written, Shown]
    assert said(planned) == [("sent_as_text", 2, 4), ("pages_left_out", 4, 5)]
    left_out = plan([Choice(sign)], Room(16_000, pictures_max=0))
    assert said(left_out) == [("pages_left_out", 0, 1)]
    assert [lost.message for lost in left_out.reductions] == [f"{sign.name} does not fit and is not sent."]


def test_frames_beyond_the_limit_are_thinned_out_evenly(clip: Attachment) -> None:
    everything = plan([Choice(clip, frames_per_s=2)], Room(16_000))
    planned = plan([Choice(clip, frames_per_s=2)], Room(16_000, pictures_max=4))
    times = [part.time_s for part in planned.parts if isinstance(part, Shown)]
    assert len(times) == 4 and times == sorted(times) and times[-1] - times[0] > 5.0  # type: ignore[operator, type-var]
    assert said(planned) == [("frames_left_out", 4, len(everything.parts))]


def test_of_the_pictures_of_a_conversation_the_latest_are_sent_and_the_rest_named() -> None:
    conversation = Conversation()
    stills = [Shown(Still(f"s{number}", f"s{number}.png"), 4, 4, name=f"s{number}.png") for number in range(4)]
    for still in stills[:3]:
        turn = conversation.start_turn("What?", [still], False)
        conversation.apply(turn.id, [ReasoningDelta("hm", "hm"), TextDelta("That.", "That."), Finished("stop")])
    for most, kept in ((None, 4), (4, 4), (2, 2), (0, 0)):
        able = Capabilities("model", pictures_max=most)
        messages = build_request(conversation.turns, "And?", stills[3:], naming="en", capabilities=able).messages
        parts = [part for message in messages for part in message.parts]
        assert [part.id for part in parts if isinstance(part, ImagePart)] == [f"s{number}" for number in range(4 - kept, 4)]
        text = "".join(part.text for part in parts if isinstance(part, TextPart))
        assert all(f"Image {number + 1}: s{number}.png:" in text for number in range(4)) and text.count(NOT_SENT) == 4 - kept
        lost = [(each.sent, each.total) for each in earlier_left_out(conversation.turns, stills[3:], able)]
        assert lost == ([(kept, 4)] if kept < 4 else [])
    assert earlier_left_out(conversation.turns, [], Capabilities("blind", vision=False))[0].sent == 0


def test_reasoning_goes_back_to_a_model_that_keeps_it_and_links_go_along() -> None:
    conversation = Conversation()
    turn = conversation.start_turn("Why?", [], True)
    conversation.apply(turn.id, [ReasoningDelta("because\n", "because\n"), TextDelta("So.", "So."), Finished("stop")])
    link = LinkPart("video", "https://example.org/v.mp4")
    for keeps, reasoning in ((True, "because\n"), (False, "")):
        able = Capabilities("model", keeps_reasoning=keeps)
        messages = build_request(conversation.turns, "And?", [], capabilities=able, links=[link]).messages
        assert messages[1].reasoning == reasoning
        assert messages[2].parts == (link, TextPart("And?"))
