"""What a GGUF file holds, read from its header without loading it, and whether the file is whole.

Format: ggml-org/ggml docs/gguf.md, version 2 and 3, little endian. The header is untrusted: every count and length is checked
against the file's size before anything is read or allocated.
"""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from inference.errors import GgufDamaged, GgufTruncated, ModelFileMissing, NotGguf

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_MAX_KEY_BYTES = 65535
_MAX_DIMENSIONS = 4
_MAX_KEPT_ARRAY = 64
_MAX_STRING_BYTES = 16 << 20
_MAX_KEYS, _MAX_TENSORS, _MAX_STRINGS = 1 << 16, 1 << 18, 1 << 22
"""Far above any model. A download whose space was taken up in advance is gigabytes of zeros, in which any count seems to fit."""

BLOCK_SIZES = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36),
    41: (128, 18),
}  # fmt: skip
"""ggml tensor type -> (elements, bytes) of one block (gguf-py constants.GGML_QUANT_SIZES)."""


@dataclass(frozen=True, slots=True)
class GgufInfo:
    """A GGUF file's header.

    Attributes:
        path: the file; of a model in parts, the first.
        metadata: scalar values and short arrays by key; long arrays (vocabularies) are left out.
        tensor_bytes: size of each tensor by name.
        file_bytes: size of the file, or of all its parts.
    """

    path: Path
    metadata: dict[str, Any]
    tensor_bytes: dict[str, int] = field(repr=False)
    file_bytes: int

    @property
    def architecture(self) -> str:
        """Such as "glm4", or "clip" for a projector."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def name(self) -> str:
        """What the model calls itself, else the file's name."""
        return str(self.metadata.get("general.name") or self.path.stem)

    @property
    def is_projector(self) -> bool:
        """Whether this is the picture part (mmproj) of a model and not the language model."""
        return self.architecture == "clip" or self.metadata.get("general.type") == "mmproj"

    def number(self, key: str, default: int = 0) -> int:
        """A whole number of the architecture's own keys, such as `block_count`; the first of an array."""
        value = self.metadata.get(f"{self.architecture}.{key}", default)
        if isinstance(value, list):
            value = max((v for v in value if isinstance(v, int)), default=default)
        return value if isinstance(value, int) else default


def read_gguf_info(path: Path) -> GgufInfo:
    """Read and check a file's header, and the headers of its other parts if it is one of several.

    Raises:
        ModelFileMissing: the file, or one of its parts, is not there or cannot be opened.
        NotGguf: it is something else.
        GgufTruncated: it ends before its last tensor.
        GgufDamaged: the header contradicts itself or the file.
    """
    first = _read_one(path)
    parts = first.metadata.get("split.count")
    if not isinstance(parts, int) or parts <= 1:
        return first
    match = re.fullmatch(r"(.*)-(\d{5})-of-(\d{5})\.gguf", path.name)
    if match is None or int(match[3]) != parts:
        raise GgufDamaged(f"{path.name} says it is one of {parts} parts, but its name does not. Give it its original name.")
    tensor_bytes, file_bytes = dict(first.tensor_bytes), first.file_bytes
    for number in range(1, parts + 1):
        part_path = path.with_name(f"{match[1]}-{number:05d}-of-{parts:05d}.gguf")
        if part_path != path:
            part = _read_one(part_path)
            tensor_bytes |= part.tensor_bytes
            file_bytes += part.file_bytes
    return GgufInfo(path, first.metadata, tensor_bytes, file_bytes)


def _read_one(path: Path) -> GgufInfo:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelFileMissing(f"{path.name} is not a file. Choose a file that ends in .gguf.")
        with open(path, "rb") as file:
            return _Reader(file, path).read()
    except FileNotFoundError:
        raise ModelFileMissing(f"There is no model file {path.name} in {path.parent}. Choose the file again.") from None
    except OSError as error:
        raise ModelFileMissing(f"The model file {path.name} cannot be opened: {error.strerror}.") from error


