"""Searching all conversations, within the caller's transaction.

Titles come first. Then the conversations, the newest first, and in each the latest question, then the pages of its documents in
their order.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator

from app.chat.history.index import answer_text
from app.chat.history.terms import Query, excerpt, parse
from app.chat.history.types import Found, Summary

PAGES_PER_SOURCE_MAX = 3
"""So that one long document does not fill the list."""
_PAGES_READ_MAX = 5_000
"""Of all pages that a word is on, the latest: more than a list shows, and few enough to be put in order while one types."""

_SUMMARY = "conversation.key, conversation.title, is_pinned, changed_at"
_TITLES = f"""SELECT {_SUMMARY} FROM title_index JOIN conversation ON conversation.id = title_index.rowid
    WHERE title_index MATCH ? AND deleted_at IS NULL ORDER BY changed_at DESC LIMIT ?"""
_TURNS = f"""SELECT turn.id, {_SUMMARY}, turn.key, question, events
    FROM turn_index JOIN turn ON turn.id = turn_index.rowid JOIN conversation ON conversation.id = conversation_id
    WHERE turn_index MATCH ? AND turn.deleted_at IS NULL AND conversation.deleted_at IS NULL
    ORDER BY turn_index.rowid DESC LIMIT ?"""
_PAGES = """SELECT source_id, locator, page.id FROM page_index JOIN page ON page.id = page_index.rowid
    WHERE page_index MATCH ? ORDER BY page_index.rowid DESC LIMIT ?"""
_LATEST_USE = f"""SELECT turn.id, {_SUMMARY}, turn.key
    FROM turn_source JOIN turn ON turn.id = turn_id JOIN conversation ON conversation.id = conversation_id
    WHERE source_id = ? AND turn.deleted_at IS NULL AND conversation.deleted_at IS NULL ORDER BY turn_id DESC LIMIT 1"""

_NUMBER = re.compile(r"\d{1,9}")

_Placed = tuple[int, Found]
"""With the row of the turn, which grows with time. What has the same one is in the order in which it is shown."""


def search(connection: sqlite3.Connection, text: str, limit: int) -> list[Found]:
    """Where all words of a text are found; nothing for a text without words."""
    query = parse(text)
    if query is None:
        return []
    places = [*_turns(connection, query, limit), *_pages(connection, query, limit)]
    places.sort(key=lambda place: (place[1].conversation.changed_at, place[0]), reverse=True)
    return list(itertools.islice((*_titles(connection, query, limit), *(found for _, found in places)), limit))


def _titles(connection: sqlite3.Connection, query: Query, limit: int) -> Iterator[Found]:
    for row in connection.execute(_TITLES, (query.match, limit)):
        found = excerpt(row[1], query)
        yield Found(_summary(row), "", found.text, found.marks, "title")


def _turns(connection: sqlite3.Connection, query: Query, limit: int) -> Iterator[_Placed]:
    for row in connection.execute(_TURNS, (query.match, limit)):
        row_id, (turn_key, question, events) = row[0], row[5:]
        found, where = excerpt(question, query), "question"
        if found.terms < len(query.patterns):
            in_answer = excerpt(answer_text(events), query)
            if in_answer.terms > found.terms:
                found, where = in_answer, "answer"
        yield row_id, Found(_summary(row[1:5]), turn_key, found.text, found.marks, where)


def _pages(connection: sqlite3.Connection, query: Query, limit: int) -> Iterator[_Placed]:
    """Each with the latest turn that the document was attached to."""
    by_source: dict[str, list[tuple[list[int], str, int]]] = {}
    for source_id, locator, row_id in connection.execute(_PAGES, (query.match, _PAGES_READ_MAX)):
        by_source.setdefault(source_id, []).append((_page_order(locator), locator, row_id))
        if len(by_source) > limit:
            break
    places = 0
    for source_id, pages in by_source.items():
        use = connection.execute(_LATEST_USE, (source_id,)).fetchone()
        if use is None:
            continue
        for _, locator, row_id in sorted(pages)[:PAGES_PER_SOURCE_MAX]:
            (text,) = connection.execute("SELECT text FROM page WHERE id = ?", (row_id,)).fetchone()
            found = excerpt(text, query)
            yield use[0], Found(_summary(use[1:5]), use[5], found.text, found.marks, "document", source_id, locator)
            places += 1
        if places >= limit:
            return


def _page_order(locator: str) -> list[int]:
    """Page 9 before page 12, and 00:59 before 01:10."""
    return [int(digits) for digits in _NUMBER.findall(locator)]


def _summary(row: tuple[str, str, int, float]) -> Summary:
    return Summary(row[0], row[1], bool(row[2]), row[3])
