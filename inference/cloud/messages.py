"""A conversation as the messages of the OpenAI chat API, with what each dialect adds to it.

The same conversation gives the same text from turn to turn, so that a server finds what it has cached.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inference.cloud.config import Dialect
from inference.control_tokens import defuse, defuse_all
from inference.types import ImagePart, LinkPart, Message, Part, Request, TextPart, ToolSpec, ToolUse

_BEGIN_OF_VIDEO, _END_OF_VIDEO = "<|begin_of_video|>", "<|end_of_video|>"
_CONTROL_TOKENS = frozenset(
    {"[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<think>", "</think>", "<__media__>"}
    | {"<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"}
    | {"<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"}
)
"""Those of GLM-4.6V that lack bars (its tokenizer's added tokens), and llama.cpp's place of a picture (mtmd.h)."""
_NO_PARAMETERS = {"type": "object", "properties": {}}


def tools_json(tools: tuple[ToolSpec, ...]) -> list[dict[str, Any]]:
    """The tools a model may call."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": _safe(tool.description),
                "parameters": defuse_all(tool.parameters, _is_control) or _NO_PARAMETERS,
            },
        }
        for tool in tools
    ]


def messages_json(
    request: Request, dialect: Dialect, encode: Callable[[ImagePart], str], *, keeps_reasoning: bool = False
) -> list[dict[str, Any]]:
    """All messages. Where only users may show pictures, those of a tool's result follow it in a user's message.

    A model that `keeps_reasoning` wants it back unmodified (docs.z.ai, thinking mode), so it is not searched for control tokens.
    """
    writer = _Writer(dialect, encode, keeps_reasoning)
    if dialect == "llama_server":
        return [writer.message(message, message.parts) for message in request.messages]
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    said: list[dict[str, Any]] = []
    shown: list[Part] = []
    for message in request.messages:
        if shown and message.role != "tool":
            said.append(writer.user(shown))
            shown = []
        texts = [part for part in message.parts if isinstance(part, TextPart)]
        if message.role == "user" or len(texts) == len(message.parts):
            said.append(writer.message(message, message.parts))
            continue
        said.append(writer.message(message, texts or [TextPart("It follows.")]))
        name = names.get(message.tool_call_id or "")
        shown.append(TextPart(f"Returned by {name}:" if name else "Shown above:"))
        shown += [part for part in message.parts if not isinstance(part, TextPart)]
    return [*said, writer.user(shown)] if shown else said


class _Writer:
    def __init__(self, dialect: Dialect, encode: Callable[[ImagePart], str], keeps_reasoning: bool) -> None:
        self._dialect, self._encode, self._keeps_reasoning = dialect, encode, keeps_reasoning

    def message(self, message: Message, parts: Sequence[Part]) -> dict[str, Any]:
        said: dict[str, Any] = {"role": message.role, "content": self._content(parts)}
        if message.role == "tool":
            said["tool_call_id"] = message.tool_call_id or ""
        if message.reasoning and self._dialect != "openai":  # which refuses fields that it does not know
            said["reasoning_content"] = message.reasoning if self._keeps_reasoning else _safe(message.reasoning)
        if message.tool_calls:
            said["tool_calls"] = [_call_json(call) for call in message.tool_calls]
        return said

    def user(self, parts: Sequence[Part]) -> dict[str, Any]:
        return {"role": "user", "content": self._content(parts)}

    def _content(self, parts: Sequence[Part]) -> str | list[dict[str, Any]]:
        """Plain text where there is nothing else. Neighbouring texts as one: llama-server puts a line break between two."""
        content: list[dict[str, Any]] = []
        for is_text, group in itertools.groupby(parts, key=lambda part: isinstance(part, TextPart)):
            if not is_text:
                content += [self._shown(part) for part in group]
            elif text := "".join(self._text(part) for part in group if isinstance(part, TextPart)):
                content.append({"type": "text", "text": text})
        if any(isinstance(part, ImagePart | LinkPart) for part in parts):
            return content
        return "".join(item["text"] for item in content)

    def _shown(self, part: Part) -> dict[str, Any]:
        if isinstance(part, LinkPart):
            return self._link(part)
        assert isinstance(part, ImagePart)
        return _web("image_url", self._encode(part))

    def _link(self, link: LinkPart) -> dict[str, Any]:
        if link.kind == "video" and self._dialect == "llama_server":  # tools/server/README.md
            return _web("input_video", link.url)
        return _web(f"{link.kind}_url", link.url)

    def _text(self, part: TextPart) -> str:
        """Only llama-server passes a video's markers on to the model; elsewhere its frames are pictures with their seconds."""
        if self._dialect == "llama_server":
            return _safe(part.text)
        return _safe(part.text.replace(_BEGIN_OF_VIDEO, "").replace(_END_OF_VIDEO, "\n"))


def _web(kind: str, url: str) -> dict[str, Any]:
    return {"type": kind, kind: {"url": url}}


def _call_json(call: ToolUse) -> dict[str, Any]:
    arguments: Mapping[str, Any] = defuse_all(call.arguments, _is_control)
    text = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": text}}


def _safe(text: str) -> str:
    return defuse(text, _is_control)


def _is_control(text: str) -> bool:
    """Every family of models writes its own between bars; what a server's vocabulary holds is not known here."""
    return text in _CONTROL_TOKENS or (text.startswith("<|") and text.endswith("|>"))
