"""A conversation becomes a request: pictures first, words after, what failed left out."""

from __future__ import annotations

from app.chat.compose import build_request
from app.chat.parts import Part, Shown
from app.chat.session import Conversation
from inference.events import BoxFound, Event, Failed, Finished, ReasoningDelta, TextDelta
from inference.types import Box, ImagePart, Message, TextPart
from tests.helpers.stills import Still

CAT, DOG = Shown(Still("cat", "cat.png"), 4, 4), Shown(Still("dog", "dog.png", 6, 5), 6, 5)


def answered(conversation: Conversation, question: str, parts: list[Part], *events: Event) -> None:
    conversation.apply(conversation.start_turn(question, parts, False).id, events)


def outline(messages: tuple[Message, ...]) -> list[tuple[str, ...]]:
    return [(m.role, *(part.text if isinstance(part, TextPart) else part.id for part in m.parts)) for m in messages]


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
