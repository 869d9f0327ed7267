"""The page "GLM and servers": where questions can go besides this computer, how the network is reached, what was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.addresses import check_address, check_proxy
from app.servers import GLM_KEY_NAME
from app.settings.keys import Keys
from app.settings.schema import Option, Settings
from app.spending import Spent
from app.ui.settings.certificate_file import CertificateFile
from app.ui.settings.cloud_model_row import CloudModelRow
from app.ui.settings.key_row import KeyRow
from app.ui.settings.option_pages import OptionPage
from app.ui.settings.rows import Heading, label
from app.ui.settings.servers_row import ServersRow
from app.ui.settings.spending_row import SpendingRow
from app.ui.settings.text_field import CheckedField

PROXY_EXAMPLE = "http://proxy:3128"


class CloudPage(OptionPage):
    """The options of the group, the key and the model of GLM, the list of servers, what was spent."""

    def __init__(self, keys: Keys, settings: Settings, parent: QWidget | None = None) -> None:
        self._keys = keys
        self._key = KeyRow(keys, GLM_KEY_NAME)
        self._model = CloudModelRow()
        self._servers = ServersRow(keys, settings)
        self._spending = SpendingRow()
        self._headings = [Heading() for _ in range(4)]
        self._caution = label("help")
        super().__init__("servers", settings, parent)
        self._option_rows["glm_address"].body.addWidget(self._caution)
        self._model.changed.connect(lambda value: self.changed.emit("glm_model", value))
        self._servers.changed.connect(self.changed)
        keys.saved.connect(self._on_keys_saved)
        keys.removed.connect(self._on_keys_removed)
        keys.check()
        self._model.load()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.offer(self._option_rows["glm_own_address"], settings.glm_address == "own")
        self._caution.setVisible(settings.glm_address.endswith("_coding"))
        self._key.show_kept(GLM_KEY_NAME in settings.keys)
        self._model.show_settings(settings)
        self._servers.show_settings(settings)

    def show_spending(self, spent: Sequence[Spent]) -> None:
        """What was used this month."""
        self._spending.show_spending(spent)

    def close_tasks(self) -> None:
        """End the threads."""
        self._servers.close_tasks()
        self._model.close_tasks()

    def retranslate(self) -> None:
        super().retranslate()
        names = (self.tr("GLM, the cloud of Z.ai and Zhipu"), self.tr("Other servers"), self.tr("Network"), self.tr("Spending"))
        for heading, name in zip(self._headings, names, strict=True):
            heading.set_words(name)
        caution = self.tr(
            "Coding Plans are meant for coding tools, say their terms. The provider may refuse or restrict other use."
        )
        self._caution.setText(caution)
        for row in (self._key, self._model, self._servers, self._spending):
            row.retranslate()

    def _add(self, name: str, option: Option) -> None:
        """The options in their order, with what belongs to them before and after."""
        glm, servers, network, spending = self._headings
        before: dict[str, tuple[Any, ...]] = {
            "glm_address": (glm,),
            "requests_max": (servers, self._servers),
            "proxy": (network,),
            "currency": (spending,),
        }
        after: dict[str, tuple[Any, ...]] = {"glm_own_address": (self._key, self._model), "currency": (self._spending,)}
        for row in before.get(name, ()):
            self.add_row(row)
        super()._add(name, option)
        for row in after.get(name, ()):
            self.add_row(row)

    def _build(self, name: str, option: Option) -> Any:
        control: Any
        checks: dict[str, tuple[Callable[[str], str], str]] = {
            "glm_own_address": (_check_own_address, "https://"),
            "proxy": (check_proxy, PROXY_EXAMPLE),
        }
        if name in checks:
            control = CheckedField(*checks[name])
        elif name == "ca_file":
            control = CertificateFile()
        else:
            return super()._build(name, option)
        control.changed.connect(lambda value: self.changed.emit(name, value))
        return control

    def _on_keys_saved(self, name: str, is_kept: bool) -> None:
        if is_kept and name not in self._settings.keys:
            self.changed.emit("keys", (*self._settings.keys, name))
        self._servers.retranslate()

    def _on_keys_removed(self, name: str) -> None:
        if name in self._settings.keys:
            self.changed.emit("keys", tuple(other for other in self._settings.keys if other != name))
        self._servers.retranslate()


def _check_own_address(text: str) -> str:
    return check_address(text, has_key=True) if text.strip() else ""
