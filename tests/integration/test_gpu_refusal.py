"""A GPU that refuses, or takes the process down with it, only slows the answer. There is none here: it is faked at the seams."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.engine import Cancel
from inference.errors import OutOfMemory, ProjectorMismatch
from inference.events import Failed, Finished, Notice
from inference.local import loading
from inference.local.config import LocalConfig
from inference.local.llama import GpuDevice, Watch
from inference.local.proxy import LocalEngine
from inference.types import Message, Request

DYING_ON_GPU = """
import json, os, sys
config = json.loads(json.loads(sys.stdin.readline())["config"])
job = json.loads(sys.stdin.readline())["id"]
def say(**message): print(json.dumps(message | {"id": job}), flush=True)
say(type="progress", phase="loading", done=0, total=1)
if config["gpu_layers"]:
    say(type="gpu_tried")
    os.abort()
say(type="progress", phase="loading", done=1, total=1)
say(type="started", prompt_tokens=1, cached_tokens=0, image_tokens=0, starts_in_reasoning=False)
say(type="text", text="Here.")
say(type="finished", reason="stop")
sys.stdin.readline()
"""


class RefusingModel:
    """Stands for a model whose GPU takes few layers and no projector."""

    n_ctx = 4096
    most_layers = 2
    tried: list[int]

    def __init__(self, path: str, n_ctx: int, n_threads: int, gpu_layers: int, watch: Watch) -> None:
        type(self).tried.append(gpu_layers)
        if gpu_layers > self.most_layers:
            raise OutOfMemory("no")

    def load_projector(self, path: str, least: int, most: int, use_gpu: bool) -> None:
        if use_gpu:
            raise ProjectorMismatch("no")

    def close(self) -> None:
        raise AssertionError("a model that loaded is kept")


def load(monkeypatch: pytest.MonkeyPatch, config: LocalConfig) -> list[str]:
    """The codes of the notices on the way to a loaded model."""
    codes: list[str] = []
    RefusingModel.tried = []
    monkeypatch.setattr(loading.llama, "LlamaModel", RefusingModel)
    monkeypatch.setattr(loading.llama, "list_gpus", lambda: [GpuDevice("a GPU", 8 << 30, True)])
    loading.load_model(config, Watch(lambda: False, lambda: None), lambda code, _: codes.append(code), lambda: None)
    return codes


def test_fewer_layers_are_tried_until_the_gpu_takes_them(monkeypatch: pytest.MonkeyPatch, tiny_model: tuple[Path, Path]) -> None:
    config = LocalConfig(*tiny_model)
    codes = load(monkeypatch, config)
    assert RefusingModel.tried == [6, 3, 1]  # five layers and the output
    assert codes == ["gpu_refused"] * 3  # twice the layers, once the projector
    load(monkeypatch, replace(config, gpu_layers=2))
    assert RefusingModel.tried == [2]


def test_without_layers_on_the_gpu_it_is_not_asked(monkeypatch: pytest.MonkeyPatch, tiny_model: tuple[Path, Path]) -> None:
    assert load(monkeypatch, LocalConfig(*tiny_model, gpu_layers=0)) == []
    assert RefusingModel.tried == [0]


def test_layers_that_were_asked_for_without_a_gpu_are_mentioned(tiny_model: tuple[Path, Path]) -> None:
    engine = LocalEngine(LocalConfig(*tiny_model, n_threads=1, gpu_layers=4))
    try:
        events: list[Any] = list(engine.stream(Request((Message.text("user", "Hello"),)), Cancel()))
    finally:
        engine.close()
    assert [event.code for event in events if isinstance(event, Notice)] == ["no_gpu"]
    assert isinstance(events[-1], Finished)


def test_a_gpu_that_ends_the_process_while_loading_is_left_out_from_then_on(tiny_model: tuple[Path, Path]) -> None:
    engine = LocalEngine(LocalConfig(*tiny_model), command=[sys.executable, "-c", DYING_ON_GPU])
    try:
        events: list[Any] = list(engine.stream(Request((Message.text("user", "Hello"),)), Cancel()))
    finally:
        engine.close()
    assert [event.code for event in events if isinstance(event, Notice)] == ["gpu_refused"]
    assert not any(isinstance(event, Failed) for event in events)
    assert "".join(getattr(event, "text", "") for event in events) == "Here."
    assert isinstance(events[-1], Finished)
