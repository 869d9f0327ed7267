"""Pictures are brought to whole cells by the rule of the model's training, and llama.cpp leaves them as they are then."""

from __future__ import annotations

import ctypes
import math
import random
from collections.abc import Iterator

import llama_cpp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from llama_cpp import mtmd_cpp
from PIL import Image

from base.cells import CELL_PX, MAX_IMAGE_TOKENS, MIN_IMAGE_TOKENS, fit_to_cells, image_tokens, stretch
from tests.conftest import TINY_MODEL

SIDES = st.integers(1, 12_000) | st.integers(1, 200)
LIMITS = st.sampled_from([(8, 36), (8, 100), (8, 4096), (8, 16)])


@given(SIDES, SIDES, LIMITS)
@example(1, 200, (8, 36))
@example(200, 1, (8, 16))
@example(1, 12_000, (8, 16))
def test_sides_are_whole_cells_within_the_limits(width: int, height: int, limits: tuple[int, int]) -> None:
    fitted = fit_to_cells(width, height, *limits)
    assert all(side > 0 and side % CELL_PX == 0 for side in fitted)
    assert limits[0] <= image_tokens(width, height, *limits) <= limits[1]


@given(SIDES, SIDES, LIMITS)
@example(1, 200, (8, 36))
def test_fitting_a_fitted_size_changes_nothing(width: int, height: int, limits: tuple[int, int]) -> None:
    fitted = fit_to_cells(width, height, *limits)
    assert fit_to_cells(*fitted, *limits) == fitted


@given(SIDES, SIDES, LIMITS)
def test_a_picture_on_its_side_takes_the_same_cells(width: int, height: int, limits: tuple[int, int]) -> None:
    if max(width, height) <= 20 * min(width, height):
        assert fit_to_cells(height, width, *limits) == fit_to_cells(width, height, *limits)[::-1]


def smart_resize(width: int, height: int, min_tokens: int, max_tokens: int) -> tuple[int, int]:
    """One frame as transformers' Glm46V image processor sizes it (smart_resize), with the limits in pixels."""
    factor, min_pixels, max_pixels = 28, min_tokens * 784, max_tokens * 784
    h_bar, w_bar = round(height / factor) * factor, round(width / factor) * factor
    if h_bar * w_bar > max_pixels:
        beta = math.sqrt(height * width / max_pixels)
        h_bar = max(factor, math.floor(height / beta / factor) * factor)
        w_bar = max(factor, math.floor(width / beta / factor) * factor)
    elif h_bar * w_bar < min_pixels:
        beta = math.sqrt(min_pixels / (height * width))
        h_bar, w_bar = math.ceil(height * beta / factor) * factor, math.ceil(width * beta / factor) * factor
    return w_bar, h_bar


@pytest.mark.parametrize("limits", [(8, 36), (8, 4096)])
def test_sizes_are_those_of_the_training(limits: tuple[int, int]) -> None:
    rng = random.Random(5)
    sizes = [(rng.randint(28, 4000), rng.randint(28, 4000)) for _ in range(3000)]
    sizes += [(1280, 720), (1920, 1080), (3840, 2160), (56, 56), (28, 28), (126, 126), (4000, 300)]
    for width, height in sizes:
        if max(width, height) > 20 * min(width, height):
            continue
        assert fit_to_cells(width, height, *limits) == smart_resize(width, height, *limits), (width, height)


def test_known_pictures_take_the_known_number_of_tokens() -> None:
    assert image_tokens(1280, 720) == 46 * 26 == 1196
    assert image_tokens(1920, 1080) == 69 * 39
    assert image_tokens(28, 28) >= MIN_IMAGE_TOKENS
    assert 4000 < image_tokens(10_000, 10_000) <= MAX_IMAGE_TOKENS


