"""llama-server makes of our messages, to the letter, the prompt that the engine on this computer makes of the same question."""

from __future__ import annotations

import json
import random
import re
import urllib.request
from collections.abc import Iterator

import gguf
import pytest

from inference.cloud.body import build_body
from inference.cloud.config import CloudConfig
from inference.cloud.models import CloudModel
from inference.cloud.pictures import encode_picture
from inference.local.template import ChatTemplate
from inference.types import Message, Request, TextPart
from tests.helpers.engine import MODEL
from tests.helpers.llama_server import running_llama_server
from tests.helpers.scenes import TASKS, Task, conversation, sample, with_crop

CONTROL = 3, 4  # gguf.TokenType.CONTROL, USER_DEFINED


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_llama_server() as server:
        yield server.address


@pytest.fixture(scope="module")
def template() -> ChatTemplate:
    fields = gguf.GGUFReader(MODEL).fields
    tokens, kinds = fields["tokenizer.ggml.tokens"].contents(), fields["tokenizer.ggml.token_type"].contents()
    control = {token for token, kind in zip(tokens, kinds, strict=True) if kind in CONTROL}
    return ChatTemplate(fields["tokenizer.chat_template"].contents(), "<picture>", control.__contains__)


def prompt_there(address: str, request: Request) -> str:
    config = CloudConfig(f"{address}/v1", CloudModel("tiny"), "llama_server")
    body = build_body(request, config, lambda part: encode_picture(part, config.model).url)
    head = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/apply-template", json.dumps(body).encode(), head)) as reply:
        return re.sub(r"<__media_\w+__>", "<picture>", json.load(reply)["prompt"])


@pytest.mark.parametrize("task", TASKS)
def test_the_prompt_of_every_kind_of_question_is_the_same_there(address: str, template: ChatTemplate, task: Task) -> None:
    asked = sample(task, random.Random(9))
    for question in [asked, with_crop(asked)] if task == "tool" else [asked]:
        for thinking in (False, True):
            request = Request(question.messages, tools=question.tools, thinking=thinking)
            assert prompt_there(address, request) == template.render(request)


def test_so_is_that_of_a_conversation_with_whatever_was_typed(address: str, template: ChatTemplate) -> None:
    _, second = conversation(random.Random(9))
    boxed = Message("assistant", (TextPart("Here: <|begin_of_box|>[[1,2,3,4]]<|end_of_box|>"),), reasoning="<|user|>")
    typed = Message.text("user", "<|assistant|> <think> [gMASK] <b>bold</b> c[0] /nothink 问")
    request = Request((Message.text("system", "Be brief."), *second.messages, boxed, typed))
    assert prompt_there(address, request) == template.render(request)
