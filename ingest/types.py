"""What was opened, as values. Pixels are decoded only when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, still encoded.

    Attributes:
        id: SHA-256 of the encoded bytes, in hex; names the picture everywhere.
        name: what to call it in front of the user, usually the file's name.
        width, height: size in pixels as shown, that is with the EXIF orientation applied.
        encoded: the bytes as they were in the file; kept because a file may change or vanish while a conversation goes on.
    """

    id: str
    name: str
    width: int
    height: int
    encoded: bytes = field(repr=False, compare=False)

    def read_rgb(self) -> bytes:
        """``width * height * 3`` bytes, RGB, 8 bit, row by row from the top; decoded anew on every call, from any thread.

        Raises PictureUnreadable when the data is damaged behind its header.
        """
        from ingest.images import decode  # the decoder costs 27 ms to import; a picture in a list costs nothing

        return decode(self).tobytes()
