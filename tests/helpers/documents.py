"""Documents and videos that the tiny model knows: shapes drawn by each format itself, a number as a scan, shapes over time."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image

from tests.helpers.pictures import draw_frames, draw_number

PAGE_PT = (160, 140)
CIRCLE_PT = (30, 40, 90, 100)
"""Where the red circle stands on a page or a slide, in points of it."""


def make_pdf(path: Path, page_count: int = 2, circle_page: int = 1) -> Path:
    """Pages with a blue square; one, counted from 0, has the red circle at `CIRCLE_PT` instead."""
    import pymupdf

    document = pymupdf.open()
    for index in range(page_count):
        page = document.new_page(width=PAGE_PT[0], height=PAGE_PT[1])
        if index == circle_page:
            page.draw_oval(pymupdf.Rect(CIRCLE_PT), color=None, fill=(0.86, 0.16, 0.16))
        else:
            page.draw_rect(pymupdf.Rect(70, 50, 120, 100), color=None, fill=(0.2, 0.31, 0.86))
    document.save(path)
    return path


def make_scan(path: Path, number: int) -> Path:
    """A PDF of one page that is only a picture of a number."""
    import pymupdf

    encoded = io.BytesIO()
    draw_number(random.Random(number), (160, 140), number).save(encoded, "PNG")
    document = pymupdf.open()
    page = document.new_page(width=PAGE_PT[0], height=PAGE_PT[1])
    page.insert_image(page.rect, stream=encoded.getvalue())
    document.save(path)
    return path


def make_deck(path: Path) -> Path:
    """Two slides; the second has the red circle at `CIRCLE_PT` and speaker notes."""
    import pptx
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Pt

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Pt(PAGE_PT[0]), Pt(PAGE_PT[1])
    for form, colour in ((MSO_SHAPE.RECTANGLE, RGBColor(50, 80, 220)), (MSO_SHAPE.OVAL, RGBColor(220, 40, 40))):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        x0, y0, x1, y1 = CIRCLE_PT
        shape = slide.shapes.add_shape(form, Pt(x0), Pt(y0), Pt(x1 - x0), Pt(y1 - y0))
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour
        shape.line.fill.background()
        shape.shadow.inherit = False
    deck.slides[1].notes_slide.notes_text_frame.text = "Say that it is a circle."
    deck.save(path)
    return path


def make_video(path: Path, first_seen: int = 2, frame_count: int = 4, seed: int = 7) -> tuple[Path, str]:
    """Two frames a second; a shape appears at frame `first_seen`. Returns the file and the shape's name."""
    frames, shape = draw_frames(random.Random(seed), (112, 112), frame_count, first_seen)
    return write_video(path, frames, 2), shape


def write_video(path: Path, frames: Sequence[Image.Image], frames_per_s: int) -> Path:
    """H.264 without loss of note, so that what is drawn is what is seen."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=frames_per_s, options={"crf": "8"})
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, frames_per_s)
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_image(frame)))
        container.mux(stream.encode())
    return path
