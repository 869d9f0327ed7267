"""A language model, its KV cache and its projector."""

from __future__ import annotations

import ctypes
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import llama_cpp.llama_cpp as lib
import llama_cpp.mtmd_cpp as mtmd
import numpy as np

from inference.errors import (
    Cancelled,
    EngineCrashed,
    ModelUnsupported,
    OutOfMemory,
    PictureUnreadable,
    ProjectorMismatch,
)
from inference.local.image_cache import Embeddings
from inference.local.kv import ImageUnit, Unit
from inference.local.llama.library import HAS_AMX, tensor_name
from inference.local.llama.sampler import Sampler
from inference.models.fit import SCORES_BYTES
from inference.types import SamplingParams

BATCH_TOKENS = 512
_PIECE_BYTES = 256
_NO_KV_SLOT = 1
_ABORTED = 2
_END_OF_TURN = ("<|user|>", "<|observation|>", "<|assistant|>", "<|system|>", "<|endoftext|>")
"""GLM ends its turn by naming the next speaker (llama.cpp treats these as end of generation only if the file says so)."""
_NO_POST_DECODE = mtmd.mtmd_helper_post_decode_callback()


_HEADS_WORTH_PLAIN_ATTENTION = 64
"""Attention heads of all layers from which on flash attention is left off on a processor (docs/adr/0008)."""
_LEAST_UBATCH = 32


class NoKvSlot(Exception):
    """The KV cache has no room for a batch. Nothing of it was evaluated."""


class Watch:
    """Lets long native work be followed and stopped.

    Attributes:
        is_cancelled: asked between graph nodes; True stops the work.
        on_work: called whenever some work was done, so that a standstill shows.
        on_layer: called with the number of a projector's layer that was finished.
    """

    def __init__(self, is_cancelled: Callable[[], bool], on_work: Callable[[], None]) -> None:
        self.is_cancelled, self.on_work = is_cancelled, on_work
        self.on_layer: Callable[[int], None] | None = None

    def check(self) -> None:
        """Raise Cancelled if asked to stop."""
        self.on_work()
        if self.is_cancelled():
            raise Cancelled("The request was cancelled.")


class Prompt:
    """A tokenized prompt: its units, and llama.cpp's chunks for evaluating pictures. Free with `close`.

    Attributes:
        units: text tokens and pictures in order.
        image_chunks: per picture unit, by its index in `units`, the chunk to encode and decode.
    """

    def __init__(self, chunks: Any, units: list[Unit], image_chunks: dict[int, Any]) -> None:
        self._chunks, self.units, self.image_chunks = chunks, units, image_chunks

    def close(self) -> None:
        """Free the chunks; further calls do nothing."""
        if self._chunks is not None:
            mtmd.mtmd_input_chunks_free(self._chunks)
            self._chunks = None


