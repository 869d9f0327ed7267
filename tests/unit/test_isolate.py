"""A hostile or broken file ends a child, with an error that says so, and nothing else: not the window, not the next file."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from ingest import limits
from ingest.attachment import open_attachment
from ingest.errors import (
    Damaged,
    FileChanged,
    FileMissing,
    IngestError,
    ReaderFailed,
    ReaderIncomplete,
    ReaderMemory,
    ReaderSlow,
    ReaderStopped,
)
from ingest.isolate import Readers
from tests.helpers import unruly_reader

COMMAND = unruly_reader.COMMAND


@pytest.fixture
def readers() -> Iterator[Readers]:
    readers = Readers(count=1, command=COMMAND)
    yield readers
    readers.close()
    assert readers.pids() == []


def text_of(deed: str, readers: Readers, stop: threading.Event | None = None) -> str:
    return open_attachment(deed.encode(), name="a.txt", readers=readers, stop=stop).pages()[0].text().text


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or is a corpse that its new parent has not looked at yet; waits for it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.01)
    raise TimeoutError


def test_a_child_is_kept_for_the_next_file(readers: Readers) -> None:
    assert text_of("pid", readers) == text_of("pid again", readers) == str(readers.pids()[0])


def test_a_missing_part_of_the_reader_is_not_taken_for_damage_of_the_file(readers: Readers) -> None:
    with pytest.raises(ReaderIncomplete, match=r"a\.txt cannot be read because a part of Sightline is missing \(json\)"):
        text_of("raise import", readers)
    assert text_of("pid", readers)


@pytest.mark.parametrize("deed", ["crash", "exit", "open:crash", "open:exit"])
def test_a_child_that_dies_takes_only_its_file_along(readers: Readers, deed: str) -> None:
    with pytest.raises(ReaderFailed, match=r"a\.txt made the reader fail"):
        text_of(deed, readers)
    assert text_of("pid", readers)


def test_a_child_that_other_files_have_harmed_gets_a_second_chance(readers: Readers) -> None:
    pid = text_of("pid", readers)
    assert text_of(f"crash-once {pid}", readers) == "survived"


def test_a_child_that_died_unnoticed_is_replaced(readers: Readers) -> None:
    first = int(text_of("pid", readers))
    os.kill(first, signal.SIGTERM)
    assert text_of("pid", readers) != str(first)


def test_an_unexpected_exception_is_damage(readers: Readers) -> None:
    with pytest.raises(Damaged, match=r"a\.txt is damaged"):
        text_of("raise key", readers)
    assert len(readers.pids()) == 1


def test_words_of_a_child_are_short_and_plain(readers: Readers) -> None:
    with pytest.raises(Damaged) as caught:
        text_of("raise damaged", readers)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) == 600


def test_printing_does_not_disturb_the_answers(readers: Readers) -> None:
    assert text_of("print", readers) == ""


@pytest.mark.parametrize("deed", ["wait 1000", "loop", "hang-in-native-code"])
def test_what_takes_too_long_is_ended(readers: Readers, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_attachment(deed.encode(), name="a.txt", readers=readers).pages()[0]
    pid = readers.pids()[0]
    with monkeypatch.context() as patch:
        patch.setattr(limits, "PAGE_SECONDS", 0.5)
        with pytest.raises(ReaderSlow, match="longer than"):
            page.text()
    assert has_ended(pid)
    assert page.render(2, 2).rgb == bytes(12)


def test_what_takes_too_much_memory_is_ended() -> None:
    readers = Readers(count=1, command=COMMAND, memory_bytes=200 << 20)
    try:
        with pytest.raises(ReaderMemory, match="200 MB"):
            text_of("grow", readers)
        assert text_of("pid", readers)
    finally:
        readers.close()


def test_a_memory_error_is_said_and_survived(readers: Readers) -> None:
    with pytest.raises(ReaderMemory, match="more memory"):
        text_of("raise memory", readers)
    assert text_of("pid", readers)


def test_a_swollen_child_is_replaced_before_the_next_file_but_not_for_the_same(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READER_KEPT_BYTES", 100 << 20)
    attachment = open_attachment(b"swell 150", name="a.txt", readers=readers)
    pid = attachment.pages()[0].text().text
    assert attachment.pages()[0].render(1, 1)
    assert readers.pids() == [int(pid)]
    assert text_of("pid", readers) != pid


def test_stop_ends_a_running_call(readers: Readers) -> None:
    stop = threading.Event()
    page = open_attachment(b"wait 1000", name="a.txt", readers=readers, stop=stop).pages()[0]
    timer = threading.Timer(0.1, stop.set)
    timer.start()
    with pytest.raises(ReaderStopped):
        page.text()
    timer.join()
    with pytest.raises(ReaderStopped):
        page.render(1, 1)
    assert text_of("pid", readers)


def test_stop_ends_a_call_that_waits_for_its_turn(readers: Readers) -> None:
    page = open_attachment(b"wait 1000", name="a.txt", readers=readers).pages()[0]
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(page.text)
        waiting = pool.submit(text_of, "pid", readers, stop)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        stop.set()
        assert isinstance(waiting.exception(), ReaderStopped)
        assert not running.done()
        readers.close()
        assert isinstance(running.exception(), ReaderStopped)


def test_close_ends_calls_that_run_and_wait_and_come_later(readers: Readers) -> None:
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(text_of, f"wait 1000 {number}", readers) for number in range(8)]
        while not readers.pids():
            time.sleep(0.01)
        readers.close()
        assert [type(call.exception()) for call in calls] == [ReaderStopped] * 8
    with pytest.raises(ReaderStopped, match="program is ending"):
        text_of("pid", readers)
    readers.warm_up()
    assert readers.pids() == []


def test_many_threads_are_served_by_few_children() -> None:
    readers = Readers(count=2, command=COMMAND)
    try:
        with ThreadPoolExecutor(64) as pool:
            texts = list(pool.map(lambda number: text_of(f"pid {number % 10}", readers), range(256)))
        assert {int(text) for text in texts} == set(readers.pids())
        assert len(readers.pids()) == 2
    finally:
        readers.close()


def test_callers_are_served_in_the_order_in_which_they_came(readers: Readers, tmp_path: Path) -> None:
    page = open_attachment(f"wait-until {tmp_path / 'all'}".encode(), name="a.txt", readers=readers).pages()[0]
    served: list[int] = []

    def read(number: int) -> None:
        page.render(1, 1)
        served.append(number)

    with ThreadPoolExecutor(7) as pool:
        pool.submit(page.text)
        while readers._free:
            time.sleep(0.001)
        for number in range(6):
            pool.submit(read, number)
            while len(readers._waiting) <= number:
                time.sleep(0.001)
        (tmp_path / "all").touch()
    assert served == list(range(6))


def test_an_idle_child_ends_and_another_comes_when_needed() -> None:
    readers = Readers(count=1, command=COMMAND, idle_s=0.2)
    try:
        first = int(text_of("pid", readers))
        assert has_ended(first)
        assert text_of("pid", readers) != str(first)
    finally:
        readers.close()


def test_warming_up_starts_one_child_and_the_first_file_gets_it(readers: Readers) -> None:
    readers.warm_up()
    readers.warm_up()
    (pid,) = readers.pids()
    assert text_of("pid", readers) == str(pid)


def test_more_documents_than_a_child_keeps_open_are_opened_again(readers: Readers) -> None:
    """And one that cannot be closed does not hurt the others."""
    attachments = [open_attachment(f"badly-closed {number}".encode(), name="a.txt", readers=readers) for number in range(10)]
    texts = {attachment.pages()[0].text().text for attachment in (*attachments, *attachments)}
    assert texts == {str(readers.pids()[0])}


def test_a_program_that_cannot_be_started_is_said() -> None:
    readers = Readers(command=("/nowhere/python",))
    readers.warm_up()
    with pytest.raises(ReaderFailed, match="no process can be started"):
        text_of("pid", readers)
    readers.close()


def test_nothing_is_left_open() -> None:
    """ResourceWarning is an error in these tests."""
    readers = Readers(count=1, command=COMMAND)
    with pytest.raises(ReaderFailed):
        text_of("crash", readers)
    text_of("pid", readers)
    readers.close()
    del readers
    gc.collect()


@pytest.mark.parametrize("readers", ["default_readers()", "Readers()"])
def test_a_program_that_forgets_to_close_ends_quietly(readers: str) -> None:
    program = (
        "from ingest.attachment import default_readers, open_attachment; from ingest.isolate import Readers; "
        f"print(open_attachment(b'text', readers={readers}).pages()[0].text().text)"
    )
    done = subprocess.run([sys.executable, "-X", "dev", "-c", program], cwd=unruly_reader.ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "text", "")


def test_a_file_is_watched_between_calls(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("pid")
    page = open_attachment(path, readers=readers).pages()[0]
    assert page.text()
    path.write_text("pid, longer")
    with pytest.raises(FileChanged, match="has changed"):
        page.text()
    path.unlink()
    with pytest.raises(FileMissing):
        page.text()


HOSTILE = "import sys, json; request = json.loads(sys.stdin.buffer.readline()); out = sys.stdout.buffer; "


@pytest.mark.parametrize(
    "answer",
    [
        "while True: out.write(b'x' * 65536)",
        "out.write(b'nonsense\\n')",
        "out.write(b'\\xff\\xfe\\n')",
        "out.write(b'[' * 200000 + b'\\n')",
        "out.write(b'{\"id\": 1, \"result\": ' + b'9' * 5000 + b'}\\n')",
        'out.write(b\'{"id": 1, "result": null, "blob": 99999999999}\\n\')',
        'out.write(b\'{"id": 1, "result": null, "blob": true}\\n\')',
        'out.write(b\'{"id": 1, "result": null, "blob": 3}\\nab\')',
        'out.write(b\'{"id": 1, "result": null, "blob": 12}\\n\' + b\'x\' * 12)',
        'out.write(b\'{"id": 2, "result": null}\\n\')',
        "out.write(b'{\"id\": 1}\\n')",
        'out.write(b\'{"id": 1, "error": 3}\\n\')',
        'out.write(b\'{"id": 1, "error": ["unheard_of", ""]}\\n\')',
        'out.write(b\'{"id": 1, "error": [[], {}]}\\n\')',
        'out.write(b\'{"id": 1, "result": {"contents": [NaN, Infinity], "sha256": 5}}\\n\')',
    ],
    ids=range(15),
)
def test_a_child_that_talks_nonsense_is_a_failure(answer: str) -> None:
    readers = Readers(count=1, command=(sys.executable, "-S", "-c", HOSTILE + answer))
    try:
        with pytest.raises(ReaderFailed):
            open_attachment(b"text", name="a.txt", readers=readers)
    finally:
        readers.close()


def test_an_answer_that_comes_twice_is_not_taken_for_the_next() -> None:
    answer = "out.write((json.dumps({'id': request['id'], 'error': ['empty', 'Empty.']}) + '\\n').encode() * 2); out.flush(); "
    program = HOSTILE + answer + "request = json.loads(sys.stdin.buffer.readline()); import time; time.sleep(100)"
    readers = Readers(count=1, command=(sys.executable, "-S", "-c", program))
    try:
        for _ in range(2):
            with pytest.raises(IngestError):
                open_attachment(b"text", name="a.txt", readers=readers)
    finally:
        readers.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups like these")
@pytest.mark.parametrize("deed", ["loop", "exit", "pid"])
def test_what_a_child_started_dies_with_it(readers: Readers, tmp_path: Path, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_SECONDS", 3.0)
    note = tmp_path / "pids"
    with contextlib.suppress(IngestError):
        text_of(f"start {note} {deed}", readers)
    readers.close()
    assert all(has_ended(int(pid)) for pid in wait_for(note).split())


PARENT = """
import sys
from ingest.attachment import open_attachment
from ingest.isolate import Readers
from tests.helpers import unruly_reader
from ingest import limits
limits.PAGE_SECONDS = float(sys.argv[2])
open_attachment(sys.argv[1].encode(), name="a.txt", readers=Readers(count=1, command=unruly_reader.COMMAND)).pages()[0].text()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say when a pipe's other end is gone")
@pytest.mark.parametrize(
    ("deed", "time_s"), [("loop", 1000), ("wait 1000", 1000), pytest.param("hang-in-native-code", 1, marks=pytest.mark.slow)]
)
def test_children_do_not_outlive_a_program_that_was_killed(tmp_path: Path, deed: str, time_s: int) -> None:
    """Native code that hangs is ended by a timer, 5 seconds after one and a half times its limit."""
    note = tmp_path / "pids"
    command = [sys.executable, "-c", PARENT, f"start {note} {deed}", str(time_s)]
    with subprocess.Popen(command, cwd=unruly_reader.ROOT) as parent:
        child, started = wait_for(note).split()
        parent.kill()
    assert has_ended(int(child))
    if deed != "hang-in-native-code":
        assert has_ended(int(started))
    else:
        os.kill(int(started), signal.SIGKILL)


