"""The remote engine beside bare httpx2: what an event costs, how long until the first, and how fast pictures are made ready.

Prints one JSON object a line: {"figure", "value", "unit", "target", "ok", "peer"}. README.md says what each is. The server is a
process of its own on loopback; both ask it the same, by turns, over a connection that is open.

    python -m bench.cloud [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import httpx2
import numpy as np
from PIL import Image

from bench.figures import Figure, at_most
from inference.cloud.body import build_body
from inference.cloud.config import CloudConfig, Network
from inference.cloud.engine import CloudEngine
from inference.cloud.models import CloudModel
from inference.engine import Cancel
from inference.events import Finished, TextDelta
from inference.types import ImagePart, Message, Request
from tests.helpers.screens import screenshot, sentences

PEER = "httpx2"
WORDS = ("The", " red", " circle", " is", " left", " of", " the", " blue", " square", ".\n")
QUESTION = "What do you see in the picture, and where is it? " * 80
SIZE, PICTURES = (1920, 1080), 50
PACED_EVENTS, PACE_S = 400, 0.005


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    events: int
    first_events: int


FULL, QUICK = Plan(rounds=9, events=20_000, first_events=200), Plan(rounds=3, events=10_000, first_events=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under 50 s")
    parser.add_argument("--serve", action="store_true", help="be the server")
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve())
        return
    plan = QUICK if arguments.quick else FULL
    with running_server() as address:
        measure_events(plan, address)
        measure_paced(plan, address)
        measure_first(plan, address)
    measure_pictures(plan)


def measure_events(plan: Plan, address: str) -> None:
    """Seconds an event while the server sends as fast as it can."""
    with asking(f"{address}/{plan.events}/0") as (ours, bare):
        ours_s, bare_s = by_turns(plan.rounds, lambda: timed(ours), lambda: timed(bare))
    value = (ours_s - bare_s) / plan.events * 1e6
    at_most("overhead_per_event", value, "us", 60.0, PEER, seconds=ours_s, peer_seconds=bare_s).print()


def measure_paced(plan: Plan, address: str) -> None:
    """Seconds of the processor an event while they come one by one, as in an answer: for each, two threads wake up."""
    with asking(f"{address}/{PACED_EVENTS}/{PACE_S}") as (ours, bare):
        ours_s, bare_s = by_turns(min(plan.rounds, 3), lambda: processor(ours), lambda: processor(bare))
    value = (ours_s - bare_s) / PACED_EVENTS * 1e6
    Figure("work_per_paced_event", value, "us", peer=PEER, details={"seconds": ours_s, "peer_seconds": bare_s}).print()


def measure_first(plan: Plan, address: str) -> None:
    """Seconds from asking to the first event."""
    with asking(f"{address}/1/0") as (ours, bare):
        ours_s, bare_s = by_turns(plan.first_events, lambda: until_first(ours), lambda: until_first(bare))
    at_most("overhead_to_first_event", (ours_s - bare_s) * 1e3, "ms", 15.0, PEER, seconds=ours_s, peer_seconds=bare_s).print()


def measure_pictures(plan: Plan) -> None:
    """Seconds until pictures that nobody has seen are ready to be sent."""
    sources = [drawn.tobytes() for drawn in (page(), photo())]
    seconds = []
    for number in range(min(plan.rounds, 3)):
        with closing(CloudEngine(CloudConfig("http://127.0.0.1:1", CloudModel("m")))) as engine:
            parts = tuple(picture(f"{number} {index}", sources[index % 2]) for index in range(PICTURES))
            began = time.perf_counter()
            *_, ending = engine.prepare(Request((Message("user", parts),)), Cancel())
            seconds.append(time.perf_counter() - began)
            assert isinstance(ending, Finished) and ending.reason == "stop", ending
    at_most("prepare_50_pictures", statistics.median(seconds), "s", 2.5, None, cores=os.cpu_count() or 0).print()


def page() -> Image.Image:
    """A screenshot full of text."""
    return screenshot(sentences(30, "en", 0)).image.convert("RGB").resize(SIZE)


def photo() -> Image.Image:
    """Smooth shapes with the noise of a sensor."""
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (9, 16, 3), dtype=np.uint8))
    smooth = np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.int16)
    return Image.fromarray(np.clip(smooth + rng.normal(0, 4, smooth.shape), 0, 255).astype(np.uint8))


def picture(name: str, rgb: bytes) -> ImagePart:
    """A picture that no cache knows, from pixels that are at hand."""
    return ImagePart(name, *SIZE, lambda: rgb)


@contextmanager
def asking(base_url: str) -> Iterator[tuple[Callable[[], Iterator[object]], Callable[[], Iterator[object]]]]:
    """Two ways to ask the same: each call gives what comes, ours events of text, httpx2's pieces of the body."""
    config = CloudConfig(base_url, CloudModel("m"), "openai", network=Network(proxy="none"))
    request = Request((Message.text("user", QUESTION),))
    with closing(CloudEngine(config)) as engine, httpx2.Client(trust_env=False, timeout=60) as client:

        def ours() -> Iterator[object]:
            for event in engine.stream(request, Cancel()):
                if isinstance(event, TextDelta):
                    yield event
                ending = event
            assert isinstance(ending, Finished) and ending.reason == "stop", ending

        def bare() -> Iterator[object]:
            body = json.dumps(build_body(request, config, lambda _: "")).encode()
            with client.stream("POST", f"{base_url}/chat/completions", content=body) as reply:
                yield from reply.iter_raw()

        for ask in (ours, bare):
            list(ask())  # imports, and opens the connection
        yield ours, bare


