"""What the GLM cloud is told beyond the messages: docs.bigmodel.cn and docs.z.ai, chat completion schema, spring 2026.

It refuses fields that it does not know of other servers: no `top_k`, no penalties, no `stream_options`.
"""

from __future__ import annotations

import uuid
from typing import Any

from inference.cloud.models import CloudModel
from inference.types import Request, SamplingParams


def options(request: Request, model: CloudModel) -> dict[str, Any]:
    """The fields after the messages, the one that is new each time last."""
    fields = _thinking(request.thinking, model) | _sampling(request.sampling)
    limits = [limit for limit in (request.max_tokens, model.output_tokens) if limit is not None]
    if limits:  # without it some models stop early
        fields["max_tokens"] = min(limits)
    return fields | new_request_id()


def new_request_id() -> dict[str, str]:
    """The id of one try; a repeated one is refused (code 1231)."""
    return {"request_id": uuid.uuid4().hex}


def _thinking(is_wanted: bool, model: CloudModel) -> dict[str, Any]:
    if model.thinking == "switch":
        return {"thinking": {"type": "enabled" if is_wanted else "disabled", "clear_thinking": not model.keeps_reasoning}}
    if model.thinking == "effort":
        return {"reasoning_effort": model.effort if is_wanted else model.efforts[0]}
    return {}


def _sampling(sampling: SamplingParams) -> dict[str, Any]:
    """Two decimals are what the service takes."""
    temperature = round(min(max(sampling.temperature, 0.0), 1.0), 2)
    if temperature == 0:
        return {"do_sample": False}
    return {"do_sample": True, "temperature": temperature, "top_p": round(min(max(sampling.top_p, 0.01), 1.0), 2)}
