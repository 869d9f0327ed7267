"""A plain evaluation with llama.cpp's bare functions: the reference that the engine is compared with.

Greedy, the whole prompt each time, one sequence, an empty KV cache before each question; nothing is kept. The prompt is
written out by hand here, so that a fault in the engine's rendering of the chat template shows as well.
Whatever changes the numbers is a parameter and has to be equal on both sides: the limit on image tokens, flash attention,
threads and batch sizes.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import llama_cpp
import numpy as np
from llama_cpp import mtmd_cpp
from PIL import Image

from inference.types import ImagePart, Message, TextPart, ToolSpec
from tests.helpers.scenes import to_part, to_pil

PICTURE = "<picture>"
_CELL_PX = 28
_MIN_IMAGE_TOKENS = 8
_MAX_IMAGE_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class BareOptions:
    """What the numbers depend on. `image_max_tokens` None is the projector's own limit.

    `use_extra_bufts` lets the CPU keep its own order of the weights (repacking, AMX).
    `stretch` brings pictures to the grid of 28 pixels beforehand; without it llama.cpp fits them in and pads with black.
    """

    n_ctx: int = 4096
    n_batch: int = 2048
    n_ubatch: int = 512
    n_threads: int = 2
    flash_attn_type: int = llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
    vision_flash_attn_type: int = llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
    image_max_tokens: int | None = None
    use_extra_bufts: bool = True
    stretch: bool = True


class BareModel:
    """A model and its projector, loaded. Use as a context manager, or call `close`."""

    def __init__(self, model: Path, mmproj: Path, options: BareOptions | None = None) -> None:
        self._options = options or BareOptions()
        _silence_logs()
        llama_cpp.llama_backend_init()
        params = llama_cpp.llama_model_default_params()
        params.use_extra_bufts = self._options.use_extra_bufts
        self._model = llama_cpp.llama_model_load_from_file(bytes(model), params)
        assert self._model, f"cannot load {model.name}"
        self._context = llama_cpp.llama_init_from_model(self._model, self._context_params())
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._n_vocab = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self._mtmd = mtmd_cpp.mtmd_init_from_file(bytes(mmproj), self._model, self._mtmd_params())
        assert self._mtmd, f"cannot load {mmproj.name}"
        self._marker = mtmd_cpp.mtmd_get_marker(self._mtmd).decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Free everything."""
        mtmd_cpp.mtmd_free(self._mtmd)
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def ask(self, prompt: str, images: Sequence[ImagePart] = (), max_tokens: int = 128) -> str:
        """What the model writes, markers included, without the token that ends its turn.

        `prompt` holds `PICTURE` once per picture. The answer ends after `max_tokens` at the latest.
        """
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), True)
        self._evaluate(prompt, images)
        answer = b""
        for _ in range(max_tokens):
            token = self._most_likely_token()
            if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                break
            answer += self._piece(token)
            tokens = (llama_cpp.llama_token * 1)(token)  # named, since the batch only points to it
            assert llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(tokens, 1)) == 0
        return answer.decode(errors="replace")

    def grid_of(self, image: ImagePart) -> tuple[int, int]:
        """The columns and rows of cells that llama.cpp cuts this picture into, not stretched beforehand."""
        with self._tokenized(PICTURE, [image]) as chunks:
            for index in range(mtmd_cpp.mtmd_input_chunks_size(chunks)):
                chunk = mtmd_cpp.mtmd_input_chunks_get(chunks, index)
                if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_IMAGE:
                    cells = mtmd_cpp.mtmd_input_chunk_get_tokens_image(chunk)
                    return mtmd_cpp.mtmd_image_tokens_get_nx(cells), mtmd_cpp.mtmd_image_tokens_get_ny(cells)
        raise AssertionError("there is no picture in what llama.cpp made of one")

    def _evaluate(self, prompt: str, images: Sequence[ImagePart]) -> None:
        if self._options.stretch:
            images = [stretched(image, self._options.image_max_tokens) for image in images]
        end = llama_cpp.llama_pos(0)
        with self._tokenized(prompt, images) as chunks:
            failed = mtmd_cpp.mtmd_helper_eval_chunks(
                self._mtmd, self._context, chunks, 0, 0, self._options.n_batch, True, ctypes.byref(end)
            )
        assert not failed, f"the prompt was not evaluated: {failed}"

    @contextmanager
    def _tokenized(self, prompt: str, images: Sequence[ImagePart]) -> Iterator[Any]:
        """The prompt as llama.cpp's chunks of text tokens and preprocessed pictures."""
        pixels = [np.frombuffer(image.read_rgb(), dtype=np.uint8) for image in images]
        bitmaps = [
            mtmd_cpp.mtmd_bitmap_init(image.width, image.height, rgb.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8)))
            for image, rgb in zip(images, pixels, strict=True)
        ]
        chunks = mtmd_cpp.mtmd_input_chunks_init()
        text = prompt.replace(PICTURE, self._marker).encode()
        source = mtmd_cpp.mtmd_input_text(text=text, text_len=len(text), add_special=False, parse_special=True)
        array = (mtmd_cpp.mtmd_bitmap_p_ctypes * len(bitmaps))(*bitmaps)
        try:
            assert mtmd_cpp.mtmd_tokenize(self._mtmd, chunks, ctypes.byref(source), array, len(bitmaps)) == 0
            yield chunks
        finally:
            mtmd_cpp.mtmd_input_chunks_free(chunks)
            for bitmap in bitmaps:
                mtmd_cpp.mtmd_bitmap_free(bitmap)

    def _most_likely_token(self) -> int:
        logits = llama_cpp.llama_get_logits_ith(self._context, -1)
        return int(np.ctypeslib.as_array(logits, (self._n_vocab,)).argmax())

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        length = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, True)
        return buffer.raw[:length]

    def _context_params(self) -> llama_cpp.llama_context_params:
        params, options = llama_cpp.llama_context_default_params(), self._options
        params.n_ctx, params.n_batch, params.n_ubatch = options.n_ctx, options.n_batch, options.n_ubatch
        params.n_threads = params.n_threads_batch = options.n_threads
        params.flash_attn_type = options.flash_attn_type
        return params

    def _mtmd_params(self) -> mtmd_cpp.mtmd_context_params:
        params, options = mtmd_cpp.mtmd_context_params_default(), self._options
        params.use_gpu = params.print_timings = params.warmup = False
        params.n_threads, params.flash_attn_type = options.n_threads, options.vision_flash_attn_type
        if options.image_max_tokens is not None:
            params.image_max_tokens = options.image_max_tokens
        return params


