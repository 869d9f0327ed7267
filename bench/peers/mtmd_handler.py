"""The multimodal chat handler of llama-cpp-python, with its defaults, but for what would crash it here.

llama.cpp compiled by GCC 12 for a processor with AMX ends in a segmentation fault at the first evaluation, because the compiler
drops the stores that configure the AMX tiles (ggml-org/llama.cpp#20824 and #26954). The engine leaves AMX out, and so does this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llama_cpp import Llama, llama_cpp
from llama_cpp.llama_chat_format import MTMDChatHandler

from bench.peers.dialogue import Turn
from bench.peers.serve import Ask, Setup, chat_messages, run

_HAS_AMX = b"AMX_INT8 = 1" in llama_cpp.llama_print_system_info()
_default_params = llama_cpp.llama_model_default_params


def start(setup: Setup) -> Ask:
    """Load the model."""
    llama_cpp.llama_model_default_params = _params_without_amx if _HAS_AMX else _default_params
    handler = MTMDChatHandler(clip_model_path=str(setup.mmproj), verbose=False)
    llama = Llama(
        str(setup.model),
        n_ctx=setup.n_ctx,
        n_batch=setup.n_batch,
        n_threads=setup.n_threads,
        n_threads_batch=setup.n_threads,
        chat_handler=handler,
        verbose=False,
    )

    def ask(turns: Sequence[Turn], max_tokens: int) -> Iterator[str]:
        # Not through create_chat_completion, which does not pass on what the template is to be told.
        chunks = handler(
            llama=llama,
            messages=chat_messages(turns),
            stream=True,
            max_tokens=max_tokens,
            temperature=0.0,
            repeat_penalty=1.0,
            enable_thinking=False,
        )
        for chunk in chunks:
            text = chunk["choices"][0]["delta"].get("content")
            if text is not None:
                yield text

    return ask


def _params_without_amx() -> llama_cpp.llama_model_params:
    params = _default_params()
    params.use_extra_bufts = False
    return params


if __name__ == "__main__":
    run(start)
