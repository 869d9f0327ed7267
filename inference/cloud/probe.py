"""What stands at an address: which kind of server, with which models, and what they take. Sends no question, only GET requests.

Who answers is told by `owned_by` in the list of models: each server writes its own name there (llama.cpp tools/server, vLLM
entrypoints/openai, SGLang srt/entrypoints/openai). The rest comes from its /props, /version (vLLM) and /model_info (SGLang).
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from inference import errors
from inference.cloud.config import CloudConfig, Dialect, Network, TimeLimits
from inference.cloud.connection import Connection
from inference.cloud.faults import quote, read_fault
from inference.cloud.models import CloudModel
from inference.engine import Cancel

_LIMITS = TimeLimits(connect_s=10.0, first_byte_s=20.0, idle_s=10.0)
_LIST_BYTES_MAX = 8 << 20  # the great collections list thousands of models
_MODELS_MAX = 2_000
_ID_LENGTH_MAX = 300
_PATHS_OF_REQUESTS = ("/chat/completions", "/completions", "/models")
_DIALECTS: Mapping[str, Dialect] = {"llamacpp": "llama_server", "vllm": "vllm", "sglang": "sglang"}


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server says of itself.

    Attributes:
        base_url: where ``/chat/completions`` is added.
        dialect: how to speak to it.
        models: names of its models; there is at least one.
        context_tokens: of the first model; None when it does not say.
        vision: whether the first model takes pictures; None when it does not say.
        name: of the program, with its version where it tells; empty when it does not say.
    """

    base_url: str
    dialect: Dialect
    models: tuple[str, ...]
    context_tokens: int | None = None
    vision: bool | None = None
    name: str = ""


def probe(address: str, key: str = "", network: Network | None = None, cancel: Cancel | None = None) -> ServerInfo:
    """Ask the server at an address, as a user writes it: with or without ``https://`` and ``/v1``.

    Raises Cancelled, and a ServerError whose sentence says what is wrong and what to do.
    """
    address = tidy_address(address)
    root = address.removesuffix("/v1")
    config = CloudConfig(root, CloudModel(""), "openai", key, limits=_LIMITS, network=network or Network())
    with closing(Connection(config)) as connection:
        server = _Server(connection, key, cancel or Cancel())
        has_own_path = bool(urlsplit(root).path) and root == address
        prefix, entries = server.models(("", "/v1") if has_own_path else ("/v1", ""))
        first = entries[0]
        dialect = _DIALECTS.get(str(first.get("owned_by", "")).casefold(), "openai")
        context, vision, name = server.details(dialect)
    return ServerInfo(
        root + prefix,
        dialect,
        tuple(entry["id"] for entry in entries),
        context
        or _whole(first.get("max_model_len"))
        or _whole(first.get("context_length"))
        or _whole(_map(first, "meta").get("n_ctx")),
        vision if vision is not None else _modalities(first),
        name,
    )


def tidy_address(address: str) -> str:
    """An address as it is stored. Raises AddressInvalid when it cannot be one.

    Without a scheme it is http for a computer nearby (a bare name, an address of a private network) and https otherwise.
    """
    address = address.strip()
    try:
        if "://" not in address:
            address = f"{'http' if _is_nearby(urlsplit(f'//{address}').hostname or '') else 'https'}://{address}"
        address = address.rstrip("/")
        for path in _PATHS_OF_REQUESTS:
            address = address.removesuffix(path)
        parts = urlsplit(address)
        is_usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        is_usable = False
    if not is_usable or any(character.isspace() or not character.isprintable() for character in address):
        raise errors.AddressInvalid(
            "This is no address of a server. It looks like http://localhost:8080 or https://example.com/v1."
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise errors.AddressInvalid(
            "The address holds more than the server's place. Write it without names, keys and what follows a “?”."
        )
    return address.rstrip("/")


class _Server:
    def __init__(self, connection: Connection, key: str, cancel: Cancel) -> None:
        self._connection, self._key, self._cancel = connection, key, cancel

    def models(self, prefixes: tuple[str, str]) -> tuple[str, list[Mapping[str, Any]]]:
        """The prefix that was right, and the entries of the list. Raises a ServerError."""
        first_fault: errors.InferenceError | None = None
        for prefix in prefixes:
            status, headers, body = self._connection.get(f"{prefix}/models", self._cancel, _LIST_BYTES_MAX)
            if status == 200:
                if entries := _entries(_json(body)):
                    return prefix, entries
                fault: errors.InferenceError = _no_models(_json(body))
            elif status in (401, 403) and not self._key:
                raise errors.KeyMissing("The server wants a key. Enter the one that you got from whoever runs it.")
            else:
                fault = read_fault(status, headers, body, self._key).error
                if status not in (404, 405):
                    raise fault
            first_fault = first_fault or fault
        assert first_fault is not None
        raise first_fault

    def details(self, dialect: Dialect) -> tuple[int | None, bool | None, str]:
        """Context, vision and the program's name with its version, as far as it tells."""
        if dialect == "llama_server":
            props = self._facts("/props")
            vision = _map(props, "modalities").get("vision")
            context = _whole(_map(props, "default_generation_settings").get("n_ctx"))
            return context, vision if isinstance(vision, bool) else None, _name("llama.cpp", props.get("build_info"))
        if dialect == "vllm":
            return None, None, _name("vLLM", self._facts("/version").get("version"))
        if dialect == "sglang":
            facts = self._facts("/model_info") or self._facts("/get_model_info")  # the older name
            vision = facts.get("has_image_understanding")
            return None, vision if isinstance(vision, bool) else None, _name("SGLang", None)
        return None, None, ""

    def _facts(self, path: str) -> Mapping[str, Any]:
        """A JSON object, empty when there is none: none of this is needed."""
        with contextlib.suppress(errors.ServerError):
            status, _, body = self._connection.get(path, self._cancel)
            value = _json(body) if status == 200 else None
            if isinstance(value, Mapping):
                return value
        return {}


def _entries(value: Any) -> list[Mapping[str, Any]]:
    """Of a list of models in OpenAI's form, or bare; those without a usable name are left out."""
    listed = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(listed, list):
        return []
    named = (entry for entry in listed[:_MODELS_MAX] if isinstance(entry, Mapping))
    return [entry for entry in named if isinstance(name := entry.get("id"), str) and _is_name(name)]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= _ID_LENGTH_MAX and name.isprintable() and bool(name.strip())


def _no_models(value: Any) -> errors.InferenceError:
    if isinstance(value, Mapping) and isinstance(value.get("data"), list):
        return errors.ModelUnknown("The server is there and has no model. Load one there, then test again.")
    return errors.ReplyNotUnderstood(
        "Something answers at this address, but not with a list of models. Check the address and the port."
    )


def _is_nearby(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal"))


def _modalities(entry: Mapping[str, Any]) -> bool | None:
    inputs = _map(entry, "architecture").get("input_modalities")
    return "image" in inputs if isinstance(inputs, list) else None


def _name(program: str, version: Any) -> str:
    known = isinstance(version, str) and version and not version.startswith("b0-")  # what llama.cpp says when it does not know
    return f"{program} {quote(version)[:40]}" if known else program


def _map(value: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    inner = value.get(field)
    return inner if isinstance(inner, Mapping) else {}


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 1 << 40 else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
