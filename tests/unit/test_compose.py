"""A conversation becomes a request: pictures first, words after, what failed left out."""

from __future__ import annotations

from app.chat.compose import build_request
from app.chat.parts import Part, Shown, Written
from app.chat.pictures import Place, SourceInfo
from app.chat.session import Conversation, answer_for
from inference.events import BoxFound, Event, Failed, Finished, ReasoningDelta, TextDelta
from inference.types import Box, ImagePart, Message, TextPart
from ingest.types import Area
from tests.helpers.stills import Still

CAT, DOG = Shown(Still("cat", "cat.png"), 4, 4), Shown(Still("dog", "dog.png", 6, 5), 6, 5)


def answered(conversation: Conversation, question: str, parts: list[Part], *events: Event) -> None:
    conversation.apply(conversation.start_turn(question, parts, False).id, events)


def outline(messages: tuple[Message, ...]) -> list[tuple[str, ...]]:
    return [(m.role, *(part.text if isinstance(part, TextPart) else part.id for part in m.parts)) for m in messages]


def texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, TextPart)]


def test_pictures_come_before_the_question() -> None:
    request = build_request([], "What?", [CAT, DOG], thinking=True)
    assert outline(request.messages) == [("user", "cat", "dog", "What?")]
    assert request.thinking
    part = request.images()[1]
    assert isinstance(part, ImagePart)
    assert (part.width, part.height) == (6, 5)


def test_earlier_answers_go_back_as_the_model_wrote_them() -> None:
    conversation = Conversation()
    box = BoxFound(Box(None, 0, 0, 1, 1), "<|begin_of_box|>[[0,0,999,999]]<|end_of_box|>")
    answered(conversation, "Where?", [CAT], ReasoningDelta("hm", "<think>hm"), TextDelta("Here: ", "Here: "), box, Finished("stop"))
    request = build_request(conversation.turns, "Sure?", [])
    assert outline(request.messages) == [
        ("user", "cat", "Where?"),
        ("assistant", "Here: <|begin_of_box|>[[0,0,999,999]]<|end_of_box|>"),
        ("user", "Sure?"),
    ]


def test_a_turn_without_an_answer_is_left_out_and_its_pictures_are_kept() -> None:
    conversation = Conversation()
    answered(conversation, "Lost?", [CAT], Failed("engine_crashed", "x"))
    answered(conversation, "Stopped?", [DOG, CAT], Finished("cancelled"))
    assert outline(build_request(conversation.turns, "Now?", []).messages) == [("user", "cat", "dog", "Now?")]


def test_a_partial_answer_is_built_on() -> None:
    conversation = Conversation()
    answered(conversation, "Go?", [CAT], TextDelta("Half", "Half"), Finished("cancelled"))
    assert outline(build_request(conversation.turns, "On?", []).messages)[1] == ("assistant", "Half")


def test_a_system_prompt_goes_first_and_only_when_there_is_one() -> None:
    assert outline(build_request([], "Hi", [], system="Be brief.").messages)[0] == ("system", "Be brief.")
    assert len(build_request([], "Hi", []).messages) == 1


def test_the_same_pictures_make_the_same_prefix_before_and_after_the_question_is_known() -> None:
    before, after = build_request([], "", [CAT]), build_request([], "What?", [CAT])
    assert before.messages[0].parts[:-1] == after.messages[0].parts[:-1]


def test_pages_are_named_as_the_model_was_taught() -> None:
    pages = [Shown(Still(name, f"report.pdf, {name}"), 28, 28, name.capitalize()) for name in ("page 1", "page 2")]
    request = build_request([], "Which page?", pages)
    assert outline(request.messages) == [("user", "Page 1:\n", "page 1-28x28", "\nPage 2:\n", "page 2-28x28", "\nWhich page?")]


def test_a_picture_is_sent_at_the_size_that_was_planned() -> None:
    part = build_request([], "What?", [Shown(Still("cat", "cat.png", 1000, 500), 56, 28)]).images()[0]
    assert (part.id, part.width, part.height, len(part.read_rgb())) == ("cat-56x28", 56, 28, 56 * 28 * 3)


REPORT, CLIP = SourceInfo("r", "report.pdf", "pdf", 48), SourceInfo("c", "clip.mp4", "video", duration_s=9.0)
PHOTO = SourceInfo("p", "photo.png", "picture", 1)


def page(number: int, area: Area | None = None) -> Shown:
    place = Place(REPORT, f"page {number}", area=area)
    return Shown(Still(f"r{number}{area}", place.name, 28, 28), 28, 28, f"Page {number}", place=place)


def frame(time_s: float) -> Shown:
    return Shown(Still(f"c{time_s}", "", 28, 28), 28, 28, time_s=time_s, place=Place(CLIP, f"00:0{time_s}", time_s))


def photo(area: Area | None = None) -> Shown:
    place = Place(PHOTO, "page 1", area=area)
    return Shown(Still(f"p{area}", "photo.png", 28, 28), 28, 28, place.name if area else "", place=place)


def test_pictures_are_named_by_their_number_and_what_they_are() -> None:
    parts = [
        photo(),
        page(12),
        Written(Still("w", ""), "Page 13", "Costs", Place(REPORT, "page 13")),
        page(14, Area(0, 0, 0.5, 0.5)),
    ]
    parts.append(photo(Area(0, 0, 1, 0.5)))
    (message,) = build_request([], "Why?", parts, naming="en").messages
    assert texts(message) == [
        "Image 1:\n",
        "\nImage 2: report.pdf, page 12:\n",
        "\nreport.pdf, page 13:\nCosts\nImage 3: report.pdf, part of page 14:\n",
        "\nImage 4: part of photo.png:\n",
        "\nWhy?",
    ]


def test_pictures_are_named_in_the_language_of_the_conversation() -> None:
    (message,) = build_request([], "为什么？", [photo(), page(12)], naming="zh_CN").messages
    assert texts(message) == ["图 1:\n", "\n图 2：report.pdf, page 12:\n", "\n为什么？"]


def test_a_video_is_named_once_with_the_numbers_of_its_frames() -> None:
    (message,) = build_request([], "When?", [photo(), frame(0.0), frame(2.5)], naming="en").messages
    assert texts(message) == [
        "Image 1:\n",
        "\nImage 2-3: clip.mp4:\n<|begin_of_video|>",
        "0.0 seconds",
        "2.5 seconds<|end_of_video|>When?",
    ]


def test_numbers_count_through_the_conversation_as_in_the_answer() -> None:
    conversation = Conversation()
    answered(conversation, "Lost?", [page(3)], Failed("engine_crashed", "x"))
    answered(conversation, "First?", [photo(), page(12)], TextDelta("Yes", "Yes"), Finished("stop"))
    parts = [page(12), page(15)]
    request = build_request(conversation.turns, "And?", parts, naming="en")
    said = "".join(text for message in request.messages for text in texts(message))
    assert [f"Image {number}: report.pdf, page {page}" in said for number, page in ((1, 3), (3, 12), (4, 15))] == [True] * 3
    answer = answer_for(conversation.turns, parts)
    for number in "1234":
        answer.apply(BoxFound(Box(number, 0, 0, 1, 1), "x"))
    assert [reference.picture_id for reference in answer.references] == [
        part.picture.id for part in (page(3), photo(), page(12), page(15))
    ]


def test_without_naming_a_request_is_as_it_was_taught() -> None:
    assert outline(build_request([], "What?", [photo(), page(12)]).messages) == [
        ("user", "pNone", "Page 12:\n", "r12None", "\nWhat?"),
    ]
