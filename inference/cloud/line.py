"""The line in front of a server: in this process, all engines with the same address and model share one, and come in order.

A provider counts the requests that are under way for a model and refuses those beyond its limit; waiting here costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakValueDictionary

from inference.engine import Cancel
from inference.events import Progress


@dataclass(slots=True, eq=False)
class Ticket:
    """A place in line. `requests_max` may be under way at once, itself included; `cancel` ends the waiting."""

    requests_max: int
    cancel: Cancel


class ServerLine:
    """Lets requests to a server in the order of their coming; thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: list[Ticket] = []

    def join(self, ticket: Ticket) -> None:
        """Go to the end of the line."""
        with self._changed:
            self._tickets.append(ticket)
        ticket.cancel.on_set(self._wake)

    def wait(self, ticket: Ticket) -> Iterator[Progress]:
        """Yields how many have to end before it is one's turn. Ends with the turn, or when cancelled."""
        shown = 0
        while True:
            with self._changed:
                while (ahead := self._ahead_of(ticket)) == shown and ahead:
                    self._changed.wait()
            if not ahead:
                return
            shown = ahead
            yield Progress("queued", ahead, ahead)

    def leave(self, ticket: Ticket) -> None:
        """Make way for the next. Does nothing for one that never came."""
        with self._changed:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def _ahead_of(self, ticket: Ticket) -> int:
        return 0 if ticket.cancel.is_set() else max(0, self._tickets.index(ticket) + 1 - ticket.requests_max)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


_lines: WeakValueDictionary[tuple[str, str], ServerLine] = WeakValueDictionary()
_lines_lock = threading.Lock()


def line_of(base_url: str, model: str) -> ServerLine:
    """The one line of this process for a model at an address. It is forgotten when nobody holds it."""
    key = base_url.rstrip("/").casefold(), model.casefold()
    with _lines_lock:
        line = _lines.get(key)
        if line is None:
            line = _lines[key] = ServerLine()
        return line
