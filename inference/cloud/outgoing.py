"""What goes out with a request: its address, its headers and its body."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import urlsplit

from inference import errors
from inference.cloud.config import CloudConfig

_PIECE_BYTES = 1 << 16


class Body:
    """The body of a request in pieces; `on_piece` is called when one is out, to move the time limit. May be begun again."""

    def __init__(self, body: bytes, on_piece: Callable[[], None]) -> None:
        self._body, self._on_piece = body, on_piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), _PIECE_BYTES):
            yield self._body[start : start + _PIECE_BYTES]
            self._on_piece()


def headers_of(config: CloudConfig) -> dict[str, str]:
    """The headers of every request. Raises KeyRefused for a key that cannot stand in one."""
    headers = {
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",  # packing delays a stream
        "Accept-Language": config.language,
        "User-Agent": "Sightline",
    }
    if key := config.key.strip():
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise errors.KeyRefused(
                "The key holds characters that no key has. Copy it again from the provider's page into the settings."
            )
        headers["Authorization"] = f"Bearer {key}"
    return headers


def host_and_port(url: str) -> tuple[str, int]:
    """Where a request goes. Raises AddressInvalid for one that leads nowhere, or holds a name and a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port = urlsplit(""), 0
    is_plain = url.isprintable() and " " not in url
    if not is_plain or parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise errors.AddressInvalid(
            "The server's address cannot be used. It looks like https://host/v1, without name and password."
        )
    return parts.hostname, port


def proxy_of_environment(url: str) -> str:
    """Of all that the environment or the system names, the one for this address; empty for none."""
    from urllib import request

    parts, named = urlsplit(url), request.getproxies()
    if request.proxy_bypass_environment(parts.netloc, named):  # type: ignore[attr-defined]  # `proxy_bypass` may look names up
        return ""
    proxy = named.get(parts.scheme) or named.get("all", "")
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def is_open_to_a_proxy(url: str, headers: Mapping[str, str]) -> bool:
    """Whether a proxy would read the key: with http it gets the request itself, with https only a tunnel through it."""
    return "Authorization" in headers and url.lower().startswith("http:")
