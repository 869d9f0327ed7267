"""A conversation as the text the model was trained on, by the chat template in its own file.

The template is untrusted: it runs in jinja2's sandbox. So is everything in the conversation: text that spells a control token
(`<|user|>` in a document, say) is broken up by a zero-width space, so that nothing read or typed can pose as another speaker.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inference.errors import TemplateFailed
from inference.types import ImagePart, Message, Request, TextPart

_ALLOWED_IN_TEXT = frozenset({"<|begin_of_video|>", "<|end_of_video|>", "<|begin_of_box|>", "<|end_of_box|>", "/nothink"})
"""Markers a message may carry as text: the frames of a video stand between the first two, earlier answers hold the others."""
_MARKER_LIKE = re.compile(r"<[|/]?[A-Za-z][A-Za-z0-9_]*\|?>|\[[A-Za-z]+\]")
_END_OF_PREFIX = "\ue0f1\ue0f2"


class ChatTemplate:
    """Renders requests.

    Attributes:
        source: the jinja2 text from the GGUF key `tokenizer.chat_template`.
        media_marker: what stands in the prompt for a picture; unguessable, so that no text can contain it.
        is_control: tells whether a piece of text is one control token of the vocabulary.
    """

    def __init__(self, source: str, media_marker: str, is_control: Callable[[str], bool]) -> None:
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _raise_exception
        environment.globals["strftime_now"] = lambda pattern: datetime.now().strftime(pattern)
        try:
            self._template = environment.from_string(source)
        except TemplateError as error:
            raise TemplateFailed(f"The chat template in the model file cannot be read: {error}.") from error
        self._media_marker = media_marker
        self._is_control = is_control

    def render(self, request: Request) -> str:
        """The whole prompt, ready for the answer. Raises TemplateFailed."""
        messages = [self._as_mapping(message) for message in request.messages]
        tools = [_tool_as_mapping(spec.name, spec.description, spec.parameters) for spec in request.tools]
        prompt = self._run(messages, tools, request.thinking)
        if prompt.count(self._media_marker) != len(request.images()):
            prompt = self._run([_flatten(message) for message in messages], tools, request.thinking)
        if prompt.count(self._media_marker) != len(request.images()):
            raise TemplateFailed("The chat template in the model file drops pictures; use another GGUF file of this model.")
        return prompt

    def render_prefix(self, request: Request) -> str:
        """The part of the prompt that stays whatever text the last message ends with."""
        *before, last = request.messages
        parts = last.parts[:-1] if last.parts and isinstance(last.parts[-1], TextPart) else last.parts
        open_ended = replace(last, parts=(*parts, TextPart(_END_OF_PREFIX)))
        messages = [self._as_mapping(message) for message in (*before, open_ended)]
        tools = [_tool_as_mapping(spec.name, spec.description, spec.parameters) for spec in request.tools]
        return self._run(messages, tools, request.thinking).partition(_END_OF_PREFIX)[0]

    def _run(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], thinking: bool) -> str:
        try:
            return self._template.render(
                messages=messages,
                tools=tools or None,
                add_generation_prompt=True,
                enable_thinking=thinking,
                bos_token="",
                eos_token="",
            )
        except (TemplateError, TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            raise TemplateFailed(f"The chat template in the model file cannot take this conversation: {error}.") from error

    def _as_mapping(self, message: Message) -> dict[str, Any]:
        content: str | list[dict[str, str]]
        if all(isinstance(part, TextPart) for part in message.parts):
            content = "".join(self._defuse(part.text) for part in message.parts if isinstance(part, TextPart))
        else:
            content = [{"type": "text", "text": self._part_text(part)} for part in message.parts]
        mapping: dict[str, Any] = {"role": message.role, "content": content}
        if message.reasoning:
            mapping["reasoning_content"] = self._defuse(message.reasoning)
        if message.tool_calls:
            mapping["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": dict(call.arguments)}}
                for call in message.tool_calls
            ]
        if message.tool_call_id is not None:
            mapping["tool_call_id"] = message.tool_call_id
        return mapping

    def _part_text(self, part: TextPart | ImagePart) -> str:
        return self._media_marker if isinstance(part, ImagePart) else self._defuse(part.text)

    def _defuse(self, text: str) -> str:
        def defuse_match(match: re.Match[str]) -> str:
            found = match.group()
            if found in _ALLOWED_IN_TEXT or not self._is_control(found):
                return found
            return f"{found[0]}\u200b{found[1:]}"

        return _MARKER_LIKE.sub(defuse_match, text)


def _flatten(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    return message if isinstance(content, str) else message | {"content": "".join(part["text"] for part in content)}


def _tool_as_mapping(name: str, description: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": dict(parameters)}}


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)
