"""A damaged history is set aside as it is, reported, and what can be read of it goes on."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat.answer import AnswerState
from app.chat.history import database, rescue, schema
from app.chat.history.errors import DiskFull, HistoryError
from app.chat.history.raw_pages import RawPages
from app.chat.history.salvage import salvage
from app.chat.history.store import History
from app.chat.session import Conversation
from inference.events import TextDelta
from tests.conftest import EXAMPLES
from tests.helpers.history import ask, is_sound, no_opener, outline, page, rows, said, shown, source

PAGE_BYTES = 4096
REPORT = source("report.pdf")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Conversation]]:
    """A history with some conversations, one of them long, that tests copy and damage."""
    folder = tmp_path_factory.mktemp("sound")
    history = History(folder)
    conversations = [Conversation() for _ in range(60)]
    conversations[3].own_title, conversations[3].is_pinned = "Mine", True
    for number, conversation in enumerate(conversations):
        ask(history, conversation, f"Question {number} 报告", said(f"Answer {number}. " * 20), [page(REPORT)])
        ask(history, conversation, f"Another {number}", said("So. " * 3000 if number == 7 else "So."))
    history.index_page(REPORT.id, "page 1", "printed")
    history.close()
    return folder, conversations


@pytest.fixture
def folder(sound: tuple[Path, list[Conversation]], tmp_path: Path) -> Path:
    shutil.copytree(sound[0], tmp_path / "history")
    return tmp_path / "history"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def overwrite(path: Path, start: int, data: bytes) -> None:
    with open(path, "r+b") as file:
        file.seek(start)
        file.write(data)


def found_again(folder: Path, conversations: list[Conversation]) -> tuple[int, History]:
    """How many conversations are whole after the damage was met, wherever that was."""
    history = History(folder)
    history.check()
    known = {summary.key for summary in history.summaries()}
    whole = [each for each in conversations if each.key in known and outline(history.load(each.key, no_opener)) == outline(each)]
    return len(whole), history


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: overwrite(path, 0, bytes(100)),
        lambda path: overwrite(path, 0, bytes(PAGE_BYTES)),
        lambda path: overwrite(path, 0, random.Random(1).randbytes(PAGE_BYTES)),
        lambda path: overwrite(path, 60, bytes(4)),
        lambda path: overwrite(path, 63, bytes([schema.VERSION - 1])),
        lambda path: overwrite(path, 60, b"\xff"),
        lambda path: overwrite(path, 47, b"\xff"),
        lambda path: overwrite(path, 16, b"\x02"),
        lambda path: overwrite(path, 100, b"\x00"),
    ],
    ids=[
        "header zeroed",
        "first page zeroed",
        "first page garbage",
        "version zeroed",
        "version lowered",
        "version beyond all",
        "form unknown",
        "small pages",
        "no tables",
    ],
)
def test_without_its_first_page_everything_is_found_again(
    folder: Path, sound: tuple[Path, list[Conversation]], damage: Callable[[Path], None]
) -> None:
    path = folder / "history.sqlite"
    damage(path)
    before = digest(path)
    count, history = found_again(folder, sound[1])
    assert count == 60
    assert history.damage is not None and history.damage.conversations == 60
    assert digest(history.damage.set_aside) == before
    assert len(history.search("报告")) == 50 and history.search("mine")[0].where == "title"
    assert history.search("printed")[0].where == "document"
    assert history.summaries()[0].title == "Mine" and history.summaries()[0].is_pinned
    ask(history, Conversation(), "Go on?", said("Yes."))
    history.close()
    assert is_sound(folder)
    again = History(folder)
    assert again.damage is None and len(again.summaries()) == 61
    again.close()


@pytest.mark.parametrize("seed", range(6))
def test_damaged_pages_cost_no_more_than_what_stood_there(folder: Path, sound: tuple[Path, list[Conversation]], seed: int) -> None:
    path = folder / "history.sqlite"
    chance = random.Random(seed)
    pages = path.stat().st_size // PAGE_BYTES
    for number in chance.sample(range(pages), 2):
        overwrite(path, number * PAGE_BYTES, chance.choice([bytes(PAGE_BYTES), chance.randbytes(PAGE_BYTES)]))
    _, history = found_again(folder, sound[1])
    loaded = [history.load(summary.key, no_opener) for summary in history.summaries()]
    found = {turn.key: shown(turn.answer) for conversation in loaded for turn in conversation.all_turns}
    whole = [turn for each in sound[1] for turn in each.all_turns if found.get(turn.key) == shown(turn.answer)]
    assert len(whole) >= 90  # of 120; a page holds up to ten
    assert len(loaded) >= 50  # one that has lost its name begins anew with its questions
    ask(history, Conversation(), "Go on?", said("Yes."))
    history.close()
    assert is_sound(folder)


def test_a_conversation_that_lost_questions_is_called_what_it_was(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    empty, shorter, whole = sound[1][:3]
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite", isolation_level=None)) as connection:
        for turn in (*empty.turns, shorter.turns[0]):
            connection.execute("DELETE FROM turn WHERE key = ?", (turn.key,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(folder / "history.sqlite", 0, bytes(PAGE_BYTES))
    with contextlib.closing(History(folder)) as history:
        loaded = [history.load(each.key, no_opener) for each in (empty, shorter, whole)]
        listed = {summary.key: summary.title for summary in history.summaries()}
    assert [each.title for each in loaded] == [listed[each.key] for each in loaded] == [f"Question {n} 报告" for n in range(3)]
    assert [len(each.turns) for each in loaded] == [0, 1, 2]
    assert loaded[2].own_title == ""


@pytest.mark.parametrize("size", [0, 1, 99, PAGE_BYTES - 1, PAGE_BYTES * 60 + 7])
def test_a_truncated_file_is_rescued_as_far_as_it_goes(folder: Path, sound: tuple[Path, list[Conversation]], size: int) -> None:
    path = folder / "history.sqlite"
    os.truncate(path, size)
    count, history = found_again(folder, sound[1])
    assert history.damage is not None and history.damage.set_aside.stat().st_size == size
    assert count > 10 if size > PAGE_BYTES else count == 0
    ask(history, Conversation(), "Go on?", said("Yes."))
    history.close()
    assert is_sound(folder)


def test_a_table_whose_name_is_no_text_is_damage(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    data = (folder / "history.sqlite").read_bytes()
    overwrite(folder / "history.sqlite", data.index(b"CREATE TABLE conversation") + len(b"CREATE TABLE "), b"\x80(")
    count, history = found_again(folder, sound[1])
    assert history.damage is not None and count == 60
    history.close()


@pytest.mark.parametrize("word", [b"created_at REAL", b"fts5"])
def test_a_table_that_is_made_otherwise_is_damage(folder: Path, sound: tuple[Path, list[Conversation]], word: bytes) -> None:
    overwrite(folder / "history.sqlite", (folder / "history.sqlite").read_bytes().index(word), b"x")
    count, history = found_again(folder, sound[1])
    assert history.damage is not None and count == 60
    history.close()


def test_a_file_that_was_never_a_history_is_set_aside(tmp_path: Path) -> None:
    for number, data in enumerate([b"hello", bytes(10_000), random.Random(2).randbytes(50_000)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "history.sqlite").write_bytes(data)
        history = History(folder)
        assert history.damage is not None and history.damage.conversations == 0
        assert history.damage.set_aside.read_bytes() == data
        assert history.summaries() == []
        history.close()


@settings(max_examples=max(8, EXAMPLES // 3), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=40)), min_size=1, max_size=8))
def test_no_damage_stops_the_history(folder: Path, sound: tuple[Path, list[Conversation]], spots: list[tuple[int, bytes]]) -> None:
    for path in folder.iterdir():
        path.unlink() if path.is_file() else shutil.rmtree(path)
    shutil.copy(sound[0] / "history.sqlite", folder)
    path = folder / "history.sqlite"
    for start, data in spots:
        start %= path.stat().st_size
        if not start <= 60 + 3 < start + 64:  # the version number: a larger one is a later version
            overwrite(path, start, data)
    count, history = found_again(folder, sound[1])
    assert count >= 20 or len(history.summaries()) >= 50
    for query in ("报告", "answer", "printed", "mine"):
        history.search(query)
    conversation = Conversation()
    ask(history, conversation, "Go on?", said("Yes."))
    history.delete(sound[1][0].key) if any(each.key == sound[1][0].key for each in history.summaries()) else None
    history.purge(older_than_s=0.0)
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)
    history.close()
    again = History(folder)
    assert again.check() is None
    again.close()
    assert is_sound(folder)


def test_what_is_still_in_the_log_is_rescued_too(tmp_path: Path) -> None:
    history = History(tmp_path)
    conversation = Conversation()
    for number in range(30):
        ask(history, conversation, f"Question {number}", said("Yes. " * 100))
    log = tmp_path / "history.sqlite-wal"
    assert log.stat().st_size > 100_000
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(tmp_path / "history.sqlite", copy)
    shutil.copy(log, copy)
    history.close()
    kept = sorted(row for row in RawPages(copy / "history.sqlite").rows() if len(row.values) == 16)
    assert [row.values[4] for row in kept] == [turn.question for turn in conversation.turns]

    os.truncate(copy / "history.sqlite", 0)
    rescued = History(copy)
    assert rescued.damage is not None
    assert outline(rescued.load(conversation.key, no_opener)) == outline(conversation)
    rescued.close()


def test_a_running_answer_goes_on_in_the_new_file(folder: Path) -> None:
    history = History(folder)
    conversation = Conversation()
    turn = ask(history, conversation, "Now?", [TextDelta("It ", "It ")])
    for name in ("history.sqlite", "history.sqlite-wal"):
        assert (folder / name).exists()
    history.close()
    overwrite(folder / "history.sqlite", 0, bytes(100))
    conversation.apply(turn.id, said("goes on."))
    history.journal(turn.key, said("goes on."), 0.0)
    history.finish_turn(turn)
    assert history.damage is not None
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)
    assert turn.answer.said == "It goes on."
    history.close()


def test_another_window_follows_to_the_new_file(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    first, second = History(folder), History(folder)
    assert len(second.summaries()) == 60
    second.has_changed()
    overwrite(folder / "history.sqlite", 4 * PAGE_BYTES, bytes(4 * PAGE_BYTES))
    overwrite(folder / "history.sqlite", 0, bytes(100))
    first.close()
    assert first.check() is not None
    assert second.has_changed()
    conversation = Conversation()
    ask(second, conversation, "Here?", said("Yes."))
    assert outline(first.load(conversation.key, no_opener)) == outline(conversation)
    assert second.damage is None
    first.close()
    second.close()
    assert is_sound(folder)
    assert len(list(folder.glob("history.damaged-*.sqlite"))) == 1


def test_files_set_aside_are_never_overwritten(folder: Path) -> None:
    digests = set()
    for number in range(3):
        overwrite(folder / "history.sqlite", 0, bytes([number]) * 50)
        digests.add(digest(folder / "history.sqlite"))
        history = History(folder)
        assert history.damage is not None and history.damage.conversations == 60
        history.close()
    assert {digest(path) for path in folder.glob("history.damaged-*.sqlite")} == digests
    assert len(digests) == 3


def test_a_new_file_that_does_not_become_whole_is_not_used(
    folder: Path, sound: tuple[Path, list[Conversation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    overwrite(folder / "history.sqlite", 0, bytes(100))
    with contextlib.ExitStack() as readers:

        def salvage_blocked(connection: sqlite3.Connection, damaged: Path) -> int:
            reader = readers.enter_context(contextlib.closing(sqlite3.connect(folder / "history.new.sqlite", isolation_level=None)))
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM sqlite_schema").fetchall()  # keeps it from being written, as a full disk would
            return salvage(connection, damaged)

        monkeypatch.setattr(rescue, "salvage", salvage_blocked)
        monkeypatch.setattr(database, "BUSY_S", 0.1)
        with pytest.raises(HistoryError):
            History(folder)
    assert not (folder / "history.sqlite").exists() and not (folder / "history.new.sqlite").exists()
    monkeypatch.undo()
    count, history = found_again(folder, sound[1])
    assert count == 60
    history.close()


_KILLED = """
import os, signal, sys
from pathlib import Path
from app.chat.history import rescue
from app.chat.history.store import History

