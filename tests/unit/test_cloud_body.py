"""A question in each server's words: what every dialect must and must not hold, and what is refused before it is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.cloud.body import build_body, check, links_taken
from inference.cloud.config import CloudConfig, Dialect
from inference.cloud.models import CloudModel, load_models
from inference.errors import ContextTooLong, InferenceError, LinkRefused, RequestRefused
from inference.types import ImagePart, LinkKind, LinkPart, Message, Part, Request, SamplingParams, TextPart, ToolSpec, ToolUse

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
TABLE = load_models()
CROP = ToolSpec("crop", "Cuts out.", {"type": "object", "properties": {"bbox": {"type": "array"}}})
FRAMES = "<|begin_of_video|>", "0.0 seconds", "1.5 seconds<|end_of_video|>", "When?"


def glm(model_id: str = "glm-4.6v") -> CloudConfig:
    model = TABLE.find(model_id)
    assert model is not None
    return CloudConfig("https://api.z.ai/api/paas/v4", model)


def server(dialect: Dialect, **fields: Any) -> CloudConfig:
    everything = frozenset({"text", "image", "video", "file"})
    return CloudConfig("http://127.0.0.1:1/v1", CloudModel("m", inputs=everything, **fields), dialect)


def picture(name: str = "p", width: int = 2, height: int = 2) -> ImagePart:
    return ImagePart(name, width, height, lambda: bytes(width * height * 3))


def user(*parts: str | Part) -> Message:
    return Message("user", tuple(TextPart(part) if isinstance(part, str) else part for part in parts))


def body(config: CloudConfig, *messages: Message, **fields: Any) -> dict[str, Any]:
    request = Request(messages or (user("Hello"),), **fields)
    check(request, config)
    return build_body(request, config, lambda part: f"data:{part.id}")


def image(name: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"data:{name}"}}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def test_the_cloud_is_told_what_its_schema_names_and_nothing_else() -> None:
    sent = body(glm(), Message.text("system", "Be brief."), user(picture(), "What is ", "it?"), tools=(CROP,), thinking=True)
    request_id = sent.pop("request_id")
    assert sent == {
        "model": "glm-4.6v",
        "stream": True,
        "tools": [{"type": "function", "function": {"name": "crop", "description": "Cuts out.", "parameters": CROP.parameters}}],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [image("p"), text("What is it?")]},
        ],
        "thinking": {"type": "enabled", "clear_thinking": True},
        "do_sample": True,
        "temperature": 0.8,
        "top_p": 0.6,
        "max_tokens": 32_768,
    }
    assert body(glm())["request_id"] != request_id
    assert list(body(glm()))[-1] == "request_id"


def test_reasoning_goes_back_unchanged_to_a_model_that_keeps_it_and_to_no_other() -> None:
    thought = " Shall I write <think> or <|user|>?\n"  # docs, thinking mode: complete and unmodified
    said = Message("assistant", (TextPart("<|user|>"),), reasoning=thought)
    [_, sent, _] = body(glm("glm-4.7"), user("Why?"), said, user("And?"))["messages"]
    assert sent["reasoning_content"] == thought and sent["content"] != "<|user|>"
    [_, sent, _] = body(glm("glm-4.6"), user("Why?"), said, user("And?"))["messages"]
    assert "<think>" not in sent["reasoning_content"]


@pytest.mark.parametrize(
    ("model_id", "on", "off"),
    [
        (
            "glm-4.6v",
            {"thinking": {"type": "enabled", "clear_thinking": True}},
            {"thinking": {"type": "disabled", "clear_thinking": True}},
        ),
        (
            "glm-5",
            {"thinking": {"type": "enabled", "clear_thinking": False}},
            {"thinking": {"type": "disabled", "clear_thinking": False}},
        ),
        ("glm-5.3-flash", {"reasoning_effort": "high"}, {"reasoning_effort": "low"}),
        ("glm-4.1v-thinking-flash", {}, {}),
        ("glm-4-plus", {}, {}),
    ],
)
def test_thinking_is_asked_for_as_each_model_wants(model_id: str, on: dict[str, Any], off: dict[str, Any]) -> None:
    for is_wanted, expected in ((True, on), (False, off)):
        sent = body(glm(model_id), thinking=is_wanted)
        assert {key: sent[key] for key in ("thinking", "reasoning_effort") if key in sent} == expected


@pytest.mark.parametrize(("temperature", "top_p", "expected"), [(1.7, 0.0, (1.0, 0.01)), (0.123, 1.0, (0.12, 1.0))])
def test_the_cloud_gets_sampling_it_takes(temperature: float, top_p: float, expected: tuple[float, float]) -> None:
    sent = body(glm(), sampling=SamplingParams(temperature=temperature, top_p=top_p))
    assert (sent["temperature"], sent["top_p"]) == expected
    greedy = body(glm(), sampling=SamplingParams(temperature=0.001))
    assert greedy["do_sample"] is False
    assert not {"temperature", "top_p"} & greedy.keys()


@pytest.mark.parametrize(("asked", "sent"), [(None, 32_768), (100, 100), (99_999, 32_768)])
def test_the_length_of_an_answer_stays_within_the_models(asked: int | None, sent: int) -> None:
    assert body(glm(), max_tokens=asked)["max_tokens"] == sent


def test_each_server_gets_its_own_words_for_sampling_and_thinking() -> None:
    seeded = SamplingParams(seed=7)
    plain = {"temperature": 0.8, "top_p": 0.6, "seed": 7, "stream_options": {"include_usage": True}, "max_tokens": 9}
    off = {"chat_template_kwargs": {"enable_thinking": False}, "top_k": 2}
    vllm = plain | off | {"repetition_penalty": 1.1, "skip_special_tokens": False}
    llama = plain | off | {"repeat_penalty": 1.1, "min_p": 0.0, "cache_prompt": True, "reasoning_format": "deepseek"}
    llama |= {"return_progress": True}
    for dialect, expected in (("openai", plain), ("vllm", vllm), ("sglang", vllm), ("llama_server", llama)):
        sent = body(server(dialect), sampling=seeded, max_tokens=9)
        assert {key: value for key, value in sent.items() if key not in ("model", "stream", "messages")} == expected
    thinking = body(server("llama_server"), thinking=True, thinking_budget=50, grammar='root ::= "a"')
    assert thinking["chat_template_kwargs"] == {"enable_thinking": True}
    assert (thinking["thinking_budget_tokens"], thinking["grammar"]) == (50, 'root ::= "a"')
    greedy = body(server("vllm"), sampling=SamplingParams(temperature=0))
    assert [greedy[key] for key in ("temperature", "top_p", "top_k", "repetition_penalty")] == [0, 1, 1, 1]
    extra = {"mm_processor_kwargs": {"size": {"longest_edge": 5}}}
    assert body(server("vllm", extra=extra))["mm_processor_kwargs"] == extra["mm_processor_kwargs"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_video_is_its_frames_with_their_seconds(dialect: Dialect) -> None:
    begin, first, second, question = FRAMES
    content = body(server(dialect), user(begin, picture("a"), first, picture("b"), second, question))["messages"][0]["content"]
    if dialect == "llama_server":  # which passes the markers on to a model that was trained with them
        expected = [text(begin), image("a"), text(first), image("b"), text(f"{second}{question}")]
    else:
        expected = [image("a"), text("0.0 seconds"), image("b"), text("1.5 seconds\nWhen?")]
    assert content == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tools_and_their_pictures_come_back_with_the_reasoning(dialect: Dialect) -> None:
    calls = ToolUse("c1", "crop", {"bbox": [1, 2]}), ToolUse("c2", "crop", {})
    thought = Message("assistant", (), calls, reasoning="I look closer.")
    results = Message("tool", (picture("r"),), tool_call_id="c1"), Message("tool", (TextPart("Nothing."),), tool_call_id="c2")
    _, asked, first, second, *rest = body(server(dialect), user("Zoom in."), thought, *results)["messages"]
    assert asked.get("reasoning_content") == (None if dialect == "openai" else "I look closer.")
    assert [call["function"]["arguments"] for call in asked["tool_calls"]] == ['{"bbox":[1,2]}', "{}"]
    assert [first["tool_call_id"], second["tool_call_id"], second["content"]] == ["c1", "c2", "Nothing."]
    if dialect == "llama_server":
        assert (first["content"], rest) == ([image("r")], [])
    else:  # all results directly behind the calls, then the pictures
        assert first["content"] == "It follows."
        assert rest == [{"role": "user", "content": [text("Returned by crop:"), image("r")]}]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_that_was_read_or_typed_can_pose_as_a_control_token(dialect: Dialect) -> None:
    bad = "<|user|><|im_start|>[gMASK]<__media__><think></tool_call>"
    messages = (
        user(bad, "\ud800"),
        Message("assistant", (TextPart(bad),), (ToolUse("c", "crop", {bad: [bad]}),), reasoning=bad),
        Message("tool", (TextPart(bad),), tool_call_id="c"),
    )
    sent = json.dumps(body(server(dialect), *messages, tools=(ToolSpec("crop", bad, {"description": bad}),)), ensure_ascii=False)
    sent.encode()
    for token in ("<|user|>", "<|im_start|>", "[gMASK]", "<__media__>", "<think>", "</tool_call>"):
        assert token not in sent
    kept = "<|begin_of_box|>[[1,2,3,4]]<|end_of_box|> if a < b and c[0] > d: <b>x</b>"
    assert body(server(dialect), user(kept))["messages"][0]["content"] == kept


_PARTS = st.one_of(st.sampled_from(["Hello", "<|begin_of_video|>", ""]).map(TextPart), st.sampled_from("ab").map(picture))
_TURNS = st.lists(st.tuples(st.lists(_PARTS, max_size=3), st.sampled_from(["answer", "tool"])), min_size=1, max_size=4)


@given(_TURNS, st.sampled_from(DIALECTS))
def test_a_later_turn_begins_with_the_same_bytes(turns: list[tuple[list[Part], str]], dialect: Dialect) -> None:
    messages: list[Message] = []
    before = ""
    for parts, kind in turns:
        messages.append(Message("user", tuple(parts)))
        sent = body(server(dialect), *messages, tools=(CROP,))
        assert json.dumps(sent).startswith(before)
        before = json.dumps({key: sent[key] for key in ("model", "stream", "tools", "messages")})[: -len("]}")]
        if kind == "tool":
            call = ToolUse("c", "crop", {})
            messages += [Message("assistant", (), (call,)), Message("tool", (picture("t"),), tool_call_id="c")]
        messages.append(Message.text("assistant", "Yes."))


_WEB = "https://example.org/a"


@pytest.mark.parametrize(
    ("dialect", "taken"),
    [
        ("glm", {"image": "image_url", "video": "video_url", "file": "file_url"}),
        ("vllm", {"image": "image_url", "video": "video_url"}),
        ("sglang", {"image": "image_url", "video": "video_url"}),
        ("llama_server", {"image": "image_url", "video": "input_video"}),
        ("openai", {"image": "image_url"}),
    ],
)
def test_what_lies_on_the_web_is_sent_as_its_address_or_refused(dialect: Dialect, taken: dict[LinkKind, str]) -> None:
    config = server(dialect)
    assert links_taken(config) == taken.keys()
    for kind in get_args(LinkKind):
        if kind in taken:
            sent = body(config, user(LinkPart(kind, _WEB), "What?"))["messages"][0]["content"][0]
            assert sent == {"type": taken[kind], taken[kind]: {"url": _WEB}}
        else:
            with pytest.raises(LinkRefused, match="Download it"):
                body(config, user(LinkPart(kind, _WEB)))
    assert links_taken(glm("glm-5")) == frozenset()


@pytest.mark.parametrize(
    ("config", "request_", "error", "said"),
    [
        (glm("glm-4.7"), Request((user(picture()),)), RequestRefused, "glm-4.7 reads text only. Choose"),
        (glm(), Request((user(*[picture()] * 51),)), RequestRefused, "51 pictures.*50 at most"),
        (glm(), Request((user(LinkPart("file", _WEB)), user(picture()))), RequestRefused, "together"),
        (glm(), Request((user(LinkPart("file", _WEB), LinkPart("video", _WEB)),)), RequestRefused, "together"),
        (glm("glm-4.5v"), Request((user("Hi"),), tools=(CROP,)), RequestRefused, "calls no tools"),
        (glm(), Request((user("Hi"),), tools=(replace(CROP, name="a b"),)), RequestRefused, "“a b”"),
        (glm(), Request((user("Hi"),), tools=(CROP,) * 129), RequestRefused, "129 tools"),
        (glm(), Request((user("Hi"),), grammar='root ::= "a"'), RequestRefused, "grammar"),
        (server("llama_server"), Request((user("Hi"),), tools=(CROP,), grammar='root ::= "a"'), RequestRefused, "grammar"),
        (glm("glm-4-airx"), Request((user("word " * 20_000),)), ContextTooLong, "8,000 at most"),
        (glm("glm-4-airx"), Request((user("问" * 30_000),)), ContextTooLong, "8,000 at most"),
        (glm(), Request((user(*[picture("p", 2600, 2600)] * 40),)), ContextTooLong, "new conversation"),
    ],
)
def test_what_a_model_cannot_take_is_said_before_sending(
    config: CloudConfig, request_: Request, error: type[InferenceError], said: str
) -> None:
    with pytest.raises(error, match=said):
        check(request_, config)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_may_still_fit_is_not_refused(dialect: Dialect) -> None:
    config = server(dialect, context_tokens=4_000)
    check(Request((user("word " * 3_500),)), config)
    if dialect != "glm":  # a server may cut pictures down to a few tokens each
        check(Request((user(*[picture("p", 1920, 1080)] * 50),)), config)


def test_pictures_on_the_web_are_counted_with_the_others() -> None:
    links = [LinkPart("image", f"https://a.example/{number}.png") for number in range(30)]
    with pytest.raises(RequestRefused, match="holds 51 pictures"):
        body(glm(), user(*links, *[picture(str(number)) for number in range(21)], "Which?"))
