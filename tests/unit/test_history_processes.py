"""Several processes write at once, are killed at any moment, and nothing that was promised is lost."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.chat.answer import AnswerState
from app.chat.history.store import History
from app.chat.session import Conversation
from inference.events import TextDelta
from tests.helpers.history import DONE, ask, is_sound, no_opener, outline, page, rows, said, source
from tests.helpers.history_writer import piece

ROOT = Path(__file__).parents[2]
PIECES = 12

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither kill -9 nor named pipes as files")


class Writers:
    """Starts processes that write to a history."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        command = [sys.executable, "-m", "tests.helpers.history_writer"]
        self._nursery = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._count = itertools.count()

    def start(self, history: Path, name: str, turns: int, pieces: int = PIECES) -> Writer:
        """One more."""
        pipe = self._folder / f"pipe-{next(self._count)}"
        os.mkfifo(pipe)
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(json.dumps([str(history), name, turns, pieces, str(pipe)]) + "\n")
        self._nursery.stdin.flush()
        return Writer(pipe)

    def close(self) -> str:
        """What went wrong in any of them."""
        return self._nursery.communicate()[1]


class Writer:
    """One of them, and what it says."""

    def __init__(self, pipe: Path) -> None:
        self._pipe = pipe.open()
        (self.process_id,) = json.loads(self._pipe.readline())
        self.lines: list[str] = []

    def hear(self, count: int) -> None:
        """Wait for some more promises."""
        self.lines += [self._pipe.readline() for _ in range(count)]

    def kill(self) -> None:
        os.kill(self.process_id, signal.SIGKILL)

    def hear_all(self) -> list[str]:
        """Wait for its end."""
        with self._pipe:
            self.lines += self._pipe.readlines()
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(self.process_id).wait(60.0)
        return self.lines


@pytest.fixture
def writers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writers]:
    started = Writers(tmp_path_factory.mktemp("pipes"))
    yield started
    assert started.close() == ""


def promised(lines: list[str]) -> dict[tuple[str, str], int]:
    """The last thing said of each turn; the last line may be cut."""
    state: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.endswith("\n"):
            conversation, turn, count = json.loads(line)
            state[conversation, turn] = count
    return state


def check_promises(history: History, state: dict[tuple[str, str], int]) -> None:
    loaded = {key: history.load(key, no_opener) for key in {key for key, _ in state}}
    for (conversation, key), count in state.items():
        (turn,) = (turn for turn in loaded[conversation].all_turns if turn.key == key)
        if count < 0:
            assert turn.answer.state is AnswerState.FINISHED
            assert turn.answer.said == "".join(piece(number).text for number in range(PIECES))
        else:  # the last promise was heard; what was written after it may be there too
            assert turn.answer.said.startswith("".join(piece(number).text for number in range(count)))
            assert turn.answer.is_final
            if turn.answer.failure is not None:
                assert turn.answer.failure.code == "answer_cut" and turn.answer.failure.message.endswith(".")


@posix_only
def test_several_processes_at_once_lose_nothing(writers: Writers, tmp_path: Path) -> None:
    started = [writers.start(tmp_path, f"writer{number}", 12) for number in range(4)]  # they make the history, too
    state: dict[tuple[str, str], int] = {}
    for writer in started:
        state |= promised(writer.hear_all())
    assert len(state) == 48 and set(state.values()) == {-1}
    history = History(tmp_path)
    check_promises(history, state)
    assert len(history.summaries()) == 12
    assert len(history.search("writer3 asks", limit=100)) == 12
    history.close()
    assert is_sound(tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(0,)]


def kill_at_random(writers: Writers, folder: Path, rounds: int, seed: int) -> None:
    """Let three processes write and kill each at some moment, again and again; their promises are to be kept."""
    chance = random.Random(seed)
    for number in range(rounds):
        started = [writers.start(folder, f"writer{number}x{each}", 1000) for each in range(3)]
        for writer in started:
            writer.hear(chance.randrange(40))
        for writer in started:
            time.sleep(chance.random() * 0.004)  # so that it is in the middle of something
            writer.kill()
        state: dict[tuple[str, str], int] = {}
        for writer in started:
            state |= promised(writer.hear_all())
        history = History(folder)
        check_promises(history, state)
        assert history.check() is None
        assert {conversation for conversation, _ in state} <= {summary.key for summary in history.summaries()}
        history.close()
        assert is_sound(folder)
        assert rows(folder, "SELECT count(*) FROM turn WHERE events IS NULL OR writer_pid IS NOT NULL") == [(0,)]


@posix_only
def test_killed_processes_keep_what_they_promised(writers: Writers, tmp_path: Path) -> None:
    kill_at_random(writers, tmp_path, 12, 1)


