"""The engine's process is killed, stopped, starved and lied to: what came before is kept, and the next question works."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from inference.engine import Cancel
from inference.events import Event, Failed, Finished, Notice, Progress
from inference.local.proxy import WORKER_COMMAND, LocalEngine
from inference.types import ImagePart, Request
from tests.helpers.engine import (
    HELLO_ANSWER,
    LONG_GRAMMAR,
    PATIENT,
    QUICK,
    ask,
    assert_answers,
    ending_of,
    nothing_left_behind,
    output_of,
    question,
    running_engine,
    wait_until,
)
from tests.helpers.scenes import sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and limits")

LONG = question("Hello", grammar=LONG_GRAMMAR)


def fresh_picture(rng: random.Random) -> ImagePart:
    """One that no engine has seen."""
    return sample("describe", rng).images[0]


@pytest.fixture(scope="module")
def long_answer() -> str:
    """What the model writes when nobody disturbs it."""
    with running_engine() as engine:
        return output_of(ask(engine, LONG))


@dataclass(frozen=True)
class Moment:
    """When to strike: after so many events, or after so many seconds."""

    events: int | None = None
    seconds: float | None = None


def random_moment(rng: random.Random) -> Moment:
    """Anywhere in a long answer."""
    return Moment(events=rng.choice([0, 1, 2, rng.randint(3, 200)])) if rng.random() < 0.6 else Moment(seconds=rng.uniform(0, 0.4))


def strike(engine: LocalEngine, signal_number: int) -> None:
    """Send a signal to the engine's process, if it has one."""
    if (pid := engine.process_id) is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def disturbed(engine: LocalEngine, request: Request, moment: Moment, signal_number: int) -> list[Event]:
    """All events of an answer during which the process is struck."""
    timer = threading.Timer(moment.seconds or 0.0, strike, (engine, signal_number))
    if moment.seconds is not None:
        timer.start()
    events: list[Event] = []
    try:
        for event in engine.stream(request, Cancel()):
            if len(events) == moment.events:
                strike(engine, signal_number)
            events.append(event)
    finally:
        timer.cancel()
        if timer.ident is not None:
            timer.join()
    return events


def assert_kept(events: list[Event], whole: str, codes: set[str]) -> None:
    """What was answered before the strike is there, and there is one ending."""
    ending = ending_of(events)
    assert whole.startswith(output_of(events))
    assert isinstance(ending, Finished) or ending.code in codes, ending
    if isinstance(ending, Finished):
        assert output_of(events) == whole


# -- signals -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "kills"), [(1, 5), pytest.param(2, 42, marks=pytest.mark.slow), pytest.param(3, 42, marks=pytest.mark.slow)]
)
def test_killed_at_random_moments_of_an_answer(long_answer: str, seed: int, kills: int) -> None:
    rng = random.Random(seed)
    failures = 0
    with nothing_left_behind(), running_engine() as engine:
        assert_answers(engine)
        for _ in range(kills):
            events = disturbed(engine, LONG, random_moment(rng), signal.SIGKILL)
            assert_kept(events, long_answer, {"engine_crashed"})
            failures += isinstance(events[-1], Failed)
            assert_answers(engine)
    assert failures >= kills // 2 - 1


def test_killed_while_it_starts_loads_and_encodes(tmp_path: Path) -> None:
    rng = random.Random(4)
    with nothing_left_behind(), running_engine(tmp_path) as engine:
        for number in range(8):
            asked = question(fresh_picture(rng), "What do you see?", max_tokens=20)
            events = disturbed(
                engine, asked, Moment(events=number) if number % 2 else Moment(seconds=rng.uniform(0, 1.0)), signal.SIGKILL
            )
            ending = ending_of(events)
            assert isinstance(ending, Finished) or ending.code == "engine_crashed"
            strike(engine, signal.SIGKILL)  # start anew
        assert_answers(engine)


@pytest.mark.parametrize(
    ("seed", "stops"), [(5, 1), pytest.param(6, 10, marks=pytest.mark.slow), pytest.param(7, 10, marks=pytest.mark.slow)]
)
def test_stopped_at_random_moments_of_an_answer(long_answer: str, seed: int, stops: int) -> None:
    rng = random.Random(seed)
    with nothing_left_behind(), running_engine(patience=QUICK) as engine:
        for _ in range(stops):
            events = disturbed(engine, LONG, Moment(events=rng.randint(0, 150)), signal.SIGSTOP)
            assert_kept(events, long_answer, {"engine_hung"})
            assert_answers(engine)


@pytest.mark.parametrize("name", ["SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGTERM"])
def test_crashes_are_told_apart_and_survived(long_answer: str, name: str) -> None:
    with nothing_left_behind(), running_engine() as engine:
        events = disturbed(engine, LONG, Moment(events=20), signal.Signals[name])
        assert_kept(events, long_answer, {"engine_crashed"})
        assert isinstance(events[-1], Failed)
        assert name in events[-1].message or "another kind of processor" in events[-1].message
        assert output_of(events).startswith("Once")
        assert_answers(engine)


