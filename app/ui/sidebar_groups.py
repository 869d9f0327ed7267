"""The list of conversations in order, under headings: pinned, today, yesterday, the week before, then months."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from app.chat.history.types import Summary

TITLE_CHARACTERS_MAX = 200
SECONDS_MIN, SECONDS_MAX = 4_000_000.0, 250_000_000_000.0
"""From February 1970, because Windows has no time zones before, to about the year 9890, because no calendar goes further."""
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Heading:
    """What goes between rows."""

    words: str


@dataclass(frozen=True, slots=True)
class PrivateRow:
    """The conversation in the window, of which nothing is kept."""


SidebarRow = Heading | PrivateRow | Summary
_Dated = tuple[float, Summary]


def build_rows(summaries: Iterable[Summary], today: date, *, has_private: bool = False) -> list[SidebarRow]:
    """The rows to show. Days are those of this computer's clock."""
    pinned: list[_Dated] = []
    others: list[_Dated] = []
    for summary in summaries:
        at = summary.changed_at
        usual = at if SECONDS_MIN <= at <= SECONDS_MAX else _clamped(at)  # there may be 10,000 of them
        (pinned if summary.is_pinned else others).append((usual, summary))
    for dated in (pinned, others):
        dated.sort(key=itemgetter(0), reverse=True)
    rows: list[SidebarRow] = [PrivateRow()] if has_private else []
    if pinned:
        rows += [Heading(QCoreApplication.translate("Sidebar", "Pinned")), *(summary for _, summary in pinned)]
    since = math.inf
    for changed_at, summary in others:
        if changed_at < since:
            words, since = _stretch(date.fromtimestamp(changed_at), today)
            rows.append(Heading(words))
        rows.append(summary)
    return rows


def short_title(title: str) -> str:
    """One line, however it was written; never empty."""
    return " ".join(title[:TITLE_CHARACTERS_MAX].split()) or QCoreApplication.translate("Sidebar", "Untitled")


def date_words(changed_at: float, today: date) -> str:
    """The time of a day that is today, else the day."""
    moment = datetime.fromtimestamp(_clamped(changed_at))
    locale = QLocale()
    if moment.date() == today:
        return locale.toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    if moment.year == today.year:
        form = QCoreApplication.translate("Sidebar", "d MMM")
    else:
        form = QCoreApplication.translate("Sidebar", "d MMM yyyy")
    return locale.toString(QDate(moment.year, moment.month, moment.day), form)


def _stretch(day: date, today: date) -> tuple[str, float]:
    """The heading of a day, and from what second on it is the same."""
    days_ago = (today - day).days
    if days_ago <= 0:
        return QCoreApplication.translate("Sidebar", "Today"), _start_of(today)
    if days_ago == 1:
        return QCoreApplication.translate("Sidebar", "Yesterday"), _start_of(day)
    if days_ago <= DAYS_OF_WEEK:
        return QCoreApplication.translate("Sidebar", "Previous 7 days"), _start_of(today - timedelta(days=DAYS_OF_WEEK))
    if day.year == today.year:
        form = QCoreApplication.translate("Sidebar", "MMMM")
    else:
        form = QCoreApplication.translate("Sidebar", "MMMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, 1), form), _start_of(day.replace(day=1))


def _start_of(day: date) -> float:
    return datetime.combine(day, time.min).timestamp()


def _clamped(seconds: float) -> float:
    """Whatever a file says, as something a calendar knows."""
    return min(max(SECONDS_MIN, seconds), SECONDS_MAX)
