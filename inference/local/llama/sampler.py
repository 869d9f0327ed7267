"""Choosing the next token with llama.cpp's samplers."""

from __future__ import annotations

from typing import Any

import llama_cpp.llama_cpp as lib

from inference.errors import GrammarInvalid
from inference.types import SamplingParams

_PENALTY_WINDOW = 64


class Sampler:
    """Chooses tokens from the logits of the last evaluation. Temperature 0 takes the most likely one, within the grammar if any."""

    def __init__(self, ctx: Any, vocab: Any, n_vocab: int, params: SamplingParams, seed: int, grammar: str | None) -> None:
        self._ctx = ctx
        self._chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        if grammar is not None:
            text = grammar.encode(errors="replace")
            constraint = None if b"\0" in text else lib.llama_sampler_init_grammar(vocab, text, b"root")
            if not constraint:
                lib.llama_sampler_free(self._chain)
                raise GrammarInvalid("The grammar cannot be read. It must be GBNF with a rule named root.")
            self._add(constraint)
        if params.temperature <= 0:
            self._add(lib.llama_sampler_init_greedy())
            return
        if params.repeat_penalty != 1:
            self._add(lib.llama_sampler_init_penalties(n_vocab, _PENALTY_WINDOW, params.repeat_penalty, 0.0, 0.0))
        if params.top_k > 0:
            self._add(lib.llama_sampler_init_top_k(params.top_k))
        if params.top_p < 1:
            self._add(lib.llama_sampler_init_top_p(params.top_p, 1))
        self._add(lib.llama_sampler_init_temp(params.temperature))
        self._add(lib.llama_sampler_init_dist(seed % lib.LLAMA_DEFAULT_SEED))  # which itself draws one

    def _add(self, sampler: Any) -> None:
        lib.llama_sampler_chain_add(self._chain, sampler)

    def sample(self) -> int:
        """The next token."""
        return int(lib.llama_sampler_sample(self._chain, self._ctx, -1))

    def close(self) -> None:
        """Free the chain; further calls do nothing."""
        if self._chain is not None:
            lib.llama_sampler_free(self._chain)
            self._chain = None
