"""How one remote engine is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from inference.cloud.models import CloudModel

Dialect = Literal["glm", "openai", "llama_server", "vllm", "sglang"]
"""What a server understands beyond the OpenAI chat API; `openai` is nothing beyond."""

GLM_ADDRESSES = {
    "international": "https://api.z.ai/api/paas/v4",
    "china": "https://open.bigmodel.cn/api/paas/v4",
    "international_coding": "https://api.z.ai/api/coding/paas/v4",
    "china_coding": "https://open.bigmodel.cn/api/coding/paas/v4",
}
"""zai-sdk 0.2.3 `_client.py`; docs.z.ai API introduction. The coding plans are for coding tools, say the docs."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds. The first byte is that of the answer's text: a server that reads a long document is silent until then."""

    connect_s: float = 10.0
    first_byte_s: float = 300.0
    idle_s: float = 90.0


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached. The environment's proxies and certificates hold where nothing is said here.

    Attributes:
        proxy: address of an HTTP proxy; empty for that of the environment (HTTPS_PROXY and its kin), "none" for none.
        ca_file: certificates, in PEM, that are trusted besides the usual ones; None for those of the environment (SSL_CERT_FILE).
    """

    proxy: str = ""
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class CloudConfig:
    """Everything that a remote engine needs to know, once.

    Attributes:
        base_url: such as ``https://api.z.ai/api/paas/v4``; ``/chat/completions`` is added.
        model: what is asked there.
        dialect: how it is asked.
        key: sent to the host of `base_url` and to nobody else; empty for none.
        requests_max: how many may be under way at once, of all engines of this process with the same address and model.
        language: of the server's error texts, as in Accept-Language.
    """

    base_url: str
    model: CloudModel
    dialect: Dialect = "glm"
    key: str = field(default="", repr=False)
    requests_max: int = 1
    limits: TimeLimits = field(default_factory=TimeLimits)
    network: Network = field(default_factory=Network)
    language: str = "en-US,en"