def test_no_secret_reaches_a_child(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLM_API_KEY", "SIGHTLINE_TOKEN", "DATABASE_URL", "LD_PRELOAD_NOT"):
        monkeypatch.setenv(name, "secret")
    environment = json.loads(text_of("environment", readers))
    assert "secret" not in environment.values()
    assert environment["HOME"] == os.environ["HOME"]
    assert environment["SIGHTLINE_DATA_DIR"] == os.environ["SIGHTLINE_DATA_DIR"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists a process's open files")
def test_no_open_file_reaches_a_child(readers: Readers, tmp_path: Path) -> None:
    with open(tmp_path / "private.txt", "w") as file:
        os.set_inheritable(file.fileno(), True)
        open_files = json.loads(text_of("descriptors", readers))
    assert open_files
    assert not any("private" in target for target in open_files)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such ids")
def test_a_child_leads_a_group_and_keeps_its_user(readers: Readers) -> None:
    assert text_of("who", readers) == f"{os.getuid()} {os.getgid()} True"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can take the network away from a process")
def test_a_child_has_no_network_where_the_system_allows_that(readers: Readers) -> None:
    flags = 0x40000000 if os.geteuid() == 0 else 0x50000000
    may_leave = (
        subprocess.run([sys.executable, "-c", f"import ctypes; exit(ctypes.CDLL(None).unshare({flags}) != 0)"]).returncode == 0
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert text_of(f"connect {server.getsockname()[1]}", readers) == ("OSError" if may_leave else "connected")
