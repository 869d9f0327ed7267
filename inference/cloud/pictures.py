"""Pictures as data URLs, within what a model takes, encoded side by side and kept, so that a later turn sends the same text.

Small pictures go as PNG: a crop may hold few pixels, and each counts. Larger ones go as JPEG, which is many times faster to write.
OpenCV writes both, because Pillow holds the interpreter's lock meanwhile: one picture at a time, and the window waits.
"""

from __future__ import annotations

import base64
import math
import os
import queue
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.cloud.models import CloudModel
from inference.engine import Cancel
from inference.errors import Cancelled
from inference.pixels import read_pixels
from inference.types import ImagePart

if TYPE_CHECKING:
    from cv2.typing import MatLike

_PNG_PIXELS_MAX = 512 * 512
_PNG_LEVEL = 3
_JPEG_QUALITY = 90
_JPEG_SIDE_PX_MAX = 65_500
"""libjpeg's JPEG_MAX_DIMENSION."""
_CACHE_CHARACTERS_MAX = 160_000_000
_THREADS_MAX = 4


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as it is sent: its data URL, its size in pixels, and whether that is smaller than what was attached."""

    image_id: str
    url: str
    width: int
    height: int
    is_reduced: bool


class PictureEncoder:
    """Encodes pictures for models, and remembers those last used. Thread-safe."""

    def __init__(self, characters_max: int = _CACHE_CHARACTERS_MAX) -> None:
        """`characters_max`: of all URLs that are remembered."""
        self._characters_max = characters_max
        self._kept: OrderedDict[tuple[str, int, int], EncodedPicture] = OrderedDict()
        self._lock = threading.Lock()

    def count_missing(self, parts: Sequence[ImagePart], model: CloudModel) -> int:
        """How many different pictures would have to be encoded."""
        return sum(self._recall(part, model) is None for part in {part.id: part for part in parts}.values())

    def encode_all(self, parts: Sequence[ImagePart], model: CloudModel, cancel: Cancel) -> Iterator[EncodedPicture]:
        """Each different picture once, as it is ready.

        Raises:
            PictureUnreadable: its source failed.
            Cancelled: as soon as `cancel` is set, even while a source is still read.
        """
        missing = []
        for part in {part.id: part for part in parts}.values():
            kept = self._recall(part, model)
            if kept is None:
                missing.append(part)
            else:
                yield kept
        if missing:
            yield from self._encode_side_by_side(missing, model, cancel)

    def _encode_side_by_side(self, parts: Sequence[ImagePart], model: CloudModel, cancel: Cancel) -> Iterator[EncodedPicture]:
        done: queue.SimpleQueue[Future[EncodedPicture] | None] = queue.SimpleQueue()
        pool = ThreadPoolExecutor(min(_THREADS_MAX, os.cpu_count() or 1, len(parts)), "picture-encoder")
        try:
            cancel.on_set(lambda: done.put(None))
            for part in parts:
                pool.submit(self._encode_one, part, model, cancel).add_done_callback(done.put)
            for _ in parts:
                future = done.get()
                if future is None or cancel.is_set():
                    raise Cancelled("The question was cancelled while its pictures were prepared.")
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _encode_one(self, part: ImagePart, model: CloudModel, cancel: Cancel) -> EncodedPicture:
        if cancel.is_set():
            raise Cancelled("The question was cancelled while its pictures were prepared.")
        encoded = encode_picture(part, model)
        self._keep(part, model, encoded)
        return encoded

    def _recall(self, part: ImagePart, model: CloudModel) -> EncodedPicture | None:
        with self._lock:
            key = _key(part, model)
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, part: ImagePart, model: CloudModel, encoded: EncodedPicture) -> None:
        with self._lock:
            self._kept[_key(part, model)] = encoded
            total = sum(len(kept.url) for kept in self._kept.values())
            while total > self._characters_max:
                total -= len(self._kept.popitem(last=False)[1].url)


def _key(part: ImagePart, model: CloudModel) -> tuple[str, int, int]:
    return part.id, model.picture_bytes_max, model.picture_side_px_max


def encode_picture(part: ImagePart, model: CloudModel) -> EncodedPicture:
    """One picture, scaled down evenly where the model's limits ask for it. Raises PictureUnreadable."""
    import cv2
    import numpy as np

    rgb = np.frombuffer(read_pixels(part), np.uint8).reshape(part.height, part.width, 3)
    picture = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    scale = min(1.0, min(model.picture_side_px_max, _JPEG_SIDE_PX_MAX) / max(part.width, part.height))
    while True:
        width, height = (max(1, math.floor(side * scale)) for side in (part.width, part.height))
        sent = picture if scale == 1 else cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        kind, data = _compressed(sent)
        if len(data) <= model.picture_bytes_max or max(width, height) == 1:
            break
        scale *= min(0.9, math.sqrt(model.picture_bytes_max / len(data)))
    url = f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
    return EncodedPicture(part.id, url, width, height, is_reduced=(width, height) != (part.width, part.height))


def _compressed(bgr: MatLike) -> tuple[str, bytes]:
    """Kind and bytes. Full colour resolution: red letters on blue would blur else."""
    import cv2

    if bgr.shape[0] * bgr.shape[1] <= _PNG_PIXELS_MAX:
        return "png", cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL])[1].tobytes()
    full_colour = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return "jpeg", cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY, *full_colour])[1].tobytes()
