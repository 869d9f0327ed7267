"""A picture stretched by the engine is one that llama.cpp neither scales nor pads (docs/adr/0004)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from base.cells import CELL_PX, MAX_IMAGE_TOKENS, MIN_IMAGE_TOKENS, fit_to_cells, image_tokens
from tests.helpers.bare import BareModel, BareOptions, grid_size
from tests.helpers.scenes import to_part

SIDES = (13, 14, 27, 28, 41, 42, 69, 70, 99, 113, 133, 150, 168, 200, 360, 500, 640)
LARGE = ((1280, 720), (1920, 1080), (1240, 1754), (2560, 1440), (3840, 2160), (6000, 6000), (9000, 60))


@pytest.fixture(scope="module", params=[36, 256, None])
def limited(request: pytest.FixtureRequest) -> Iterator[tuple[BareModel, int]]:
    """A model with a limit on picture tokens, and the limit."""
    folder = Path(__file__).parents[1] / "data" / "tiny_model"
    files = folder / "tiny-glm-4.6v-Q8_0.gguf", folder / "mmproj-tiny-glm-4.6v-Q8_0.gguf"
    with BareModel(*files, BareOptions(image_max_tokens=request.param, n_threads=1)) as model:
        yield model, request.param or MAX_IMAGE_TOKENS


def test_llama_cpp_leaves_stretched_pictures_alone(limited: tuple[BareModel, int]) -> None:
    model, max_tokens = limited
    grids = {fit_to_cells(*size, MIN_IMAGE_TOKENS, max_tokens) for size in (*((w, h) for w in SIDES for h in SIDES), *LARGE)}
    for width, height in sorted(grids):
        picture = to_part(Image.new("RGB", (width, height)))
        assert model.grid_of(picture) == (width // CELL_PX, height // CELL_PX)


def test_tokens_are_counted_as_llama_cpp_counts_them(limited: tuple[BareModel, int]) -> None:
    """For 500 random sizes in all; llama.cpp's limit of 4,096 tokens takes a tenth of a second a picture, so it gets fewer."""
    model, max_tokens = limited
    chance = random.Random(max_tokens)
    for _ in range(80 if max_tokens == MAX_IMAGE_TOKENS else 210):
        size = chance.randint(1, 3000), chance.randint(1, 3000)
        columns, rows = model.grid_of(to_part(Image.new("RGB", fit_to_cells(*size, MIN_IMAGE_TOKENS, max_tokens))))
        assert image_tokens(*size, MIN_IMAGE_TOKENS, max_tokens) == columns * rows, size


@pytest.mark.parametrize("max_tokens", [36, 256, MAX_IMAGE_TOKENS])
def test_the_size_is_that_of_the_training(max_tokens: int) -> None:
    for size in (*((w, h) for w in SIDES[4:] for h in SIDES[4:]), *LARGE[:6]):
        assert fit_to_cells(*size, MIN_IMAGE_TOKENS, max_tokens) == grid_size(*size, max_tokens), size
