"""A history of every earlier form becomes one of this form with all that is in it, or stays as it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.chat.history import schema
from app.chat.history.errors import HistoryNewer
from app.chat.history.store import History
from app.chat.session import Conversation
from tests.helpers.history import ask, is_sound, no_opener, outline, page, rows, said, source

REPORT = source("report.pdf", page_count=48)
EARLIER = range(1, schema.VERSION)


def make_earlier(folder: Path, version: int) -> list[Conversation]:
    """A history in the form that it had after `version` steps: today's rows in the tables of then."""
    current = folder / "current"
    history = History(current)
    conversations = [Conversation() for _ in range(3)]
    conversations[1].own_title, conversations[1].is_pinned = "Rechnungen", True
    for number, conversation in enumerate(conversations):
        ask(history, conversation, f"Question {number} 报告", said(f"Answer {number}"), [page(REPORT)])
        ask(history, conversation, "And?", said("So."))
    history.close()
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for step in schema.STEPS[:version]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ATTACH ? AS current", (str(current / "history.sqlite"),))
        tables = [name for (name,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")]
        for table in tables:
            if table in schema.SALVAGED_TABLES:
                names = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
                connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM current.{table}")
    return conversations


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("version", EARLIER)
def test_everything_in_an_earlier_form_is_there_afterwards(tmp_path: Path, version: int) -> None:
    conversations = make_earlier(tmp_path, version)
    history = History(tmp_path)
    assert rows(tmp_path, "PRAGMA user_version") == [(schema.VERSION,)]
    assert [summary.title for summary in history.summaries()] == ["Rechnungen", "Question 2 报告", "Question 0 报告"]
    for conversation in conversations:
        assert outline(history.load(conversation.key, no_opener)) == outline(conversation)
    assert len(history.search("报告")) == 3
    assert history.search("rechnung")[0].where == "title"
    history.index_page(REPORT.id, "page 1", "printed")
    assert history.search("printed")[0].conversation.key == conversations[2].key
    ask(history, conversations[0], "Once more", said("Yes."))
    history.close()
    assert is_sound(tmp_path)
    assert history.damage is None


@pytest.mark.parametrize("version", EARLIER)
def test_a_copy_is_made_before(tmp_path: Path, version: int) -> None:
    make_earlier(tmp_path, version)
    History(tmp_path).close()
    copy = tmp_path / f"history.before-{schema.VERSION}.sqlite"
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        assert connection.execute("SELECT count(*) FROM turn").fetchone() == (6,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


_INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from app.chat.history import index, schema
from app.chat.history.store import History

module, name = {"tables": (schema, "upgrade"), "index": (index, "rebuild")}[sys.argv[2]]
whole = getattr(module, name)

def die(*arguments):
    whole(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, die)
History(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
@pytest.mark.parametrize("moment", ["tables", "index"])
@pytest.mark.parametrize("version", EARLIER)
def test_an_upgrade_that_was_killed_has_not_happened(tmp_path: Path, version: int, moment: str) -> None:
    conversations = make_earlier(tmp_path, version)
    child = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, str(tmp_path), moment], cwd=Path(__file__).parents[2], check=False, capture_output=True
    )
    assert child.returncode == -9, child.stderr
    assert rows(tmp_path, "PRAGMA user_version") == [(version,)]
    assert rows(tmp_path, "SELECT count(*) FROM turn") == [(6,)]
    history = History(tmp_path)
    assert [outline(history.load(each.key, no_opener)) for each in conversations] == [outline(each) for each in conversations]
    assert len(history.search("报告")) == 3
    history.close()
    assert is_sound(tmp_path)


def test_a_later_form_is_not_touched(tmp_path: Path) -> None:
    history = History(tmp_path)
    ask(history, Conversation(), "One", said("1"))
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = digest(tmp_path / "history.sqlite")
    with pytest.raises(HistoryNewer, match=r"later version .*\.$"):
        History(tmp_path)
    assert digest(tmp_path / "history.sqlite") == before
    assert {path.suffix for path in tmp_path.iterdir() if path.stat().st_size} <= {".sqlite", ".sqlite-shm"}


def test_events_and_parts_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    history = History(tmp_path)
    conversation = Conversation()
    ask(history, conversation, "One", said("Well."), [page(REPORT, 1), page(REPORT, 2)])
    history.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)) as connection:
        events, parts = map(json.loads, connection.execute("SELECT events, parts FROM turn").fetchone())
        events.insert(1, {"event": "hologram", "depth": 3})
        events[0]["mood"] = "calm"
        parts["parts"][0]["part"] = "smelled"
        parts["later"] = True
        connection.execute("UPDATE turn SET events = ?, parts = ?", (json.dumps(events), json.dumps(parts)))
    (turn,) = History(tmp_path).load(conversation.key, no_opener).turns
    assert turn.answer.said == "Well." and turn.answer.is_final
    assert turn.parts == (page(REPORT, 2),)
