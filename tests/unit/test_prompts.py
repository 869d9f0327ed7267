"""What a model is told before the conversation."""

from __future__ import annotations

import pytest

from app.chat.prompts import PromptLanguage, conversation_language, language_of, system_prompt
from app.chat.session import Conversation
from inference.events import BoxFound, Finished, ImageRef
from tests.helpers.markup import parse


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_the_prompt_asks_for_is_what_is_understood(language: PromptLanguage) -> None:
    events = parse(system_prompt(language), pictures=("a", "b"))
    found = [event for event in events if isinstance(event, BoxFound | ImageRef)]
    assert [type(event) for event in found] == [BoxFound, ImageRef]
    assert isinstance(found[1], ImageRef) and (found[1].target, len(found[1].boxes)) == ("3", 1)


def test_the_prompt_is_short() -> None:
    assert len(system_prompt("en")) < 2000
    assert len(system_prompt("zh_CN")) < 700


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which quarter fell?", "en"),
        ("哪个季度下降了？", "zh_CN"),
        ("GLM-4.6V 的价格是多少", "zh_CN"),
        ("What does 发票 mean here?", "en"),
        ("1 + 1?", "zh_CN"),
        ("", "zh_CN"),
        ("これは何ですか", "zh_CN"),
        ("Was ist das?", "en"),
    ],
)
def test_a_model_is_instructed_in_the_language_of_the_question_or_else_the_users(question: str, language: str) -> None:
    assert language_of(question, "zh_CN") == language


def test_the_first_question_decides_for_the_whole_conversation() -> None:
    conversation = Conversation()
    conversation.apply(conversation.start_turn("哪个季度？", [], False).id, [Finished("stop")])
    assert conversation_language(conversation.turns, "And why?") == "zh_CN"
    assert conversation_language([], "And why?", "zh_CN") == "en"
