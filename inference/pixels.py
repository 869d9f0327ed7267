"""Getting the pixels of a picture out of whoever attached it."""

from __future__ import annotations

from inference.errors import PictureUnreadable
from inference.types import ImagePart


def read_pixels(part: ImagePart) -> bytes:
    """The part's RGB bytes. Raises PictureUnreadable for any fault of the source, and for a wrong number of bytes."""
    try:
        rgb = part.read_rgb()
        is_whole = len(rgb) == part.width * part.height * 3
    except Exception as error:
        message = getattr(error, "message", None) or "The picture can no longer be read; it may have been moved or deleted."
        raise PictureUnreadable(str(message)) from error
    if not is_whole:
        raise PictureUnreadable("The picture changed since it was attached. Attach it again.")
    return rgb
