"""The window's process stays small: what is heavy is loaded elsewhere, or when it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.documents import make_pdf

ROOT = Path(__file__).parents[2]
MEMORY_MB_MAX = 160

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def start(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.helpers.window_memory", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_nothing_heavy_is_imported_before_the_window_is_shown() -> None:
    assert start()["heavy"] == []


def test_a_picture_and_an_answer_leave_the_window_small(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(photo, quality=80)
    assert start(str(photo))["memory_mb"] < MEMORY_MB_MAX


@pytest.mark.slow
def test_a_long_document_is_read_elsewhere(tmp_path: Path) -> None:
    window = start(str(make_pdf(tmp_path / "long.pdf", page_count=200)))
    assert window["parsers"] == []
    assert window["memory_mb"] < MEMORY_MB_MAX
