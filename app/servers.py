"""The user's other servers: what is known about each, checked, and as one text in the settings, without their keys. No Qt."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from app.addresses import check_address, host_of
from inference.cloud.config import Dialect
from inference.errors import ServerError

log = logging.getLogger(__name__)

NAME_CHARACTERS_MAX = 60
MODEL_CHARACTERS_MAX = 200
SERVERS_MAX = 100
KEY_PREFIX = "server "
GLM_KEY_NAME = "GLM"
"""Under these names keys stand in the keychain: `GLM`, and `server NAME`."""


class ServerInvalid(ServerError):
    """Its name or its model cannot be used."""

    code = "server_invalid"


class ServerNotFound(ServerError):
    """No server has this name."""

    code = "server_not_found"


@dataclass(frozen=True, slots=True)
class Server:
    """Attributes:
    name: given by the user, and by no letter's size the same as another's.
    address: such as ``http://localhost:8000/v1``.
    model: what is asked there, as the server calls it; empty until one is chosen.
    context_tokens: None when unknown.
    vision: whether pictures can be sent.
    """

    name: str
    address: str
    model: str = ""
    dialect: Dialect = "openai"
    context_tokens: int | None = None
    vision: bool = True

    @property
    def key_name(self) -> str:
        """Of its key in the keychain."""
        return KEY_PREFIX + self.name

    @property
    def host(self) -> str:
        """Who gets what is asked, with the port where one is named."""
        return host_of(self.address)


def check_server(server: Server, *, has_key: bool = False) -> Server:
    """The server as it is kept, with ``/v1`` added to an address of nothing but a host.

    Raises ServerInvalid and AddressInvalid, with what to do.
    """
    name, model = server.name.strip(), server.model.strip()
    if not name or len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise ServerInvalid(f"A server needs a name of at most {NAME_CHARACTERS_MAX} printable characters.")
    if len(model) > MODEL_CHARACTERS_MAX or not model.isprintable():
        raise ServerInvalid(f"The model of {name} must have a name of at most {MODEL_CHARACTERS_MAX} printable characters.")
    address = check_address(server.address, has_key=has_key)
    if address == f"{address.partition('://')[0]}://{host_of(address)}":
        address += "/v1"
    return replace(server, name=name, model=model, address=address)


def put_server(servers: Sequence[Server], server: Server, *, instead_of: str = "", has_key: bool = False) -> tuple[Server, ...]:
    """All servers with this one added, or in place of that named `instead_of`.

    Raises ServerInvalid, also when another one has the name already, and AddressInvalid.
    """
    good = check_server(server, has_key=has_key)
    others = [other for other in servers if _fold(other.name) != _fold(instead_of)]
    if any(_fold(other.name) == _fold(good.name) for other in others):
        raise ServerInvalid(f"There is a server named {good.name} already. Choose another name.")
    if len(others) >= SERVERS_MAX:
        raise ServerInvalid(f"There are {SERVERS_MAX} servers already. Remove one first.")
    if len(others) == len(servers):
        return (*servers, good)
    return tuple(good if _fold(other.name) == _fold(instead_of) else other for other in servers)


def find_server(servers: Iterable[Server], name: str) -> Server:
    """By its name, in letters of any size. Raises ServerNotFound, which names those that there are."""
    known = list(servers)
    for server in known:
        if _fold(server.name) == _fold(name):
            return server
    names = f"Known are: {', '.join(server.name for server in known)}." if known else "None was added yet."
    raise ServerNotFound(f"There is no server named {name}. {names} Servers are added in the settings, under “GLM and servers”.")


def read_servers(text: str) -> tuple[Server, ...]:
    """From the settings, in the order in which they were added. What cannot be used is passed over, and the log says so."""
    if not text:
        return ()
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        log.warning("the list of servers in the settings cannot be read")
        return ()
    servers: tuple[Server, ...] = ()
    for number, entry in enumerate(entries[:SERVERS_MAX], start=1):
        try:
            servers = put_server(servers, _from_json(entry))
        except (ServerError, ValueError) as error:
            log.warning("server %s of the settings cannot be used: %s", number, type(error).__name__)
    return servers


def write_servers(servers: Iterable[Server]) -> str:
    """As the settings keep them; `read_servers` gives the same back."""
    entries = [asdict(server) for server in servers]
    return json.dumps(entries, ensure_ascii=False) if entries else ""


def _from_json(entry: Any) -> Server:
    """Raises ValueError for anything else than a server."""
    if not isinstance(entry, dict):
        raise ValueError("no object")
    server = Server(
        entry.get("name", ""),
        entry.get("address", ""),
        entry.get("model", ""),
        entry.get("dialect", "openai"),
        entry.get("context_tokens"),
        entry.get("vision", True),
    )
    tokens = server.context_tokens
    is_good = (
        all(isinstance(each, str) for each in (server.name, server.address, server.model))
        and server.dialect in get_args(Dialect)
        and (tokens is None or (type(tokens) is int and tokens > 0))
        and isinstance(server.vision, bool)
    )
    if not is_good:
        raise ValueError("wrong types")
    return server


def _fold(name: str) -> str:
    return name.strip().casefold()
