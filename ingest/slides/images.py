"""Pictures of a deck, entered into its document once each: as they are packed in the file where a PDF can hold that."""

from __future__ import annotations

import io
import warnings

import pymupdf
from PIL import Image
from pymupdf import mupdf

_SIDE_MAX_PX = 3000
"""Of what has to be repacked; slides are rarely rendered larger."""
_PIXELS_MAX = 80_000_000
_PACKED_PIXELS_MAX = 16_000_000
_PACKED = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "L", "P", "RGBA", "LA")}
_RASTER = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "MPO", "PPM")


class Picture:
    """One picture in the document. `xref` is that of its image object; its size is that of the file, in pixels."""

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
            with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=_RASTER) as image:
                if image.width * image.height > _PIXELS_MAX:
                    return None
                if image.mode in _PACKED.get(image.format or "", ()) and image.width * image.height <= _PACKED_PIXELS_MAX:
                    return Picture(self._pack(data), image.width, image.height)
                image.draft("RGB", (_SIDE_MAX_PX, _SIDE_MAX_PX))
                return self.of_image(image)
        except MemoryError:
            raise
        except Exception:  # Pillow and MuPDF throw whatever they please on damaged data
            return None

    def of_image(self, image: Image.Image) -> Picture:
        """A picture from Pillow's, as RGB with opacity where it has some."""
        width, height = image.size
        image.thumbnail((_SIDE_MAX_PX, _SIDE_MAX_PX))
        mask = ""
        if image.has_transparency_data:
            image = image.convert("RGBA")
            mask = f"/SMask {self._add(image.getchannel('A'), '/DeviceGray')} 0 R"
        return Picture(self._add(image.convert("RGB"), "/DeviceRGB", mask), width, height)

    def _pack(self, data: bytes) -> int:
        image = mupdf.fz_new_image_from_buffer(mupdf.fz_new_buffer_from_copied_data(data))
        return int(mupdf.pdf_to_num(mupdf.pdf_add_image(pymupdf._as_pdf_document(self._document), image)))

    def _add(self, image: Image.Image, space: str, more: str = "") -> int:
        document = self._document
        xref = int(document.get_new_xref())
        size = f"/Width {image.width} /Height {image.height}"
        document.update_object(xref, f"<</Type /XObject /Subtype /Image {size} /ColorSpace {space} /BitsPerComponent 8 {more}>>")
        document.update_stream(xref, image.tobytes())
        return xref
