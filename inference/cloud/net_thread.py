"""The thread in which an engine's requests run: an asyncio loop, since only there a request can be ended in every phase."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

_END_S = 5.0


class NetThread:
    """Runs coroutines until `close`. Methods may be called from any other thread."""

    def __init__(self) -> None:
        self._loop = _Loop()
        self._running: set[Future[None]] = set()
        self._last: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._thread = threading.Thread(target=self._run, name="engine-net", daemon=True)
        self._thread.start()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> Future[None]:
        """Begin to run it. Cancelling the future ends it wherever it waits."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def call(self, callback: Callable[[], None]) -> None:
        """Run it there soon, unless the thread has ended."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback)

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """End what runs, then run `last`, and wait for it."""
        self._last = last
        for future in self._running.copy():
            future.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_END_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            if tasks := asyncio.all_tasks(self._loop):
                self._loop.run_until_complete(asyncio.wait(tasks, timeout=_END_S))
            if self._last is not None:
                self._loop.run_until_complete(self._last())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """Looks names up in threads that nobody has to wait for.

    The operating system cannot be told to stop looking; asyncio's own threads would keep the program from ending until it gives up.
    """

    async def getaddrinfo(self, *args: Any, **options: Any) -> Any:
        future: asyncio.Future[Any] = self.create_future()

        def settle(set_value: Callable[[Any], None], value: Any) -> None:
            if not future.done():
                set_value(value)

        def look_up() -> None:
            try:
                outcome: tuple[Callable[[Any], None], Any] = future.set_result, socket.getaddrinfo(*args, **options)
            except (OSError, UnicodeError) as error:
                outcome = future.set_exception, error
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self.call_soon_threadsafe(settle, *outcome)

        threading.Thread(target=look_up, name="engine-net-names", daemon=True).start()
        return await future
