"""The size a picture has when the projector sees it, and the pixels at that size.

GLM-4.6V cuts a picture into cells of 28 x 28 pixels, one token each. The model was trained on pictures stretched to a whole
number of cells; llama.cpp instead keeps the aspect ratio and pads with black, which moves every box (docs/adr/0004). So the
picture is stretched here, and llama.cpp finds a size that it leaves alone.
"""

from __future__ import annotations

import math

CELL_PX = 28
"""Side of the square that becomes one token: patch 14, merged 2 x 2 (transformers glm46v image processor)."""
MIN_IMAGE_TOKENS = 8
MAX_IMAGE_TOKENS = 4096
"""llama.cpp's limits for the projector `glm4v` (tools/mtmd/clip.cpp, set_limit_image_tokens)."""


def fit_to_cells(width: int, height: int, min_tokens: int, max_tokens: int) -> tuple[int, int]:
    """The size in pixels, both sides whole cells, at which a picture of `width` x `height` pixels is encoded.

    The rule of transformers' smart_resize: the nearest whole cells, scaled evenly into the token limits.
    """
    columns = max(1, round(width / CELL_PX))
    rows = max(1, round(height / CELL_PX))
    if columns * rows > max_tokens:
        scale = math.sqrt(max_tokens * CELL_PX * CELL_PX / (width * height))
        columns = max(1, min(max_tokens, math.floor(width * scale / CELL_PX)))
        rows = max(1, min(max_tokens // columns, math.floor(height * scale / CELL_PX)))
        columns = min(columns, max_tokens // rows)
    elif columns * rows < min_tokens:
        scale = math.sqrt(min_tokens * CELL_PX * CELL_PX / (width * height))
        columns = min(max_tokens, math.ceil(width * scale / CELL_PX))  # a picture of one row of pixels becomes too long a row
        rows = min(max_tokens // columns, math.ceil(height * scale / CELL_PX))
    return columns * CELL_PX, rows * CELL_PX


def image_tokens(width: int, height: int, min_tokens: int = MIN_IMAGE_TOKENS, max_tokens: int = MAX_IMAGE_TOKENS) -> int:
    """How many tokens, each one cell of the KV cache, a picture of `width` x `height` pixels takes."""
    fitted_width, fitted_height = fit_to_cells(width, height, min_tokens, max_tokens)
    return (fitted_width // CELL_PX) * (fitted_height // CELL_PX)


def stretch(rgb: bytes, size: tuple[int, int], target: tuple[int, int]) -> bytes:
    """RGB pixels of `size` (width, height) resampled to `target` as in training: bicubic, anti-aliased."""
    if size == target:
        return rgb
    from PIL import Image  # 27 ms; not needed for pictures whose encoding is known

    return Image.frombytes("RGB", size, rgb).resize(target, Image.Resampling.BICUBIC).tobytes()
