"""Windows on an X11 desktop of a test's own, drawn pixel by pixel through a connection of the test's own."""

from __future__ import annotations

import struct

import xcffib
from PIL import Image
from xcffib import xproto

_ROWS = 32
"""A request of the core protocol has 256 KB at most."""


class Scene:
    """Use it as a context; its windows go with it."""

    def __init__(self, display: str) -> None:
        self._display = display

    def __enter__(self) -> Scene:
        self._connection = xcffib.connect(self._display)
        self._core = self._connection.core
        self._root = self._connection.get_setup().roots[0]
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.disconnect()

    def open(self, title: str, x: int, y: int, width: int, height: int, *, is_managed: bool = True) -> int:
        """A window, managed by the window manager or not, and its id."""
        window: int = self._connection.generate_id()
        root = self._root
        values = [root.white_pixel, not is_managed]  # in the order of their bits
        mask = xproto.CW.BackPixel | xproto.CW.OverrideRedirect
        kind = xproto.WindowClass.InputOutput
        self._core.CreateWindow(root.root_depth, window, root.root, x, y, width, height, 0, kind, root.root_visual, mask, values)
        self._set(window, "WM_NAME", xproto.Atom.STRING, 8, title.encode())
        self._set(
            window, "WM_NORMAL_HINTS", xproto.Atom.WM_SIZE_HINTS, 32, struct.pack("=18I", 1, x, y, *[0] * 15)
        )  # its own place
        self._core.MapWindow(window)
        self.settle()
        return window

    def set_shadow(self, window: int, extent: int) -> None:
        """Say that the outer pixels are a shadow, as GTK does."""
        self._set(window, "_GTK_FRAME_EXTENTS", xproto.Atom.CARDINAL, 32, struct.pack("=4I", *[extent] * 4))
        self.settle()

    def set_background(self, image: Image.Image) -> None:
        """Behind all windows, as large as the image, and again to the right and below."""
        pixmap: int = self._connection.generate_id()
        self._core.CreatePixmap(self._root.root_depth, pixmap, self._root.root, *image.size)
        self.draw(pixmap, image.width, image.convert("RGB").tobytes("raw", "BGRX"))
        self._core.ChangeWindowAttributes(self._root.root, xproto.CW.BackPixmap, [pixmap])
        self._core.ClearArea(False, self._root.root, 0, 0, 0, 0)
        self.settle()

    def draw(self, window: int, width: int, pixels: bytes) -> None:
        """Four bytes a pixel: blue, green, red, and one that means nothing."""
        gc = self._connection.generate_id()
        self._core.CreateGC(gc, window, 0, [])
        stride = width * 4
        for top in range(0, len(pixels) // stride, _ROWS):
            part = pixels[top * stride : (top + _ROWS) * stride]
            height = len(part) // stride
            depth = self._root.root_depth
            self._core.PutImage(xproto.ImageFormat.ZPixmap, window, gc, width, height, 0, top, 0, depth, len(part), part)
        self.settle()

    def settle(self) -> None:
        """The server has done all that was asked."""
        self._core.GetInputFocus().reply()

    def frame(self, window: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of the window with what the window manager put around it."""
        while (parent := self._core.QueryTree(window).reply().parent) != self._root.root:
            window = parent
        place = self._core.GetGeometry(window).reply()
        return place.x, place.y, place.width + 2 * place.border_width, place.height + 2 * place.border_width

    def _set(self, window: int, name: str, kind: int, format_bits: int, data: bytes) -> None:
        atom = self._core.InternAtom(False, len(name), name).reply().atom
        self._core.ChangeProperty(xproto.PropMode.Replace, window, atom, kind, format_bits, len(data) * 8 // format_bits, data)
