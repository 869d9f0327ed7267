"""Answers requests with a loaded model, in the engine's process: what is known is reused, the rest is encoded and evaluated.

Whatever happens in between, a slot's `units` say what its sequence in the KV cache really holds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from inference.errors import ContextTooLong, ProjectorMissing
from inference.local import llama
from inference.local.config import LocalConfig
from inference.local.generation import Generation
from inference.local.image_cache import Embeddings, ImageCache
from inference.local.kv import ImageUnit, Slot, SlotTable, Unit, count_cells, count_positions
from inference.local.loading import LoadedModel, load_model
from inference.local.picture import fit_to_cells, stretch
from inference.local.state_store import StateStore
from inference.local.template import ChatTemplate
from inference.models.hardware import available_memory_bytes
from inference.types import ImagePart, Request, Timings, Usage

log = logging.getLogger(__name__)

Emit = Callable[..., None]

_MIN_STATE_CELLS = 16
"""Reading a state costs about as much as evaluating so many cells."""
_LEAST_ANSWER_CELLS = 16


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
        loaded = load_model(self._config, self.watch, lambda code, message: self.emit("notice", code=code, message=message))
        model = loaded.llama
        self._template = ChatTemplate(model.template_source, model.media_marker, lambda text: model.single_token(text) is not None)
        folder = self._config.cache_dir
        self._images = ImageCache(
            loaded.projector_fingerprint,
            self._config.image_memory_bytes,
            folder / "pictures" if folder else None,
            self._config.image_disk_bytes,
        )
        self._states = StateStore(loaded.fingerprint, folder / "states", self._config.state_disk_bytes) if folder else None
        self._slots = SlotTable(self._config.max_sequences)
        self._loaded = loaded
        self._load_ms = (time.monotonic() - began) * 1e3
        self.emit("progress", phase="loading", done=1, total=1)

    def prepare(self, request: Request) -> None:
        """Encode and evaluate all of a request that stays whatever its last text becomes. Raises InferenceError."""
        self.load()
        self._evaluate(self._template.render_prefix(request), request, needs_logits=False)
        self.emit("finished", reason="stop", usage=asdict(Usage()), timings=asdict(Timings(load_ms=self._load_ms)))

    def stream(self, request: Request) -> None:
        """Answer a request. Raises InferenceError."""
        self.load()
        began = time.monotonic()
        prompt = self._template.render(request)
        generation = Generation(self._model, request, prompt)
        try:
            slot, usage = self._evaluate(prompt, request, needs_logits=True)
            self.emit("started", starts_in_reasoning=generation.starts_in_reasoning, **usage)
            reason = generation.run(slot, self._with_room, lambda text: self.emit("text", text=text))
        finally:
            generation.close()
        usage["completion_tokens"] = generation.token_count
        timings = generation.timings(began, self._load_ms, self._encode_ms)
        self.emit("finished", reason=reason, usage=usage, timings=asdict(timings))

    def save_states(self) -> None:
        """Put to disk what conversations gained since they were last saved."""
        if self._loaded is None or self._states is None:
            return
        for slot in self._slots.slots:
            if slot.is_dirty:
                self._save_state(slot)

    @property
    def has_unsaved_states(self) -> bool:
        """Whether `save_states` has something to do."""
        return self._loaded is not None and self._states is not None and any(slot.is_dirty for slot in self._slots.slots)

    # -- evaluation ------------------------------------------------------------------------------------------------------

    def _evaluate(self, text: str, request: Request, needs_logits: bool) -> tuple[Slot, dict[str, int]]:
        """Bring a slot to hold the whole prompt; returns it and the usage so far."""
        assert self._loaded is not None
        self._encode_ms = 0.0
        images = request.images()
        if images and not self._loaded.stretches_pictures and self._config.mmproj is None:
            raise ProjectorMissing("This model was opened without its projector (mmproj) file, so it cannot see pictures.")
        sizes = [self._encoded_size(image) for image in images]
        prompt = self._model.tokenize(text, [(image.id, *size) for image, size in zip(images, sizes, strict=True)])
        try:
            self._check_context(prompt.units)
            slot, keep = self._place(prompt.units, needs_logits)
            cells = count_cells(prompt.units)
            image_cells = sum(unit.cells for unit in prompt.units if isinstance(unit, ImageUnit))
            cached = count_cells(prompt.units[:keep])
            encodings = self._encode_missing(prompt, keep, list(zip(images, sizes, strict=True)), request.keep_on_disk)
            self._prefill(slot, prompt, keep, encodings)
        finally:
            prompt.close()
        slot.prompt_length = len(slot.units)
        slot.is_dirty = request.keep_on_disk
        return slot, {"prompt_tokens": cells, "cached_tokens": cached, "image_tokens": image_cells}

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

    def _place(self, units: Sequence[Unit], needs_logits: bool) -> tuple[Slot, int]:
        """Choose a slot, in memory or from disk, and cut it to the common prefix; returns it and how many units it keeps."""
        plan = self._slots.plan(units, needs_logits)
        if self._load_state_if_better(units, plan.keep):
            plan = self._slots.plan(units, needs_logits)
        slot, position = plan.slot, count_positions(units[: plan.keep])
        if slot is not plan.source:
            self._give_up(slot)
            self._model.share(plan.source.seq_id, slot.seq_id, position)
        else:
            self._model.cut(slot.seq_id, position)
        slot.units = list(units[: plan.keep])
        self._slots.touch(plan.source)
        self._slots.touch(slot)
        return slot, plan.keep

    def _load_state_if_better(self, units: Sequence[Unit], keep: int) -> bool:
        name, length = self._states.best_match(units) if self._states else ("", 0)
        if self._states is None or count_cells(units[:length]) < count_cells(units[:keep]) + _MIN_STATE_CELLS:
            return False
        stored = self._states.read(name)
        if stored is None:
            return False
        held, prompt_length, state = stored
        slot = self._slots.least_recent()
        self._give_up(slot)
        needed = count_cells(held)
        while not self._model.load_state(slot.seq_id, state):
            other = self._slots.next_to_evict(but=slot)
            if other is None or needed > self._model.n_ctx:
                return False
            self._give_up(other)
        slot.units, slot.prompt_length, slot.state_name = held, prompt_length, name
        self._slots.touch(slot)
        return True

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

    def _prefill(self, slot: Slot, prompt: llama.Prompt, keep: int, encodings: dict[int, Embeddings]) -> None:
        units = prompt.units
        total, done = count_cells(units[keep:]), 0
        index, position = keep, count_positions(units[:keep])
        while index < len(units):
            self.watch.check()
            if total > llama.BATCH_TOKENS:
                self.emit("progress", phase="prefill", done=done, total=total)
            unit = units[index]
            if isinstance(unit, ImageUnit):
                step: list[Unit] = [unit]
                chunk, embeddings = prompt.image_chunks[index], encodings[index]
                self._with_room(slot, lambda: self._model.decode_image(slot.seq_id, chunk, embeddings, position))  # noqa: B023
            else:
                tokens = _text_run(units, index)
                step = list(tokens)
                self._with_room(slot, lambda: self._model.decode_tokens(slot.seq_id, tokens, position))  # noqa: B023
            slot.units += step
            index += len(step)
            position += count_positions(step)
            done += count_cells(step)

    def _with_room(self, slot: Slot, evaluate: Callable[[], None]) -> None:
        """Evaluate, giving up the least recently used conversations when the KV cache is full. Raises ContextTooLong."""
        while True:
            try:
                return evaluate()
            except llama.NoKvSlot:
                self._model.cut(slot.seq_id, count_positions(slot.units))
                other = self._slots.next_to_evict(but=slot)
                if other is None:
                    raise ContextTooLong(f"The conversation fills the context of {self._model.n_ctx:,} tokens.") from None
                self._give_up(other)
            except BaseException:
                self._model.cut(slot.seq_id, count_positions(slot.units))
                raise

    # -- states ----------------------------------------------------------------------------------------------------------

    def _give_up(self, slot: Slot) -> None:
        """Empty a slot, after putting to disk what would be lost."""
        if slot.is_dirty and self._states is not None:
            self._save_state(slot)
        self._model.cut(slot.seq_id, -1)
        slot.units, slot.prompt_length, slot.state_name, slot.is_dirty = [], 0, None, False

    def _save_state(self, slot: Slot) -> None:
        assert self._states is not None
        slot.is_dirty = False
        if count_cells(slot.units) < _MIN_STATE_CELLS:
            return
        size = self._model.state_bytes(slot.seq_id)
        if size > min(self._states.limit_bytes, available_memory_bytes() // 4):
            return
        state = self._model.save_state(slot.seq_id)
        slot.state_name = self._states.write(slot.units, slot.prompt_length, state, slot.state_name) or slot.state_name

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
