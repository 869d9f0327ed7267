"""Resident memory of the window's own process, without the engine, which is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import psutil

from bench.peers.process import ROOT

_SETTLING_S = 5.0


def resident_bytes() -> int | None:
    """Start the application without a display and let it settle; None when it does not stay open."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "--data-dir", folder],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(_SETTLING_S)
            return psutil.Process(process.pid).memory_info().rss if process.poll() is None else None
        finally:
            process.terminate()
            process.wait()
