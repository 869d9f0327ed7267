"""What is sent again, how often and how late."""

from __future__ import annotations

import json
import random
import threading
import time

import pytest

from inference.cloud.fault_table import RetryRule
from inference.cloud.faults import Fault, read_fault
from inference.cloud.retry import PAUSE_S_MAX, UNREACHED, Pause, Retries, wait
from inference.engine import Cancel
from inference.errors import ServerBusy, ServerUnreachable


def refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Fault:
    return read_fault(status, headers or {}, json.dumps({"error": {"code": code, "message": ""}}).encode())


def pauses(*faults: Fault, seed: int = 0) -> list[Pause | None]:
    retries = Retries(random.Random(seed))
    return [retries.after(fault) for fault in faults]


@pytest.mark.parametrize(("code", "least_s"), [("1302", 1), ("1305", 1), ("1312", 1), ("1303", 5)])
def test_a_busy_server_is_asked_four_times_ever_later(code: str, least_s: float) -> None:
    for seed in range(20):
        *again, last = pauses(*[refusal(429, code)] * 4, seed=seed)
        assert last is None
        for number, pause in enumerate(again):
            assert pause is not None and pause.notice.code == "asking_again"
            assert min(least_s * 2**number, PAUSE_S_MAX) <= pause.seconds <= min(least_s * 2**number * 1.5, PAUSE_S_MAX)
            assert pause.notice.message.endswith(f" (try {number + 2} of 4).") and ". Asking again in " in pause.notice.message
    seconds = {pause.seconds for seed in range(20) if (pause := pauses(refusal(429, code), seed=seed)[0])}
    assert len(seconds) > 15, "everyone would come back at once"


@pytest.mark.parametrize("code", ["1113", "1210", "1211", "1261", "1301", "1304", "1308", "1309", "1310", "1311", "1313", "1320"])
def test_what_waiting_cannot_mend_is_not_sent_again_whatever_the_status(code: str) -> None:
    for status in (400, 429, 500, 503):
        assert pauses(refusal(status, code)) == [None]


def test_a_number_that_was_seen_before_is_replaced_once() -> None:
    busy, seen = refusal(429, "1302"), refusal(400, "1231")
    assert [pause is not None for pause in pauses(seen, seen)] == [True, False]
    assert [pause is not None for pause in pauses(busy, seen, busy, busy)] == [True, True, True, False]


def test_a_server_that_says_when_to_come_back_is_heeded() -> None:
    (pause,) = pauses(refusal(503, "", {"retry-after": "45"}))
    assert pause is not None and pause.seconds == 45
    (pause,) = pauses(refusal(503, "", {"retry-after": "3"}))
    assert pause is not None and 3 <= pause.seconds <= 4.5


def test_the_notice_says_why_and_when() -> None:
    fault = Fault(ServerUnreachable("The server 10.0.0.7 refuses the connection. Check the port."), UNREACHED)
    first, second, third = pauses(fault, fault, fault)
    assert first is not None and second is not None and third is None
    assert first.notice.message == "The server 10.0.0.7 refuses the connection. Asking again in 2 s (try 2 of 3)."
    (pause,) = pauses(Fault(ServerBusy("Too much to do."), RetryRule(tries=99)))
    assert pause is not None and pause.notice.message.startswith("Too much to do. Asking again in ")


def test_waiting_ends_when_it_is_no_longer_wanted() -> None:
    cancel, began = Cancel(), time.monotonic()
    threading.Timer(0.02, cancel.set).start()
    wait(60.0, cancel)
    wait(60.0, cancel)
    assert time.monotonic() - began < 30
