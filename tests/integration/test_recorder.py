"""The process that records, on a real X server that shows a number which grows: what it wrote is what was seen, and when."""

from __future__ import annotations

import json
import math
import os
import queue
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from app import system
from app.capture.models import Rect, Screen
from app.capture.recorder import Recorder
from app.capture.recording_job import Codec, Ended, Event, Progress, RecordingJob, Started
from tests.helpers.counted_screen import CountedScreen
from tests.helpers.desktop import PROGRAMS, Desktop, is_installed
from tests.helpers.video_clips import open_path, shot
from tests.helpers.video_files import HEIGHT, WIDTH, all_frames

pytestmark = pytest.mark.skipif(not is_installed(), reason=f"needs {', '.join(PROGRAMS)}")

TOLD_S = 60.0
FRAMES_PER_S = 15


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountedScreen]:
    with Desktop(tmp_path_factory.mktemp("desktop")) as desktop, CountedScreen(desktop.display) as screen:
        yield screen


@pytest.fixture
def job(counted: CountedScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingJob:
    monkeypatch.setenv("DISPLAY", counted.display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    screen = Screen("screen", Rect(0, 0, 1500, 960), 1.0)
    return RecordingJob(screen, counted.place, "mss", tmp_path / "videos", "take", FRAMES_PER_S, "h264", 50_000_000, 0)


class Take:
    """A recording whose events are waited for."""

    def __init__(self, job: RecordingJob) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.recorder = Recorder(system.recording_worker_command(), job, self._events.put)
        self.last = Progress()

    def until(self, is_it: Callable[[Event], bool]) -> Event:
        while True:
            event = self._events.get(timeout=TOLD_S)
            if isinstance(event, Progress):
                self.last = event
            if is_it(event):
                return event
            assert not isinstance(event, Ended), f"it ended: {event}"

    def started(self) -> Started:
        event = self.until(lambda event: isinstance(event, Started))
        assert isinstance(event, Started)
        return event

    def frames(self, count: int) -> None:
        self.until(lambda event: isinstance(event, Progress) and event.frames >= count)

    def ended(self) -> Ended:
        event = self.until(lambda event: isinstance(event, Ended))
        assert isinstance(event, Ended)
        return event


def readable_frames(path: Path) -> int:
    """What the reader of videos finds, up to the end."""
    clip = open_path(path)
    try:
        times = clip.times(0, None, FRAMES_PER_S * 20, 10_000)
        assert shot(clip, times[-1].time_s) > shot(clip, 0)
        return len(times)
    finally:
        clip.close()


@pytest.mark.parametrize("codec", ["h264", "vp9"])
def test_each_frame_shows_what_was_on_the_screen_at_its_time_and_what_is_missing_is_counted(
    codec: Codec, counted: CountedScreen, job: RecordingJob
) -> None:
    take = Take(replace(job, codec=codec))
    started = take.started()
    take.frames(30)
    take.recorder.tell("stop")
    ended = take.ended()

    assert ended.ending == "stopped" and (started.width, started.height) == (WIDTH, HEIGHT)
    check(started, ended, counted)
    assert ended.progress.bytes == Path(ended.path).stat().st_size
    assert Path(ended.path).stat().st_mode & 0o077 == 0


def test_frames_that_could_not_be_taken_are_counted_as_dropped(counted: CountedScreen, job: RecordingJob) -> None:
    take = Take(job)
    started = take.started()
    take.frames(5)
    os.kill(take.recorder.pid, signal.SIGSTOP)
    counted.wait_for(len(counted.seen_s) + 50)
    os.kill(take.recorder.pid, signal.SIGCONT)
    take.frames(take.last.frames + 5)
    take.recorder.tell("stop")
    ended = take.ended()

    times = check(started, ended, counted)
    longest_s = max(other - one for one, other in pairwise(times))
    assert longest_s > 0.5 and ended.progress.dropped >= math.floor(longest_s * FRAMES_PER_S) - 1


def check(started: Started, ended: Ended, counted: CountedScreen) -> list[float]:
    """What was reported is what the file has, frame by frame; returns their times in it."""
    frames = all_frames(Path(ended.path))
    assert len(frames) == ended.progress.frames
    times = [float(time) for time, _ in frames]
    counted.check([started.clock_s + time for time in times], [number for _, number in frames])
    due = [math.floor(time * FRAMES_PER_S) for time, _ in frames]
    assert all(one < other for one, other in pairwise(due)), "two frames where one was due"
    assert ended.progress.dropped >= due[-1] + 1 - len(frames)
    assert ended.progress.frames + ended.progress.dropped == math.floor(ended.progress.seconds * FRAMES_PER_S) + 1
    return times


def test_a_pause_is_cut_out(counted: CountedScreen, job: RecordingJob) -> None:
    take = Take(job)
    take.frames(8)
    take.recorder.tell("pause")
    take.until(lambda event: isinstance(event, Progress) and event.is_paused)
    paused_from = len(counted.sent_s)
    counted.wait_for(paused_from + 40)
    paused_until = len(counted.seen_s) - 2
    take.recorder.tell("resume")
    take.frames(take.last.frames + 8)
    take.recorder.tell("stop")
    ended = take.ended()

    frames = all_frames(Path(ended.path))
    numbers = [number for _, number in frames]
    assert len(frames) == ended.progress.frames and numbers == sorted(numbers)
    assert not [number for number in numbers if paused_from < number < paused_until]
    [(before, after)] = [(one, other) for one, other in pairwise(frames) if one[1] <= paused_from and other[1] >= paused_until]
    passed_s = counted.seen_s[after[1] + 1] - counted.sent_s[before[1]]
    pause_s = counted.sent_s[paused_until] - counted.seen_s[paused_from]
    assert float(after[0] - before[0]) <= passed_s - pause_s


def test_a_killed_process_leaves_all_but_its_last_frame(job: RecordingJob) -> None:
    take = Take(job)
    take.frames(20)
    take.recorder.kill()
    ended = take.ended()

    path = Path(ended.path)
    found = readable_frames(path)
    assert ended.ending == "died" and found >= take.last.frames - 1
    os.truncate(path, path.stat().st_size - 100)  # as if it was killed while it wrote
    assert readable_frames(path) >= found - 1


def test_a_killed_window_leaves_a_finished_file(job: RecordingJob, tmp_path: Path) -> None:
    window = tmp_path / "window.py"
    window.write_text(
        textwrap.dedent(
            """
            import json, sys, threading
            from app import system
            from app.capture.recorder import Recorder
            from app.capture.recording_job import Progress, RecordingJob

            def tell(event):
                if isinstance(event, Progress) and event.frames >= 20:
                    print(recorder.pid, event.frames, flush=True)

            recorder = Recorder(system.recording_worker_command(), RecordingJob.from_wire(json.loads(sys.argv[1])), tell)
            threading.Event().wait()
            """
        )
    )
    command = [sys.executable, str(window), json.dumps(job.to_wire())]
    root = str(Path(system.__file__).parents[1])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}) as process:
        assert process.stdout is not None
        pid, told = map(int, process.stdout.readline().split())
        worker = psutil.Process(pid)
        process.send_signal(signal.SIGKILL)
    worker.wait(TOLD_S)

    [path] = job.folder.iterdir()
    assert readable_frames(path) >= told
    assert is_whole(path)


