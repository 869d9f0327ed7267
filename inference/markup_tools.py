"""Reads the body of a tool call.

``NAME\\n<arg_key>K</arg_key>\\n<arg_value>V</arg_value>\\n`` is what the GLM chat template teaches (llama.cpp, GLM-4.6.jinja): a
value that is no string is JSON text. ``{"name": ..., "arguments": {...}}`` is what other templates teach, and GLM drifts into it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inference import markup_json
from inference.types import ToolUse

OPEN, CLOSE = "<tool_call>", "</tool_call>"
NAME_CHARACTERS = r"[\w.:/-]"
NAME_LENGTH = 128

_NAME = re.compile(f"{NAME_CHARACTERS}{{1,{NAME_LENGTH}}}", re.ASCII)
_KEY = re.compile(r"\s*+<arg_key>([^<]*+)</arg_key>\s*+<arg_value>")
_VALUE_END = "</arg_value>"


def parse_tool_call(body: str, call_id: str) -> ToolUse | None:
    """The call written between the tags, or None when it is malformed."""
    body = body.strip()
    return _from_json(body, call_id) if body.startswith("{") else _from_tags(body, call_id)


def _from_tags(body: str, call_id: str) -> ToolUse | None:
    name = _NAME.match(body)
    if name is None:
        return None
    arguments: dict[str, Any] = {}
    position = name.end()
    while key := _KEY.match(body, position):
        end = body.find(_VALUE_END, key.end())
        if end < 0:
            return None
        arguments[key.group(1).strip()] = _value(body[key.end() : end])
        position = end + len(_VALUE_END)
    return None if body[position:].strip() else ToolUse(call_id, name.group(), arguments)


def _value(text: str) -> Any:
    try:
        return markup_json.loads(text)
    except ValueError:
        return text


def _from_json(body: str, call_id: str) -> ToolUse | None:
    try:
        call = markup_json.loads(body)
        arguments = call.get("arguments", {})
        if isinstance(arguments, str):  # as in the OpenAI API
            arguments = markup_json.loads(arguments)
    except ValueError:
        return None
    name = call.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(arguments, Mapping):
        return None
    return ToolUse(call_id, name, arguments)
