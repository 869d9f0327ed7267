"""The body of a request, in the dialect of the server; and what a model cannot take, said before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from inference.cloud import glm, openai_compat
from inference.cloud.config import CloudConfig, Dialect
from inference.cloud.messages import messages_json, tools_json
from inference.errors import ContextTooLong, LinkRefused, RequestRefused
from inference.types import ImagePart, LinkKind, LinkPart, Request, TextPart

_LINKS: dict[Dialect, frozenset[LinkKind]] = {
    "glm": frozenset({"image", "video", "file"}),
    "openai": frozenset({"image"}),
    "llama_server": frozenset({"image", "video"}),
    "vllm": frozenset({"image", "video"}),
    "sglang": frozenset({"image", "video"}),
}
_LINK_WORDS: dict[LinkKind, str] = {"image": "pictures", "video": "videos", "file": "documents"}
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TOOLS_MAX = 128
"""Both of the GLM cloud's schema, and of OpenAI's."""
_PICTURE_TOKENS_MAX, _PICTURE_TOKENS_MIN = 4_096, 8
"""What a picture takes at the most careful guess: the hosted models' own limit is not known (glm4v in transformers: 8 to 7,500)."""


def build_body(request: Request, config: CloudConfig, encode: Callable[[ImagePart], str]) -> dict[str, Any]:
    """The JSON of a request for a streamed answer. `encode` gives a picture's data URL.

    What stays from turn to turn comes first and in the same order, what is new each time last.
    """
    body: dict[str, Any] = {"model": config.model.id, "stream": True}
    if request.tools:
        body["tools"] = tools_json(request.tools)
    body["messages"] = messages_json(request, config.dialect, encode, keeps_reasoning=config.model.keeps_reasoning)
    if config.dialect == "glm":
        return body | glm.options(request, config.model)
    return body | openai_compat.options(request, config)


def links_taken(config: CloudConfig) -> frozenset[LinkKind]:
    """What the server fetches from the web for this model."""
    return frozenset(kind for kind in _LINKS[config.dialect] if kind in config.model.inputs)


def check(request: Request, config: CloudConfig) -> None:
    """Raises what the model cannot take: RequestRefused, LinkRefused, ContextTooLong. Each says what to do instead."""
    _check_pictures(request, config)
    _check_links(request, config)
    _check_tools(request, config)
    if request.grammar is not None and (config.dialect != "llama_server" or request.tools):
        raise RequestRefused(
            f"{config.model.id} cannot be held to a grammar here. Ask without one, or ask a model on this computer."
        )
    limit, least = config.model.context_tokens, _least_tokens(request, config.dialect)
    if limit is not None and least > limit:
        raise ContextTooLong(
            f"The conversation takes at least {least:,} tokens, and {config.model.id} reads {limit:,} at most. "
            "Send fewer pages or pictures, begin a new conversation, or choose a model that reads more."
        )


def _check_pictures(request: Request, config: CloudConfig) -> None:
    links = (part for message in request.messages for part in message.parts if isinstance(part, LinkPart))
    model, count = config.model, len(request.images()) + sum(link.kind == "image" for link in links)
    if count and "image" not in model.inputs:
        raise RequestRefused(f"{model.id} reads text only. Choose a model that sees pictures, or ask without them.")
    if model.pictures_max is not None and count > model.pictures_max:
        raise RequestRefused(
            f"The conversation holds {count} pictures, and {model.id} takes {model.pictures_max} at most. "
            "Send fewer, or begin a new conversation."
        )


def _check_links(request: Request, config: CloudConfig) -> None:
    kinds = {part.kind for message in request.messages for part in message.parts if isinstance(part, LinkPart)}
    if refused := kinds - links_taken(config):
        what = _LINK_WORDS[min(refused)]
        raise LinkRefused(f"{config.model.id} does not fetch {what} from the web. Download it and attach the file instead.")
    is_mixed = "file" in kinds and (len(kinds) > 1 or bool(request.images()))
    if is_mixed:  # S1 of the schema: file_url not together with image_url or video_url in one request
        raise RequestRefused(
            f"{config.model.id} does not take a document's address together with pictures or videos. "
            "Ask about the document in a conversation of its own, or download and attach it."
        )


def _check_tools(request: Request, config: CloudConfig) -> None:
    if request.tools and not config.model.tools:
        raise RequestRefused(f"{config.model.id} calls no tools. Turn them off, or choose a model that does.")
    if len(request.tools) > _TOOLS_MAX:
        raise RequestRefused(f"{len(request.tools)} tools are more than the {_TOOLS_MAX} that may be offered. Turn some off.")
    if wrong := next((tool.name for tool in request.tools if not _TOOL_NAME.fullmatch(tool.name)), None):
        raise RequestRefused(
            f"The tool “{wrong[:64]}” has a name that servers refuse: up to 64 letters, digits, _ and - are allowed."
        )


def _least_tokens(request: Request, dialect: Dialect) -> int:
    """Fewer than a conversation will take: what is refused here would be refused there. Vocabularies differ, and so do caps."""
    tokens = 0.0
    for message in request.messages:
        for part in message.parts:
            if isinstance(part, TextPart):
                latin = len(part.text.encode("ascii", "ignore"))
                tokens += latin / 8 + (len(part.text) - latin) / 3
            elif isinstance(part, ImagePart):
                guess = part.width * part.height // 32**2 if dialect == "glm" else 0
                tokens += min(max(guess, _PICTURE_TOKENS_MIN), _PICTURE_TOKENS_MAX)
    return int(tokens)