@posix_only
@pytest.mark.slow
def test_processes_killed_three_hundred_times_keep_what_they_promised(writers: Writers, tmp_path: Path) -> None:
    kill_at_random(writers, tmp_path, 100, 2)


@posix_only
def test_answers_of_killed_processes_are_closed_when_the_history_is_looked_after(writers: Writers, tmp_path: Path) -> None:
    writer = writers.start(tmp_path, "writer", 1, 10_000)
    writer.hear(8)
    writer.kill()
    ((conversation, _),) = promised(writer.hear_all())
    history = History(tmp_path)
    assert history.search("0 1 2 3 4") == []
    assert history.check() is None
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(0,)]
    assert len(history.search("0 1 2 3 4")) == 1
    (turn,) = history.load(conversation, no_opener).turns
    assert turn.answer.failure is not None and turn.answer.failure.code == "answer_cut"
    assert turn.answer.said.startswith("0 1 2 3 4 5 6 ")
    history.close()


_HOLDER = """
import sys
from pathlib import Path
from app.chat.history.store import History
from app.chat.session import Conversation
from inference.events import Finished, ReasoningDelta, TextDelta

history = History(Path(sys.argv[1]))
conversation = Conversation()
turn = conversation.start_turn("Elsewhere", [], False)
history.start_turn(conversation, turn)
events = [ReasoningDelta("Hm", "Hm"), TextDelta("Half", "Half")]
conversation.apply(turn.id, events)
history.journal(turn.key, events, 2.5)
print(conversation.key, turn.key, flush=True)
input()
conversation.apply(turn.id, [TextDelta(" done", " done"), Finished("stop")])
history.journal(turn.key, [TextDelta(" done", " done"), Finished("stop")], 2.5)
history.finish_turn(turn)
print("finished", flush=True)
"""


def test_an_answer_that_another_window_writes_is_shown_as_it_stands(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None and child.stdout is not None
    key, turn_key = child.stdout.readline().split()
    history = History(tmp_path)
    history.check()
    (turn,) = history.load(key, no_opener).turns
    assert (turn.answer.said, turn.answer.is_final, turn.answer.reasoning_s) == ("Half", False, 2.5)
    assert history.is_written_elsewhere(turn_key)
    history.has_changed()
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "finished\n"
    assert history.has_changed()
    (turn,) = history.load(key, no_opener).turns
    assert (turn.answer.said, turn.answer.state) == ("Half done", AnswerState.FINISHED)
    assert not history.is_written_elsewhere(turn_key)
    child.communicate()
    history.close()


def test_an_answer_that_this_process_writes_is_not_cut(tmp_path: Path) -> None:
    history, other = History(tmp_path), History(tmp_path)
    conversation = Conversation()
    turn = ask(history, conversation, "Now?", [TextDelta("It ", "It ")])
    other.check()
    assert not other.load(conversation.key, no_opener).turns[0].answer.is_final
    assert not other.is_written_elsewhere(turn.key)
    conversation.apply(turn.id, said("goes on."))
    history.journal(turn.key, said("goes on."), 0.0)
    history.finish_turn(turn)
    assert outline(other.load(conversation.key, no_opener)) == outline(conversation)
    history.close()
    other.close()


def test_an_answer_that_was_taken_for_cut_and_goes_on_is_whole(tmp_path: Path) -> None:
    history = History(tmp_path)
    conversation = Conversation()
    turn = ask(history, conversation, "Now?", [TextDelta("It ", "It ")])
    history._database.rows("UPDATE turn SET writer_started = 0")  # as if another process had the writer's number
    assert history.load(conversation.key, no_opener).turns[0].answer.failure is not None
    conversation.apply(turn.id, [TextDelta("goes on.", "goes on."), DONE])
    history.journal(turn.key, [TextDelta("goes on.", "goes on."), DONE], 0.0)
    history.finish_turn(turn)
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)
    assert turn.answer.state is AnswerState.FINISHED
    history.close()


def test_threads_with_an_object_each_lose_nothing(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            history = History(tmp_path)
            info = source("report.pdf", b"data")
            for count in range(8):
                conversation = Conversation()
                ask(history, conversation, f"Thread {number} asks {count}", said("Yes."), [page(info)])
                history.keep_file(info, b"data")
                history.index_page(info.id, f"page {count}", f"page {count} of all")
                if count % 2:
                    history.delete(conversation.key)
                    history.purge(older_than_s=0.0)
            history.close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    history = History(tmp_path)
    assert len(history.summaries()) == 16
    assert len(history.search("thread asks", limit=100)) == 16
    assert history.file_of(source("report.pdf", b"data")).read_bytes() == b"data"
    history.close()
    assert is_sound(tmp_path)