rescue.salvage = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
History(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_a_rescue_that_was_killed_is_done_again(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    overwrite(folder / "history.sqlite", 0, bytes(100))
    child = subprocess.run([sys.executable, "-c", _KILLED, str(folder)], cwd=Path(__file__).parents[2], check=False)
    assert child.returncode == -9
    assert not (folder / "history.sqlite").exists()
    count, history = found_again(folder, sound[1])
    assert count == 60 and history.damage is not None and history.damage.conversations == 60
    history.close()


def test_the_log_of_a_file_that_was_half_set_aside_goes_with_it(folder: Path) -> None:
    (folder / "history.sqlite").rename(folder / "history.damaged-20260101-000000.sqlite")
    (folder / "history.sqlite-wal").write_bytes(b"the log of the old file")
    history = History(folder)
    assert history.damage is not None and history.damage.conversations == 60
    assert (folder / "history.damaged-20260101-000000.sqlite-wal").read_bytes() == b"the log of the old file"
    history.close()
    assert is_sound(folder)


def test_a_damaged_index_is_made_anew_and_nothing_is_set_aside(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    ((block,),) = rows(folder, "SELECT block FROM turn_index_data WHERE id > 10 ORDER BY length(block) DESC LIMIT 1")
    change(folder, "UPDATE turn_index_data SET block = ? WHERE block = ?", block[:100] + bytes(200) + block[300:], block)
    with pytest.raises(sqlite3.DatabaseError):
        is_sound(folder)
    count, history = found_again(folder, sound[1])
    assert count == 60 and history.damage is None
    assert len(history.search("报告")) == 50
    change(folder, "DELETE FROM turn_index_data WHERE id > 10")
    assert len(history.search("报告")) == 50
    history.close()
    assert history.damage is None
    assert is_sound(folder)


def test_an_index_of_a_table_that_does_not_fit_is_made_anew(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    path, entry = folder / "history.sqlite", sound[1][0].key.encode() + b"Question 0"
    data = path.read_bytes()
    pages = [number * PAGE_BYTES for number in range(len(data) // PAGE_BYTES) if data[number * PAGE_BYTES] == 0x0A]  # of indexes
    (spot,) = (data.index(entry, start) for start in pages if entry in data[start : start + PAGE_BYTES])
    overwrite(path, spot, b"0" * 32)
    history = History(folder)
    assert "0" * 32 in {summary.key for summary in history.summaries()}
    assert history.check() is None
    assert {summary.key for summary in history.summaries()} == {each.key for each in sound[1]}
    history.close()
    assert is_sound(folder)


def change(folder: Path, statement: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite", isolation_level=None)) as connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("value", ["", "[", "{}", "3", "[" * 100_000, '[{"event": 3}, 4, null, {}]', "9" * 5000, '["text"]'])
@pytest.mark.parametrize("column", ["events", "parts", "reductions"])
def test_impossible_values_in_a_sound_file_cost_only_themselves(
    folder: Path, sound: tuple[Path, list[Conversation]], column: str, value: str
) -> None:
    victim = sound[1][5]
    change(folder, f"UPDATE turn SET {column} = ? WHERE key = ?", value, victim.turns[0].key)
    history = History(folder)
    loaded = history.load(victim.key, no_opener)
    assert [turn.question for turn in loaded.turns] == [turn.question for turn in victim.turns]
    assert outline(loaded)[1] == outline(victim)[1]
    assert loaded.turns[0].answer.said in ("", victim.turns[0].answer.said)
    history.search("报告")
    history.delete_turn(victim.turns[0].key)
    history.purge(older_than_s=0.0)
    history.close()


def test_an_answer_that_cannot_be_read_says_so(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    victim = sound[1][5]
    change(folder, "UPDATE turn SET events = '[' WHERE key = ?", victim.turns[0].key)
    history = History(folder)
    answer = history.load(victim.key, no_opener).turns[0].answer
    assert answer.state is AnswerState.FAILED
    assert answer.failure is not None and answer.failure.code == "answer_damaged" and answer.failure.message.endswith(".")
    history.close()


def test_rings_and_gaps_among_turns_end(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    victim = sound[1][5]
    first, second = victim.turns
    change(folder, "UPDATE turn SET before = ? WHERE key = ?", second.key, first.key)
    change(folder, "UPDATE turn SET before = 'nowhere' WHERE key = ?", second.key)
    history = History(folder)
    assert [turn.key for turn in history.load(victim.key, no_opener).turns] == [first.key, second.key]
    history.delete_turn(first.key)
    assert [turn.key for turn in history.load(victim.key, no_opener).turns] == [second.key]
    history.close()


def test_text_that_is_none_is_damage(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    change(folder, "UPDATE turn SET question = CAST(x'ff4f6b' AS TEXT) WHERE key = ?", sound[1][5].turns[0].key)
    history = History(folder)
    assert history.load(sound[1][5].key, no_opener).turns[0].question == "\ufffdOk"
    assert history.damage is not None and history.damage.conversations == 60
    history.close()


def test_a_lost_page_of_a_long_answer_leaves_its_question(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    turn = sound[1][7].turns[1]
    path = folder / "history.sqlite"
    data = path.read_bytes()
    spot = data.rindex(b"So. So. So. So.")
    overwrite(path, spot // PAGE_BYTES * PAGE_BYTES, bytes(PAGE_BYTES))
    overwrite(path, 0, bytes(100))
    history = History(folder)
    kept = history.load(sound[1][7].key, no_opener).turns[1]
    assert kept.question == turn.question
    assert kept.answer.failure is not None and kept.answer.failure.code == "answer_damaged"
    assert history.damage is not None and history.damage.conversations == 60
    history.close()


def test_a_disk_that_is_full_costs_no_more_than_the_last_question(folder: Path, sound: tuple[Path, list[Conversation]]) -> None:
    history = History(folder)
    pages = rows(folder, "PRAGMA page_count")[0][0]
    history._database.rows(f"PRAGMA max_page_count = {pages}")  # SQLite's own way to be full
    with pytest.raises(DiskFull, match=r"The disk is full.*\.$"):
        ask(history, Conversation(), "Too much?", said("many words " * 50_000))
    assert outline(history.load(sound[1][0].key, no_opener)) == outline(sound[1][0])
    assert history.damage is None
    history.close()
    assert is_sound(folder)
