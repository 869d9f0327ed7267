"""Events come into the window's thread in order, whole, and not too often."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QElapsedTimer, QObject, QThread
from pytestqt.qtbot import QtBot

from app.workers.stream import BATCH_INTERVAL_MS, EventStream
from app.workers.tasks import TaskRunner
from inference.engine import Cancel
from inference.events import Event, Failed, Finished, TextDelta


class Listener(QObject):
    """Keeps what arrives, when, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[Event]] = []
        self.times_ms: list[int] = []
        self.threads: set[QThread] = set()
        self.ended: list[int] = []
        self._clock = QElapsedTimer()
        self._clock.start()

    def listen(self, stream: EventStream) -> None:
        stream.events_arrived.connect(self._on_stream_events_arrived)
        stream.ended.connect(self._on_stream_ended)

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch]

    def _on_stream_events_arrived(self, stream_id: int, events: list[Event]) -> None:
        self.batches.append(events)
        self.times_ms.append(self._clock.elapsed())
        self.threads.add(QThread.currentThread())

    def _on_stream_ended(self, stream_id: int) -> None:
        self.ended.append(stream_id)


@pytest.fixture
def listener(qtbot: QtBot) -> Listener:
    return Listener()


def numbered(count: int) -> list[Event]:
    return [*(TextDelta(str(number), "") for number in range(count)), Finished("stop")]


def test_every_event_arrives_once_and_in_order_in_the_windows_thread(qtbot: QtBot, listener: Listener) -> None:
    wanted = numbered(20_000)
    stream = EventStream(7, lambda cancel: iter(wanted))
    listener.listen(stream)
    stream.start()
    qtbot.waitUntil(lambda: listener.ended == [7])
    assert listener.events == wanted
    assert listener.threads == {listener.thread()}
    assert stream.wait(60.0)


def test_batches_keep_their_distance_and_the_last_event_is_not_late(qtbot: QtBot, listener: Listener) -> None:
    rhythm = threading.Event()

    def slowly(cancel: Cancel) -> Iterator[Event]:
        for event in numbered(60):
            rhythm.wait(0.004)
            yield event

    stream = EventStream(1, slowly)
    listener.listen(stream)
    stream.start()
    qtbot.waitUntil(lambda: bool(listener.ended))
    assert len(listener.events) == 61
    gaps = len(listener.batches) - 1
    passed_ms = listener.times_ms[-1] - listener.times_ms[0]
    assert gaps > 0 and passed_ms > (gaps - 1) * BATCH_INTERVAL_MS
    stream.wait(60.0)


def test_an_engine_that_says_nothing_at_the_end_has_failed(qtbot: QtBot, listener: Listener) -> None:
    stream = EventStream(1, lambda cancel: iter([TextDelta("Half", "Half")]))
    listener.listen(stream)
    stream.start()
    qtbot.waitUntil(lambda: bool(listener.ended))
    assert isinstance(listener.events[-1], Failed)
    assert stream.wait(60.0)


def test_cancelling_from_the_window_reaches_the_engine(qtbot: QtBot, listener: Listener) -> None:
    def until_cancelled(cancel: Cancel) -> Iterator[Event]:
        asked = threading.Event()
        cancel.on_set(asked.set)
        yield TextDelta("x", "x")
        asked.wait(60)
        yield Finished("cancelled")

    stream = EventStream(1, until_cancelled)
    listener.listen(stream)
    stream.start()
    qtbot.waitUntil(lambda: bool(listener.batches))
    stream.cancel()
    qtbot.waitUntil(lambda: bool(listener.ended))
    assert listener.events[-1] == Finished("cancelled")
    assert stream.wait(60.0)


def test_jobs_run_elsewhere_and_their_results_come_back(qtbot: QtBot) -> None:
    runner = TaskRunner("test")
    with qtbot.waitSignal(runner.succeeded) as caught:
        job_id = runner.run(lambda: threading.current_thread().name)
    assert caught.args[0] == job_id
    assert caught.args[1].startswith("test")
    with qtbot.waitSignal(runner.failed) as caught:
        job_id = runner.run(int, "no number")
    assert caught.args[0] == job_id
    assert isinstance(caught.args[1], ValueError)
    runner.close()


def test_a_forgotten_job_says_nothing(qtbot: QtBot) -> None:
    runner = TaskRunner("test")
    said: list[int] = []
    runner.succeeded.connect(lambda job_id, result: said.append(job_id))
    forgotten = runner.run(int, "1")
    runner.forget(forgotten)
    last = runner.run(int, "2")
    qtbot.waitUntil(lambda: said == [last])
    runner.close()