def test_the_recording_ends_before_its_size_is_exceeded(job: RecordingJob) -> None:
    take = Take(replace(job, size_limit_bytes=30_000))
    ended = take.ended()

    path = Path(ended.path)
    assert ended.ending == "size_limit" and path.stat().st_size <= 30_000
    assert len(all_frames(path)) == ended.progress.frames > 0
    assert is_whole(path)


def test_a_file_that_cannot_grow_any_more_keeps_what_it_has(job: RecordingJob) -> None:
    take = Take(job)
    path = Path(take.started().path)
    resource.prlimit(take.recorder.pid, resource.RLIMIT_FSIZE, (path.stat().st_size + 5_000, resource.RLIM_INFINITY))
    ended = take.ended()

    assert ended.ending == "write_failed" and ended.detail
    found = all_frames(path)
    assert ended.progress.frames - 2 <= len(found) <= ended.progress.frames
    assert readable_frames(path) == len(found)


def test_a_full_disk_is_not_written_to(job: RecordingJob) -> None:
    ended = Take(replace(job, free_bytes_min=1 << 62)).ended()

    assert ended == Ended("disk_full") and not list(job.folder.iterdir())


def test_a_screen_that_is_gone_ends_the_recording_and_keeps_it(
    job: RecordingJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Desktop(tmp_path) as desktop, CountedScreen(desktop.display):
        monkeypatch.setenv("DISPLAY", desktop.display)
        take = Take(job)
        take.frames(15)
    ended = take.ended()

    assert ended.ending == "screen_gone"
    assert len(all_frames(Path(ended.path))) == ended.progress.frames >= 15
    assert is_whole(Path(ended.path))


def test_a_file_that_is_taken_away_is_not_said_to_be_kept(job: RecordingJob) -> None:
    take = Take(job)
    Path(take.started().path).unlink()
    ended = take.ended()

    assert ended.ending == "write_failed" and not ended.path


def test_a_name_that_is_taken_gets_a_number(job: RecordingJob) -> None:
    job.folder.mkdir()
    (job.folder / "take.mp4").write_bytes(b"mine")
    take = Take(job)
    take.started()
    take.recorder.tell("stop")

    assert Path(take.ended().path).name == "take (2).mp4"
    assert (job.folder / "take.mp4").read_bytes() == b"mine"


def is_whole(path: Path) -> bool:
    """Whether it is an ordinary MP4: what its first level holds (ISO/IEC 14496-12, 4.2)."""
    kinds, data, at = [], path.read_bytes(), 0
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        size = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size
        kinds.append(kind.decode())
        at += size or len(data)
    return kinds[-1] == "moov" and "moof" not in kinds