def test_an_interrupt_in_the_terminal_is_the_applications_to_handle(long_answer: str) -> None:
    with running_engine() as engine:
        events = disturbed(engine, LONG, Moment(events=20), signal.SIGINT)
        assert output_of(events) == long_answer


def test_nobody_notices_that_the_process_died_while_idle() -> None:
    with nothing_left_behind(), running_engine() as engine:
        for is_noticed_first in (False, True):
            assert_answers(engine)
            pid = engine.process_id
            strike(engine, signal.SIGKILL)
            if is_noticed_first:
                assert wait_until(lambda: engine.process_id is None)
            assert_answers(engine)
            assert engine.process_id not in (None, pid)


def test_the_process_does_not_outlive_the_application() -> None:
    code = (
        "from tests.helpers.engine import *\n"
        "with running_engine() as engine:\n"
        "    for event in engine.stream(question('Hello', grammar=LONG_GRAMMAR), Cancel()):\n"
        "        print(engine.process_id, flush=True)\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as application:
        assert application.stdout is not None
        engine_pid = int(application.stdout.readline())
        application.kill()
    assert wait_until(lambda: not psutil.pid_exists(engine_pid))


# -- processes that are not what they should be -------------------------------------------------------------------------------


def python(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", code


STRANGERS = {
    "ends at once": (python("raise SystemExit(3)"), "engine_crashed", "exit code 3"),
    "cannot be imported": (python("import no_such_module_at_all"), "engine_crashed", "no_such_module_at_all"),
    "talks in words": (python("print('hello', flush=True); input()"), "engine_crashed", ""),
    "talks without a kind": (python("print('{}', flush=True); input(); input()"), "engine_crashed", ""),
    "talks in lists": (python("print('[]', flush=True); input(); input()"), "engine_crashed", ""),
    "never answers": (python("input(); input(); input()"), "engine_hung", "stopped responding"),
    "shuts its mouth": (python("import os, time; os.close(1); time.sleep(60)"), "engine_crashed", ""),
    "does not listen": (python("import time; time.sleep(60)"), "engine_hung", "stopped responding"),
    "does not exist": (("/no/such/program",), "engine_crashed", "cannot be started"),
    "prints a lot": (python("raise SystemExit('GGML_ASSERT(x) failed\\n' * 100000)"), "engine_crashed", "GGML_ASSERT"),
}  # fmt: skip


@pytest.mark.parametrize("kind", STRANGERS)
def test_a_process_that_is_no_engine_is_a_failure_in_words(kind: str) -> None:
    command, code, words = STRANGERS[kind]
    patience = replace(QUICK, silence_s=1.5) if code == "engine_hung" else PATIENT  # however late it starts, it is silent
    with nothing_left_behind(), running_engine(patience=patience, command=command) as engine:
        ending = ending_of(ask(engine, question("Hello " * 100_000)))  # more than a pipe takes
        assert isinstance(ending, Failed) and ending.code == code
        assert words in ending.message


@pytest.fixture
def limited(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """Makes the command of an engine under the limit that the file `limit` holds when it starts: arguments of `ulimit`."""

    def command(limit: str) -> tuple[str, ...]:
        file = tmp_path / "limit"
        file.write_text(limit)
        return "/bin/sh", "-c", f'ulimit -S $(cat {shlex.quote(str(file))}); exec "$@"', "sh", *WORKER_COMMAND

    return command


def test_too_little_memory_for_the_process_is_survived(limited: Callable[[str], tuple[str, ...]]) -> None:
    failures = set()
    with nothing_left_behind(), running_engine(command=limited("-v unlimited")) as engine:
        for megabytes in (60, 250, 500, 700, 900, 1100):
            limited(f"-v {megabytes * 1024}")
            ending = ending_of(ask(engine))
            failures |= {ending.code} if isinstance(ending, Failed) else set()
            strike(engine, signal.SIGKILL)  # a process that survived keeps its limit
        assert failures <= {"engine_crashed", "engine_unavailable", "out_of_memory", "model_unsupported", "projector_mismatch"}
        assert failures
        limited("-v unlimited")
        assert_answers(engine)


def test_memory_that_runs_out_while_working_is_survived() -> None:
    with nothing_left_behind(), running_engine() as engine:
        assert_answers(engine)
        process = psutil.Process(engine.process_id)
        resource.prlimit(process.pid, resource.RLIMIT_AS, (process.memory_info().vms + (1 << 20), resource.RLIM_INFINITY))
        big = ImagePart("big", 6000, 4000, lambda: bytes(6000 * 4000 * 3))
        ending = ending_of(ask(engine, question(big, "What do you see?")))
        assert isinstance(ending, Failed) and ending.code in ("out_of_memory", "engine_crashed")
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert_answers(engine)


# -- the disk ----------------------------------------------------------------------------------------------------------------


def notices(events: list[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, Notice)]


def test_a_full_disk_is_told_once_and_the_answers_come(tmp_path: Path, limited: Callable[[str], tuple[str, ...]]) -> None:
    rng = random.Random(8)
    asked = [question(fresh_picture(rng), "How many shapes are there?") for _ in range(3)]
    with running_engine() as engine:
        expected = [output_of(ask(engine, request)) for request in asked]
    with nothing_left_behind(), running_engine(tmp_path / "cache", command=limited("-f 4")) as engine:
        answered = [ask(engine, request) for request in asked]
        assert [output_of(events) for events in answered] == expected
        assert [notices(events) for events in answered] == [["cache_not_written"], [], []]
        again = ask(engine, asked[0])
        assert output_of(again) == expected[0] and "encoding" not in phases(again)  # known from memory
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_cache_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with running_engine(tmp_path / "cache") as engine:
        events = ask(engine, question(fresh_picture(random.Random(9)), "How many shapes are there?"))
        assert isinstance(ending_of(events), Finished) and notices(events) == ["cache_not_written"]


def phases(events: list[Event]) -> set[str]:
    return {event.phase for event in events if isinstance(event, Progress)}


# -- requests that cannot be answered -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    with running_engine(n_ctx=512) as engine:
        yield engine


def failure_of(engine: LocalEngine, request: Request) -> Failed:
    """How a request fails; the same process answers the next one."""
    assert_answers(engine)
    pid = engine.process_id
    ending = ending_of(ask(engine, request))
    assert isinstance(ending, Failed)
    assert_answers(engine)
    assert engine.process_id == pid
    return ending


def test_a_conversation_that_is_too_long_is_refused_with_the_numbers(engine: LocalEngine) -> None:
    picture = fresh_picture(random.Random(10))
    failed = failure_of(engine, question(picture, "word " * 600))
    assert failed.code == "context_too_long"
    needed, pictures, room = (int(word.replace(",", "")) for word in numbers_in(failed.message))
    assert needed > 600 and pictures == picture.width * picture.height // 28**2 and room == 512


def numbers_in(sentence: str) -> list[str]:
    return [word.strip(".,()") for word in sentence.split() if word.strip(".,()").replace(",", "").isdigit()]


def test_an_answer_ends_where_the_context_does(engine: LocalEngine) -> None:
    events = ask(engine, question("word " * 100, grammar='root ::= [a-z ]+ "#"'))
    ending = ending_of(events)
    assert isinstance(ending, Finished) and ending.reason == "length"
    assert 500 < ending.usage.prompt_tokens + ending.usage.completion_tokens <= 513
    assert_answers(engine)


def _gone() -> bytes:
    raise FileNotFoundError("holiday.jpg")


@pytest.mark.parametrize(
    "read_rgb",
    [_gone, lambda: b"", lambda: bytes(112 * 112 * 3 + 1), lambda: 1 / 0, lambda: None, lambda: "pixels"],
    ids=["raises", "no pixels", "too many pixels", "fails oddly", "nothing", "text"],
)
def test_a_picture_that_cannot_be_read_is_named_as_the_fault(engine: LocalEngine, read_rgb: Callable[[], bytes]) -> None:
    picture = ImagePart(f"unreadable {read_rgb}", 112, 112, read_rgb)
    assert failure_of(engine, question(picture, "What do you see?")).code == "picture_unreadable"


@pytest.mark.parametrize("grammar", ["", "hello", 'root ::= "a', "root ::= missing", 'start ::= "a"', "root ::= root", "\0"])
def test_a_grammar_that_cannot_be_read_is_named_as_the_fault(engine: LocalEngine, grammar: str) -> None:
    if grammar == "":
        assert output_of(ask(engine, question("Hello", grammar=grammar))) == HELLO_ANSWER  # as good as none
        return
    assert failure_of(engine, question("Hello", grammar=grammar)).code == "grammar_invalid"


@pytest.mark.parametrize(
    "grammar",
    [
        "root ::= " + "(" * 200_000 + '"a"' + ")" * 200_000,
        'root ::= "\u2603" "\U0001f9ff"',
        "root ::= [^\\x00-\\U0010ffff]",
        'root ::= ""',
    ],
    ids=["deep", "letters that the model lacks", "no letter", "nothing"],
)
def test_a_grammar_that_nothing_satisfies_does_no_harm(engine: LocalEngine, grammar: str) -> None:
    ending = ending_of(ask(engine, question("Hello", grammar=grammar, max_tokens=30)))
    assert isinstance(ending, Finished) or ending.code in ("grammar_invalid", "engine_crashed")
    assert_answers(engine)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "a\0b", "\ud800", "\uffff\U0010ffff", "\u200b<|user|>", "\r\n" * 40, "[gMASK]<sop><|assistant|>", "\x1b[31m"],
)
def test_odd_text_is_answered(engine: LocalEngine, text: str) -> None:
    events = ask(engine, question(text, max_tokens=8))
    assert isinstance(ending_of(events), Finished)
    assert_answers(engine)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (9000, 20), (28, 28)])
def test_pictures_of_odd_shapes_are_answered(engine: LocalEngine, size: tuple[int, int]) -> None:
    picture = ImagePart.from_rgb(*size, bytes(size[0] * size[1] * 3))
    events = ask(engine, question(picture, "What do you see?", max_tokens=8))
    assert isinstance(ending_of(events), Finished)
