"""The line in front of a server: in order, as many at once as allowed, one line for all who ask the same, cancelling anywhere."""

from __future__ import annotations

import gc
import random
import threading

from inference.cloud.line import ServerLine, Ticket, line_of
from inference.engine import Cancel
from inference.events import Progress

WAIT_S = 60.0


class Waiter(threading.Thread):
    """Waits in a thread of its own. `seen` is what it was told so far, `is_in` is set when it is its turn, or cancelled."""

    def __init__(self, line: ServerLine, requests_max: int = 1) -> None:
        super().__init__()
        self.line, self.ticket = line, Ticket(requests_max, Cancel())
        self.seen: list[int] = []
        self.is_in = threading.Event()
        self._changed = threading.Condition()
        line.join(self.ticket)
        self.start()

    def run(self) -> None:
        for progress in self.line.wait(self.ticket):
            assert progress == Progress("queued", progress.done, progress.done)
            with self._changed:
                self.seen.append(progress.done)
                self._changed.notify_all()
        self.is_in.set()

    def sees(self, ahead: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: ahead in self.seen, WAIT_S)

    def leave(self) -> None:
        assert self.is_in.wait(WAIT_S)
        self.join(WAIT_S)
        self.line.leave(self.ticket)


def test_requests_come_in_order_and_see_their_place() -> None:
    line = ServerLine()
    waiters = []
    for ahead in range(4):
        waiters.append(Waiter(line))
        assert waiters[-1].sees(ahead) if ahead else waiters[-1].is_in.wait(WAIT_S)
    for number, waiter in enumerate(waiters):
        assert waiter.is_in.wait(WAIT_S)
        for ahead, later in enumerate(waiters[number + 1 :], start=1):
            assert later.sees(ahead) and not later.is_in.is_set()
        waiter.leave()
    assert [waiter.seen for waiter in waiters] == [[], [1], [2, 1], [3, 2, 1]]


def test_as_many_as_allowed_are_let_in_and_the_place_counts_those_who_must_end() -> None:
    line = ServerLine()
    inside = [Waiter(line, 2), Waiter(line, 2)]
    assert all(waiter.is_in.wait(WAIT_S) for waiter in inside)
    third = Waiter(line, 2)
    assert third.sees(1)
    fourth = Waiter(line, 2)
    assert fourth.sees(2)
    inside[1].leave()  # whichever ends first
    assert third.is_in.wait(WAIT_S) and fourth.sees(1) and not fourth.is_in.is_set()
    for waiter in (inside[0], third, fourth):
        waiter.leave()


def test_cancelling_ends_the_waiting_at_once_and_the_others_move_up() -> None:
    line = ServerLine()
    first = Waiter(line)
    assert first.is_in.wait(WAIT_S)
    second = Waiter(line)
    assert second.sees(1)
    third = Waiter(line)
    assert third.sees(2)
    second.ticket.cancel.set()
    second.leave()
    assert third.sees(1) and not third.is_in.is_set()
    first.leave()
    third.leave()


def test_who_asks_the_same_model_at_the_same_address_stands_in_the_same_line() -> None:
    line = line_of("https://host/v1", "glm-4.6v")
    assert line_of("https://HOST/v1/", "GLM-4.6V") is line
    assert line_of("https://host/v1", "glm-5") is not line
    assert line_of("https://other/v1", "glm-4.6v") is not line
    line.leave(Ticket(1, Cancel()))
    line.name = "kept"  # type: ignore[attr-defined]
    del line
    gc.collect()
    assert not hasattr(line_of("https://host/v1", "glm-4.6v"), "name")


def test_many_come_and_go_and_never_more_than_allowed_are_in() -> None:
    line, rng, guard = ServerLine(), random.Random("line"), threading.Lock()
    inside = most = 0

    def come_and_go(seed: float) -> None:
        nonlocal inside, most
        choice = random.Random(seed)
        for _ in range(40):
            line.join(ticket := Ticket(3, Cancel()))
            for _ in line.wait(ticket):
                if choice.random() < 0.2:
                    ticket.cancel.set()
            if not ticket.cancel.is_set():
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside -= 1
            line.leave(ticket)

    threads = [threading.Thread(target=come_and_go, args=(rng.random(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert 1 <= most <= 3
    line.join(last := Ticket(1, Cancel()))
    assert list(line.wait(last)) == []