def by_turns(rounds: int, ours: Callable[[], float], bare: Callable[[], float]) -> tuple[float, float]:
    """The medians of both."""
    pairs = [(ours(), bare()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def timed(ask: Callable[[], Iterator[object]]) -> float:
    """Seconds of one answer."""
    began = time.perf_counter()
    for _ in ask():
        pass
    return time.perf_counter() - began


def processor(ask: Callable[[], Iterator[object]]) -> float:
    """Seconds of the processor of one answer, of all threads."""
    began = time.process_time()
    for _ in ask():
        pass
    return time.process_time() - began


def until_first(ask: Callable[[], Iterator[object]]) -> float:
    """Seconds until the first of what comes; the rest is read to its end."""
    began = time.perf_counter()
    answer = ask()
    next(answer)
    seconds = time.perf_counter() - began
    for _ in answer:
        pass
    return seconds


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server in a child process."""
    process = subprocess.Popen([sys.executable, "-m", "bench.cloud", "--serve"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def serve() -> None:
    """Answer POST /EVENTS/PACE/... with as many events, and pauses of that many seconds between them."""
    server = await asyncio.start_server(answer_all, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
            _, events, pace, *_ = head.split(" ")[1].split("/")
            await answer(writer, int(events), float(pace))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def answer(writer: asyncio.StreamWriter, events: int, pace_s: float) -> None:
    """One answer, a chunk for each event, as servers send them."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for word in itertools.islice(itertools.cycle(WORDS), events):
        writer.write(chunk({"id": "chatcmpl-0123456789", "created": 1, "model": "m", "choices": [delta({"content": word})]}))
        await writer.drain()
        if pace_s:
            await asyncio.sleep(pace_s)
    usage = {"prompt_tokens": 900, "completion_tokens": events, "prompt_tokens_details": {"cached_tokens": 0}}
    writer.write(chunk({"choices": [delta({}, "stop")], "usage": usage}) + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
    await writer.drain()


def delta(fields: dict[str, str], finish_reason: str | None = None) -> dict[str, object]:
    """The one choice of a chunk."""
    return {"index": 0, "delta": fields, "finish_reason": finish_reason}


def chunk(value: dict[str, object]) -> bytes:
    """An event, framed."""
    data = b"data: " + json.dumps(value).encode() + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(data), data)


if __name__ == "__main__":
    main()
