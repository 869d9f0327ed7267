"""What remote models used: tokens by month, host and model, in one small SQLite file; what it cost is computed when it is shown.

Only counts are kept, of private conversations too: no words, no names of files, no keys. Costs are not stored, here or in the
history: they follow from the tokens and the table of models. When a price changes there, what was used before is told at the new
price as well. An answer that was stopped or failed is counted as far as its tokens were told; it may be billed without.

Several processes may write. Every method blocks, for five seconds at most where another one writes.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.engine_choice import account_currency, is_priced
from app.settings.schema import Settings
from inference.types import Usage

if TYPE_CHECKING:
    from inference.cloud.models import ModelTable

log = logging.getLogger(__name__)

FILE = "spending.sqlite"
_PATIENCE_S = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS used (
    month TEXT NOT NULL, host TEXT NOT NULL, model TEXT NOT NULL, answers INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    PRIMARY KEY (month, host, model)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO used VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET answers = answers + 1,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens, cached_tokens = cached_tokens + excluded.cached_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens
"""
_MONTH = "SELECT host, model, answers, prompt_tokens, cached_tokens, completion_tokens FROM used WHERE month = ?"


class SpendingFailed(Exception):
    """The file cannot be read or written."""

    code = "spending_failed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Used:
    """Attributes:
    host, model: who answered.
    answers: how many.
    usage: all their tokens together.
    """

    host: str
    model: str
    answers: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class Spent:
    """Attributes:
    model, host: who answered.
    answers, tokens: how much.
    cost: in `currency`; None where no price is known, or nothing is paid by the token.
    """

    model: str
    host: str
    answers: int
    tokens: int
    cost: float | None
    currency: str


class Spending:
    """Safe for several threads and processes. The file is made with the first answer that is counted."""

    def __init__(self, path: Path | None = None) -> None:
        """In the data folder, unless it is to be elsewhere."""
        self._path = path or paths.data_dir() / FILE

    def record(self, host: str, model: str, usage: Usage, at_s: float | None = None) -> None:
        """Count an answer, now or at a time in seconds since 1970. Raises SpendingFailed."""
        if not usage.prompt_tokens and not usage.completion_tokens:
            return
        values = (month_of(at_s), host, model, usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens)
        with self._open() as database:
            database.execute(_ADD, values)

    def month(self, month: str = "") -> tuple[Used, ...]:
        """What was used in a month such as "2026-03", by default in this one. Raises SpendingFailed."""
        return tuple(Used(host, model, answers, Usage(*tokens)) for host, model, answers, *tokens in self._rows(month))

    def _rows(self, month: str) -> list[tuple[str, str, int, int, int, int, int]]:
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute(_MONTH, (month or month_of(),)).fetchall()
        return [(host, model, answers, prompt, cached, 0, completion) for host, model, answers, prompt, cached, completion in rows]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        try:
            with contextlib.closing(self._connect()) as database, database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise SpendingFailed(
                f"What the answers used cannot be kept in {self._path}: {error}. See whether there is room, and the right to write."
            ) from None

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=_PATIENCE_S)
        try:
            database.execute(_SCHEMA)
        except sqlite3.OperationalError:  # another one writes, or the disk is full
            database.close()
            raise
        except sqlite3.DatabaseError:  # it is damaged: the counts are lost, and the file is kept for whoever wants to look
            database.close()
            self._path.replace(self._path.with_suffix(".damaged.sqlite"))
            log.warning("the file of what was used was damaged, and begins anew")
            database = sqlite3.connect(self._path, timeout=_PATIENCE_S)
            database.execute(_SCHEMA)
        return database


def month_of(at_s: float | None = None) -> str:
    """The month of a time in seconds since 1970, as the clocks of this place have it."""
    return time.strftime("%Y-%m", time.localtime(at_s))


def cost_of(host: str | None, model: str, usage: Usage, table: ModelTable, settings: Settings) -> float | None:
    """What an answer cost in the user's currency; None for one that costs nothing by the token or has no known price."""
    if host is None or not is_priced(host, settings):
        return None
    return table.cost(model, usage, settings.currency, account_currency(host))


def priced(used: Iterable[Used], table: ModelTable, settings: Settings) -> tuple[Spent, ...]:
    """With what it cost, the dearest first."""
    spent = [
        Spent(
            each.model,
            each.host,
            each.answers,
            each.usage.prompt_tokens + each.usage.completion_tokens,
            cost_of(each.host, each.model, each.usage, table, settings),
            settings.currency,
        )
        for each in used
    ]
    return tuple(sorted(spent, key=lambda each: (-(each.cost or 0.0), -each.tokens)))
