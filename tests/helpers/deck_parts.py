"""What the decks of `tests.helpers.decks` are made of: an empty deck with its own theme, and what python-pptx has no words for."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pptx
from lxml import etree
from PIL import Image, ImageDraw
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

EMU_PER_INCH = 914_400
LATIN, CHINESE = "DejaVu Sans", "WenQuanYi Micro Hei"  # scripts/setup.sh installs both
BLANK, TITLE_ONLY, TITLE_AND_CONTENT, TITLE_SLIDE = 6, 5, 1, 0

LOREM = (
    "A desktop assistant looks at what you look at. It reads pages, slides and frames, "
    "and it answers with places instead of words alone."
)
HANZI = (
    "桌面助手会看你正在看的内容：它可以读取 PDF 页面、幻灯片和视频画面，并用方框指出答案的位置。"
    "整个过程在本机完成（使用 llama.cpp 与 GLM-4.6V-Flash 模型），不会把任何数据发送到网络上；"
    "如果选择云端引擎，窗口会在发送之前明确提示“发送到哪里”。"
)


@dataclass(frozen=True, slots=True)
class Theme:
    """What differs from python-pptx's default theme; colours by slot (`dk1`, `accent1` and so on) in hex."""

    latin: str = LATIN
    chinese: str = CHINESE
    colours: tuple[tuple[str, str], ...] = ()
    is_dark: bool = False


def new_deck(theme: Theme = Theme(), width_in: float = 13.333, height_in: float = 7.5) -> Any:
    """An empty deck of a size, whose layouts are stretched to it."""
    deck = pptx.Presentation()
    across, down = Inches(width_in) / deck.slide_width, Inches(height_in) / deck.slide_height
    deck.slide_width, deck.slide_height = Inches(width_in), Inches(height_in)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for box in holder._element.iter(qn("a:off"), qn("a:ext")):
            for name, factor in (("x", across), ("cx", across), ("y", down), ("cy", down)):
                if name in box.attrib:
                    box.set(name, str(round(int(box.get(name)) * factor)))
    part = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    part._blob = _edit_theme(part.blob, theme)
    if theme.is_dark:
        mapping = deck.slide_master._element.find(qn("p:clrMap"))
        for name, slot in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
            mapping.set(name, slot)
    return deck


def _edit_theme(blob: bytes, theme: Theme) -> bytes:
    text = re.sub(rb'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{theme.latin}"/>'.encode(), blob)
    text = re.sub(rb'<a:ea typeface="[^"]*"/>', f'<a:ea typeface="{theme.chinese}"/>'.encode(), text)
    root = etree.fromstring(text)
    for slot, colour in theme.colours:
        for element in root.iter(qn(f"a:{slot}")):
            for child in list(element):
                element.remove(child)
            etree.SubElement(element, qn("a:srgbClr"), val=colour)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def to_bytes(deck: Any) -> bytes:
    """The deck as a file."""
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def add_slide(deck: Any, layout: int = BLANK, title: str | None = None) -> Any:
    """A slide of one of the default template's layouts."""
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    if title is not None:
        slide.shapes.title.text = title
    return slide


def box(left: float, top: float, width: float, height: float) -> tuple[Emu, Emu, Emu, Emu]:
    """A place in inches."""
    return Inches(left), Inches(top), Inches(width), Inches(height)


def add_text(slide: Any, place: tuple[Any, ...], text: str, size_pt: float = 18, **wanted: Any) -> Any:
    """A text box, a paragraph a line; `wanted` are attributes of the font. Returns its text frame."""
    frame = slide.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size = line, Pt(size_pt)
        for name, value in wanted.items():
            setattr(run.font, name, value)
    return frame


def body_attributes(frame: Any, **attributes: str) -> None:
    """Set attributes of `a:bodyPr` (ECMA-376 part 1, 21.1.2.1.1)."""
    for name, value in attributes.items():
        frame._txBody.bodyPr.set(name, value)


def set_bullet(paragraph: Any, xml: str, indent_in: float = 0.4) -> None:
    """Give a paragraph a bullet, such as `<a:buAutoNum type="arabicPeriod"/>`, with a hanging indent."""
    properties = paragraph._p.get_or_add_pPr()
    left = Inches(indent_in * (paragraph.level + 1))
    properties.set("marL", str(left))
    properties.set("indent", str(-Inches(indent_in)))
    for element in parse_xml(f"<a:pPr {nsdecls('a')}>{xml}</a:pPr>"):
        properties.append(element)


def gradient(stops: list[tuple[int, str]], angle_degrees: float | None = 0, path: str = "circle") -> str:
    """A `a:gradFill`; without an angle it goes from the middle outwards. Stops are percentages and colours in hex."""
    listed = "".join(f'<a:gs pos="{position * 1000}"><a:srgbClr val="{colour}"/></a:gs>' for position, colour in stops)
    if angle_degrees is not None:
        shade = f'<a:lin ang="{round(angle_degrees * 60000)}" scaled="0"/>'
    else:
        shade = f'<a:path path="{path}"><a:fillToRect l="50000" t="50000" r="50000" b="50000"/></a:path>'
    return f'<a:gradFill {nsdecls("a")} rotWithShape="1"><a:gsLst>{listed}</a:gsLst>{shade}</a:gradFill>'


def solid(colour: str, alpha_percent: int = 100) -> str:
    """A `a:solidFill` in hex."""
    return (
        f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{colour}"><a:alpha val="{alpha_percent * 1000}"/></a:srgbClr></a:solidFill>'
    )


def set_fill(shape: Any, xml: str) -> None:
    """Replace a shape's fill by a fill element."""
    properties = shape._element.spPr
    for name in ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    geometry = properties.find(qn("a:prstGeom"))
    geometry = properties.find(qn("a:custGeom")) if geometry is None else geometry
    geometry.addnext(parse_xml(xml))


def set_background(slide: Any, fill_xml: str) -> None:
    """Give a slide a background of its own."""
    background = parse_xml(f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill_xml}<a:effectLst/></p:bgPr></p:bg>")
    slide._element.cSld.insert(0, background)


def set_geometry(shape: Any, xml: str) -> None:
    """Replace a shape's outline by a custom one."""
    old = shape._element.spPr.find(qn("a:prstGeom"))
    old.addprevious(parse_xml(xml))
    shape._element.spPr.remove(old)


def photo(width: int = 480, height: int = 320, seed: int = 1) -> io.BytesIO:
    """A PNG with a smooth sky, hills and a sun, so that crops, flips and rotations can be told apart."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        draw.line((0, y, width, y), fill=(90 + y * 120 // height, 150 + y * 60 // height, 255 - y * 90 // height))
    left = (seed * 97) % (width // 2)
    draw.ellipse((left + 30, 30, left + 110, 110), fill=(255, 220, 60))
    draw.polygon([(0, height), (width // 3, height // 2), (width * 2 // 3, height)], fill=(40, 120 - seed * 9 % 60, 60))
    draw.polygon([(width // 3, height), (width * 3 // 4, height // 3), (width, height)], fill=(30, 90, 90))
    draw.rectangle((width - 90, height - 60, width - 30, height - 20), fill=(200, 40, 40))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


def cut_out(size: int = 240) -> io.BytesIO:
    """A PNG of a ring on nothing."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, size - 10, size - 10), outline=(200, 30, 90, 255), width=size // 6)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream
