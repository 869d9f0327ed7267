"""What a paste or a drop brings: files of this computer, a picture without a file, or text. Network addresses are not followed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

MODEL_SUFFIX = ".gguf"


@dataclass(frozen=True, slots=True)
class Intake:
    """Files in order, and a picture or a text that is not in a file; `encoded` is a picture as its file would be."""

    paths: tuple[Path, ...] = ()
    image: QImage | None = None
    text: str = ""
    encoded: bytes = b""

    @property
    def models(self) -> tuple[Path, ...]:
        """Files that are models, by their name; the engine looks closer."""
        return tuple(path for path in self.paths if path.suffix.lower() == MODEL_SUFFIX)

    @property
    def others(self) -> tuple[Path, ...]:
        """Files that may be pictures."""
        return tuple(path for path in self.paths if path.suffix.lower() != MODEL_SUFFIX)

    def __bool__(self) -> bool:
        return bool(self.paths or self.text or self.encoded) or self.image is not None


def can_read(data: QMimeData) -> bool:
    """Whether there is something in it for us, without fetching it."""
    return can_attach(data) or _has_text(data)


def can_attach(data: QMimeData) -> bool:
    """Whether there is a file or a picture in it."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def read(data: QMimeData) -> Intake:
    """Files before pictures, as a file manager offers both for a picture file; and both before text."""
    if not can_attach(data):
        return Intake(text=data.text()) if _has_text(data) else Intake()
    paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if paths or not data.hasImage():
        return Intake(paths)
    image = data.imageData()
    return Intake(image=image) if isinstance(image, QImage) and not image.isNull() else Intake()


def _has_text(data: QMimeData) -> bool:
    """Addresses are text too, but those of a file or a picture are meant to be that."""
    return data.hasText() and not data.hasUrls()