# -- against llama.cpp ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_text() -> Iterator[llama_cpp.llama_model_p]:
    llama_cpp.llama_backend_init()
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(bytes(TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf"), params)
    assert model
    yield model
    llama_cpp.llama_model_free(model)


@pytest.fixture(params=[36, None], ids=["36 tokens", "the projector's own limit"])
def counter(
    request: pytest.FixtureRequest, tiny_text: llama_cpp.llama_model_p
) -> Iterator[tuple[mtmd_cpp.mtmd_context_p_ctypes, int]]:
    """A projector as the engine loads it, and its limit."""
    params = mtmd_cpp.mtmd_context_params_default()
    params.use_gpu = params.warmup = params.print_timings = False
    params.image_min_tokens, params.image_max_tokens = MIN_IMAGE_TOKENS, request.param or MAX_IMAGE_TOKENS
    context = mtmd_cpp.mtmd_init_from_file(bytes(TINY_MODEL / "mmproj-tiny-glm-4.6v-Q8_0.gguf"), tiny_text, params)
    assert context
    yield context, request.param or MAX_IMAGE_TOKENS
    mtmd_cpp.mtmd_free(context)


def tokens_by_llama(context: mtmd_cpp.mtmd_context_p_ctypes, width: int, height: int) -> int:
    marker = mtmd_cpp.mtmd_get_marker(context)
    text = mtmd_cpp.mtmd_input_text(text=marker, text_len=len(marker), add_special=False, parse_special=True)
    bitmap, chunks = mtmd_cpp.mtmd_bitmap_init(width, height, None), mtmd_cpp.mtmd_input_chunks_init()
    try:
        array = (mtmd_cpp.mtmd_bitmap_p_ctypes * 1)(bitmap)
        assert mtmd_cpp.mtmd_tokenize(context, chunks, ctypes.byref(text), array, 1) == 0
        found = (mtmd_cpp.mtmd_input_chunks_get(chunks, index) for index in range(mtmd_cpp.mtmd_input_chunks_size(chunks)))
        kinds = ((mtmd_cpp.mtmd_input_chunk_get_type(chunk), chunk) for chunk in found)
        (picture,) = (chunk for kind, chunk in kinds if kind == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_IMAGE)
        return int(mtmd_cpp.mtmd_input_chunk_get_n_tokens(picture))
    finally:
        mtmd_cpp.mtmd_input_chunks_free(chunks)
        mtmd_cpp.mtmd_bitmap_free(bitmap)


def test_llama_counts_the_same_tokens(counter: tuple[mtmd_cpp.mtmd_context_p_ctypes, int]) -> None:
    context, limit = counter
    rng = random.Random(11)
    sizes = [(rng.randint(1, 3000), rng.randint(1, 3000)) for _ in range(160)]
    sizes += [(rng.randint(1, 60), rng.randint(1, 400)) for _ in range(40)]
    sizes += [(1, 1), (1, 200), (200, 1), (28, 28), (1280, 720), (9000, 30)]
    for width, height in sizes:
        fitted = fit_to_cells(width, height, MIN_IMAGE_TOKENS, limit)
        assert tokens_by_llama(context, *fitted) == image_tokens(width, height, MIN_IMAGE_TOKENS, limit), (width, height)


# -- pixels ------------------------------------------------------------------------------------------------------------------


def test_a_picture_of_the_right_size_is_not_touched() -> None:
    pixels = bytes(range(256)) * 147  # 112 x 112
    assert stretch(pixels, (112, 112), (112, 112)) is pixels


def test_pixels_are_stretched_over_the_whole_target_without_padding() -> None:
    pixels = np.zeros((90, 160, 3), dtype=np.uint8)
    pixels[:, 80:] = 255
    stretched = np.frombuffer(stretch(pixels.tobytes(), (160, 90), (168, 84)), dtype=np.uint8).reshape(84, 168, 3)
    assert (stretched[:, :80] == 0).all() and (stretched[:, 88:] == 255).all()


def test_shrinking_is_anti_aliased() -> None:
    stripes = np.tile(np.array([0, 255], dtype=np.uint8).repeat(3).reshape(1, 2, 3), (448, 224, 1))
    shrunk = np.frombuffer(stretch(stripes.tobytes(), (448, 448), (112, 112)), dtype=np.uint8)
    assert abs(float(shrunk.mean()) - 127.5) < 3 and shrunk.std() < 10
    expected = Image.fromarray(stripes).resize((112, 112), Image.Resampling.BICUBIC).tobytes()
    assert shrunk.tobytes() == expected
