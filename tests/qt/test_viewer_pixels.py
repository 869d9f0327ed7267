"""Boxes, selected text, sharp parts and regions are drawn on the right pixels, on screens of every scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.ui.theme import load_theme
from app.ui.view_geometry import MARGIN_PX
from app.ui.viewer_canvas import SELECTION_ALPHA
from app.ui.viewer_region import SHADE_ALPHA
from tests.helpers.selection_pixels import DETAIL_COLOR
from tests.helpers.viewer_pixels import PICTURE_COLOR

ROOT = Path(__file__).parents[2]
COLORS = [color.lower() for color in load_theme("light").boxes[:2]]
PICTURE = "#{:02x}{:02x}{:02x}".format(*PICTURE_COLOR)


def draw(scale: float, current: int | None = None) -> dict[str, Any]:
    return run("viewer_pixels", scale, *([str(current)] if current else []))


def run(program: str, scale: float, *arguments: str) -> dict[str, Any]:
    environment = {**os.environ, "QT_SCALE_FACTOR": str(scale), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", f"tests.helpers.{program}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def blend(over: str, under: str, alpha: float) -> list[float]:
    return [int(over[i : i + 2], 16) * alpha + int(under[i : i + 2], 16) * (1 - alpha) for i in (1, 3, 5)]


def close(color: str, wanted: list[float], by: int = 3) -> bool:
    return all(abs(int(color[i : i + 2], 16) - value) <= by for i, value in zip((1, 3, 5), wanted, strict=True))


@pytest.mark.parametrize("scale", [1, 1.5, 2])
def test_boxes_lie_where_the_fractions_say(scale: float) -> None:
    drawn = draw(scale)
    assert drawn["scale"] == scale
    view_scale, left, top = drawn["geometry"]
    assert (view_scale, left, top) == pytest.approx(((500 - 2 * MARGIN_PX) / 400, MARGIN_PX, (300 - 200 * view_scale) / 2))
    for box, color in zip(drawn["boxes"], COLORS, strict=True):
        for edge in ("left", "right", "top", "bottom", "corner", "tag"):
            assert box[edge] == color, (edge, box)
        for outside in ("outside", "beyond"):
            assert box[outside] == PICTURE, (outside, box)
        for inside in ("inside", "just_inside"):
            assert close(box[inside], blend(color, PICTURE, 0.10)), (inside, box)
    assert drawn["mark"] != drawn["boxes"][1]["inside"]  # the picture shows through the box, in its place


@pytest.mark.parametrize("scale", [1, 2])
def test_the_current_box_stands_out_and_the_others_are_dimmed(scale: float) -> None:
    first, second = draw(scale, current=2)["boxes"]
    assert second["left"] == COLORS[1]
    assert close(second["inside"], blend(COLORS[1], PICTURE, 0.22))
    assert first["left"] != COLORS[0]
    assert close(first["left"], blend(COLORS[0], PICTURE, 0.35), by=8)  # the fill beneath the line adds a little


@pytest.mark.parametrize("scale", [1, 2])
def test_selected_text_and_sharp_parts_lie_where_the_fractions_say(scale: float) -> None:
    drawn = run("selection_pixels", scale)
    assert drawn["scale"] == scale
    selected = blend(load_theme("light").accent, PICTURE, SELECTION_ALPHA / 255)
    assert all(close(color, selected) for color in drawn["word"]["inside"]), drawn["word"]
    assert drawn["word"]["outside"] == [PICTURE] * 4
    detail = "#{:02x}{:02x}{:02x}".format(*DETAIL_COLOR)
    assert drawn["detail"]["inside"] == [detail] * 4
    assert drawn["detail"]["outside"] == [PICTURE] * 4


@pytest.mark.parametrize("scale", [1, 2])
def test_a_region_is_left_bright_and_all_else_is_shaded(scale: float) -> None:
    region = run("selection_pixels", scale, "region")["region"]
    shaded = blend("#000000", PICTURE, SHADE_ALPHA / 255)
    assert region["edge"] == [load_theme("light").accent.lower()] * 2
    assert region["inside"][2] == PICTURE
    assert all(close(region["outside"][side], shaded) for side in (2, 3)), region
