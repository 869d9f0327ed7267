"""Servers, their addresses and the choice of an engine: what is kept, what is refused, and which key goes where."""

from __future__ import annotations

import json

import pytest

from app.addresses import check_address, check_proxy, is_near
from app.engine_choice import EngineChoice
from app.servers import Server, ServerInvalid, ServerNotFound, find_server, put_server, read_servers, write_servers
from app.settings.schema import Settings
from inference.errors import AddressInvalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        (" https://GPU.example.org/v1/chat/completions ", "https://gpu.example.org/v1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://例子.中国/api", "https://例子.中国/api"),
    ],
)
def test_an_address_is_kept_without_what_does_not_belong_to_it(written: str, kept: str) -> None:
    assert check_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "", "localhost:8000", "ftp://host", "file:///etc/passwd", "https://", "https:///v1", "http://host:99999", "http://host:x",
        "https://user:secret-word@host/v1", "https://secret-word@host", "https://:secret-word@host", "http://host/v1?key=secret-word",
        "http://host/#x", "http://ho st", "http://host\n.evil", "https://good\\@evil", "http://134744072/", "http://0x08080808",
        "http://8.8.2056", "http://[::1", "https://" + "x" * 3_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_never_repeated(written: str) -> None:
    with pytest.raises(AddressInvalid) as caught:
        check_address(written)
    assert "secret-word" not in caught.value.message


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("192.168.1.7", True), ("10.0.0.1", True),
        ("fe80::1%eth0", True), ("gpu", True), ("gpu.local", True), ("gpu.home.arpa", True), ("::ffff:8.8.8.8", False),
        ("8.8.8.8", False), ("134744072", False), ("api.z.ai", False), ("a.local.example.org", False),
        ("2001:4860:4860::8888", False), ("gpu:8000", True), ("[::1]:8080", True), ("8.8.8.8:80", False),
    ],
)  # fmt: skip
def test_a_key_goes_unencrypted_only_through_the_own_network(host: str, near: bool) -> None:
    assert is_near(host) is near
    written = f"http://[{host}]" if host.count(":") > 1 and "[" not in host else f"http://{host}"
    if near and "%" not in host:
        assert check_address(written, has_key=True)
    elif not near:
        with pytest.raises(AddressInvalid):
            check_address(written, has_key=True)


@pytest.mark.parametrize("written", ["socks5://host:1", "host:3128", "http://name:secret-word@proxy:3128"])
def test_a_proxy_is_an_address_without_a_password(written: str) -> None:
    assert [check_proxy(good) for good in ("", " NONE ", "http://Proxy:3128/")] == ["", "none", "http://proxy:3128"]
    with pytest.raises(AddressInvalid) as caught:
        check_proxy(written)
    assert "secret-word" not in caught.value.message


def test_servers_survive_the_settings_and_keep_their_order() -> None:
    office = Server("Büro 办公室", "http://gpu:8000", "glm-4.6v", "vllm", 65_536)
    home = Server("home", "http://localhost:8080/v1/", "tiny", "llama_server", vision=False)
    servers = put_server(put_server((), office), home)
    assert [server.address for server in servers] == ["http://gpu:8000/v1", "http://localhost:8080/v1"]
    assert read_servers(write_servers(servers)) == servers
    moved = put_server(servers, Server("OFFICE", "https://gpu.example.org/v1"), instead_of="büro 办公室")
    assert [server.name for server in moved] == ["OFFICE", "home"]
    assert find_server(moved, "office").key_name == "server OFFICE"


def test_no_two_servers_have_the_same_name() -> None:
    servers = put_server((), Server("Office", "http://gpu"))
    with pytest.raises(ServerInvalid):
        put_server(servers, Server(" oFFICE ", "http://other"))
    with pytest.raises(ServerNotFound, match="Office"):
        find_server(servers, "home")
    for name in ("", " ", "x" * 61, "a\nb"):
        with pytest.raises(ServerInvalid):
            put_server((), Server(name, "http://gpu"))


@pytest.mark.parametrize("entry", [
    1, None, [], {}, {"name": 1, "address": "http://h"}, {"name": "x", "address": "http://h", "dialect": "smtp"},
    {"name": "x", "address": "http://h", "context_tokens": True}, {"name": "x", "address": "http://h", "vision": "yes"},
    {"name": "x", "address": "http://u:p@h"}, {"name": ["x"], "address": "http://h"},
    {"name": "x", "address": "http://h", "dialect": []},
])  # fmt: skip
def test_what_is_no_server_in_the_settings_hides_no_other(entry: object) -> None:
    good = Server("good", "http://gpu/v1")
    text = json.dumps([entry, *json.loads(write_servers([good])), entry])
    assert read_servers(text) == (good,)


@pytest.mark.parametrize("text", ["{", "{}", "1", "[" * 10_000, "null", "NaN"])
def test_a_list_of_servers_that_is_none_is_empty(text: str) -> None:
    assert read_servers(text) == ()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("local", EngineChoice()),
        ("glm", EngineChoice("glm")),
        ("GLM:glm-4.6v", EngineChoice("glm", "glm-4.6v")),
        ("server:a:b c", EngineChoice("server", "a:b c")),
    ],
)
def test_a_choice_of_an_engine_can_be_written_and_read(text: str, choice: EngineChoice) -> None:
    assert EngineChoice.parse(text) == choice == EngineChoice.parse(str(choice))
    kept = Settings(**choice.as_settings())
    assert EngineChoice.of(kept) == (EngineChoice("glm", kept.glm_model) if choice.kind == "glm" else choice)


@pytest.mark.parametrize("text", ["", "cloud", "local:x", "glm:", "server", "server: ", "http://host"])
def test_an_engine_that_nobody_knows_is_refused_and_in_the_settings_sends_nothing(text: str) -> None:
    with pytest.raises(ValueError):
        EngineChoice.parse(text)
    assert not EngineChoice.of(Settings(engine=text)).is_remote
