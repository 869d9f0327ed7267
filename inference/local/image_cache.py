"""Encoded pictures: in memory up to one limit, on disk up to another. A picture seen before is not encoded again."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from base.disk_store import DiskStore

Embeddings = NDArray[np.float32]
"""What the projector made of a picture: shape (tokens, width of the language model), row by row of cells."""


class ImageCache:
    """Embeddings by the picture's id, its encoded size and the projector that made them."""

    def __init__(self, projector_fingerprint: str, memory_bytes: int, folder: Path | None, disk_bytes: int) -> None:
        self._fingerprint = projector_fingerprint
        self._memory_bytes = memory_bytes
        self._held: OrderedDict[str, Embeddings] = OrderedDict()
        self._held_bytes = 0
        self._disk = DiskStore(folder, ".embd", disk_bytes) if folder else None

    def get(self, image_id: str, size: tuple[int, int], shape: tuple[int, int]) -> Embeddings | None:
        """The embeddings of a picture encoded at `size` pixels, if they are known and have `shape`."""
        key = self._key(image_id, size)
        if (held := self._held.get(key)) is not None and held.shape == shape:
            self._held.move_to_end(key)
            return held
        stored = self._disk.read(f"{key}.embd") if self._disk else None
        if stored is None or stored[0].get("shape") != list(shape) or len(stored[1]) != shape[0] * shape[1] * 4:
            return None
        embeddings = np.frombuffer(stored[1], dtype="<f4").astype(np.float32).reshape(shape)
        self._hold(key, embeddings)
        return embeddings

    def put(self, image_id: str, size: tuple[int, int], embeddings: Embeddings, keep_on_disk: bool) -> bool:
        """Keep embeddings. Returns False when the disk should have taken them and did not."""
        key = self._key(image_id, size)
        self._hold(key, embeddings)
        if self._disk is None or not keep_on_disk:
            return True
        body = np.ascontiguousarray(embeddings, dtype="<f4").tobytes()
        return self._disk.write(f"{key}.embd", {"shape": list(embeddings.shape)}, body)

    def _hold(self, key: str, embeddings: Embeddings) -> None:
        if embeddings.nbytes > self._memory_bytes:
            return
        if (old := self._held.pop(key, None)) is not None:
            self._held_bytes -= old.nbytes
        self._held[key] = embeddings
        self._held_bytes += embeddings.nbytes
        while self._held_bytes > self._memory_bytes:
            _, oldest = self._held.popitem(last=False)
            self._held_bytes -= oldest.nbytes

    def _key(self, image_id: str, size: tuple[int, int]) -> str:
        return hashlib.sha256(f"{self._fingerprint} {image_id} {size[0]}x{size[1]}".encode()).hexdigest()[:40]