class _Reader:
    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        self._size = file.seek(0, 2)
        file.seek(0)

    def read(self) -> GgufInfo:
        if self._size < 4 or self._file.read(4) != b"GGUF":
            raise NotGguf(f"{self._path.name} is not a GGUF model file. Choose a file that ends in .gguf.")
        version = self._scalar("<I")
        if version not in (2, 3):
            raise GgufDamaged(f"{self._path.name} says it is GGUF version {version}; versions 2 and 3 are known.")
        tensor_count, key_count = self._scalar("<Q"), self._scalar("<Q")
        self._check_count(tensor_count, 24, _MAX_TENSORS)
        self._check_count(key_count, 12, _MAX_KEYS)
        metadata: dict[str, Any] = {}
        for _ in range(key_count):
            key, value = self._key_value()
            self._check_new(key, metadata)
            metadata[key] = value
        tensor_bytes: dict[str, int] = {}
        data_bytes = 0
        for _ in range(tensor_count):
            name, size, offset = self._tensor()
            self._check_new(name, tensor_bytes)
            tensor_bytes[name] = size
            data_bytes = max(data_bytes, offset + size)
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
            raise self._damaged("its alignment is absurd")
        data_start = -(-self._file.tell() // alignment) * alignment
        end = data_start + data_bytes
        if end > self._size:
            raise GgufTruncated(
                f"{self._path.name} is incomplete: it has {self._size:,} of at least {end:,} bytes. Download it again."
            )
        return GgufInfo(self._path, metadata, tensor_bytes, self._size)

    def _key_value(self) -> tuple[str, Any]:
        key = self._string(_MAX_KEY_BYTES)
        return key, self._value(self._scalar("<I"))

    def _value(self, kind: int) -> Any:
        if kind in _SCALARS:
            return self._scalar(_SCALARS[kind])
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array()
        raise self._damaged(f"it holds a value of unknown kind {kind}")

    def _array(self) -> list[Any] | None:
        kind, count = self._scalar("<I"), self._scalar("<Q")
        if kind in _SCALARS:
            width = struct.calcsize(_SCALARS[kind])
            self._check_count(count, width)
            if count > _MAX_KEPT_ARRAY:
                self._file.seek(count * width, 1)
                return None
            return [self._scalar(_SCALARS[kind]) for _ in range(count)]
        if kind != _STRING:
            raise self._damaged(f"it holds an array of unknown kind {kind}")
        self._check_count(count, 8, _MAX_STRINGS)
        if count > _MAX_KEPT_ARRAY:
            self._skip_strings(count)
            return None
        return [self._string() for _ in range(count)]

    def _skip_strings(self, count: int) -> None:
        """A vocabulary is 150,000 strings: walk over it in one buffer instead of two reads each."""
        buffer, position, base = b"", 0, self._file.tell()
        for _ in range(count):
            if position + 8 > len(buffer):
                base += position
                self._file.seek(base)
                buffer, position = self._file.read(1 << 20), 0
                if len(buffer) < 8:
                    raise self._truncated()
            position += 8 + int.from_bytes(buffer[position : position + 8], "little")
            if base + position > self._size:
                raise self._truncated()
            if position > len(buffer):
                base, buffer, position = base + position, b"", 0
        self._file.seek(base + position)

    def _tensor(self) -> tuple[str, int, int]:
        name, dimensions = self._string(_MAX_KEY_BYTES), self._scalar("<I")
        if dimensions > _MAX_DIMENSIONS:
            raise self._damaged(f"its tensor {name[:40]!r} has {dimensions} dimensions")
        elements = 1
        for _ in range(dimensions):
            elements *= self._scalar("<Q")
        kind, offset = self._scalar("<I"), self._scalar("<Q")
        block, block_bytes = BLOCK_SIZES.get(kind, (1, 0))
        return name, elements // block * block_bytes, offset

    def _string(self, limit: int = _MAX_STRING_BYTES) -> str:
        length = self._scalar("<Q")
        if length > limit:
            raise self._damaged(f"it has a text of {length:,} bytes")
        self._check_count(length, 1)
        return self._read_exactly(length).decode("utf-8", "replace")

    def _scalar(self, layout: str) -> Any:
        return struct.unpack(layout, self._read_exactly(struct.calcsize(layout)))[0]

    def _read_exactly(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise self._truncated()
        return data

    def _check_count(self, count: int, least_bytes_each: int, limit: int | None = None) -> None:
        if count * least_bytes_each > self._size or (limit is not None and count > limit):
            raise self._damaged(f"it claims {count:,} items, more than fit in the file")

    def _check_new(self, name: str, known: Mapping[str, Any]) -> None:
        if name in known:
            raise self._damaged(f"it holds {name[:40]!r} twice")

    def _truncated(self) -> GgufTruncated:
        return GgufTruncated(f"{self._path.name} is incomplete: it ends inside its header. Download it again.")

    def _damaged(self, what: str) -> GgufDamaged:
        return GgufDamaged(f"{self._path.name} is damaged: {what}. Download it again.")
