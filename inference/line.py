"""The line in front of the engine: answers in the order of their coming, preparations only when nobody waits for an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from inference.engine import Cancel
from inference.events import Progress


@dataclass(slots=True, eq=False)
class Ticket:
    """A place in line.

    Attributes:
        image_ids: the pictures of the request.
        is_preparation: whether it makes way for answers.
        cancel: stops it.
        progress: what it last reported while at the front.
    """

    image_ids: frozenset[str]
    is_preparation: bool
    cancel: Cancel
    progress: Progress | None = None


class WaitingLine:
    """Lets one request at a time to the front; thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: list[Ticket] = []

    def join(self, ticket: Ticket) -> None:
        """Go to the end of the line. Preparations are stopped, except those of pictures that the newcomer has too."""
        with self._changed:
            obsolete = [other for other in self._tickets if other.is_preparation and not _helps(other, ticket)]
            self._tickets.append(ticket)
        for other in obsolete:
            other.cancel.set()
        ticket.cancel.on_set(self._wake)

    def wait(self, ticket: Ticket) -> Iterator[Progress]:
        """Yields what there is to see while waiting; ends at the front of the line, or when cancelled."""
        shown: Progress | None = None
        while True:
            with self._changed:
                ahead = self._tickets[: self._tickets.index(ticket)]
                if not ahead or ticket.cancel.is_set():
                    return
                answers_ahead = sum(not other.is_preparation for other in ahead)
                now = Progress("queued", answers_ahead, answers_ahead) if answers_ahead else ahead[0].progress
                if now == shown:
                    self._changed.wait()
                    continue
            shown = now
            if now is not None:
                yield now

    def report(self, ticket: Ticket, progress: Progress) -> None:
        """Let those behind see how far the front is: an answer waiting for its own picture to be prepared shows that."""
        with self._changed:
            ticket.progress = progress
            self._changed.notify_all()

    def leave(self, ticket: Ticket) -> None:
        """Make way for the next."""
        with self._changed:
            self._tickets.remove(ticket)
            self._changed.notify_all()

    def clear(self, timeout_s: float) -> None:
        """Cancel everyone and wait until they have left."""
        with self._changed:
            waiting = list(self._tickets)
        for ticket in waiting:
            ticket.cancel.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._tickets, timeout_s)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _helps(preparation: Ticket, newcomer: Ticket) -> bool:
    """Text alone is evaluated piece by piece, and what was done is kept; the encoding of a picture would begin again."""
    return bool(preparation.image_ids) and preparation.image_ids <= newcomer.image_ids
