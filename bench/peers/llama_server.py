"""The engine of llama-server, as the xllamacpp package brings it along, asked over HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from urllib.request import Request, urlopen

import xllamacpp

from bench.peers.dialogue import Turn
from bench.peers.serve import Ask, Setup, chat_messages, run

_QUIET = -1
_TIMEOUT_S = 600


def start(setup: Setup) -> Ask:
    """Load the model and listen on a free port."""
    params = xllamacpp.CommonParams()
    params.model.path, params.mmproj.path = str(setup.model), str(setup.mmproj)
    params.n_ctx, params.n_batch, params.n_ubatch = setup.n_ctx, setup.n_batch, setup.n_batch
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = setup.n_threads
    params.n_parallel, params.port, params.use_jinja, params.verbosity = 1, 0, True, _QUIET
    server = xllamacpp.Server(params)

    def ask(turns: Sequence[Turn], max_tokens: int) -> Iterator[str]:
        body = {
            "messages": chat_messages(turns),
            "stream": True,
            "max_tokens": max_tokens,
            "temperature": 0.0,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        request = Request(
            f"{server.listening_address}/v1/chat/completions",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=_TIMEOUT_S) as response:
            for line in response:
                text = _text_of(line)
                if text is not None:
                    yield text

    return ask


def _text_of(line: bytes) -> str | None:
    """The text that one line of the event stream brings."""
    if not line.startswith(b"data: {"):
        return None
    choices = json.loads(line.removeprefix(b"data: "))["choices"]
    return choices[0]["delta"].get("content") if choices else None


if __name__ == "__main__":
    run(start)
