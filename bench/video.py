"""Frames of videos read in a child, next to the `ffmpeg` program and a bare PyAV loop.

Prints one JSON object a line, as bench/README.md says. `sixty_frames_of_an_hour` is the time for frames spread over a 1080p H.264
file with key frames 250 frames apart, none at a key frame, in full size as RGB, by that of `ffmpeg` seeking to the same times. For
`ffmpeg` the faster of two ways counts: one run for each frame, and one run with the file as an input for each frame. Opening, with
the hash of all bytes, is not in it. `every_frame` reads a short clip frame by frame.

    python -m bench.video [--quick]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, at_most
from ingest.attachment import Attachment, open_attachment
from ingest.isolate import Readers

SIZE = (1920, 1080)
SMALL = (1008, 560)
CLIP_S = 20
START_S, STEP_S = 4.1, 59.3  # so that all parts of a group of pictures are met

_BARE = """
import sys, time, av
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
started, count = time.perf_counter(), 0
with av.open(path) as container:
    stream = container.streams.video[0]
    stream.thread_type, stream.codec_context.thread_count = "AUTO", 2
    for frame in container.decode(stream):
        frame.reformat(width, height, "rgb24", interpolation="BICUBIC").to_ndarray().tobytes()
        count += 1
print(count / (time.perf_counter() - started))
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    frames: int
    clip_s: float
    with_rule: bool


FULL, QUICK = Plan(3, 60, 10.0, True), Plan(1, 10, 2.0, False)


def figures(plan: Plan) -> Iterator[Figure]:
    """All figures of this file."""
    program = shutil.which("ffmpeg")
    if program is None:
        sys.exit("The ffmpeg program is needed: to make the files and to be compared with.")
    with tempfile.TemporaryDirectory() as folder, closing(Readers(count=1)) as readers:
        short, long = make_files(program, Path(folder), plan)
        attachment = open_attachment(long, readers=readers)
        times = [START_S + STEP_S * index for index in range(plan.frames)]
        read_spread(attachment, times[:2])  # imports and the first seek
        yield spread(program, attachment, long, times, plan.rounds)
        yield every_frame(program, open_attachment(short, readers=readers), short, plan)
        if plan.with_rule:
            started = time.perf_counter()
            count = len(attachment.frames())
            took_s = time.perf_counter() - started
            yield Figure("frames_worth_looking_at_in_an_hour", took_s, "s", details={"frames": str(count)})


def make_files(program: str, folder: Path, plan: Plan) -> tuple[Path, Path]:
    """A clip with motion everywhere, and the same again and again for as long as the frames need."""
    clip, short, long = folder / "clip.mp4", folder / "short.mp4", folder / "long.mp4"
    source = f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate=30:duration={CLIP_S}"
    coding = ["-c:v", "libx264", "-preset", "superfast", "-bf", "3", "-g", "250", "-b:v", "4M", "-pix_fmt", "yuv420p"]
    loops = round(plan.frames * 60 / CLIP_S) - 1
    for arguments in (
        ["-f", "lavfi", "-i", source, *coding, clip],
        ["-i", clip, "-t", plan.clip_s, "-c", "copy", short],
        ["-stream_loop", loops, "-i", clip, "-c", "copy", long],
    ):
        subprocess.run([program, "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL)
    return short, long


def spread(program: str, attachment: Attachment, path: Path, times: Sequence[float], rounds: int) -> Figure:
    """Frames far apart; the three take turns."""
    seconds: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, run in (
            ("ours", lambda: read_spread(attachment, times)),
            ("a run for each", lambda: seek_in_turn(program, path, times)),
            ("one run", lambda: seek_at_once(program, path, times)),
        ):
            seconds.setdefault(name, []).append(timed(run))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ours_s = medians.pop("ours")
    way, peer_s = min(medians.items(), key=lambda item: item[1])
    name = "sixty_frames_of_an_hour" if len(times) == 60 else "frames_far_apart"
    return at_most(name, ours_s / peer_s, "ratio", 1.2, f"ffmpeg, {way}", seconds=ours_s, peer_seconds=peer_s)


def read_spread(attachment: Attachment, times: Sequence[float]) -> None:
    """As the application does: first the times, then each picture."""
    frames = attachment.frames(times[0], times[-1] + STEP_S / 2, 1 / STEP_S)
    assert len(frames) == len(times)
    for frame in frames:
        frame.render(*SIZE)


def seek_in_turn(program: str, path: Path, times: Sequence[float]) -> None:
    """The usual way."""
    for time_s in times:
        _ffmpeg(program, ["-ss", f"{time_s}", "-i", str(path), *_one_frame()])


def seek_at_once(program: str, path: Path, times: Sequence[float]) -> None:
    """One process, so that it starts only once."""
    inputs = [part for time_s in times for part in ("-ss", f"{time_s}", "-i", str(path))]
    outputs = [part for index in range(len(times)) for part in ("-map", f"{index}:v", *_one_frame())]
    _ffmpeg(program, [*inputs, *outputs])


def every_frame(program: str, attachment: Attachment, path: Path, plan: Plan) -> Figure:
    """Frames a second when all are wanted, made smaller."""
    speeds: dict[str, list[float]] = {"ours": [], "pyav": [], "ffmpeg": []}
    count = len(attachment.frames(frames_per_s=30.0))
    scaled = ["-i", str(path), "-vf", f"scale={SMALL[0]}:{SMALL[1]}", "-pix_fmt", "rgb24", "-f", "rawvideo", os.devnull]
    for _ in range(plan.rounds):
        speeds["ours"].append(count / timed(lambda: [frame.render(*SMALL) for frame in attachment.frames(frames_per_s=30.0)]))
        arguments = [sys.executable, "-c", _BARE, str(path), *map(str, SMALL)]
        speeds["pyav"].append(float(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout))
        speeds["ffmpeg"].append(count / timed(lambda: _ffmpeg(program, ["-threads", "2", *scaled])))
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    details = {"frames_per_s": medians["ours"], "peer_frames_per_s": medians["pyav"], "ffmpeg_frames_per_s": medians["ffmpeg"]}
    return Figure("every_frame", medians["ours"] / medians["pyav"], "ratio", peer="bare PyAV", details={**details})


def timed(run: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _one_frame() -> list[str]:
    return ["-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", os.devnull]


def _ffmpeg(program: str, arguments: Sequence[str]) -> None:
    subprocess.run([program, "-v", "error", "-y", "-nostdin", *arguments], check=True, stdin=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ten frames of ten minutes, one round: under 50 s")
    for figure in figures(QUICK if parser.parse_args().quick else FULL):
        figure.print()


if __name__ == "__main__":
    main()
