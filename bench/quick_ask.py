"""Quick Ask: from the key to the frozen screen beside flameshot, what typing is worth to the answer, recordings, later starts.

``python -m bench.quick_ask [--quick]``. The program runs on a screen of its own (Xvfb, 1920 x 1080, openbox) and is worked from
outside: keys are pressed through XTest, and pixels are read from the X server. The engine is asked as Quick Ask asks it.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from bench import quick_typing, reach_probe, recording_probe
from bench.figures import Figure, at_most
from bench.random_model import ensure
from bench.screen_probe import ScreenProbe

ROOT = Path(__file__).parents[1]
SCREEN = "1920x1080x24"
BACKGROUND = (128, 144, 160)
OVERLAY_MS, OVERLAY_P95_MS, TYPED_SHARE, REACH_MS = 90.0, 150.0, 0.2, 60.0
FLAMESHOT = "[General]\nshowStartupLaunchMessage=false\nshowHelp=false\ndisabledTrayIcon=true\nshowDesktopNotification=false\n"
READY_S, SHOWN_S, REST_S = 60.0, 10.0, 0.2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds; ends within 50 s")
    options = parser.parse_args()
    rounds, peer_rounds, typed_rounds, recorded_s = (6, 3, 1, 3.0) if options.quick else (40, 40, 3, 15.0)
    with tempfile.TemporaryDirectory(prefix="quick") as folder, _own_folders(Path(folder)):
        for figure in _overlays(Path(folder), rounds, peer_rounds):
            figure.print()
        _typed(typed_rounds).print()
        reached = reach_probe.measure_reach_ms(rounds)
        at_most("capture_command_to_program", statistics.median(reached), "ms", REACH_MS, fastest=min(reached)).print()
        for figure in recording_probe.measure(recorded_s):
            figure.print()


def _overlays(folder: Path, rounds: int, peer_rounds: int) -> Iterator[Figure]:
    """From the key, and from the command, until the frozen screen is dimmed; beside flameshot, which is begun by its command."""
    from tests.helpers.desktop import Desktop
    from tests.helpers.x11_scene import Scene

    with Desktop(folder, SCREEN) as desktop:
        with Scene(desktop.display) as scene:
            scene.set_background(Image.new("RGB", (64, 64), BACKGROUND))
        screen = ScreenProbe(desktop.display, BACKGROUND)
        program = [sys.executable, "-m", "app"]
        desktop.start([*program, "--hidden", "--lang", "en"], QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        _wait_for_hotkey()
        by_key = _times(screen, rounds, screen.press_hotkey)
        command = _command()
        by_command = _times(screen, rounds, lambda: desktop.start([*command, "capture"]))
        peer = _flameshot_times(desktop.start, screen, folder, peer_rounds)
    details: dict[str, float | str] = {"rounds": float(rounds)}
    if peer:
        details |= {"peer_rounds": float(peer_rounds), "peer_ms": statistics.median(peer), "peer_p95_ms": _p95(peer)}
    name = "flameshot" if peer else None
    key_ms, command_ms = statistics.median(by_key), statistics.median(by_command)
    yield at_most("key_to_painted_overlay", key_ms, "ms", OVERLAY_MS, name, **details)
    yield at_most("key_to_painted_overlay_p95", _p95(by_key), "ms", OVERLAY_P95_MS, name, **details)
    yield Figure("command_to_painted_overlay", command_ms, "ms", peer=name, details={"p95_ms": _p95(by_command), **details})


def _times(screen: ScreenProbe, rounds: int, begin: Callable[[], object]) -> list[float]:
    """Milliseconds; a first round warms up."""
    times = []
    for _ in range(rounds + 1):
        screen.hold_modifiers()
        began = time.perf_counter()
        begin()
        times.append(1000 * (screen.wait_until_covered(SHOWN_S) - began))
        screen.release_keys()
        screen.leave(SHOWN_S)
        time.sleep(REST_S)
    return times[1:]


def _flameshot_times(start: Callable[..., subprocess.Popen[bytes]], screen: ScreenProbe, folder: Path, rounds: int) -> list[float]:
    """Resident, on a bus of its own. Empty where it is not installed."""
    if not (shutil.which("flameshot") and shutil.which("dbus-daemon")):
        print("flameshot or dbus-daemon is not installed: there is no peer", file=sys.stderr)
        return []
    settings = folder / "flameshot" / ".config" / "flameshot"
    settings.mkdir(parents=True)
    (settings / "flameshot.ini").write_text(FLAMESHOT)
    bus = start(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE)
    assert bus.stdout is not None
    variables = {
        "HOME": str(folder / "flameshot"),
        "XDG_CONFIG_HOME": str(settings.parent),
        "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().decode().strip(),
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CURRENT_DESKTOP": "",
    }
    start(["flameshot"], **variables)
    time.sleep(2)
    return _times(screen, rounds, lambda: start(["flameshot", "gui"], **variables))


def _typed(rounds: int) -> Figure:
    """Enter to the first token after three seconds of typing, by the same without any time to prepare."""
    pair = ensure("small")
    typed, at_once = quick_typing.run(pair.model, rounds)
    typed_s, at_once_s = statistics.median(typed), statistics.median(at_once)
    least = max(0.0, 1 - quick_typing.TYPING_S / at_once_s)  # when not a moment of typing is lost
    details = {"typed_s": typed_s, "at_once_s": at_once_s, "least_possible": least, "rounds": float(rounds)}
    return at_most("first_token_after_typing", typed_s / at_once_s, "ratio", TYPED_SHARE, "asked at once", **details)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def _command() -> list[str]:
    script = Path(sys.executable).parent / "sightline"
    return [str(script)] if script.exists() else [sys.executable, "-P", "-m", "app"]


def _wait_for_hotkey() -> None:
    from app import reach

    end = time.monotonic() + READY_S
    while b'"handler": "x11"' not in (reach.say(reach.REPORT, []) or b""):
        if time.monotonic() > end:
            raise TimeoutError("the program did not listen for its key")
        time.sleep(0.1)


@contextmanager
def _own_folders(folder: Path) -> Iterator[None]:
    """The user's Sightline is left alone."""
    before = dict(os.environ)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ |= {"SIGHTLINE_DATA_DIR": str(folder / "data"), "XDG_RUNTIME_DIR": str(runtime), "SIGHTLINE_NO_OFFICE": "1"}
    for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
