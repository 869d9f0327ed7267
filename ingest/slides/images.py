"""Pictures of a deck, entered into its document once each."""

from __future__ import annotations

import io

import pymupdf
from PIL import Image

from ingest import limits

_SIDE_MAX_PX = 4000
_RASTER = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "MPO", "PPM")


class Picture:
    """One picture in the document. `xref` is that of its image object."""

    def __init__(self, xref: int, width: int, height: int) -> None:
        self.xref, self.width, self.height = xref, width, height


class Images:
    """The pictures of one deck."""

    def __init__(self, document: pymupdf.Document) -> None:
        self._document = document
        self._kept: dict[str, Picture | None] = {}

    def of_part(self, part: object) -> Picture | None:
        """The picture in a part of the deck; None when it is none that can be drawn."""
        name = str(getattr(part, "partname", id(part)))
        if name not in self._kept:
            self._kept[name] = self.of_bytes(getattr(part, "blob", b""))
        return self._kept[name]

    def of_bytes(self, data: bytes) -> Picture | None:
        """A picture from the bytes of a file of any raster format."""
        try:
            with Image.open(io.BytesIO(data), formats=_RASTER) as image:
                if image.width * image.height > limits.PICTURE_PIXELS_MAX or len(data) > limits.PICTURE_BYTES_MAX:
                    return None
                image.draft("RGB", (_SIDE_MAX_PX, _SIDE_MAX_PX))
                return self.of_image(image)
        except Exception:  # Pillow throws whatever it pleases on damaged data
            return None

    def of_image(self, image: Image.Image) -> Picture:
        """A picture from Pillow's, as RGB with opacity where it has some."""
        image.thumbnail((_SIDE_MAX_PX, _SIDE_MAX_PX))
        has_alpha = image.has_transparency_data
        image = image.convert("RGBA" if has_alpha else "RGB")
        mask = 0
        if has_alpha:
            mask = self._add(image.getchannel("A"), "/DeviceGray", "")
            image = image.convert("RGB")
        return Picture(self._add(image, "/DeviceRGB", f"/SMask {mask} 0 R" if mask else ""), image.width, image.height)

    def _add(self, image: Image.Image, space: str, more: str) -> int:
        document = self._document
        xref = document.get_new_xref()
        size = f"/Width {image.width} /Height {image.height}"
        document.update_object(
            xref, f"<</Type /XObject /Subtype /Image {size} /ColorSpace {space} /BitsPerComponent 8 /Interpolate true {more}>>"
        )
        document.update_stream(xref, image.tobytes(), compress=False)
        return int(xref)
