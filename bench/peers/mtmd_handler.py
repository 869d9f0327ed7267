"""The multimodal chat handler of llama-cpp-python, with its defaults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llama_cpp import Llama
from llama_cpp.llama_chat_format import MTMDChatHandler

from bench.peers.dialogue import Turn
from bench.peers.serve import Ask, Setup, chat_messages, run


def start(setup: Setup) -> Ask:
    """Load the model."""
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


if __name__ == "__main__":
    run(start)
