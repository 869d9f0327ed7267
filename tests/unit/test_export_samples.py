"""Samples for fine-tuning: as many marks as pictures, the model's own words, pictures as they were sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.chat.export import Options
from app.chat.export.errors import NothingToExport
from app.chat.export.run import export
from app.chat.parts import Shown, Written
from app.chat.session import Conversation
from inference.events import BoxFound, Failed, Finished, ReasoningDelta, TextDelta
from inference.types import Box
from tests.helpers.conversations import ask
from tests.helpers.stills import Still

BOX = "<|begin_of_box|>[[100,200,300,400]]<|end_of_box|>"


def sample(conversation: Conversation, folder: Path, options: Options | None = None) -> dict[str, Any]:
    exported = export(conversation, None, "sharegpt", folder / "sample.json", options)
    assert exported is not None
    (only,) = json.loads(exported.path.read_text(encoding="utf-8"))
    assert isinstance(only, dict)
    return only


def two_questions() -> Conversation:
    conversation = Conversation()
    parts = [
        Shown(Still("a", "report.pdf, page 1", 90, 60), 28, 56, "Page 1"),
        Shown(Still("b", "b.png", 8, 8), 8, 8),
        Written(Still("c", "c.txt"), "Page 2", "printed words"),
    ]
    events = [
        ReasoningDelta("hm", "hm"),
        TextDelta("Here ", "Here "),
        BoxFound(Box(None, 0.1, 0.2, 0.3, 0.4), BOX),
        Finished("stop"),
    ]
    ask(conversation, "Where is the 猫? <image>", parts, events)
    ask(conversation, "And now?", [Shown(Still("a", "a"), 28, 56)], [TextDelta("There.", "There."), Finished("stop")])
    return conversation


def test_each_picture_has_its_mark(tmp_path: Path) -> None:
    written = sample(two_questions(), tmp_path)
    assert set(written) == {"conversations", "images"}
    assert [message["from"] for message in written["conversations"]] == ["human", "gpt", "human", "gpt"]
    asked = [message["value"] for message in written["conversations"][::2]]
    assert asked[0] == "Page 1:\n<image>\n<image>Page 2:\nprinted words\nWhere is the 猫? <image >"
    assert asked[1] == "<image>And now?"
    assert len(written["images"]) == sum(value.count("<image>") for value in asked) == 3


def test_answers_are_the_models_own_words(tmp_path: Path) -> None:
    assert sample(two_questions(), tmp_path)["conversations"][1]["value"] == f"Here {BOX}"


def test_reasoning_stands_before_the_answer_if_it_is_wanted(tmp_path: Path) -> None:
    said = sample(two_questions(), tmp_path, Options(reasoning=True))["conversations"]
    assert said[1]["value"] == f"<think>hm</think>\nHere {BOX}"
    assert said[3]["value"] == "There."


def test_pictures_have_the_size_at_which_they_were_sent(tmp_path: Path) -> None:
    sizes = []
    for name in sample(two_questions(), tmp_path)["images"]:
        with Image.open(tmp_path / name) as image:
            sizes.append(image.size)
    assert sizes == [(28, 56), (8, 8), (28, 56)]


def test_what_was_not_answered_is_left_out_and_its_pictures_go_on(tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "Fails?", [Shown(Still("a", "a"), 4, 4)], [Failed("engine_crashed", "It crashed.")])
    ask(conversation, "Again?", [], [TextDelta("Yes.", "Yes."), Finished("stop")])
    ask(conversation, "Unanswered?", [], [Failed("engine_crashed", "It crashed.")])
    assert sample(conversation, tmp_path)["conversations"] == [
        {"from": "human", "value": "<image>Again?"},
        {"from": "gpt", "value": "Yes."},
    ]


def test_nothing_was_answered(tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "Fails?", [], [Failed("engine_crashed", "It crashed.")])
    with pytest.raises(NothingToExport):
        export(conversation, None, "sharegpt", tmp_path / "x.json")
    assert list(tmp_path.iterdir()) == []
