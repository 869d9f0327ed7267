"""Addresses of servers and proxies as the user writes them: checked before anything is sent there. No Qt, no look-up of names."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from inference.errors import AddressInvalid

ADDRESS_CHARACTERS_MAX = 2_000
PRIVATE_SUFFIXES = (".localhost", ".local", ".lan", ".home.arpa", ".internal")
"""RFC 6761, 6762 and 8375, and what ICANN keeps free for it (resolution 2024.07.29.06); `.lan` is what most routers say."""
NO_PROXY = "none"
_ASKED_PATH = "/chat/completions"
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
"""A host whose last label is one is an address in numbers (WHATWG URL, "ends in a number"), however few labels it has."""


def check_address(text: str, *, has_key: bool = False) -> str:
    """The address of a server, without what does not belong to it.

    Raises AddressInvalid for what is no address, and for one at which a key would cross the internet for everyone to read.
    """
    url = _split(text, "http://localhost:8000/v1")
    if url.scheme == "http" and has_key and not is_near(url.hostname or ""):
        raise AddressInvalid(
            f"The key of {url.hostname} would be sent unencrypted over the internet. Use an address that begins with https://."
        )
    path = url.path.rstrip("/").removesuffix(_ASKED_PATH).rstrip("/")
    return f"{url.scheme}://{url.netloc.lower()}{path}"


def check_proxy(text: str) -> str:
    """The address of an HTTP proxy; empty for that of the environment, "none" for none. Raises AddressInvalid."""
    if text.strip().lower() in ("", NO_PROXY):
        return text.strip().lower()
    url = _split(text, "http://proxy.example.org:3128", of="a proxy")
    return f"{url.scheme}://{url.netloc.lower()}"


def host_of(address: str) -> str:
    """With its port, where one is named."""
    return urlsplit(address).netloc


def is_near(host: str) -> bool:
    """Whether it is this computer or one of the same private network, by its name or number alone; a port may follow it."""
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    host = host.rstrip(".").lower()
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return not _ends_in_number(host) and ("." not in host or host.endswith(PRIVATE_SUFFIXES))
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return number.is_private or number.is_link_local


def _split(text: str, example: str, of: str = "a server") -> SplitResult:
    address = text.strip()
    advice = f"Write it like {example}."
    if not address:
        raise AddressInvalid(f"The address of {of} is missing. {advice}")
    if len(address) > ADDRESS_CHARACTERS_MAX or not address.isprintable() or any(map(str.isspace, address)) or "\\" in address:
        raise AddressInvalid(f"This is no address of {of}. {advice}")
    try:
        url = urlsplit(address)
        host, _port = url.hostname or "", url.port  # reading the port checks it
    except ValueError:
        raise AddressInvalid(f"This is no address of {of}. {advice}") from None
    if url.username is not None or url.password is not None:  # said first and without the address: it holds a secret
        raise AddressInvalid(f"The address of {of} must hold no name and no password. Keys are kept in the system's keychain.")
    if url.scheme not in ("http", "https") or not host:
        raise AddressInvalid(f"The address of {of} must begin with http:// or https:// and a name. {advice}")
    if url.query or url.fragment:
        raise AddressInvalid(f"The address of {of} must end before any ? or #. {advice}")
    if _ends_in_number(host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise AddressInvalid(f"{host} is neither a name nor an address in numbers. {advice}") from None
    return url


def _ends_in_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None
