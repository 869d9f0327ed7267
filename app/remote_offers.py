"""What can answer besides the model files of this computer, as the menus offer it. No Qt; nothing is asked and nothing read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings.schema import Settings
    from inference.cloud.models import ModelTable

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Offer:
    """Attributes:
    choice: as `EngineChoice` writes it.
    name: of the model, or of the server.
    model: what answers there.
    sees: whether it takes pictures.
    host: with its port, where one is named; None on this computer.
    """

    choice: str
    name: str
    model: str
    host: str | None = None
    sees: bool = True


@dataclass(frozen=True, slots=True)
class Offers:
    """Attributes:
    glm: models of the cloud, the one in the settings first; none without a key.
    servers: those of which a model is known.
    current: the choice that holds.
    """

    glm: tuple[Offer, ...] = ()
    servers: tuple[Offer, ...] = ()
    current: str = LOCAL

    def find(self, choice: str) -> Offer | None:
        """By its choice."""
        return next((offer for offer in (*self.glm, *self.servers) if offer.choice == choice), None)


def remote_offers(settings: Settings, session_names: Collection[str], table: ModelTable | None) -> Offers:
    """`session_names` are of keys that no keychain holds; without the table, only the model in the settings is known."""
    if settings.engine == LOCAL and not (settings.servers or settings.keys or session_names):
        return Offers()
    from app.addresses import host_of  # not needed for the first window, which has the types of this module
    from app.engine_choice import EngineChoice, glm_address
    from app.servers import GLM_KEY_NAME, read_servers
    from inference.errors import AddressInvalid

    servers = tuple(
        Offer(str(EngineChoice("server", server.name)), server.name, server.model, server.host, server.vision)
        for server in read_servers(settings.servers)
        if server.model
    )
    glm: tuple[Offer, ...] = ()
    if GLM_KEY_NAME in settings.keys or GLM_KEY_NAME in session_names:
        try:
            host = host_of(glm_address(settings))
        except AddressInvalid:  # the page of settings says so
            host = ""
        sees = {settings.glm_model: True} | {
            each.id: "image" in each.inputs for each in (table.models if table is not None else ())
        }
        glm = tuple(Offer(str(EngineChoice("glm", id)), id, id, host, can_see) for id, can_see in sees.items()) if host else ()
    return Offers(glm, servers, str(EngineChoice.of(settings)))


def other_offer(settings: Settings, offers: Offers, host: str, model: str) -> Offer | None:
    """Who could answer instead of this model of this host: one on this computer if there is any."""
    if settings.model:
        return Offer(LOCAL, Path(settings.model).stem, settings.model)
    others = (offer for offer in (*offers.servers, *offers.glm) if offer.host != host or offer.model != model)
    elsewhere = sorted(others, key=lambda offer: offer.host == host)  # what failed may be the host
    return elsewhere[0] if elsewhere else None
