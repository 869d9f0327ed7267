"""llama-server's engine with the tiny model, in a child process, on a port of its own of this computer."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.engine import MMPROJ, MODEL, wait_until

_ROOT = Path(__file__).parents[2]
CONTEXT_TOKENS = 4096


class LlamaServer:
    """A running server. `address` is such as ``http://127.0.0.1:40123``."""

    def __init__(self, key: str = "") -> None:
        """Start it and wait until it listens. Raises RuntimeError when it does not."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.llama_server", key],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = next((line.strip() for line in self._process.stdout if line.startswith("http://")), "")
        if not self.address:
            raise RuntimeError(f"The server ended with code {self._process.wait()}.")

    def is_busy(self) -> bool:
        """Whether it writes an answer now."""
        return any(slot["is_processing"] for slot in self._get("/slots"))

    def becomes_idle(self) -> bool:
        """Wait until it writes no answer; False when that takes too long."""
        return wait_until(lambda: not self.is_busy())

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=60) as reply:
            return json.load(reply)


@contextmanager
def running_llama_server(key: str = "") -> Iterator[LlamaServer]:
    """A server that is ended at the end."""
    server = LlamaServer(key)
    try:
        yield server
    finally:
        server.close()


def _serve(key: str) -> None:
    """Runs in the child until its standard input is closed, so that it never outlives the test."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.mmproj.path = str(MODEL), str(MMPROJ)
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel, params.cpuparams.n_threads = CONTEXT_TOKENS, 1, 1
    params.image_max_tokens = 36  # as in the model's training
    params.use_jinja = True
    if key:
        params.api_keys = [key]
    server = xllamacpp.Server(params)
    print(f"\n{server.listening_address}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1])
