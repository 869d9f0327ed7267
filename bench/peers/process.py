"""A peer in a process of its own, and the virtual environment that llama-server's engine needs."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import psutil

from bench.peers.dialogue import Answer, Turn, turns_to_json
from bench.peers.serve import Setup

ROOT = Path(__file__).parents[2]
_XLLAMACPP_VENV = ROOT / "bench" / ".venv-xllamacpp"


class PeerProcess:
    """One engine that is not ours."""

    def __init__(self, name: str, module: str, python: Path, setup: Setup) -> None:
        """Start it and wait until the model is loaded. Raises RuntimeError when it does not start."""
        self.name = name
        command = [str(python), "-m", module, str(setup.model), str(setup.mmproj)]
        for option in ("n_ctx", "n_batch", "n_threads"):
            command += [f"--{option.replace('_', '-')}", str(getattr(setup, option))]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._receive()

    def ask(self, turns: Sequence[Turn], max_tokens: int) -> Answer:
        """Ask the last question of a conversation. Raises RuntimeError when the process died."""
        assert self._process.stdin is not None
        print(json.dumps({"turns": turns_to_json(turns), "max_tokens": max_tokens}), file=self._process.stdin, flush=True)
        return Answer(**json.loads(self._receive()))

    def resident_bytes(self) -> int:
        """Resident memory now, the mapped model included."""
        return psutil.Process(self._process.pid).memory_info().rss

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _receive(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with code {self._process.wait()}")
        return line


def start_mtmd_handler(setup: Setup) -> PeerProcess:
    """llama-cpp-python's own chat handler, in this environment."""
    return PeerProcess("MTMDChatHandler", "bench.peers.mtmd_handler", Path(sys.executable), setup)


def start_llama_server(setup: Setup) -> PeerProcess:
    """llama-server's engine; its environment is made when missing, which takes a download."""
    python = _XLLAMACPP_VENV / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (_XLLAMACPP_VENV / "complete").exists():
        venv.create(_XLLAMACPP_VENV, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "xllamacpp"], check=True, stdout=sys.stderr)
        (_XLLAMACPP_VENV / "complete").touch()
    return PeerProcess("llama-server", "bench.peers.llama_server", python, setup)
