"""Certificates, proxies and addresses: what cannot be reached is said in words, and the key goes to the server alone."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inference import errors
from inference.cloud.config import Network
from inference.engine import Cancel
from tests.helpers.authority import Authority, make_authority
from tests.helpers.cloud import KEY, quiet_environment
from tests.helpers.connecting import ANSWER, Connect, Listener, ask, connections
from tests.helpers.replay_proxy import ReplayProxy
from tests.helpers.replay_server import ReplayServer, Script, silent_socket


@pytest.fixture(autouse=True)
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    return quiet_environment(monkeypatch, tmp_path)


@pytest.fixture
def connect() -> Iterator[Connect]:
    with connections() as connect:
        yield connect


def test_certificates_of_the_environment_count_and_strangers_are_refused(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ReplayServer(ANSWER, tls=authority.server) as server:
        assert ask(connect(server.url))
        with pytest.raises(errors.CertificateRefused, match=r"not valid for 'localhost'\. Check the address;"):
            ask(connect(server.url.replace("127.0.0.1", "localhost")))
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(errors.CertificateRefused, match="not trusted"):
            ask(connect(server.url))
        assert len(server.requests) == 1
    expired = make_authority(tmp_path, valid_until_h=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(expired.ca_file))
    with (
        ReplayServer(ANSWER, tls=expired.server) as server,
        pytest.raises(errors.CertificateRefused, match=r"expired\. See whether .* clock"),
    ):
        ask(connect(server.url))
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with pytest.raises(errors.CertificateRefused, match="SSL_CERT_FILE"):
        ask(connect(server.url))
    with pytest.raises(errors.CertificateRefused, match=r"test_cloud_network\.py of the settings .* holds no certificate in PEM\."):
        ask(connect(server.url, Network(ca_file=Path(__file__))))


def test_what_cannot_be_reached_is_said_in_words_and_nothing_was_sent(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(url: str, network: Network | None = None, **limits: float) -> errors.InferenceError:
        reply = connect(url, network, **limits).post("/chat", b"{}", Cancel())
        with pytest.raises(errors.ServerError) as caught, reply:
            pass
        assert not reply.was_sent
        assert caught.value.__cause__ is None and caught.value.__context__ is None
        return caught.value

    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    refused = fault(f"http://127.0.0.1:{closed}")
    assert refused.code == "server_unreachable" and f"The server 127.0.0.1:{closed} refuses" in refused.message
    proxy = fault("https://server.test", Network(proxy=f"http://127.0.0.1:{closed}"))
    assert proxy.code == "server_unreachable" and f"The proxy 127.0.0.1:{closed} refuses" in proxy.message
    with silent_socket() as port:
        assert re.search(r"secure .* within 1 .* http://", fault(f"https://127.0.0.1:{port}", connect_s=1.0).message)
        silent_proxy = fault("https://server.test", Network(proxy=f"http://127.0.0.1:{port}"), connect_s=1.0)
        assert f"The proxy 127.0.0.1:{port} took no connection" in silent_proxy.message
    with Listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as listener:
        assert "does not speak TLS" in fault(f"https://127.0.0.1:{listener.port}").message
    for address in (
        "",
        "x",
        "ftp://a",
        "http://",
        "http://a:b",
        "https://me:pw@host/v1",
        "http://[::1",
        "http://a b",
        "http://a\x7f",
    ):
        assert fault(address).code == "address_invalid"
    for address in ("socks5://127.0.0.1:1", "socks4://me:pass@x", "http://a:b:c"):
        wrong = fault("https://server.test", Network(proxy=address))
        assert wrong.code == "proxy_refused" and "proxy in the settings" in wrong.message and "pass" not in wrong.message

    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no such name" in fault("https://no.test").message
    assert "The server xn--bcher-kva.test was not found" in fault("https://bücher.test").message  # not the proxy
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    assert "The proxy proxy.test:3128 was not found" in fault("https://no.test").message


@pytest.mark.parametrize(
    ("status", "pattern"), [(407, "The proxy .* name and a password.*HTTPS_PROXY"), (403, "The proxy .* refuses .*403")]
)
def test_a_proxy_that_refuses_says_proxy(connect: Connect, status: int, pattern: str) -> None:
    with ReplayProxy(1, status) as proxy:
        reply = connect("https://server.test", Network(proxy=f"http://127.0.0.1:{proxy.port}")).post("/chat", b"{}", Cancel())
        with pytest.raises(errors.ProxyRefused, match=pattern), reply:
            pass
        assert not reply.was_sent and KEY not in repr(proxy.requests) and proxy.wait_closed()


def test_proxies_of_settings_and_environment_lead_to_the_server(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReplayServer(ANSWER, tls=authority.server) as server, ReplayProxy(server.port) as proxy:
        url, address = f"https://server.test:{server.port}", f"127.0.0.1:{proxy.port}"
        assert ask(connect(url, Network(proxy=f"http://me:secret@{address}")))
        assert "proxy-authorization" in proxy.requests[0].headers and "authorization" not in proxy.requests[0].headers
        assert proxy.requests[0].method == "CONNECT" and ":scheme" in server.requests[0].headers
        assert "proxy-authorization" not in server.requests[0].headers
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        assert ask(connect(url))
        assert len(proxy.requests) == 2
        assert ask(connect(server.url))  # this computer needs none
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        assert ask(connect(url, Network(proxy=f"http://{address}")))  # settings go before
        assert len(proxy.requests) == 3
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        )
        assert ask(connect(url, Network(proxy="none")))
        assert len(proxy.requests) == 3


def test_of_the_environments_proxies_only_that_for_the_address_counts(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")  # many programs for proxies name both
    with ReplayServer(ANSWER, tls=authority.server) as server, ReplayProxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        url = f"https://server.test:{server.port}"
        assert ask(connect(url)) and len(proxy.requests) == 1
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        )
        for exception in ("server.test", ".test", f"x,server.test:{server.port}", "*"):
            monkeypatch.setenv("NO_PROXY", exception)
            assert ask(connect(url)) and len(proxy.requests) == 1
        monkeypatch.delenv("NO_PROXY")
        monkeypatch.delenv("HTTPS_PROXY")
        with pytest.raises(errors.ProxyRefused, match=r"ALL_PROXY.*SOCKS"):
            ask(connect(url))


def test_a_key_never_goes_to_a_proxy_that_could_read_it(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with ReplayServer(ANSWER) as server, ReplayProxy(1, 403) as proxy:
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        )
        url, network = f"http://server.test:{server.port}", Network(proxy=f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", network.proxy)
        for asked in (connect(url, network), connect(url)):
            assert ask(asked)
        assert len(server.requests) == 2 and proxy.requests == []
        with connect(url, network, key="").post("/chat", b"{}", Cancel()) as reply:
            assert reply.status == 403 and len(proxy.requests) == 1


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(connect: Connect) -> None:
    with (
        ReplayServer(ANSWER) as other,
        ReplayServer(Script(status=307, headers={"Location": f"{other.url}/x", "Set-Cookie": "a=b"})) as server,
    ):
        connection = connect(server.url)
        for _ in range(2):
            with connection.post("/chat", b"{}", Cancel()) as reply:
                assert reply.status == 307 and reply.headers["location"] == f"{other.url}/x"
        assert other.requests == [] and "cookie" not in server.requests[1].headers


def test_the_key_is_in_no_log_no_exception_and_no_repr(
    connect: Connect, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with ReplayServer(ANSWER, Script(ending="silence"), tls=authority.server) as server:
        connection = connect(server.url, first_byte_s=1.0)
        ask(connection)
        with pytest.raises(errors.ServerSilent) as caught:
            ask(connection)
        said += [repr(caught.value), str(caught.value), repr(connection), repr(connection._config)]
    for key in ("tab\tkey" + KEY, "ünïcode" + KEY, "line\nbreak" + KEY):
        with pytest.raises(errors.KeyRefused) as refused:
            ask(connect("http://127.0.0.1:1", key=key))
        said.append(str(refused.value))
    assert KEY not in "".join(said) + caplog.text and "Bearer" not in caplog.text
