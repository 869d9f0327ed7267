"""What a paste or a drop brings: files of this computer, or a picture without a file. Addresses in the network are not followed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

MODEL_SUFFIX = ".gguf"


@dataclass(frozen=True, slots=True)
class Intake:
    """Files in order, and a picture that is not in a file."""

    paths: tuple[Path, ...] = ()
    image: QImage | None = None

    @property
    def models(self) -> tuple[Path, ...]:
        """Files that are models, by their name; the engine looks closer."""
        return tuple(path for path in self.paths if path.suffix.lower() == MODEL_SUFFIX)

    @property
    def others(self) -> tuple[Path, ...]:
        """Files that may be pictures."""
        return tuple(path for path in self.paths if path.suffix.lower() != MODEL_SUFFIX)

    def __bool__(self) -> bool:
        return bool(self.paths) or self.image is not None


def can_read(data: QMimeData) -> bool:
    """Whether there is something in it for us, without fetching it."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def read(data: QMimeData) -> Intake:
    """Files before pictures: a file manager offers both for a picture file."""
    paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if paths or not data.hasImage():
        return Intake(paths)
    image = data.imageData()
    return Intake(image=image) if isinstance(image, QImage) and not image.isNull() else Intake()
