"""Which engine answers, and how a remote one is set up from the settings and the keychain. No Qt; opening one may block."""

from __future__ import annotations

import locale
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app import paths
from app.addresses import check_address, check_proxy, host_of, is_near
from app.servers import GLM_KEY_NAME, Server, find_server, read_servers
from app.settings.schema import Settings
from app.settings.secrets import Secrets
from inference.cloud.config import GLM_ADDRESSES, CloudConfig, Network
from inference.cloud.models import CloudModel
from inference.errors import CertificateRefused, KeyMissing, ModelTableInvalid, ModelUnknown

if TYPE_CHECKING:
    from inference.cloud.engine import CloudEngine
    from inference.cloud.models import ModelTable

log = logging.getLogger(__name__)

Kind = Literal["local", "glm", "server"]
MODELS_FILE = "models.toml"
PLAN_PATH = "/api/coding/paas/v4/"
"""Of a Coding Plan, which is paid by the month (docs.z.ai, API introduction)."""
_WHERE = "in the settings, under “GLM and servers”"


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Attributes:
    name: of the model for `glm`, empty for the one in the settings; of the server for `server`; empty for `local`.
    """

    kind: Kind = "local"
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> EngineChoice:
        """From "local", "glm", "glm:MODEL" or "server:NAME". Raises ValueError for anything else."""
        kind, colon, name = text.strip().partition(":")
        kind, name = kind.strip().lower(), name.strip()
        if kind == "local" and not colon:
            return cls()
        if kind == "glm" and (name or not colon):
            return cls("glm", name)
        if kind == "server" and name:
            return cls("server", name)
        raise ValueError(f"{text} is no engine. Write local, glm, glm:MODEL or server:NAME.")

    @classmethod
    def of(cls, settings: Settings) -> EngineChoice:
        """The one that the settings name; this computer where that cannot be understood, which sends nothing anywhere."""
        try:
            choice = cls.parse(settings.engine)
        except ValueError:
            log.warning("the settings name no engine that is known; this computer is used")
            return cls()
        return cls("glm", choice.name or settings.glm_model) if choice.kind == "glm" else choice

    def __str__(self) -> str:
        """What `parse` reads."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def is_remote(self) -> bool:
        """Whether what is asked leaves this computer."""
        return self.kind != "local"

    def as_settings(self) -> dict[str, Any]:
        """What has to be set for this to be the one in use."""
        if self.kind == "glm" and self.name:
            return {"engine": "glm", "glm_model": self.name}
        return {"engine": str(self)}


def own_models_file() -> Path:
    """Where the user may change and add to what is known about models."""
    return paths.config_dir() / MODELS_FILE


def load_model_table() -> tuple[ModelTable, ModelTableInvalid | None]:
    """What is known about models, and what is wrong with the user's own file, which then does not count."""
    from inference.cloud.models import load_models

    own = own_models_file()
    try:
        return load_models(own if own.exists() else None), None
    except ModelTableInvalid as error:
        log.info("%s cannot be used", MODELS_FILE)
        return load_models(), error


def glm_address(settings: Settings) -> str:
    """Where GLM is asked. Raises AddressInvalid."""
    if settings.glm_address == "own":
        return check_address(settings.glm_own_address, has_key=True)
    return GLM_ADDRESSES[settings.glm_address]


def network_of(settings: Settings) -> Network:
    """How servers are reached. Raises AddressInvalid for a proxy, CertificateRefused for a file that is not there."""
    ca_file = Path(settings.ca_file) if settings.ca_file else None
    if ca_file is not None and not ca_file.is_file():
        raise CertificateRefused(f"The file of certificates {ca_file} is not there. Choose another one, or none, {_WHERE}.")
    return Network(check_proxy(settings.proxy), ca_file)


def remote_config(choice: EngineChoice, settings: Settings, secrets: Secrets, table: ModelTable, model_id: str = "") -> CloudConfig:
    """How a remote engine is set up. `model_id` is asked instead of the model that was chosen.

    Blocks while the user answers the keychain. Raises KeyMissing, AddressInvalid, ModelUnknown, CertificateRefused, ServerNotFound
    and SecretsError, each with what to do.
    """
    network = network_of(settings)
    is_chinese = (locale.getlocale()[0] or "" if settings.language == "system" else settings.language).startswith("zh")
    language = "zh-CN,zh" if is_chinese else "en-US,en"
    if choice.kind == "glm":
        address = glm_address(settings)
        model = _glm_model(table, model_id or choice.name or settings.glm_model)
        key = secrets.get(GLM_KEY_NAME)
        if not key:
            raise KeyMissing(f"There is no key for {host_of(address)}. Get one from your account there and save it {_WHERE}.")
        return CloudConfig(address, model, "glm", key, settings.requests_max, network=network, language=language)
    server = find_server(read_servers(settings.servers), choice.name)
    key = server_key(server, settings, secrets)
    address = check_address(server.address, has_key=bool(key))
    model = server_model(server, table, model_id)
    return CloudConfig(address, model, server.dialect, key, settings.requests_max, network=network, language=language)


def remote_engine(choice: EngineChoice, settings: Settings, secrets: Secrets, table: ModelTable, model_id: str = "") -> CloudEngine:
    """The engine; nothing is sent yet. Blocks and raises as `remote_config`."""
    from inference.cloud.engine import CloudEngine

    return CloudEngine(remote_config(choice, settings, secrets, table, model_id))


def server_key(server: Server, settings: Settings, secrets: Secrets) -> str:
    """Its key; empty when it was given none, and then the keychain is not asked. Raises KeyMissing and SecretsError."""
    if server.key_name not in settings.keys and server.key_name not in secrets.session_names:
        return ""
    key = secrets.get(server.key_name)
    if not key:
        raise KeyMissing(f"The key of the server {server.name} is no longer in the keychain. Save it again {_WHERE}.")
    return key


def server_model(server: Server, table: ModelTable, model_id: str = "") -> CloudModel:
    """What the table and the server say about its model. Raises ModelUnknown when none was chosen.

    Whether one that the table does not have looks at videos is not known: the kind of its server decides, or the server refuses.
    """
    name = model_id or server.model
    if not name:
        raise ModelUnknown(f"No model of the server {server.name} was chosen. Choose one {_WHERE}.")
    known = table.find(name) or CloudModel(
        name, inputs=frozenset({"text", "image", "video"}), thinking="unknown" if server.dialect == "openai" else "switch"
    )
    context_tokens = server.context_tokens or known.context_tokens
    if server.vision:
        return replace(known, context_tokens=context_tokens)
    return replace(known, context_tokens=context_tokens, inputs=frozenset({"text"}), pictures_max=0)


def is_priced(host: str | None, settings: Settings) -> bool:
    """Whether what this host answered costs what the table says: not on this computer or in its network, nor with a Coding Plan."""
    if host is None or is_near(host):
        return False
    address = settings.glm_own_address if settings.glm_address == "own" else GLM_ADDRESSES[settings.glm_address]
    is_plan = f"{address.rstrip('/')}/".endswith(PLAN_PATH) and host == host_of(address).lower()
    return not is_plan


def account_currency(host: str) -> str:
    """In which an account there is charged; the price lists of the two GLM clouds are no conversions of each other."""
    return "CNY" if host == host_of(GLM_ADDRESSES["china"]) else "USD"


def _glm_model(table: ModelTable, model_id: str) -> CloudModel:
    model = table.find(model_id)
    if model is None:
        known = ", ".join(each.id for each in table.models)
        raise ModelUnknown(f"Nothing is known about the model {model_id}. Choose one of {known}, or add it to {own_models_file()}.")
    return model
