"""What the window knows about engines elsewhere, for the widgets that speak of them: what an answer cost, who else could answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal

from app.chat.session import Turn
from app.remote_offers import Offer

if TYPE_CHECKING:
    from inference.cloud.models import ModelTable


class KnownEngines(QObject):
    """Empty until whoever knows tells.

    Signals:
        changed(): prices, the currency or the engines are others now.
        action_wanted(turn id, name): `ASK_OTHER` or `OPEN_SERVERS` of `app.ui.answer_view`, outside the transcript.
    """

    changed = Signal()
    action_wanted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._table: ModelTable | None = None
        self._currency = "USD"
        self._is_priced: Callable[[str], bool] = lambda _host: False
        self._other: Callable[[str, str], Offer | None] = lambda _host, _model: None

    def tell(
        self,
        table: ModelTable | None,
        currency: str,
        is_priced: Callable[[str], bool],
        other: Callable[[str, str], Offer | None],
    ) -> None:
        """`is_priced` says of a host whether the table's prices hold there; `other` who could answer instead of a host's model."""
        self._table, self._currency, self._is_priced, self._other = table, currency, is_priced, other
        self.changed.emit()

    def other(self, turn: Turn) -> Offer | None:
        """Who could answer instead; None on this computer, and where there is nobody else."""
        return self._other(turn.host, turn.model_name) if turn.host is not None else None

    def figures_words(self, turn: Turn) -> str:
        """What of an answer from elsewhere was not charged in full, and what it cost; empty where nothing is known."""
        if turn.host is None:
            return ""
        usage, parts = turn.answer.usage, []
        if usage.cached_tokens:
            cached = QCoreApplication.translate("Figures", "{tokens} cached")
            parts.append(cached.format(tokens=QLocale().toString(usage.cached_tokens)))
        if self._table is not None and self._is_priced(turn.host) and usage.prompt_tokens:
            from app.engine_choice import account_currency  # not needed for the first window, as the next

            cost = self._table.cost(turn.model_name, usage, self._currency, account_currency(turn.host))
            if cost is not None:
                from app.ui.remote_words import money_words

                free = QCoreApplication.translate("Figures", "free of charge")
                parts.append(money_words(cost, self._currency) if cost else free)
        return QCoreApplication.translate("Figures", ", ").join(parts)


@cache
def known_engines() -> KnownEngines:
    """The one there is."""
    return KnownEngines()
