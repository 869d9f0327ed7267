"""Text in pictures: finds its lines, reads them, and puts them in reading order. Runs in a reading child only.

The two models, PP-OCRv6 small for Chinese and English, lie in RapidOCR's package; ONNX Runtime runs them. RapidOCR's own pipeline
is not used: it needs 1.3 s to be imported, two thirds of it for parsing lists of models to download, and takes twice as long for a
screenshot of 1920 x 1080 with 30 lines (bench/recognition.py). What makes the difference:

- a quarter and two thirds of the weights of two layers of the detector are denormal numbers, which processors multiply very
  slowly; with these taken for zero it is 2.5 times as fast. The first session of a process decides that for its main thread;
- lines of 11 px are found as well in a picture shrunk to three quarters; they are still read at full size;
- several lines are read at once, with one thread each: two threads for one line take 1.45 times the work.

Nothing is downloaded or written: the models are opened by their paths.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import RecognitionMissing
from ingest.reading_order import reading_order
from ingest.types import RecognisedLine

try:
    import cv2
    import numpy as np
    import onnxruntime  # type: ignore[import-untyped]

    from ingest.line_boxes import LINE_HEIGHT_PX, Array, Box, cut_out, levelled, pieces_of, tiles
except ImportError as error:  # a part that is missing, or one that this computer cannot load
    raise RecognitionMissing(
        f"Text in pictures cannot be read, because a part of the installation does not load ({error}). Install Sightline again."
    ) from error

DETECTOR, READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
THREADS_MAX = 4

DETECTION_PIXELS = 1_200_000
DETECTION_SCALE_MIN = 0.75
"""Lines are looked for in the picture shrunk to that many pixels, but not further: looser boxes would cost letters."""
THRESHOLD, BOX_CONFIDENCE_MIN, UNCLIP_RATIO, BOX_SIDE_MIN_PX = 0.3, 0.5, 1.6, 3.0
"""The detector's post-processing; values from RapidOCR 3.10's config.yaml."""
BOXES_MAX = 5000

LINE_WIDTH_MIN_PX = 320
"""The reader was trained with lines that were padded to it."""
LINE_CONFIDENCE_MIN = 0.5
UPRIGHT_CONFIDENCE_MIN = 0.85
"""Below, it is tried whether the page stands on its head: then its lines get about 0.6, upright ones 0.95 and more."""
SAMPLE_LINES = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says, and how sure that is, 0..1."""

    text: str
    confidence: float


def recognise(width: int, height: int, rgb: bytes) -> tuple[RecognisedLine, ...]:
    """All lines of text in a picture, in reading order.

    A page that lies on its side or stands on its head is turned first. The models are loaded at the first call, 0.4 s, and stay.
    Raises RecognitionMissing.
    """
    picture = np.ascontiguousarray(np.frombuffer(rgb, np.uint8).reshape(height, width, 3)[:, :, ::-1])
    engine = load()
    quarters, boxes = 0, engine.find(picture)
    if sum(box.width * box.height for box in boxes if box.is_tall) > sum(box.width * box.height for box in boxes) / 2:
        quarters, picture = 1, np.ascontiguousarray(np.rot90(picture))
        boxes = engine.find(picture)
    readings = engine.read(picture, boxes)
    if engine.is_upside_down(picture, boxes, readings):
        quarters, picture = quarters + 2, np.ascontiguousarray(np.rot90(picture, 2))
        boxes = engine.find(picture)
        readings = engine.read(picture, boxes)
    kept = [(box, reading) for box, reading in zip(boxes, readings, strict=True) if _is_text(reading)]
    order = reading_order(levelled([box for box, _ in kept]))
    return tuple(_line(*kept[index], picture.shape[1], picture.shape[0], quarters) for index in order)


@functools.cache
def load() -> Engine:
    """The models. Raises RecognitionMissing."""
    folder = _model_folder()
    try:
        # The detector comes first, because the first session decides about denormal numbers.
        return Engine(_session(folder / DETECTOR, _threads()), _session(folder / READER, 1))
    except Exception as error:  # ONNX Runtime's errors have no base of their own
        raise RecognitionMissing(
            f"Text in pictures cannot be read, because its models do not load ({error}). Install Sightline again."
        ) from error


