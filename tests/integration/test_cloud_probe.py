"""Looking at servers: which kind it is, what it offers, and one sentence for each thing that may be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from inference import errors
from inference.cloud.config import Network
from inference.cloud.probe import ServerInfo, probe, tidy_address
from inference.engine import Cancel
from tests.helpers.cloud import KEY, quiet_environment
from tests.helpers.engine import MODEL
from tests.helpers.llama_server import CONTEXT_TOKENS, running_llama_server
from tests.helpers.replay_server import Received, ReplayServer, Script, refusal

JSON = {"Content-Type": "application/json"}
NOT_FOUND = refusal(404, "not_found", "Not Found")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quiet_environment(monkeypatch, tmp_path)


class Routes(ReplayServer):
    """Answers each path with its JSON or script, every other with 404."""

    def __init__(self, routes: Mapping[str, Any]) -> None:
        super().__init__()
        self._routes = routes

    def _next(self, request: Received) -> Script:
        self._note(requests=[*self.requests, request])
        found = self._routes.get(request.path, NOT_FOUND)
        return found if isinstance(found, Script) else Script((json.dumps(found).encode(),), headers=JSON)


def models(*entries: Mapping[str, Any]) -> dict[str, Any]:
    return {"object": "list", "data": list(entries)}


VLLM = models({"id": "zai-org/GLM-4.6V", "owned_by": "vllm", "max_model_len": 65_536}, {"id": "lora", "owned_by": "vllm"})
SGLANG = models({"id": "glm", "owned_by": "sglang", "max_model_len": 131_072})
MANY = models({"id": "a/b", "context_length": 128_000, "architecture": {"input_modalities": ["text", "image"]}}, {"id": "c"})
PLAIN = models({"id": "m", "owned_by": "library"}, {"name": "no id"}, "no entry", {"id": "\x1b[2J"}, {"id": ""}, {"id": 3})  # type: ignore[arg-type]
FOUND: dict[str, tuple[Mapping[str, Any], str, ServerInfo]] = {
    "vLLM": (
        {"/v1/models": VLLM, "/version": {"version": "0.14.1"}},
        "",
        ServerInfo("/v1", "vllm", ("zai-org/GLM-4.6V", "lora"), 65_536, None, "vLLM 0.14.1"),
    ),
    "vLLM, and no version": (
        {"/v1/models": VLLM},
        "/v1/",
        ServerInfo("/v1", "vllm", ("zai-org/GLM-4.6V", "lora"), 65_536, None, "vLLM"),
    ),
    "SGLang": (
        {"/v1/models": SGLANG, "/model_info": {"model_path": "x", "has_image_understanding": True}},
        "/v1",
        ServerInfo("/v1", "sglang", ("glm",), 131_072, True, "SGLang"),
    ),
    "SGLang, an older one": (
        {"/v1/models": SGLANG, "/get_model_info": {"has_image_understanding": False}},
        "",
        ServerInfo("/v1", "sglang", ("glm",), 131_072, False, "SGLang"),
    ),
    "a collection below a path": (
        {"/api/v1/models": MANY},
        "/api",
        ServerInfo("/api/v1", "openai", ("a/b", "c"), 128_000, True, ""),
    ),
    "a path of its own": (
        {"/api/paas/v4/models": PLAIN},
        "/api/paas/v4",
        ServerInfo("/api/paas/v4", "openai", ("m",), None, None, ""),
    ),
    "no /v1 at all": ({"/models": PLAIN}, "/chat/completions", ServerInfo("", "openai", ("m",), None, None, "")),
}


@pytest.mark.parametrize("kind", FOUND)
def test_each_kind_of_server_is_recognised(kind: str) -> None:
    routes, path, expected = FOUND[kind]
    with Routes(routes) as server:
        found = probe(server.url + path, KEY)
        assert found.base_url == server.url + expected.base_url
        assert (found.dialect, found.models, found.context_tokens, found.vision, found.name) == (
            expected.dialect,
            expected.models,
            expected.context_tokens,
            expected.vision,
            expected.name,
        )
        assert {request.method for request in server.requests} == {"GET"}
        assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests)


def test_llama_server_is_recognised_with_its_context_and_its_eyes_and_its_key_is_wanted() -> None:
    with running_llama_server(KEY) as server:
        for address in (server.address, f"{server.address}/v1", server.address.removeprefix("http://")):
            found = probe(address, KEY)
            assert found.base_url == f"{server.address}/v1" and found.models == (str(MODEL),) and found.name.startswith("llama.cpp")
            assert (found.dialect, found.context_tokens, found.vision) == ("llama_server", CONTEXT_TOKENS, True)
        with pytest.raises(errors.KeyMissing, match=r"wants a key.*\.$"):
            probe(server.address)
        with pytest.raises(errors.KeyRefused, match="does not accept the key"):
            probe(server.address, "wrong")


WRONG: dict[str, tuple[Mapping[str, Any], str, type[errors.InferenceError]]] = {
    "no key": ({"/v1/models": refusal(401, "")}, "", errors.KeyMissing),
    "a wrong key": ({"/v1/models": refusal(401, "1002", f"bad key {KEY}")}, KEY, errors.KeyRefused),
    "nothing of the kind": ({}, "", errors.AddressInvalid),
    "a page": ({"/v1/models": Script((b"<html>",), headers={"Content-Type": "text/html"})}, "", errors.ReplyNotUnderstood),
    "no models": ({"/v1/models": models()}, "", errors.ModelUnknown),
    "a giant": ({"/v1/models": Script((b"[" * (1 << 20),) * 9, headers=JSON)}, "", errors.ReplyNotUnderstood),
    "a redirect": ({"/v1/models": Script((), 301, {"Location": "https://elsewhere.example/v1"})}, KEY, errors.AddressInvalid),
    "a server in trouble": ({"/v1/models": refusal(503, 503)}, "", errors.ServerBusy),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_in_a_sentence(kind: str) -> None:
    routes, key, expected = WRONG[kind]
    with Routes(routes) as server, pytest.raises(errors.InferenceError) as raised:
        probe(server.url, key)
    assert type(raised.value) is expected and KEY not in raised.value.message
    assert len(raised.value.message) > 30 and raised.value.message[-1] in ".”"


def test_where_nothing_listens_and_where_nobody_wants_to_know() -> None:
    with pytest.raises(errors.ServerUnreachable, match="nothing listens there"):
        probe("127.0.0.1:9", network=Network(proxy="none"))
    cancel = Cancel()
    cancel.set()
    with Routes({"/v1/models": VLLM}) as server, pytest.raises(errors.Cancelled):
        probe(server.url, cancel=cancel)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" localhost:8080/ ", "http://localhost:8080"),
        ("192.168.1.7:8000/v1", "http://192.168.1.7:8000/v1"),
        ("[fd00::1]:8000", "http://[fd00::1]:8000"),
        ("gpu-box.local", "http://gpu-box.local"),
        ("api.example.com/v1/chat/completions", "https://api.example.com/v1"),
        ("8.8.8.8:80", "https://8.8.8.8:80"),
        ("http://api.example.com/v1/models/", "http://api.example.com/v1"),
    ],
)
def test_addresses_are_tidied(written: str, meant: str) -> None:
    assert tidy_address(written) == meant


@pytest.mark.parametrize(
    "wrong",
    ["", "http://", "ftp://x", "http://a b", "http://x:99999", "http://x:0", "http://[x", "[x", "http://u:p@x", "http://x?key=1"],
)
def test_what_is_no_address_is_told(wrong: str) -> None:
    with pytest.raises(errors.AddressInvalid, match=r"\.$"):
        tidy_address(wrong)
