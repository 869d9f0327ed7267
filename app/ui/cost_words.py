"""What a question takes, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.speed import Cost

SECONDS_MAX = 90
"""Above this, in minutes."""


def cost_words(cost: Cost) -> str:
    """Tokens, and how long until the first word where that is known; empty for nothing."""
    if cost.tokens <= 0:
        return ""
    tokens = QLocale().toString(cost.tokens)
    if cost.seconds is None:
        return QCoreApplication.translate("Cost", "{tokens} tokens").format(tokens=tokens)
    return QCoreApplication.translate("Cost", "{tokens} tokens, about {time}").format(tokens=tokens, time=time_words(cost.seconds))


def short_cost_words(cost: Cost) -> str:
    """The same, where there is little room."""
    if cost.seconds is None:
        return cost_words(cost)
    tokens = QLocale().toString(cost.tokens)
    return QCoreApplication.translate("Cost", "{tokens} tokens, {time}").format(tokens=tokens, time=time_words(cost.seconds))


def time_words(seconds: float) -> str:
    """A rough time."""
    locale = QLocale()
    if seconds > SECONDS_MAX:
        return QCoreApplication.translate("Cost", "{minutes} min").format(minutes=locale.toString(round(seconds / 60)))
    return QCoreApplication.translate("Cost", "{seconds} s").format(seconds=locale.toString(max(1, round(seconds))))
