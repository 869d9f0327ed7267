"""SQLite passes over what stands behind damage in its log, and says nothing: the history notices, says it and saves that."""

from __future__ import annotations

import contextlib
import hashlib
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from app import paths
from app.chat.history.store import History
from app.chat.history.wal import FRAME_HEADER_BYTES, HEADER_BYTES
from app.chat.session import Conversation
from app.commands.model_checks import check_history
from app.settings.schema import Settings
from tests.conftest import EXAMPLES
from tests.helpers.history import ask, is_sound, no_opener, outline, said

FRAME_BYTES = FRAME_HEADER_BYTES + 4096
LOG = "history.sqlite-wal"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Conversation]]:
    """The files of a history as the end of its process leaves them, with all that was written still in the log."""
    folder = tmp_path_factory.mktemp("running")
    history = History(folder)
    conversations = [Conversation() for _ in range(30)]
    for number, conversation in enumerate(conversations):
        ask(history, conversation, f"Question {number}", said("Yes. " * 100))
    left = tmp_path_factory.mktemp("killed") / "history"
    shutil.copytree(folder, left)
    history.close()
    return left, conversations


@pytest.fixture
def folder(killed: tuple[Path, list[Conversation]], tmp_path: Path) -> Path:
    shutil.copytree(killed[0], tmp_path / "history")
    return tmp_path / "history"


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def commits(log: Path) -> list[int]:
    """Where the frames begin that end a transaction."""
    data = log.read_bytes()
    return [at for at in range(HEADER_BYTES, len(data), FRAME_BYTES) if any(data[at + 4 : at + 8])]


def damage_of(folder: Path) -> object:
    with contextlib.closing(History(folder)) as history:
        return history.damage


def test_what_stands_behind_the_damage_is_saved_and_the_log_set_aside(
    folder: Path, killed: tuple[Path, list[Conversation]]
) -> None:
    """The first frame that holds rows of conversations is damaged: SQLite alone would find none of them."""
    first_question = next(at for at in commits(folder / LOG) if at > commits(folder / LOG)[0])
    flip(folder / LOG, first_question + FRAME_HEADER_BYTES + 100)
    damaged = hashlib.sha256((folder / LOG).read_bytes()).hexdigest()
    alone = shutil.copytree(folder, folder.with_name("alone"))
    with contextlib.closing(sqlite3.connect(alone / "history.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM turn").fetchone()[0] < 2
    with contextlib.closing(History(folder)) as history:
        assert history.damage is not None
        aside = history.damage.set_aside
        assert hashlib.sha256(aside.with_name(aside.name + "-wal").read_bytes()).hexdigest() == damaged
        assert history.damage.conversations == 30
        for conversation in killed[1]:
            assert outline(history.load(conversation.key, no_opener)) == outline(conversation)
    assert is_sound(folder)


@pytest.mark.parametrize("is_in_head", [False, True])
@pytest.mark.parametrize("seed", range(EXAMPLES // 4))
def test_damage_anywhere_in_the_log_costs_little(seed: int, is_in_head: bool, folder: Path) -> None:
    chance = random.Random(seed)
    frame = chance.randrange(HEADER_BYTES, commits(folder / LOG)[-3], FRAME_BYTES)
    flip(folder / LOG, frame + chance.randrange(FRAME_HEADER_BYTES if is_in_head else FRAME_BYTES))
    with contextlib.closing(History(folder)) as history:
        assert history.damage is not None
        assert len(history.summaries()) >= 28
    assert is_sound(folder)


@pytest.mark.parametrize("at", [0, 3, 9, 13, 17, 21, 25, 31])
def test_a_log_whose_head_is_damaged_is_not_passed_over(folder: Path, at: int) -> None:
    flip(folder / LOG, at)
    with contextlib.closing(History(folder)) as history:
        assert history.damage is not None
        assert len(history.summaries()) == 30


def test_a_last_transaction_that_was_being_written_is_no_damage(folder: Path) -> None:
    log = folder / LOG
    whole = log.read_bytes()
    with contextlib.closing(sqlite3.connect(shutil.copytree(folder, folder.with_name("copy")) / "history.sqlite")) as connection:
        turns = connection.execute("SELECT count(*) FROM turn").fetchone()[0]
    last = commits(log)[-2]
    for left in (whole[: last + FRAME_BYTES + 500], whole[: -FRAME_BYTES + 12], whole[:-1], whole[:-1] + b"?", whole[:20], b""):
        each = shutil.copytree(folder, folder.with_name(f"left {len(left)} {left[-1:].hex()}"))
        (each / LOG).write_bytes(left)
        assert damage_of(each) is None
    assert turns == 30


def test_what_is_left_of_earlier_logs_is_no_damage(folder: Path) -> None:
    """After a checkpoint the log is written anew from its start; the old frames stay behind that."""
    history = History(folder)
    history._database.rows("PRAGMA wal_checkpoint(RESTART)")
    ask(history, Conversation(), "One more", said("Yes."))
    again = shutil.copytree(folder, folder.with_name("again"))
    assert damage_of(folder) is None, "while another connection has it open"
    assert len(commits(again / LOG)) > 5
    assert damage_of(again) is None
    history.close()


def test_what_was_taken_back_is_no_damage(folder: Path) -> None:
    """A transaction too large for memory stands in the log before it ends, and stays there when it is taken back."""
    with contextlib.closing(sqlite3.connect(folder / "history.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 10")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE turn SET question = question || hex(zeroblob(20000))")
        connection.execute("ROLLBACK")
        connection.execute("UPDATE turn SET question = question || '!'")
        left = shutil.copytree(folder, folder.with_name("left"))
    assert damage_of(left) is None
    with contextlib.closing(History(left)) as history:
        assert len(history.summaries()) == 30


def test_the_doctor_says_how_many_were_saved_where_that_is_one() -> None:
    folder = paths.data_dir() / "history"
    with contextlib.closing(History(folder)) as history:
        ask(history, Conversation(), "Only one?", said("Yes."))
    flip(folder / "history.sqlite", 0)
    finding = check_history(Settings(), None)
    assert (finding.state, finding.message) == ("limited", "It was damaged. Conversations that could be saved: 1.")
    assert check_history(Settings(), None).message == f"Conversations in {folder}: 1."
