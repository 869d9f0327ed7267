"""Engines for servers on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inference.cloud.config import CloudConfig, TimeLimits
from inference.cloud.engine import CloudEngine
from inference.cloud.models import CloudModel
from tests.helpers.authority import Authority, make_authority

KEY = "0123456789abcdef0123456789abcdef.SecretSecret1234"
GLM = CloudModel("glm-4.6v", thinking="switch", pictures_max=50, output_tokens=32_768)
Open = Callable[..., CloudEngine]


def quiet_environment(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Authority:
    """No proxies, and an authority of our own is trusted: the system's hundreds take long to load."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("SSL_CERT")]:
        monkeypatch.delenv(name)
    authority = make_authority(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    return authority


@contextmanager
def cloud_engines() -> Iterator[Open]:
    """Opens engines that are closed at the end. Pauses between tries are short and time limits long unless told otherwise."""
    opened: list[CloudEngine] = []

    def open_one(
        address: str, model: CloudModel = GLM, limits: dict[str, float] | None = None, pace: float = 0.002, **fields: Any
    ) -> CloudEngine:
        times = TimeLimits(**({"connect_s": 60.0, "first_byte_s": 60.0, "idle_s": 60.0} | (limits or {})))
        opened.append(CloudEngine(CloudConfig(f"{address}/v4", model, **({"key": KEY, "limits": times} | fields)), pace))
        return opened[-1]

    try:
        yield open_one
    finally:
        for engine in opened:
            engine.close()
