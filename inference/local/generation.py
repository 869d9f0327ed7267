"""Token after token of one answer: reasoning and its budget, the grammar, the end of the turn, characters across tokens."""

from __future__ import annotations

import codecs
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from inference.local import llama
from inference.local.kv import Unit, count_positions
from inference.types import FinishReason, Request, Timings

Phase = Literal["opening", "reasoning", "answer"]


class Generation:
    """One answer in the making.

    Attributes:
        token_count: tokens generated so far.
        first_token_at: `time.monotonic` of the first, or None.
    """

    def __init__(self, model: llama.LlamaModel, request: Request, prompt: str) -> None:
        """Set up sampling. Raises GrammarInvalid."""
        self._model, self._request = model, request
        self._think_open, self._think_close = model.single_token("<think>"), model.single_token("</think>")
        self._phase: Phase = _opening_phase(request, prompt, self._think_open is not None)
        seed = request.sampling.seed if request.sampling.seed is not None else random.getrandbits(32)
        self._free = model.sampler(request.sampling, seed, None)
        self._constrained = model.sampler(request.sampling, seed, request.grammar) if request.grammar else self._free
        self._forced: deque[int] = deque()
        self._reasoning_count = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.token_count = 0
        self.first_token_at: float | None = None

    @property
    def starts_in_reasoning(self) -> bool:
        """Whether the prompt itself opened the reasoning, so that the output begins inside it."""
        return self._phase == "reasoning" and self.token_count == 0

    def run(self, held: list[Unit], on_text: Callable[[str], None]) -> FinishReason:
        """Generate after a prompt that was just evaluated; what is evaluated is added to `held`. Raises Cancelled, OutOfMemory."""
        position = count_positions(held)
        limit = self._request.max_tokens
        reason: FinishReason = "stop"
        while True:
            token = self._next_token()
            if self._model.is_end(token):
                break
            self.first_token_at = self.first_token_at or time.monotonic()
            self.token_count += 1
            self._follow(token)
            if text := self._decoder.decode(self._model.piece(token)):
                on_text(text)
            if limit is not None and self.token_count >= limit:
                reason = "length"
                break
            try:
                self._model.decode_tokens([token], position)
            except llama.NoKvSlot:
                reason = "length"
                break
            held.append(token)
            position += 1
        if text := self._decoder.decode(b"", final=True):
            on_text(text)
        return reason

    def timings(self, began: float, load_ms: float, encode_ms: float) -> Timings:
        """How long it took, counted from `began` (`time.monotonic`)."""
        now = time.monotonic()
        first = self.first_token_at or now
        elapsed = now - first
        rate = (self.token_count - 1) / elapsed if self.token_count > 1 and elapsed > 0 else 0.0
        return Timings(round(load_ms, 1), round(encode_ms, 1), round((first - began) * 1e3, 1), round(rate, 2))

    def close(self) -> None:
        """Free the samplers."""
        self._free.close()
        if self._constrained is not self._free:
            self._constrained.close()

    def _next_token(self) -> int:
        if self._forced:
            return self._forced.popleft()
        if self._phase == "answer":
            return self._constrained.sample()
        token = self._free.sample()
        opens = token == self._think_open or not self._model.piece(token).strip()
        if self._phase == "opening" and not opens:
            self._phase = "answer"  # the model chose not to reason: what it says is the answer, and bound by the grammar
            if self._constrained is not self._free:
                return self._constrained.sample()
        return token

    def _follow(self, token: int) -> None:
        if token == self._think_open and self._phase == "opening":
            self._phase = "reasoning"
        elif token == self._think_close and self._phase == "reasoning":
            self._phase = "answer"
            if self._request.grammar and not self._forced:
                self._forced.extend(self._model.tokenize_text("\n"))
        elif self._phase == "reasoning":
            self._reasoning_count += 1
            budget = self._request.thinking_budget
            if budget is not None and self._reasoning_count == max(1, budget) and self._think_close is not None:
                self._forced.extend([self._think_close, *self._model.tokenize_text("\n")])


def _opening_phase(request: Request, prompt: str, model_reasons: bool) -> Phase:
    if prompt.rfind("<think>") > prompt.rfind("</think>"):
        return "reasoning"
    return "opening" if request.thinking and model_reasons else "answer"
