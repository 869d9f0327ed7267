"""A conversation as the text the model was trained on, by the chat template in its own file.

The template is untrusted: it runs in jinja2's sandbox. So is everything in the conversation: text that spells a control token
(`<|user|>` in a document, say) is broken up by a zero-width space, so that nothing read or typed can pose as another speaker.

A message's content goes in as one string, a picture as a marker in it: every template takes strings, but what they write around
pictures is llama.cpp's to add, and some print a list of parts as it is. Only a template that drops strings gets lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inference.control_tokens import defuse, defuse_all
from inference.errors import TemplateFailed
from inference.types import Message, Request, TextPart

_END_OF_PREFIX = "\ue0f1\ue0f2"
_PROBE = "a message to see whether it shows"


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
        except Exception as error:  # whatever jinja2 or Python's compiler makes of a stranger's text
            raise TemplateFailed(f"The chat template in the model file cannot be read: {_in_words(error)}.") from error
        self._media_marker = media_marker
        self._is_control = lru_cache(maxsize=4096)(is_control)
        self._wants_parts = not self._shows(_PROBE) and self._shows(_as_parts(_PROBE))

    def render(self, request: Request) -> str:
        """The whole prompt, ready for the answer. Raises TemplateFailed."""
        messages = [self._as_mapping(message) for message in request.messages]
        tools = [_tool_as_mapping(spec.name, spec.description, spec.parameters) for spec in request.tools]
        prompt = self._run(messages, self._defuse_all(tools), request.thinking)
        if prompt.count(self._media_marker) != len(request.images()):
            raise TemplateFailed("The chat template in the model file drops pictures; use another GGUF file of this model.")
        return prompt

    def render_prefix(self, request: Request) -> str:
        """The part of the prompt that stays whatever text the last message ends with. Raises TemplateFailed."""
        *before, last = request.messages
        parts = last.parts[:-1] if last.parts and isinstance(last.parts[-1], TextPart) else last.parts
        open_ended = replace(last, parts=(*parts, TextPart(_END_OF_PREFIX)))
        return self.render(replace(request, messages=(*before, open_ended))).partition(_END_OF_PREFIX)[0]

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
        except Exception as error:  # a stranger's program may fail in any way
            message = f"The chat template in the model file cannot take this conversation: {_in_words(error)}."
            raise TemplateFailed(message) from error

    def _shows(self, content: str | list[dict[str, str]]) -> bool:
        try:
            return _PROBE in self._run([{"role": "user", "content": content}], [], False)
        except TemplateFailed:
            return False

    def _as_mapping(self, message: Message) -> dict[str, Any]:
        content = self._defuse("".join(part.text if isinstance(part, TextPart) else self._media_marker for part in message.parts))
        mapping: dict[str, Any] = {"role": message.role, "content": _as_parts(content) if self._wants_parts else content}
        if message.reasoning:
            mapping["reasoning_content"] = self._defuse(message.reasoning)
        if message.tool_calls:
            mapping["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": self._defuse(call.name), "arguments": self._defuse_all(dict(call.arguments))},
                }
                for call in message.tool_calls
            ]
        if message.tool_call_id is not None:
            mapping["tool_call_id"] = message.tool_call_id
        return mapping

    def _defuse_all(self, value: Any) -> Any:
        return defuse_all(value, self._is_control)

    def _defuse(self, text: str) -> str:
        return defuse(text, self._is_control)


def _as_parts(content: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": content}]


def _in_words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _tool_as_mapping(name: str, description: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": dict(parameters)}}


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)
