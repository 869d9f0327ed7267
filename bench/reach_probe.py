"""How long `sightline capture` takes to reach the Sightline that runs: from the start of its process to the slot in the other."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.instance import Instance

ROOT = Path(__file__).parents[1]
PATIENCE_MS = 20_000


def measure_reach_ms(rounds: int = 20) -> list[float]:
    """Milliseconds of each round.

    This process is the one that runs, in a data folder of its own, and sleeps until something comes; the command is the real one.
    """
    from PySide6.QtCore import QCoreApplication

    from app import reach
    from app.instance import Instance

    app = QCoreApplication.instance() or QCoreApplication([])
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    with tempfile.TemporaryDirectory(prefix="reach") as folder:
        before = os.environ.get(reach.DATA_DIR_VARIABLE)
        os.environ[reach.DATA_DIR_VARIABLE] = environment[reach.DATA_DIR_VARIABLE] = folder
        instance = Instance(app)
        assert reach.claim() and instance.listen()
        try:
            _reach(instance, environment)  # warm: files in memory, modules compiled
            return [_reach(instance, environment) for _ in range(rounds)]
        finally:
            instance.close()
            os.environ.pop(reach.DATA_DIR_VARIABLE)
            if before is not None:
                os.environ[reach.DATA_DIR_VARIABLE] = before


def _reach(instance: Instance, environment: dict[str, str]) -> float:
    from PySide6.QtCore import QEventLoop, QTimer

    script = Path(sys.executable).parent / "sightline"
    command = [str(script)] if script.exists() else [sys.executable, "-P", "-m", "app"]
    arrived: list[float] = []
    loop = QEventLoop()
    connection = instance.received.connect(lambda _message: arrived.append(time.perf_counter()) or loop.quit())
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    began = time.perf_counter()
    process = subprocess.Popen([*command, "capture"], cwd=ROOT, env=environment)
    loop.exec()
    instance.received.disconnect(connection)
    loop.deleteLater()
    process.wait(PATIENCE_MS / 1000)
    if not arrived:
        raise TimeoutError("the command did not reach the program")
    return (arrived[0] - began) * 1000


if __name__ == "__main__":
    print(f"median {statistics.median(measured := measure_reach_ms()):.1f} ms, min {min(measured):.1f} ms")
