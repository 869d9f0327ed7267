"""The local engine next to its peers: how long until the first token, how fast after that, how much memory.

Prints one JSON object a line: {"figure", "value", "unit", "target", "ok", "peer"} and, where the value is a ratio of times, the
medians it is made of in "seconds" and "peer_seconds", or "cold_seconds" where we are compared with ourselves. README.md says
what each figure is. All engines run in the same minutes and take turns, the model is loaded before the clock starts, and every
round has a picture that no engine has seen.

    python -m bench.engine [--quick] [--model small]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageDraw

from bench.peers import window
from bench.peers.dialogue import Answer, Turn
from bench.peers.process import start_llama_server, start_mtmd_handler
from bench.peers.serve import Setup
from bench.peers.sightline import Sightline
from bench.random_model import PRESETS, ensure

SERVER, HANDLER, OURS = "llama-server", "MTMDChatHandler", "Sightline"
FIRST, SECOND, THIRD = "Where is the red square?", "What colour is the circle?", "How many shapes are there?"
OTHER = "Describe the image."
HELLO = [Turn("user", "Hello")]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    picture_size: tuple[int, int]
    rounds: int
    answer_tokens: int
    with_handler: bool


FULL = Plan((1280, 720), rounds=3, answer_tokens=128, with_handler=True)
QUICK = Plan((640, 360), rounds=1, answer_tokens=32, with_handler=False)  # it encodes anew at every question


class Engine(Protocol):
    """What is compared."""

    @property
    def name(self) -> str: ...
    def ask(self, turns: Sequence[Turn], max_tokens: int) -> Answer: ...
    def resident_bytes(self) -> int: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Times:
    """Times of one engine, a value per round. Seconds to the first token, but for `tokens_per_s`."""

    cold: list[float] = field(default_factory=list)
    second: list[float] = field(default_factory=list)
    new_conversation: list[float] = field(default_factory=list)
    restarted: list[float] = field(default_factory=list)
    prepared: list[float] = field(default_factory=list)
    tokens_per_s: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smaller picture, one round, llama-server only: under 50 s")
    parser.add_argument("--model", choices=["tiny", *PRESETS], default="small", help="size of the random model")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    plan, pair = QUICK if arguments.quick else FULL, ensure(arguments.model)
    setup = Setup(pair.model, pair.mmproj, n_ctx=4096, n_batch=512, n_threads=arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        measure(plan, setup, Path(folder))
    report_window()


def measure(plan: Plan, setup: Setup, folder: Path) -> None:
    """Run every scenario and print its figure as soon as it is known."""
    times: dict[str, Times] = defaultdict(Times)
    with ExitStack() as running:
        ours = running.enter_context(closing(Sightline(setup, folder / "cache")))
        engines: list[Engine] = [ours]
        for start in (start_llama_server, start_mtmd_handler) if plan.with_handler else (start_llama_server,):
            engines.append(running.enter_context(closing(start(setup))))
        for engine in engines:
            engine.ask(HELLO, 1)  # loads what is loaded lazily
        for number in range(plan.rounds):
            picture = draw_picture(folder / f"{number}.png", plan.picture_size, number)
            run_round(engines, picture, plan, times)
        report_peers(times)
        report_memory(engines)
        for number in range(plan.rounds):
            time_restart(ours, folder / f"{number}.png", plan, times[OURS])
            picture = draw_picture(folder / f"prepared-{number}.png", plan.picture_size, plan.rounds + number)
            time_prepared(ours, picture, plan, times[OURS])
        report_own(times[OURS])


def run_round(engines: Sequence[Engine], picture: Path, plan: Plan, times: dict[str, Times]) -> None:
    """A first and a second question on a new picture, then another conversation on it; the engines take turns."""
    opening = [Turn("user", FIRST, picture)]
    first = {engine.name: engine.ask(opening, plan.answer_tokens) for engine in engines}
    for engine in engines:
        conversation = [*opening, Turn("assistant", first[engine.name].text), Turn("user", SECOND)]
        second = engine.ask(conversation, plan.answer_tokens)
        times[engine.name].cold.append(first[engine.name].first_token_s)
        times[engine.name].second.append(second.first_token_s)
        times[engine.name].tokens_per_s += [first[engine.name].tokens_per_s, second.tokens_per_s]
    for engine in engines:
        answer = engine.ask([Turn("user", OTHER, picture)], plan.answer_tokens)
        times[engine.name].new_conversation.append(answer.first_token_s)
        times[engine.name].tokens_per_s.append(answer.tokens_per_s)


def time_restart(ours: Sightline, picture: Path, plan: Plan, times: Times) -> None:
    """A conversation goes on in a new process, which loads the model with a question about something else."""
    conversation = [Turn("user", FIRST, picture)]
    conversation += [Turn("assistant", ours.ask(conversation, plan.answer_tokens).text), Turn("user", THIRD)]
    ours.restart()
    ours.ask(HELLO, 1)
    times.restarted.append(ours.ask(conversation, 1).first_token_s)


def time_prepared(ours: Sightline, picture: Path, plan: Plan, times: Times) -> None:
    """A question on a new picture, asked after the preparation was over."""
    ours.prepare([Turn("user", "", picture)])
    times.prepared.append(ours.ask([Turn("user", FIRST, picture)], 1).first_token_s)


def report_peers(times: dict[str, Times]) -> None:
    """What the peers can do too, as a ratio to each; the targets are against llama-server."""
    ours = times[OURS]
    for name, targets in ((SERVER, (0.95, 1.1, 0.97)), (HANDLER, (None, None, None))):
        if name not in times:
            continue
        peer = times[name]
        report_ratio("cold_time_to_first_token", ours.cold, peer.cold, targets[0], name)
        report_ratio("second_question", ours.second, peer.second, targets[1], name)
        report_ratio("same_picture_in_new_conversation_by_peer", ours.new_conversation, peer.new_conversation, None, name)
        speed, peer_speed = statistics.median(ours.tokens_per_s), statistics.median(peer.tokens_per_s)
        ratio, target = speed / peer_speed, targets[2]
        extra = {"tokens_per_s": round(speed, 1), "peer_tokens_per_s": round(peer_speed, 1)}
        report("decode_speed", ratio, "ratio", target, None if target is None else ratio >= target, name, **extra)


def report_own(times: Times) -> None:
    """What only Sightline promises, as a ratio to its own cold start."""
    report_ratio("same_picture_in_new_conversation", times.new_conversation, times.cold, 0.15)
    report_ratio("conversation_after_restart", times.restarted, times.cold, 0.05)
    report_ratio("prepared", times.prepared, times.cold, 0.05)


def report_memory(engines: Sequence[Engine]) -> None:
    """Resident memory of each engine's process after the same work."""
    ours = next(engine for engine in engines if engine.name == OURS).resident_bytes()
    for engine in engines:
        if engine.name != OURS:
            extra = {"megabytes": round(ours / 1e6), "peer_megabytes": round(engine.resident_bytes() / 1e6)}
            report("engine_resident_memory", ours / engine.resident_bytes(), "ratio", None, None, engine.name, **extra)


