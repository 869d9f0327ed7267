"""Checks of `sightline doctor` about the network: GLM and its key, the proxy, each of the user's servers. Each may block.

Nothing is asked of a model: a server is asked for the list of its models, and only where the user has a key or an address for it.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from app.addresses import NO_PROXY, check_address, host_of, is_near
from app.commands.findings import Finding, State
from app.engine_choice import EngineChoice, glm_address, load_model_table, network_of, own_models_file, server_key
from app.servers import GLM_KEY_NAME, Server, read_servers
from app.settings.schema import Settings
from app.settings.secrets import SecretsError, own_secrets
from inference.errors import InferenceError, ModelUnknown, ReplyNotUnderstood, RequestRefused

PROXY_PATIENCE_S = 5.0
_WHERE = "in the settings, under “GLM and servers”"
_Report = dict[str, Any] | None


def check_glm(settings: Settings, _report: _Report) -> Finding:
    """Whether its host answers and takes the key."""
    is_chosen = EngineChoice.of(settings).kind == "glm"
    unused = Finding("glm", "limited", "No key is saved, so GLM is not used.", f"Save one {_WHERE}, if you have an account.")
    try:
        key = own_secrets().get(GLM_KEY_NAME)
    except SecretsError as error:
        return Finding("glm", _fault(is_chosen), error.message) if is_chosen or GLM_KEY_NAME in settings.keys else unused
    if not key and not is_chosen:
        return unused
    try:
        address = glm_address(settings)
        if not key:
            return Finding("glm", "broken", f"There is no key for {host_of(address)}.", f"Save one {_WHERE}.")
        _probe(address, key, settings)
    except (ReplyNotUnderstood, ModelUnknown, RequestRefused):  # the cloud itself need not tell its models
        if settings.glm_address == "own":
            words = f"{host_of(address)} answers, but with no list of models: the address may be wrong."
            return Finding("glm", "limited", words, f"If questions fail, correct it {_WHERE}.")
    except InferenceError as error:
        return Finding("glm", _fault(is_chosen), error.message)
    _table, fault = load_model_table()
    if fault is not None:
        return Finding("glm", "limited", fault.message)
    words = f"{host_of(address)} answers, and does not refuse the key. Its models can be changed in {own_models_file()}."
    return Finding("glm", "works", words)


def check_proxy(settings: Settings, _report: _Report) -> Finding:
    """Which one is used, whether it is there, and whether the user's certificates can be read. Its password is not shown."""
    try:
        network = network_of(settings)
        if network.ca_file is not None:
            ssl.create_default_context(cafile=str(network.ca_file))
    except InferenceError as error:
        return Finding("proxy", "broken", error.message)
    except (ssl.SSLError, OSError):
        return Finding("proxy", "broken", f"{network.ca_file} holds no certificates in PEM.", f"Choose another file {_WHERE}.")
    if network.proxy == NO_PROXY:
        return Finding("proxy", "works", "None is used, as the settings say.")
    found = getproxies()
    proxy = network.proxy or found.get("https") or found.get("all") or found.get("http") or ""
    if not proxy:
        return Finding("proxy", "works", "None is used: neither the settings nor the system name one.")
    origin = "the settings" if network.proxy else "the system"
    try:
        url = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        place = (url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
        if url.scheme not in ("http", "https"):
            words = f"{place[0]}, which {origin} name{'' if network.proxy else 's'}, is a {url.scheme} proxy, and not supported."
            return Finding("proxy", _fault(EngineChoice.of(settings).is_remote), words, f"Name an HTTP proxy, or “none”, {_WHERE}.")
        socket.create_connection(place, PROXY_PATIENCE_S).close()
    except (OSError, ValueError) as error:
        name = f"{url.hostname}:{url.port}" if isinstance(error, OSError) else "The proxy"
        words = f"{name}, which {origin} name{'' if network.proxy else 's'}, cannot be reached: {_reason(error)}."
        return Finding("proxy", "broken", words, f"Correct it {_WHERE}; “none” uses no proxy.")
    return Finding("proxy", "works", f"{place[0]}:{place[1]} is used, which {origin} name{'' if network.proxy else 's'}.")


def server_checks(settings: Settings) -> list[tuple[str, Any]]:
    """One for each of the user's servers, by its part's name."""
    return [
        (server.key_name, lambda settings, _report, server=server: check_server(server, settings))
        for server in read_servers(settings.servers)
    ]


def check_server(server: Server, settings: Settings) -> Finding:
    """Whether it answers, takes the key and has the model."""
    part = server.key_name
    is_chosen = EngineChoice.of(settings) == EngineChoice("server", server.name)
    try:
        key = server_key(server, settings, own_secrets())
        address = check_address(server.address, has_key=bool(key))
        program, models = _probe(address, key, settings)
    except (InferenceError, SecretsError) as error:
        return Finding(part, _fault(is_chosen), f"{server.address}: {error.message}")
    if not server.model:
        return Finding(part, _fault(is_chosen), f"{server.host} answers; no model is chosen.", f"Choose one {_WHERE}.")
    if server.model not in models:
        words = f"{server.host} answers and has no model {server.model}; it has {', '.join(models[:5])}."
        return Finding(part, _fault(is_chosen), words, f"Choose another one {_WHERE}.")
    if server.address.startswith("http:") and not is_near(host_of(server.address)):
        words = f"{server.host} answers, but what is sent there can be read on the way."
        return Finding(part, "limited", words, "Use an address that begins with https://.")
    return Finding(part, "works", f"{server.host} answers{f' ({program})' if program else ''} and has {server.model}.")


def _probe(address: str, key: str, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """The program and its models. Raises ServerError."""
    from inference.cloud.probe import probe

    info = probe(address, key, network_of(settings))
    return info.name, info.models


def _fault(is_chosen: bool) -> State:
    """What is not used now leaves the rest of use."""
    return "broken" if is_chosen else "limited"


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is no address, or it does not answer"