def prompt_of(messages: Sequence[Message], tools: Sequence[ToolSpec] = (), thinking: bool = False) -> str:
    """The text that the chat template of the tiny model stands for, with `PICTURE` for each picture."""
    text = "[gMASK]<sop>"
    if tools:
        text += "<|system|>\n# Tools\n" + "\n".join(tool.name for tool in tools)
    for message in messages:
        content = "".join(part.text if isinstance(part, TextPart) else PICTURE for part in message.parts)
        if message.role == "system":
            text += f"<|system|>\n{content}"
        elif message.role == "user":
            text += f"<|user|>\n{content}" + ("" if thinking else "/nothink")
        elif message.role == "tool":
            text += f"<|observation|>\n<tool_response>\n{content}\n</tool_response>"
        else:
            answer = content.rpartition("</think>")[2].lstrip("\n") if "</think>" in content else content
            text += f"<|assistant|>\n<think></think>\n{answer}" + _calls_text(message)
    return text + ("<|assistant|>" if thinking else "<|assistant|>\n<think></think>\n")


def stretched(image: ImagePart, max_tokens: int | None = None) -> ImagePart:
    """The picture at the size that the projector gets, without regard to its aspect ratio."""
    size = grid_size(image.width, image.height, max_tokens or _MAX_IMAGE_TOKENS)
    if size == (image.width, image.height):
        return image
    return to_part(to_pil(image).resize(size, Image.Resampling.BICUBIC))


def grid_size(width: int, height: int, max_tokens: int = _MAX_IMAGE_TOKENS) -> tuple[int, int]:
    """The size in pixels that a picture has in training: multiples of 28 within 8 to `max_tokens` cells.

    `smart_resize` in transformers' image_processing_glm4v.py with llama.cpp's limits, which has the same rule.
    """
    columns, rows = (max(1, round(side / _CELL_PX)) for side in (width, height))
    if columns * rows > max_tokens:
        scale = (max_tokens * _CELL_PX**2 / (width * height)) ** 0.5
        columns, rows = (max(1, int(side * scale / _CELL_PX)) for side in (width, height))
    elif columns * rows < _MIN_IMAGE_TOKENS:
        scale = (_MIN_IMAGE_TOKENS * _CELL_PX**2 / (width * height)) ** 0.5
        columns, rows = (int(-(-side * scale // _CELL_PX)) for side in (width, height))
    return columns * _CELL_PX, rows * _CELL_PX


def _calls_text(message: Message) -> str:
    text = ""
    for call in message.tool_calls:
        text += f"<tool_call>{call.name}\n"
        for key, value in call.arguments.items():
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            text += f"<arg_key>{key}</arg_key>\n<arg_value>{shown}</arg_value>\n"
        text += "</tool_call>"
    return text


@llama_cpp.llama_log_callback
def _ignore_log(level: int, text: bytes, user_data: ctypes.c_void_p) -> None:
    """llama.cpp keeps a pointer to this, so it lives as long as the module."""


def _silence_logs() -> None:
    for set_callback in (llama_cpp.llama_log_set, mtmd_cpp.mtmd_log_set, mtmd_cpp.mtmd_helper_log_set):
        set_callback(_ignore_log, ctypes.c_void_p(0))