def report_window() -> None:
    """Resident memory of the window."""
    resident = window.resident_bytes()
    if resident is None:
        print("the window did not stay open: its memory was not measured", file=sys.stderr)
        return
    report("window_resident_memory", resident / 1e6, "MB", 160, resident < 160e6, None)


def report_ratio(figure: str, ours: list[float], other: list[float], target: float | None, peer: str | None = None) -> None:
    """The ratio of two medians, and whether it is at most the target."""
    seconds, peer_seconds = statistics.median(ours), statistics.median(other)
    ratio = seconds / peer_seconds
    extra = {"seconds": round(seconds, 4), "peer_seconds" if peer else "cold_seconds": round(peer_seconds, 4)}
    report(figure, ratio, "ratio", target, None if target is None else ratio <= target, peer, **extra)


def report(figure: str, value: float, unit: str, target: float | None, ok: bool | None, peer: str | None, **extra: float) -> None:
    """Print one line."""
    line = {"figure": figure, "value": round(value, 4), "unit": unit, "target": target, "ok": ok, "peer": peer}
    print(json.dumps(line | extra), flush=True)


def draw_picture(path: Path, size: tuple[int, int], seed: int) -> Path:
    """A PNG of some shapes, different for each seed."""
    rng, image = random.Random(seed), Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for colour in ("red", "green", "blue", "orange"):
        left, top = rng.randrange(size[0] * 3 // 4), rng.randrange(size[1] * 3 // 4)
        draw.rectangle((left, top, left + size[0] // 8, top + size[1] // 8), fill=colour)
    image.save(path)
    return path


if __name__ == "__main__":
    main()