class LlamaModel:
    """A loaded model with its KV cache and, if it has one, its projector.

    Attributes:
        n_ctx: cells of the KV cache.
        n_embd_in: width of an embedding that stands for a token.
        media_marker: stands for a picture in the prompt's text.
        template_source: the chat template in the file, or "".
    """

    def __init__(self, model_path: str, n_ctx: int, n_threads: int, gpu_layers: int, watch: Watch) -> None:
        """Load the language model. Raises ModelUnsupported, OutOfMemory, Cancelled."""
        self._watch, self._n_threads = watch, n_threads
        self._model: Any = None
        self._ctx: Any = None
        self._batch: Any = None
        self._mtmd: Any = None
        self._keep_alive: list[Any] = []
        self.media_marker = f"<__media_{secrets.token_hex(8)}__>"
        try:
            self._load_model(model_path, gpu_layers)
            self._make_context(n_ctx, uses_gpu=gpu_layers > 0)
        except BaseException:
            self.close()
            raise
        self._vocab = lib.llama_model_get_vocab(self._model)
        self._memory = lib.llama_get_memory(self._ctx)
        self._batch = lib.llama_batch_init(BATCH_TOKENS, 0, 1)
        self.n_ctx = int(lib.llama_n_ctx(self._ctx))
        self.n_embd_in = int(lib.llama_model_n_embd_inp(self._model))
        self.n_vocab = int(lib.llama_vocab_n_tokens(self._vocab))
        self._stop_tokens = {token for text in _END_OF_TURN if (token := self.single_token(text)) is not None}
        template = lib.llama_model_chat_template(self._model, None)
        self.template_source = template.decode("utf-8", "replace") if template else ""

    def _load_model(self, path: str, gpu_layers: int) -> None:
        params = lib.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.use_extra_bufts = not HAS_AMX

        @lib.llama_progress_callback
        def on_progress(_fraction: float, _: Any) -> bool:
            self._watch.on_work()
            return not self._watch.is_cancelled()

        params.progress_callback = on_progress
        self._model = lib.llama_model_load_from_file(os.fsencode(path), params)
        self._watch.check()
        if not self._model:
            raise ModelUnsupported("llama.cpp cannot load this model file. It may be damaged, or too new for this version.")

    def _make_context(self, n_ctx: int, uses_gpu: bool) -> None:
        params = lib.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = n_ctx, BATCH_TOKENS, BATCH_TOKENS
        params.n_threads = params.n_threads_batch = self._n_threads
        heads = max(1, int(lib.llama_model_n_head(self._model)))
        if not uses_gpu and heads * int(lib.llama_model_n_layer(self._model)) >= _HEADS_WORTH_PLAIN_ATTENTION:
            params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
            params.n_ubatch = max(_LEAST_UBATCH, min(BATCH_TOKENS, SCORES_BYTES // (heads * n_ctx * 4)))

        @lib.ggml_abort_callback
        def should_abort(_: Any) -> bool:
            self._watch.on_work()
            return self._watch.is_cancelled()

        self._should_abort, self._never_abort = should_abort, lib.ggml_abort_callback()
        self._ctx = lib.llama_init_from_model(self._model, params)
        if not self._ctx:
            raise OutOfMemory(f"There is not enough memory for a context of {n_ctx:,} tokens. Choose a smaller context.")

    def load_projector(self, path: str, image_min_tokens: int, image_max_tokens: int, use_gpu: bool) -> None:
        """Load the projector. Raises ProjectorMismatch when it does not belong to the model."""
        params = mtmd.mtmd_context_params_default()
        params.use_gpu, params.n_threads, params.print_timings, params.warmup = use_gpu, self._n_threads, False, False
        params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.media_marker = self.media_marker.encode()
        params.image_min_tokens, params.image_max_tokens = image_min_tokens, image_max_tokens

        @lib.ggml_backend_sched_eval_callback
        def on_node(tensor: Any, ask: bool, _: Any) -> bool:
            # Encoding has no abort callback. This one sees each layer's output, and False ends the graph there.
            if ask:
                return tensor_name(tensor).startswith("layer_out")
            self._watch.on_work()
            if self._watch.on_layer is not None:
                number = tensor_name(tensor).partition("-")[2]
                self._watch.on_layer(int(number) if number.isdigit() else 0)
            return not self._watch.is_cancelled()

        params.cb_eval = on_node
        self._keep_alive = [on_node, params]
        self._mtmd = mtmd.mtmd_init_from_file(os.fsencode(path), self._model, params)
        if not self._mtmd or not mtmd.mtmd_support_vision(self._mtmd):
            raise ProjectorMismatch("This projector (mmproj) file does not belong to this model. Choose the one published with it.")

    # -- text ------------------------------------------------------------------------------------------------------------

    def tokenize_text(self, text: str) -> list[int]:
        """Tokens of a text in which control tokens count as such."""
        data = text.encode()
        count = -lib.llama_tokenize(self._vocab, data, len(data), None, 0, False, True)
        tokens = (lib.llama_token * max(1, count))()
        lib.llama_tokenize(self._vocab, data, len(data), tokens, count, False, True)
        return list(tokens[:count])

    def single_token(self, text: str) -> int | None:
        """The token that `text` is, if it is exactly one control or user-defined token."""
        tokens = self.tokenize_text(text)
        special = lib.LLAMA_TOKEN_ATTR_CONTROL | lib.LLAMA_TOKEN_ATTR_USER_DEFINED
        return tokens[0] if len(tokens) == 1 and lib.llama_vocab_get_attr(self._vocab, tokens[0]) & special else None

    def is_end(self, token: int) -> bool:
        """Whether the token ends the model's turn."""
        return token in self._stop_tokens or bool(lib.llama_vocab_is_eog(self._vocab, token))

    def piece(self, token: int) -> bytes:
        """The bytes of a token; a character may span several tokens."""
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        length = lib.llama_token_to_piece(self._vocab, token, buffer, _PIECE_BYTES, 0, True)
        return buffer.raw[: max(0, length)]

    # -- prompts ---------------------------------------------------------------------------------------------------------

    def tokenize(self, prompt: str, images: Sequence[tuple[str, int, int]]) -> Prompt:
        """Tokenize a prompt with one `media_marker` per image (id, width, height). No pixels are needed for that."""
        if self._mtmd is None:
            return Prompt(None, list(self.tokenize_text(prompt)), {})
        chunks = self._chunks(prompt, [(image_id, width, height, None) for image_id, width, height in images])
        units: list[Unit] = []
        image_chunks: dict[int, Any] = {}
        for chunk in _each_chunk(chunks):
            if mtmd.mtmd_input_chunk_get_type(chunk) == mtmd.MTMD_INPUT_CHUNK_TYPE_TEXT:
                count = ctypes.c_size_t()
                tokens = mtmd.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
                units += tokens[: count.value]
            else:
                image_chunks[len(units)] = chunk
                image_id = (mtmd.mtmd_input_chunk_get_id(chunk) or b"").decode()
                cells, positions = mtmd.mtmd_input_chunk_get_n_tokens(chunk), mtmd.mtmd_input_chunk_get_n_pos(chunk)
                units.append(ImageUnit(image_id, cells, positions))
        return Prompt(chunks, units, image_chunks)

    def _chunks(self, prompt: str, images: Sequence[tuple[str, int, int, bytes | None]]) -> Any:
        bitmaps = []
        for image_id, width, height, rgb in images:
            pixels = (ctypes.c_uint8 * len(rgb)).from_buffer_copy(rgb) if rgb is not None else None
            bitmap = mtmd.mtmd_bitmap_init(width, height, pixels)
            mtmd.mtmd_bitmap_set_id(bitmap, image_id.encode())
            bitmaps.append(bitmap)
        data = prompt.encode()
        text = mtmd.mtmd_input_text()
        text.text, text.text_len, text.add_special, text.parse_special = data, len(data), False, True
        chunks = mtmd.mtmd_input_chunks_init()
        try:
            array = (mtmd.mtmd_bitmap_p_ctypes * len(bitmaps))(*bitmaps)
            if mtmd.mtmd_tokenize(self._mtmd, chunks, ctypes.byref(text), array, len(bitmaps)) != 0:
                mtmd.mtmd_input_chunks_free(chunks)
                raise PictureUnreadable("llama.cpp cannot take a picture of this size or shape. Crop it and ask again.")
        finally:
            for bitmap in bitmaps:
                mtmd.mtmd_bitmap_free(bitmap)
        return chunks

    def encode(self, width: int, height: int, rgb: bytes, on_layer: Callable[[int], None]) -> Embeddings:
        """Run the projector on RGB pixels. Raises Cancelled, PictureUnreadable."""
        chunks = self._chunks(self.media_marker, [("", width, height, rgb)])
        self._watch.on_layer = on_layer
        try:
            image = mtmd.MTMD_INPUT_CHUNK_TYPE_IMAGE
            chunk = next(c for c in _each_chunk(chunks) if mtmd.mtmd_input_chunk_get_type(c) == image)
            status = mtmd.mtmd_encode_chunk(self._mtmd, chunk)
            self._watch.check()
            if status != 0:
                raise PictureUnreadable("llama.cpp could not encode this picture. Use a smaller one.")
            shape = (int(mtmd.mtmd_input_chunk_get_n_tokens(chunk)), self.n_embd_in)
            return np.ctypeslib.as_array(mtmd.mtmd_get_output_embd(self._mtmd), shape).copy()
        finally:
            self._watch.on_layer = None
            mtmd.mtmd_input_chunks_free(chunks)

    # -- evaluation ------------------------------------------------------------------------------------------------------

    def decode_tokens(self, tokens: Sequence[int], position: int) -> None:
        """Evaluate at most `BATCH_TOKENS` text tokens; the last one's logits are kept. Raises NoKvSlot, Cancelled, OutOfMemory."""
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i] = token, position + i
            batch.n_seq_id[i], batch.seq_id[i][0], batch.logits[i] = 1, 0, 0
        batch.logits[len(tokens) - 1] = 1
        if len(tokens) == 1:  # one token is over before anyone could stop it, and asking between its nodes costs 5 %
            self._watch.check()
            self._check_decoded(lib.llama_decode(self._ctx, batch))
            return
        with self._abortable():
            self._check_decoded(lib.llama_decode(self._ctx, batch))

    def decode_image(self, chunk: Any, embeddings: Embeddings, position: int) -> None:
        """Evaluate a picture's embeddings at `position`. Raises NoKvSlot, Cancelled, OutOfMemory."""
        past = lib.llama_pos(0)
        data = np.ascontiguousarray(embeddings)
        pointer = data.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        with self._abortable():
            status = mtmd.mtmd_helper_decode_image_chunk(
                self._mtmd, self._ctx, chunk, pointer, position, 0, BATCH_TOKENS, ctypes.byref(past), _NO_POST_DECODE, None
            )
            self._check_decoded(status)

    @contextmanager
    def _abortable(self) -> Iterator[None]:
        lib.llama_set_abort_callback(self._ctx, self._should_abort, None)
        try:
            yield
        finally:
            lib.llama_set_abort_callback(self._ctx, self._never_abort, None)

    def _check_decoded(self, status: int) -> None:
        if status == 0:
            self._watch.on_work()
            return
        self._watch.check()
        if status == _NO_KV_SLOT:
            raise NoKvSlot
        if status == -2:
            raise OutOfMemory("llama.cpp ran out of memory while working. Close other programs or use a smaller context.")
        raise EngineCrashed(f"llama.cpp could not evaluate the prompt (status {status}).")

    # -- the KV cache ----------------------------------------------------------------------------------------------------

    def cut(self, position: int) -> None:
        """Forget what the KV cache holds from `position` on."""
        lib.llama_memory_seq_rm(self._memory, 0, position, -1)

    def state_bytes(self) -> int:
        """Size of what `save_state` returns."""
        return int(lib.llama_state_seq_get_size(self._ctx, 0))

    def save_state(self) -> memoryview:
        """What the KV cache holds, pictures included."""
        buffer = (ctypes.c_uint8 * self.state_bytes())()
        written = lib.llama_state_seq_get_data(self._ctx, buffer, len(buffer), 0)
        return memoryview(buffer).cast("B")[:written]

    def load_state(self, state: bytes | memoryview) -> bool:
        """Fill the KV cache from `save_state`. False leaves it empty: no room, or another version of llama.cpp."""
        self.cut(0)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if lib.llama_state_seq_set_data(self._ctx, buffer, len(state), 0) == len(state):
            return True
        self.cut(0)
        return False

    # -- sampling --------------------------------------------------------------------------------------------------------

    def sampler(self, params: SamplingParams, seed: int, grammar: str | None) -> Sampler:
        """A sampler for one answer. Raises GrammarInvalid."""
        return Sampler(self._ctx, self._vocab, self.n_vocab, params, seed, grammar)

    def close(self) -> None:
        """Free everything; further calls do nothing."""
        if self._mtmd:
            mtmd.mtmd_free(self._mtmd)
        if self._ctx:
            lib.llama_free(self._ctx)
        if self._batch is not None:
            lib.llama_batch_free(self._batch)
        if self._model:
            lib.llama_model_free(self._model)
        self._mtmd = self._ctx = self._batch = self._model = None


def _each_chunk(chunks: Any) -> Iterator[Any]:
    for index in range(mtmd.mtmd_input_chunks_size(chunks)):
        yield mtmd.mtmd_input_chunks_get(chunks, index)
