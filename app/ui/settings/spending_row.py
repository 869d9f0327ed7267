"""What the cloud took this month: in all, and by model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QWidget

from app.spending import Spent
from app.ui.remote_notices import short_model_name
from app.ui.remote_words import money_words
from app.ui.settings.rows import Row, label


class SpendingRow(Row):
    """Shows what it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._spent: tuple[Spent, ...] | None = None
        self._lines: list[QLabel] = []
        self.retranslate()

    def show_spending(self, spent: Sequence[Spent]) -> None:
        """Show these, the dearest first."""
        self._spent = tuple(spent)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything anew."""
        for line in self._lines:
            self.body.removeWidget(line)
            line.hide()
            line.deleteLater()
        spent = self._spent or ()
        self._lines = [label("small", self._words(each)) for each in spent]
        for line in self._lines:
            self.body.addWidget(line)
        estimate = self.tr("Reckoned from tokens and list prices; your provider's bill is what counts.")
        if self._spent is None:
            self.set_words(self.tr("This month"), "…")
        elif not spent:
            self.set_words(self.tr("This month: nothing"), estimate)
        else:
            total = sum(each.cost or 0.0 for each in spent)
            self.set_words(self.tr("This month: {cost}").format(cost=money_words(total, spent[0].currency)), estimate)

    def _words(self, spent: Spent) -> str:
        locale = QLocale()
        cost = self.tr("price unknown") if spent.cost is None else self.tr("free of charge")
        if spent.cost:
            cost = money_words(spent.cost, spent.currency)
        answers = (
            self.tr("1 answer") if spent.answers == 1 else self.tr("{count} answers").format(count=locale.toString(spent.answers))
        )
        tokens = self.tr("{tokens} tokens").format(tokens=locale.toString(spent.tokens))
        return " · ".join((short_model_name(spent.model), spent.host, answers, tokens, cost))
