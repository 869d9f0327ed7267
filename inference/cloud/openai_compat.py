"""What servers with the OpenAI chat API are told beyond the messages: vLLM, SGLang, llama-server, and those that know no more.

Sources: vLLM and SGLang, "OpenAI-compatible server"; llama.cpp, tools/server/README.md.
"""

from __future__ import annotations

from typing import Any

from inference.cloud.config import CloudConfig, Dialect
from inference.cloud.models import CloudModel
from inference.types import Request, SamplingParams


def options(request: Request, config: CloudConfig) -> dict[str, Any]:
    """The fields after the messages."""
    model, dialect = config.model, config.dialect
    fields: dict[str, Any] = {"stream_options": {"include_usage": True}}
    fields |= _thinking(request, model, dialect) | _sampling(request.sampling, dialect)
    if request.max_tokens is not None:
        fields["max_tokens"] = min(request.max_tokens, model.output_tokens or request.max_tokens)
    if dialect in ("vllm", "sglang"):
        fields["skip_special_tokens"] = False  # GLM's boxes stand between two of them
    elif dialect == "llama_server":
        fields |= {"cache_prompt": True, "reasoning_format": "deepseek", "return_progress": True}
        if request.grammar is not None:
            fields["grammar"] = request.grammar
        if request.thinking and request.thinking_budget is not None:
            fields["thinking_budget_tokens"] = request.thinking_budget
    return fields | dict(model.extra)


def _thinking(request: Request, model: CloudModel, dialect: Dialect) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if model.thinking == "effort":
        fields["reasoning_effort"] = model.effort if request.thinking else model.efforts[0]
    if dialect != "openai" and model.thinking not in ("none", "always"):
        fields["chat_template_kwargs"] = {"enable_thinking": request.thinking}
    return fields


def _sampling(sampling: SamplingParams, dialect: Dialect) -> dict[str, Any]:
    """Temperature 0 turns every other choice off, those too that the server makes where nothing is said."""
    is_greedy = sampling.temperature <= 0
    fields: dict[str, Any] = {
        "temperature": 0.0 if is_greedy else sampling.temperature,
        "top_p": 1.0 if is_greedy else sampling.top_p,
    }
    if dialect != "openai":
        fields["top_k"] = 1 if is_greedy else sampling.top_k
        penalty = "repeat_penalty" if dialect == "llama_server" else "repetition_penalty"
        fields[penalty] = 1.0 if is_greedy else sampling.repeat_penalty
    if dialect == "llama_server":
        fields["min_p"] = 0.0  # else it leaves out what is less than a twentieth as likely as the first
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    return fields
