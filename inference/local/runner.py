"""Answers requests with a loaded model, in the engine's process: what is known is reused, the rest is encoded and evaluated.

The KV cache holds one conversation at a time; the others wait as states (docs/adr/0005). Whatever happens in between, `_held`
says what the cache really holds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from base.cells import fit_to_cells, stretch
from inference.errors import ContextTooLong, ProjectorMissing
from inference.local import llama
from inference.local.config import LocalConfig
from inference.local.generation import Generation
from inference.local.image_cache import Embeddings, ImageCache
from inference.local.kv import ImageUnit, Unit, common_prefix, count_cells, count_positions
from inference.local.loading import LoadedModel, load_model
from inference.local.states import State, StateCache
from inference.local.template import ChatTemplate
from inference.models.hardware import available_memory_bytes
from inference.types import ImagePart, Request, Timings

log = logging.getLogger(__name__)

Emit = Callable[..., None]

_MIN_STATE_CELLS = 16
"""Reading a state costs about as much as evaluating so many cells."""
_LEAST_ANSWER_CELLS = 16
_IDLE_BEFORE_SAVING_S = 2.0
_SAVED_BYTES_PER_IDLE_S = 20e6


@dataclass(slots=True)
class _Held:
    """What the KV cache holds.

    Attributes:
        units: its cells, in order.
        prompt_length: how many of them came from a prompt; the rest was generated.
        origin: the state that it was taken from or last put aside as.
        is_dirty: whether it holds something that no state does.
        keep_on_disk, cleared_ns: as of `State`.
    """

    units: list[Unit] = field(default_factory=list)
    prompt_length: int = 0
    origin: State | None = None
    is_dirty: bool = False
    keep_on_disk: bool = False
    cleared_ns: int = 0


class Runner:
    """One model and everything it remembers.

    Attributes:
        emit: sends a message of a type with the given fields to the application.
        watch: how the work in progress is followed and stopped.
    """

    def __init__(self, config: LocalConfig, emit: Emit, watch: llama.Watch) -> None:
        self.emit, self.watch = emit, watch
        self._config = config
        self._loaded: LoadedModel | None = None
        self._load_ms = 0.0
        self._encode_ms = 0.0
        self._told_disk_full = False

    def load(self) -> None:
        """Load the model if that was not done. Raises InferenceError."""
        self._load_ms = 0.0
        if self._loaded is not None:
            return
        began = time.monotonic()
        self.emit("progress", phase="loading", done=0, total=1)
        loaded = load_model(
            self._config,
            self.watch,
            notice=lambda code, message: self.emit("notice", code=code, message=message),
            on_gpu_tried=lambda: self.emit("gpu_tried"),
        )
        model = loaded.llama
        try:
            self._template = ChatTemplate(
                model.template_source, model.media_marker, lambda text: model.single_token(text) is not None
            )
        except BaseException:
            model.close()
            raise
        folder = self._config.cache_dir
        self._images = ImageCache(
            loaded.projector_fingerprint,
            self._config.image_memory_bytes,
            folder / "pictures" if folder else None,
            self._config.image_disk_bytes,
        )
        self._states = StateCache(
            loaded.fingerprint,
            self._config.state_memory_bytes,
            folder / "states" if folder else None,
            self._config.state_disk_bytes,
        )
        self._held = _Held()
        self._loaded = loaded
        self._load_ms = (time.monotonic() - began) * 1e3
        self.emit("progress", phase="loading", done=1, total=1)

    def prepare(self, request: Request) -> None:
        """Encode and evaluate all of a request that stays whatever its last text becomes. Raises InferenceError."""
        self.load()
        began = time.monotonic()
        usage = self._evaluate(self._template.render_prefix(request), request, needs_logits=False)
        timings = Timings(round(self._load_ms, 1), round(self._encode_ms, 1), round((time.monotonic() - began) * 1e3, 1))
        self.emit("finished", reason="stop", usage=usage, timings=asdict(timings))

    def stream(self, request: Request) -> None:
        """Answer a request. Raises InferenceError."""
        self.load()
        began = time.monotonic()
        prompt = self._template.render(request)
        generation = Generation(self._model, request, prompt)
        try:
            usage = self._evaluate(prompt, request, needs_logits=True)
            self.emit("started", starts_in_reasoning=generation.starts_in_reasoning, **usage)
            reason = generation.run(self._held.units, lambda text: self.emit("text", text=text))
        finally:
            generation.close()
        usage["completion_tokens"] = generation.token_count
        timings = generation.timings(began, self._load_ms, self._encode_ms)
        self.emit("finished", reason=reason, usage=usage, timings=asdict(timings))

    @property
    def seconds_before_saving(self) -> float | None:
        """How long nothing may happen until `save_states` is worth it: longer for a long conversation, whose state is written
        whole each time. None when there is nothing to save.
        """
        if self._loaded is None or not self._held.is_dirty:
            return None
        return _IDLE_BEFORE_SAVING_S + self._model.state_bytes() / _SAVED_BYTES_PER_IDLE_S

    def save_states(self) -> None:
        """Put to disk what conversations gained since they were last saved."""
        if self._loaded is not None:
            self._put_aside()
            self._states.flush()

    # -- evaluation ------------------------------------------------------------------------------------------------------

    def _evaluate(self, text: str, request: Request, needs_logits: bool) -> dict[str, int]:
        """Let the KV cache hold the whole prompt; returns the usage so far."""
        assert self._loaded is not None
        self._encode_ms = 0.0
        cleared_ns = self._states.cleared_ns
        images = request.images()
        if images and not self._loaded.stretches_pictures and self._config.mmproj is None:
            raise ProjectorMissing("This model was opened without its projector (mmproj) file, so it cannot see pictures.")
        sizes = [self._encoded_size(image) for image in images]
        prompt = self._model.tokenize(text, [(image.id, *size) for image, size in zip(images, sizes, strict=True)])
        try:
            self._check_context(prompt.units)
            keep = self._place(prompt.units, needs_logits)
            cells = count_cells(prompt.units)
            image_cells = sum(unit.cells for unit in prompt.units if isinstance(unit, ImageUnit))
            cached = count_cells(prompt.units[:keep])
            encodings = self._encode_missing(prompt, keep, list(zip(images, sizes, strict=True)), request.keep_on_disk)
            self._held.prompt_length, self._held.is_dirty = len(prompt.units), True
            self._held.keep_on_disk, self._held.cleared_ns = request.keep_on_disk, cleared_ns
            self._prefill(prompt, keep, encodings)
        finally:
            prompt.close()
        return {"prompt_tokens": cells, "cached_tokens": cached, "image_tokens": image_cells}

    def _encoded_size(self, image: ImagePart) -> tuple[int, int]:
        assert self._loaded is not None
        if not self._loaded.stretches_pictures:
            return image.width, image.height
        return fit_to_cells(image.width, image.height, self._loaded.image_min_tokens, self._loaded.image_max_tokens)

    def _check_context(self, units: Sequence[Unit]) -> None:
        cells = count_cells(units)
        if cells + _LEAST_ANSWER_CELLS > self._model.n_ctx:
            pictures = sum(unit.cells for unit in units if isinstance(unit, ImageUnit))
            raise ContextTooLong(
                f"The question takes {cells:,} tokens ({pictures:,} of them pictures), but the model was loaded for "
                f"{self._model.n_ctx:,}. Remove pictures or older messages, lower the picture detail, or load a larger context."
            )

    def _place(self, units: Sequence[Unit], needs_logits: bool) -> int:
        """Let the KV cache hold the longest known beginning of `units` and nothing else; returns how many units that are.

        With `needs_logits` at least the last one is left to evaluate. Where only generated text is cut off (the template drops
        old reasoning, an answer is redone) the conversation simply goes on; where another question branches off its prompt, a
        state of it is put aside first.
        """
        usable = len(units) - 1 if needs_logits else len(units)
        keep = min(common_prefix(self._held.units, units), usable)
        state, length = self._states.best_match(units)
        if state is not None and count_cells(units[: min(length, usable)]) >= count_cells(units[:keep]) + _MIN_STATE_CELLS:
            self._put_aside()
            self._take_up(state)
            keep = min(common_prefix(self._held.units, units), usable)
        if self._held.prompt_length - keep > 1:
            self._put_aside()
            self._held.origin = None
        self._model.cut(count_positions(units[:keep]))
        self._held.units = list(units[:keep])
        return keep

    def _take_up(self, state: State) -> None:
        """Fill the KV cache from a state; it is empty after that if the state turns out to be useless."""
        self._model.cut(0)
        self._held = _Held()
        data = self._states.read(state)
        if data is not None and self._model.load_state(data):
            self._held = _Held([*state.units], state.prompt_length, state, keep_on_disk=state.keep_on_disk)

    def _put_aside(self) -> None:
        """Keep what the KV cache holds as a state, unless that was done or is not worth it."""
        held = self._held
        if not held.is_dirty:
            return
        held.is_dirty = False
        if count_cells(held.units) < _MIN_STATE_CELLS:
            return
        if self._model.state_bytes() > min(self._states.largest_bytes, available_memory_bytes() // 4):
            return
        data = self._model.save_state()
        state = State([*held.units], held.prompt_length, data, keep_on_disk=held.keep_on_disk, cleared_ns=held.cleared_ns)
        self._states.put(state, replaces=held.origin)
        held.origin = state

    def _encode_missing(
        self, prompt: llama.Prompt, keep: int, images: list[tuple[ImagePart, tuple[int, int]]], keep_on_disk: bool
    ) -> dict[int, Embeddings]:
        """Embeddings of the pictures from unit `keep` on, by their index among the units."""
        assert self._loaded is not None
        found: dict[int, Embeddings] = {}
        missing: dict[str, tuple[ImagePart, tuple[int, int], list[int]]] = {}
        for index, (image, size) in zip(sorted(prompt.image_chunks), images, strict=True):
            unit = prompt.units[index]
            if index < keep or not isinstance(unit, ImageUnit):
                continue
            embeddings = self._images.get(image.id, size, (unit.cells, self._model.n_embd_in))
            if embeddings is not None:
                found[index] = embeddings
            else:  # the same picture may come several times in one conversation
                missing.setdefault(image.id, (image, size, []))[2].append(index)
        layers = self._loaded.vision_layers
        for number, (image, size, indices) in enumerate(missing.values()):
            embeddings = self._encode(image, size, keep_on_disk, number * layers, len(missing) * layers)
            found.update(dict.fromkeys(indices, embeddings))
        return found

    def _encode(self, image: ImagePart, size: tuple[int, int], keep_on_disk: bool, done: int, total: int) -> Embeddings:
        self.emit("progress", phase="encoding", done=done, total=total)
        began = time.monotonic()
        pixels = stretch(image.read_rgb(), (image.width, image.height), size)
        self.watch.check()

        def on_layer(layer: int) -> None:
            self.emit("progress", phase="encoding", done=done + layer + 1, total=total)

        embeddings = self._model.encode(*size, pixels, on_layer)
        self._encode_ms += (time.monotonic() - began) * 1e3
        if not self._images.put(image.id, size, embeddings, keep_on_disk) and not self._told_disk_full:
            self._told_disk_full = True
            self.emit("notice", code="cache_not_written", message="The disk is full: what was seen is not kept for next time.")
        return embeddings

    def _prefill(self, prompt: llama.Prompt, keep: int, encodings: dict[int, Embeddings]) -> None:
        units = prompt.units
        total, done = count_cells(units[keep:]), 0
        index, position = keep, count_positions(units[:keep])
        try:
            while index < len(units):
                self.watch.check()
                if total > llama.BATCH_TOKENS:
                    self.emit("progress", phase="prefill", done=done, total=total)
                unit = units[index]
                step: list[Unit] = [unit] if isinstance(unit, ImageUnit) else [*_text_run(units, index)]
                if isinstance(unit, ImageUnit):
                    self._model.decode_image(prompt.image_chunks[index], encodings[index], position)
                else:
                    self._model.decode_tokens([token for token in step if isinstance(token, int)], position)
                self._held.units += step
                index += len(step)
                position += count_positions(step)
                done += count_cells(step)
        except BaseException:
            self._model.cut(count_positions(self._held.units))  # a batch may be half done
            raise

    @property
    def _model(self) -> llama.LlamaModel:
        assert self._loaded is not None
        return self._loaded.llama


def _text_run(units: Sequence[Unit], start: int) -> list[int]:
    """The text tokens from `start` on, up to the next picture or a full batch."""
    run: list[int] = []
    for unit in units[start : start + llama.BATCH_TOKENS]:
        if not isinstance(unit, int):
            break
        run.append(unit)
    return run