class Engine:
    """The two models."""

    def __init__(self, detector: Any, reader: Any) -> None:
        self._detector, self._reader = detector, reader
        characters = reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *characters, " "]  # 0 says that no character is there
        self._pool = ThreadPoolExecutor(_threads(), "recognition")

    def find(self, picture: Array) -> list[Box]:
        """The lines of text, in no order."""
        scale = min(1.0, max(DETECTION_SCALE_MIN, math.sqrt(DETECTION_PIXELS / (picture.shape[0] * picture.shape[1]))))
        boxes = [
            Box(box.x + left, box.y + top, box.width, box.height, box.degrees)
            for left, top, tile in tiles(picture, 0, 0, scale)
            for box in self._find_in_tile(tile, scale)
        ]
        return sorted(boxes, key=lambda box: -box.width * box.height)[:BOXES_MAX]

    def read(self, picture: Array, boxes: Sequence[Box], is_turned: bool = False) -> list[Reading]:
        """What each line says; `is_turned` reads as if the picture stood on its head."""
        pieces = [(index, piece) for index, box in enumerate(boxes) for piece in pieces_of(cut_out(picture, box))]
        if is_turned:
            pieces = [(index, np.rot90(piece, 2)) for index, piece in reversed(pieces)]
        found: list[list[Reading]] = [[] for _ in boxes]
        for (index, _), reading in zip(pieces, self._pool.map(self._read_piece, (piece for _, piece in pieces)), strict=True):
            found[index].append(reading)
        return [_joined(readings) for readings in found]

    def is_upside_down(self, picture: Array, boxes: Sequence[Box], readings: Sequence[Reading]) -> bool:
        """Whether the longest lines read better on their heads."""
        if not readings or _confidence(readings) >= UPRIGHT_CONFIDENCE_MIN:
            return False
        sample = sorted(range(len(boxes)), key=lambda index: -boxes[index].width)[:SAMPLE_LINES]
        turned = self.read(picture, [boxes[index] for index in sample], is_turned=True)
        return _confidence(turned) > _confidence([readings[index] for index in sample]) + 0.1

    def _find_in_tile(self, tile: Array, scale: float) -> list[Box]:
        """Differentiable binarization (Liao et al., 2020): a map of how much each pixel belongs to the core of a line."""
        height, width = tile.shape[:2]
        size = max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32)
        small = cv2.resize(tile, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        score = self._detector.run(None, {"x": _blob(small)})[0][0, 0]
        cores = cv2.dilate((score > THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
        boxes = []
        for contour in cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            box = _box_around(contour, score)
            if box is not None:
                across, down = width / size[0], height / size[1]
                boxes.append(Box(box.x * across, box.y * down, box.width * across, box.height * down, box.degrees))
        return boxes

    def _read_piece(self, piece: Array) -> Reading:
        width = max(LINE_WIDTH_MIN_PX, piece.shape[1])
        line = np.zeros((1, 3, LINE_HEIGHT_PX, width), np.float32)
        line[:, :, :, : piece.shape[1]] = _blob(piece)
        scores = self._reader.run(None, {"x": line})[0][0]
        best = scores.argmax(1)
        # A character holds for several columns; twice the same has an empty column between.
        starts = np.flatnonzero((best != 0) & (best != np.concatenate(([0], best[:-1]))))
        if not starts.size:
            return Reading("", 0.0)
        text = "".join(self._characters[character] for character in best[starts])
        return Reading(text, float(scores[starts, best[starts]].mean()))


def _session(path: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = False  # it would keep the most that was ever needed
    options.log_severity_level = 4
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _model_folder() -> Path:
    spec = importlib.util.find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec is not None and spec.origin else Path()
    if not all((folder / name).is_file() for name in (DETECTOR, READER)):
        raise RecognitionMissing("Text in pictures cannot be read, because its models are not there. Install Sightline again.")
    return folder


@functools.cache
def _threads() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(THREADS_MAX, usable))


def _blob(picture: Array) -> Array:
    """Numbers from -1 to 1 in the order 1 x 3 x height x width, as both models want them."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / np.float32(127.5) - np.float32(1)


def _box_around(contour: Array, score: Array) -> Box | None:
    """The line whose core this is; None when it is too small or too unsure."""
    (x, y), (width, height), degrees = cv2.minAreaRect(contour)
    if min(width, height) < BOX_SIDE_MIN_PX:
        return None
    left, top, across, down = cv2.boundingRect(contour)
    inside = cv2.fillPoly(np.zeros((down, across), np.uint8), [contour - (left, top)], 1)
    if cv2.mean(score[top : top + down, left : left + across], inside)[0] < BOX_CONFIDENCE_MIN:
        return None
    grown = width * height * UNCLIP_RATIO / (width + height)  # the core is what remains of a line when its edge is taken off
    width, height = width + grown, height + grown
    if not -45 <= degrees <= 45:  # OpenCV calls either side the width
        degrees, width, height = degrees - math.copysign(90, degrees), height, width
    return Box(x, y, width, height, degrees)


def _joined(readings: Sequence[Reading]) -> Reading:
    """The parts of a line as one; Latin words have a space between, Chinese ones none."""
    text = ""
    for reading in readings:
        part = reading.text.strip()
        text += " " + part if text and part and text[-1].isascii() and part[0].isascii() else part
    return Reading(text, _confidence(readings))


def _confidence(readings: Sequence[Reading]) -> float:
    """Over all characters."""
    characters = sum(len(reading.text) for reading in readings)
    return sum(reading.confidence * len(reading.text) for reading in readings) / characters if characters else 0.0


def _is_text(reading: Reading) -> bool:
    return bool(reading.text) and reading.confidence >= LINE_CONFIDENCE_MIN


def _line(box: Box, reading: Reading, width: int, height: int, quarters: int) -> RecognisedLine:
    """The place in fractions of the picture before it was turned to the left by `quarters`."""
    area = box.bounds
    x0, x1 = (min(1.0, max(0.0, x / width)) for x in (area.x0, area.x1))
    y0, y1 = (min(1.0, max(0.0, y / height)) for y in (area.y0, area.y1))
    for _ in range(quarters):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return RecognisedLine(reading.text, x0, y0, x1, y1, min(1.0, reading.confidence))
