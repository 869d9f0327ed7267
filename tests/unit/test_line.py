"""The line in front of the engine: answers in order, preparations only while nobody else wants it, cancelling at any place."""

from __future__ import annotations

import threading
from collections.abc import Callable

from inference.engine import Cancel
from inference.events import Progress
from inference.line import Ticket, WaitingLine

WAIT_S = 60.0


def answer(*image_ids: str) -> Ticket:
    return Ticket(frozenset(image_ids), False, Cancel())


def preparation(*image_ids: str) -> Ticket:
    return Ticket(frozenset(image_ids), True, Cancel())


class Waiter:
    """Someone who waits in the line, in a thread of its own.

    Attributes:
        seen: what there was to see so far.
        is_front: set at the front of the line, or when cancelled.
    """

    def __init__(self, line: WaitingLine, ticket: Ticket) -> None:
        self.line, self.ticket = line, ticket
        self.seen: list[Progress] = []
        self.is_front = threading.Event()
        self._changed = threading.Condition()
        line.join(ticket)
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        for progress in self.line.wait(self.ticket):
            with self._changed:
                self.seen.append(progress)
                self._changed.notify_all()
        self.is_front.set()

    def sees(self, progress: Progress) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: progress in self.seen, WAIT_S)

    def leave(self) -> None:
        assert self.is_front.wait(WAIT_S)
        self._thread.join(WAIT_S)
        self.line.leave(self.ticket)


def test_the_first_does_not_wait() -> None:
    line, ticket = WaitingLine(), answer()
    line.join(ticket)
    assert list(line.wait(ticket)) == []


def test_answers_come_in_the_order_of_their_asking_and_see_their_place() -> None:
    line = WaitingLine()
    waiters = [Waiter(line, answer(str(number))) for number in range(4)]
    for number, waiter in enumerate(waiters):
        assert waiter.is_front.wait(WAIT_S)
        assert not any(later.is_front.is_set() for later in waiters[number + 1 :])
        for ahead, later in enumerate(waiters[number + 1 :], start=1):
            assert later.sees(Progress("queued", ahead, ahead))
        waiter.leave()
    assert [len(waiter.seen) for waiter in waiters] == [0, 1, 2, 3]


def test_an_answer_stops_the_preparation_of_other_pictures() -> None:
    line = WaitingLine()
    preparing = Waiter(line, preparation("cat"))
    assert preparing.is_front.wait(WAIT_S)
    asking = Waiter(line, answer("dog"))
    assert preparing.ticket.cancel.is_set() and not asking.is_front.is_set()
    preparing.leave()
    asking.leave()
    assert asking.seen == []


def test_an_answer_waits_for_the_preparation_of_its_own_picture_and_sees_it() -> None:
    line = WaitingLine()
    preparing = Waiter(line, preparation("cat"))
    asking = Waiter(line, answer("cat", "dog"))
    line.report(preparing.ticket, Progress("encoding", 1, 4))
    assert asking.sees(Progress("encoding", 1, 4))
    line.report(preparing.ticket, Progress("encoding", 2, 4))
    assert asking.sees(Progress("encoding", 2, 4))
    assert not preparing.ticket.cancel.is_set() and not asking.is_front.is_set()
    preparing.leave()
    asking.leave()


def test_an_answer_about_no_picture_stops_every_preparation_of_pictures() -> None:
    line = WaitingLine()
    line.join(waiting := preparation("cat"))
    line.join(answer())
    assert waiting.cancel.is_set()


def test_an_answer_stops_a_preparation_without_pictures() -> None:
    line = WaitingLine()
    line.join(waiting := preparation())  # what it evaluated so far is not lost
    line.join(answer("cat"))
    assert waiting.cancel.is_set()


def test_a_newer_preparation_takes_the_place_of_an_older_one() -> None:
    line = WaitingLine()
    line.join(first := preparation("cat"))
    line.join(second := preparation("dog"))
    assert first.cancel.is_set() and not second.cancel.is_set()


def test_a_preparation_never_stops_an_answer() -> None:
    line = WaitingLine()
    line.join(asking := answer("cat"))
    preparing = Waiter(line, preparation("dog"))
    assert preparing.sees(Progress("queued", 1, 1))
    assert not asking.cancel.is_set() and not preparing.is_front.is_set()
    line.leave(asking)
    preparing.leave()


def test_cancelling_ends_the_waiting_at_once_and_the_others_move_up() -> None:
    line = WaitingLine()
    line.join(front := answer())
    second, third = Waiter(line, answer()), Waiter(line, answer())
    assert third.sees(Progress("queued", 2, 2))
    second.ticket.cancel.set()
    second.leave()
    assert third.sees(Progress("queued", 1, 1)) and not third.is_front.is_set()
    line.leave(front)
    third.leave()


def test_a_ticket_cancelled_before_it_joined_does_not_wait() -> None:
    line, late = WaitingLine(), answer()
    line.join(answer())
    late.cancel.set()
    line.join(late)
    assert list(line.wait(late)) == []


def test_clearing_cancels_everyone_and_waits_until_they_left() -> None:
    line = WaitingLine()
    line.join(front := answer())
    waiters = [Waiter(line, answer()) for _ in range(3)]
    leaving = [threading.Thread(target=waiter.leave) for waiter in waiters]
    for thread in leaving:
        thread.start()
    front.cancel.on_set(lambda: line.leave(front))
    line.clear(WAIT_S)
    line.join(last := answer())
    assert list(line.wait(last)) == [], "somebody was still in line"
    for thread in leaving:
        thread.join(WAIT_S)
    assert all(waiter.ticket.cancel.is_set() for waiter in waiters)


def test_clearing_gives_up_on_someone_who_does_not_leave() -> None:
    line = WaitingLine()
    line.join(stuck := answer())
    line.clear(0.05)
    assert stuck.cancel.is_set()


def test_many_come_and_go_and_one_at_a_time_is_at_the_front() -> None:
    line, at_front, most = WaitingLine(), 0, 0
    guard = threading.Lock()

    def come_and_go(number: int) -> Callable[[], None]:
        def run() -> None:
            nonlocal at_front, most
            for round_number in range(20):
                ticket = preparation("cat") if (number + round_number) % 5 == 0 else answer(str(number))
                line.join(ticket)
                for _ in line.wait(ticket):
                    if (number + round_number) % 7 == 0:
                        ticket.cancel.set()
                if not ticket.cancel.is_set():
                    with guard:
                        at_front += 1
                        most = max(most, at_front)
                    line.report(ticket, Progress("encoding", 1, 2))
                    with guard:
                        at_front -= 1
                line.leave(ticket)

        return run

    threads = [threading.Thread(target=come_and_go(number)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert most == 1
