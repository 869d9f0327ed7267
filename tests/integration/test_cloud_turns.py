"""A conversation of several turns with the cloud: what goes back to it, byte for byte, also after the program was started again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chat.compose import build_request
from app.chat.history.codec import dump_events, load_events
from app.chat.session import Conversation
from inference.cloud.models import load_models
from inference.engine import Cancel
from tests.helpers.cloud import Open, cloud_engines, quiet_environment
from tests.helpers.replay_server import ReplayServer, Script, sse

THOUGHT = ("\n Two words:\r\n<think> and ", "<|user|> \t", "é😀\u200b.  \n\n")
SAID = ("\n\nIt is **teal**", " <|begin_of_box|>[[1,2,3,4]]<|end_of_box|>. \n")


@pytest.fixture
def open_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    quiet_environment(monkeypatch, tmp_path)
    with cloud_engines() as opener:
        yield opener


def _answer() -> Script:
    deltas = [{"reasoning_content": piece} for piece in THOUGHT] + [{"content": piece} for piece in SAID]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return Script(sse(*({"choices": [{"index": 0, "delta": each}]} for each in deltas), end, "[DONE]"))


@pytest.mark.parametrize(("model_id", "keeps"), [("glm-4.7", True), ("glm-5", True), ("glm-4.6", False)])
@pytest.mark.parametrize("is_read_back", [False, True], ids=["kept open", "read back from the history"])
def test_reasoning_goes_back_as_it_came_where_it_is_wanted(
    open_engine: Open, model_id: str, keeps: bool, is_read_back: bool
) -> None:
    model = load_models().find(model_id)
    assert model is not None
    conversation = Conversation()
    with ReplayServer(_answer()) as server:
        engine = open_engine(server.url, model)
        for question in ("Why?", "How?", "When?"):
            request = build_request(conversation.turns, question, [], thinking=True, capabilities=engine.capabilities())
            events = list(engine.stream(request, Cancel()))
            conversation.apply(
                conversation.start_turn(question, [], True).id, load_events(dump_events(events)) if is_read_back else events
            )
        bodies = [json.loads(request.body) for request in server.requests]
    for earlier, later in itertools.pairwise(bodies):
        assert later["messages"][: len(earlier["messages"])] == earlier["messages"]
        assert later["thinking"] == {"type": "enabled", "clear_thinking": not keeps}
    answers = [message for message in bodies[-1]["messages"] if message["role"] == "assistant"]
    assert [answer.get("reasoning_content") for answer in answers] == ["".join(THOUGHT) if keeps else None] * 2
    assert [answer["content"] for answer in answers] == ["".join(SAID)] * 2
