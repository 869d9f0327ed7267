"""Attached files are kept once, whole or not at all, and go with the last conversation that used them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chat.history import files
from app.chat.history.errors import FileDiffers, FileGone
from app.chat.history.store import History
from app.chat.history.types import Storage
from app.chat.session import Conversation
from tests.helpers.history import ask, is_sound, no_opener, outline, page, said, source

DATA = b"%PDF-1.7 a report " * 1000


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history")
    yield opened
    opened.close()


def kept(history_folder: Path) -> list[Path]:
    return [path for path in (history_folder / "attachments").rglob("*") if path.is_file()]


def test_a_file_is_kept_once_by_its_bytes_and_outlives_the_original(history: History, tmp_path: Path) -> None:
    original = tmp_path / "report.pdf"
    original.write_bytes(DATA)
    info = source("report.pdf", DATA, path=str(original))
    copy = history.keep_file(info)
    assert copy.is_copied and copy.path != original
    assert history.keep_file(source("the same.pdf", DATA), DATA).path == copy.path
    original.unlink()
    assert history.keep_file(info).path == history.file_of(info) == copy.path
    assert copy.path.read_bytes() == DATA
    assert kept(tmp_path / "history") == [copy.path]
    assert history.storage() == Storage(0, history.storage().text_bytes, 1, len(DATA))


def test_a_file_that_has_changed_is_not_kept(history: History, tmp_path: Path) -> None:
    original = tmp_path / "report.pdf"
    original.write_bytes(DATA)
    info = source("report.pdf", DATA, path=str(original))
    original.write_bytes(DATA + b"more")
    with pytest.raises(FileDiffers, match=r"report\.pdf was changed .*\.$"):
        history.keep_file(info)
    assert kept(tmp_path / "history") == []
    with pytest.raises(FileGone, match=r"report\.pdf is neither kept .*\.$"):
        history.file_of(info)


@pytest.mark.parametrize("path", ["", "/no/such/file", "folder\0", "."])
def test_a_file_that_is_not_there_is_said_to_be_gone(history: History, path: str) -> None:
    info = source("report.pdf", DATA, path=path)
    with pytest.raises(FileGone):
        history.keep_file(info)
    with pytest.raises(FileGone):
        history.file_of(info)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "/" + "0" * 63])
def test_what_is_no_hash_names_no_file(history: History, name: str) -> None:
    info = page(source("x")).place
    assert info is not None
    with pytest.raises(ValueError):
        history.keep_file(type(info.source)(name, "x", "pdf"), b"data")


def test_a_file_that_is_too_large_stays_where_it_is(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "COPY_BYTES_MAX", len(DATA) - 1)
    original = tmp_path / "film.mp4"
    original.write_bytes(DATA)
    info = source("film.mp4", DATA, path=str(original), kind="video")
    assert history.keep_file(info) == files.KeptFile(original, False)
    assert history.file_of(info) == original
    assert history.storage().attachments == 0

    os.utime(original, (1, 1))  # looked at again, byte by byte
    assert history.file_of(info) == original
    original.write_bytes(DATA[::-1])
    with pytest.raises(FileGone):
        history.file_of(info)
    original.write_bytes(b"short")
    with pytest.raises(FileGone):
        history.file_of(info)


def test_a_file_that_was_never_kept_is_found_where_it_was(history: History, tmp_path: Path) -> None:
    original = tmp_path / "report.pdf"
    original.write_bytes(DATA)
    assert history.file_of(source("report.pdf", DATA, path=str(original))) == original
    with pytest.raises(FileGone):
        history.file_of(source("report.pdf", b"other bytes", path=str(original)))


def test_a_copy_that_was_taken_away_is_made_again(history: History) -> None:
    info = source("report.pdf", DATA)
    copy = history.keep_file(info, DATA)
    copy.path.unlink()
    with pytest.raises(FileGone):
        history.file_of(info)
    assert history.keep_file(info, DATA) == copy
    assert history.file_of(info).read_bytes() == DATA


def test_a_file_goes_with_the_last_conversation_that_used_it(history: History, tmp_path: Path) -> None:
    shared, own = source("shared.pdf", b"shared"), source("own.pdf", b"own")
    first, second = Conversation(), Conversation()
    ask(history, first, "One", said("1"), [page(shared), page(own)])
    ask(history, second, "Two", said("2"), [page(shared)])
    history.keep_file(shared, b"shared")
    history.keep_file(own, b"own")

    history.delete(first.key)
    history.purge(older_than_s=600.0)
    assert len(kept(tmp_path / "history")) == 2
    history.purge(older_than_s=0.0)
    assert kept(tmp_path / "history") == [history.file_of(shared)]
    assert outline(history.load(second.key, no_opener)) == outline(second)

    turn = second.turns[0]
    history.delete_turn(turn.key)
    history.purge(older_than_s=0.0)
    assert kept(tmp_path / "history") == []
    assert is_sound(tmp_path / "history")


def test_a_file_that_no_question_uses_yet_is_left_alone(history: History, tmp_path: Path) -> None:
    info = source("report.pdf", DATA)
    copy = history.keep_file(info, DATA)
    history.purge(older_than_s=0.0)
    assert history.file_of(info) == copy.path


def test_what_was_left_by_a_killed_process_is_swept_up(history: History, tmp_path: Path) -> None:
    info = source("report.pdf", DATA)
    copy = history.keep_file(info, DATA).path
    ask(history, Conversation(), "One", said("1"), [page(info)])
    fresh, old, strange = (copy.with_name(name) for name in ("tmp1.part", "tmp2.part", "0" * 64))
    for path in (fresh, old, strange):
        path.write_bytes(b"half")
    for path in (old, strange, copy):
        os.utime(path, (1, 1))
    history.purge(older_than_s=0.0)
    assert sorted(kept(tmp_path / "history")) == sorted([copy, fresh])


def test_clearing_leaves_nothing(history: History, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    info = source("report.pdf", b"secret")
    conversation = Conversation()
    ask(history, conversation, "secret", said("secret"), [page(info)])
    history.keep_file(info, b"secret")
    history.index_page(info.id, "page 1", "secret")
    (folder / "history.before-2.sqlite").write_bytes(b"secret")
    (folder / "history.damaged-20260101-000000.sqlite-wal").write_bytes(b"secret" * 1_000_000)
    assert history.storage().text_bytes > 6_000_000  # it can be cleared, so it counts
    history.clear()
    assert history.summaries() == [] and history.search("secret") == []
    assert history.storage().conversations == history.storage().attachments == 0
    assert not any(b"secret" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    ask(history, conversation, "Again", said("Yes."))
    assert len(history.summaries()) == 1
    assert is_sound(folder)


def test_vacuum_gives_room_back(history: History) -> None:
    conversations = [Conversation() for _ in range(20)]
    for conversation in conversations:
        ask(history, conversation, "One", said("many words " * 2000))
        history.delete(conversation.key)
    before = history.storage().text_bytes
    history.purge(older_than_s=0.0)
    history.vacuum()
    assert history.storage().text_bytes < before / 3


_FULL_DISK = """
import resource, sys
from pathlib import Path
from app.chat.history.errors import DiskFull
from app.chat.history.store import History
from app.chat.session import Conversation
from tests.helpers.history import ask, said, source

history = History(Path(sys.argv[1]))
conversation = Conversation()
ask(history, conversation, "Before", said("Yes."))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))  # a disk that is full, to this process
data = bytes(400_000)
try:
    history.keep_file(source("large.bin", data), data)
except DiskFull as error:
    print(error.code, "and" if error.message.endswith(".") else "")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(history.keep_file(source("large.bin", data), data).is_copied)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout.split(), run.stderr) == (["disk_full", "and", "True"], "")
    assert [path.stat().st_size for path in kept(tmp_path)] == [400_000]


def test_copies_can_be_removed_and_the_conversations_stay(history: History, tmp_path: Path) -> None:
    conversation, info = Conversation("c"), source("report.pdf", DATA)
    ask(history, conversation, "What?", parts=(page(info, 1),))
    history.keep_file(info, DATA)
    history.clear_files()
    assert kept(tmp_path / "history") == []
    assert history.storage().attachments == 0
    with pytest.raises(FileGone):
        history.file_of(info)
    assert [summary.title for summary in history.summaries()] == ["What?"]
