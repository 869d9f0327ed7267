"""Requests to a server with random faults: none hangs, none is shown as complete that was not, none is sent twice that may not be.

A thousand of them in `make test-slow`; half of them go by HTTP/2 over TLS. The server draws a fault for each try and keeps count.
"""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from ssl import SSLContext

import pytest

from inference.cloud.config import Network
from inference.cloud.engine import CloudEngine
from inference.engine import Cancel
from inference.events import Failed, Finished
from tests.helpers.authority import Authority
from tests.helpers.cloud import cloud_engines, quiet_environment
from tests.helpers.engine import ending_of, nothing_left_behind, output_of, question
from tests.helpers.replay_server import Received, ReplayServer, Script, refusal, sse, words

AT_ONCE = 8
LIMITS = {"connect_s": 60.0, "first_byte_s": 2.0, "idle_s": 1.5}
HANG_S = 60.0
"""Four tries that each take all the time they have, on a computer that does much else, take a half of it."""
WAITS = ("1302", "1303", "1305", "1312", "1234", "500")
FINAL = ("1113", "1210", "1211", "1301", "1308", "1000")


@dataclass(frozen=True)
class Draw:
    """What the server does with one try. `is_refused`: it says so, and that it may be repeated."""

    kind: str
    script: Script
    is_refused: bool = False


def text_of(number: int) -> str:
    return " ".join(f"answer-{number}-{word}" for word in range(12 + number % 5))


def answer(number: int) -> bytes:
    pieces = [f"{word} " for word in text_of(number).split()]
    return b"".join(words(*pieces[:-1], pieces[-1].strip(), usage={"prompt_tokens": 5, "completion_tokens": len(pieces)}))


def whole(rng: random.Random, body: bytes) -> Script:
    return Script(tuple(shattered(rng, body)), framing=rng.choice(["chunked", "close"]))


def cut(rng: random.Random, body: bytes) -> Script:
    return replace(whole(rng, body[: rng.randrange(len(body))]), ending=rng.choice(["cut", "whole"]))


def silent(rng: random.Random, body: bytes) -> Script:
    return replace(whole(rng, body[: rng.randrange(len(body))]), ending="silence")


def slow(rng: random.Random, body: bytes) -> Script:
    paced = [part for piece in shattered(rng, body) for part in (piece, rng.choice([0.0, 0.0, 0.01]))]
    return Script(tuple(paced))


def cut_anywhere(rng: random.Random, body: bytes) -> Script:
    """In the status, the headers, the length of a chunk, or a character."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw = head + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in shattered(rng, body))
    return Script(raw=raw[: rng.randrange(len(raw))])


def packed(rng: random.Random, body: bytes) -> Script:
    data = gzip.compress(body)
    if rng.random() < 0.5:
        data = data[: rng.randrange(len(data))]
    return Script(tuple(shattered(rng, data)), headers={"Content-Type": "text/event-stream", "Content-Encoding": "gzip"})


def mistyped(rng: random.Random, body: bytes) -> Script:
    return Script((body,), headers={"Content-Type": rng.choice(["text/html", "application/json", "image/png", ""])})


def garbled(rng: random.Random, body: bytes) -> Script:
    bad: list[object] = [
        "{",
        "[]",
        "null",
        {"choices": 3},
        {"choices": [{"delta": "x"}]},
        {"error": {"code": "1302"}},
        "x" * 1_100_000,
    ]
    place = body.index(b"\n\n", rng.randrange(len(body) // 2)) + 2
    return Script((body[:place], *sse(rng.choice(bad)), body[place:]))


def shattered(rng: random.Random, body: bytes) -> Iterator[bytes]:
    while body:
        size = rng.choice([1, 3, 40, 400, len(body)])
        yield body[:size]
        body = body[size:]


FAULTS: tuple[Callable[[random.Random, bytes], Script], ...] = (cut, silent, cut_anywhere, packed, mistyped, garbled)


def draw(rng: random.Random, number: int) -> Draw:
    body, chance = answer(number), rng.random()
    if chance < 0.3:
        make = rng.choice([whole, slow])
    elif chance < 0.5:
        status = rng.choice([400, 429, 500, 503])
        return Draw("refused", refusal(status, rng.choice(WAITS)), is_refused=True)
    elif chance < 0.6:
        return Draw("refused for good", refusal(rng.choice([400, 401, 429, 500]), rng.choice(FINAL)))
    elif chance < 0.66:
        return Draw("no word", rng.choice([Script(is_silent=True), Script(raw=b""), Script(raw=b"HTTP/1.1 5")]))
    elif chance < 0.7:
        return Draw("redirect", Script((), 307, {"Location": "https://elsewhere.example/"}))
    else:
        make = rng.choice(FAULTS)
    return Draw(make.__name__, make(rng, body))


class Storm(ReplayServer):
    """`tries` are the draws for each question, in order."""

    def __init__(self, tls: SSLContext | None) -> None:
        super().__init__(tls=tls)
        self.tries: defaultdict[int, list[Draw]] = defaultdict(list)

    def _next(self, request: Received) -> Script:
        number = int(json.loads(request.body)["messages"][0]["content"])
        drawn = self.tries[number]
        drawn.append(draw(random.Random(f"storm {number} {len(drawn)}"), number))
        return drawn[-1].script


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    return quiet_environment(monkeypatch, tmp_path)


@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_whatever_a_server_does_answers_are_whole_or_failures_and_nothing_is_paid_twice(authority: Authority, count: int) -> None:
    outcomes: Counter[str] = Counter()
    for tls, numbers in ((None, range(count // 2)), (authority.server, range(count // 2, count))):
        with Storm(tls) as server, nothing_left_behind(), cloud_engines() as open_engine:
            network = Network(ca_file=authority.ca_file)
            engine = open_engine(server.url, limits=LIMITS, requests_max=AT_ONCE, network=network)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for outcome in pool.map(lambda number: ask_in_storm(engine, server, number), numbers):  # noqa: B023
                    outcomes[outcome] += 1
            assert set(server.tries) == set(numbers)
            assert max(map(len, server.tries.values())) > 1
    assert outcomes["stop"] > count / 5
    assert {"reply_cut", "server_silent", "reply_not_understood", "key_refused", "address_invalid"} <= set(outcomes)


def ask_in_storm(engine: CloudEngine, server: Storm, number: int) -> str:
    began, cancel = time.monotonic(), Cancel()
    timer = threading.Timer(HANG_S, cancel.set)
    timer.start()
    events = list(engine.stream(question(str(number)), cancel))
    timer.cancel()
    assert time.monotonic() - began < HANG_S and not cancel.is_set(), f"question {number} hung"
    ending, tries = ending_of(events), server.tries[number]
    kinds = [one.kind for one in tries]
    assert len(tries) <= 4 and all(one.is_refused for one in tries[:-1]), f"question {number} was asked again after {kinds}"
    if isinstance(ending, Finished):
        assert ending.reason == "stop" and output_of(events) == text_of(number), f"question {number} is not complete: {kinds}"
        return ending.reason
    assert isinstance(ending, Failed) and text_of(number).startswith(output_of(events).rstrip()), (kinds, ending)
    assert len(ending.message) > 20 and ending.code != "cancelled"
    return ending.code
