"""Decks about text: levels, fonts, numbers, Chinese, columns, directions, placeholders and notes."""

from __future__ import annotations

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from tests.helpers.deck_parts import (
    BLANK,
    HANZI,
    LOREM,
    TITLE_AND_CONTENT,
    TITLE_ONLY,
    TITLE_SLIDE,
    Theme,
    add_slide,
    add_text,
    body_attributes,
    box,
    gradient,
    new_deck,
    photo,
    set_background,
    set_bullet,
    solid,
    to_bytes,
)

OFFICE = Theme(latin="Calibri", chinese="")
NIGHT = Theme(
    colours=(
        *(("dk1", "14213D"), ("lt1", "F5F5F5"), ("dk2", "1F2F4F"), ("lt2", "E5E5E5")),
        *(("accent1", "FCA311"), ("accent2", "2EC4B6"), ("accent3", "E71D36"), ("accent4", "8ECAE6")),
    ),
    is_dark=True,
)


def fill_levels(frame: Any, lines: list[tuple[int, str]]) -> None:
    """Paragraphs with levels, into a placeholder's text frame."""
    for number, (level, text) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level


def bullets() -> bytes:
    """A title slide, and bullets of five levels in the template's own styles."""
    deck = new_deck()
    slide = add_slide(deck, TITLE_SLIDE, "Quarterly review")
    slide.placeholders[1].text = "Engineering, autumn\nPrepared for the board"
    slide = add_slide(deck, TITLE_AND_CONTENT, "What we did")
    levels = [(0, "Shipped the reader for slides"), (1, "Text, tables and charts"), (2, "All drawn as vectors")]
    levels += [(3, "Fourth level"), (4, "Fifth level"), (0, "Measured it against the peer"), (1, LOREM)]
    fill_levels(slide.placeholders[1].text_frame, levels)
    slide = add_slide(deck, 3, "Two contents, side by side")
    fill_levels(slide.placeholders[1].text_frame, [(0, "Left first"), (0, "Left second"), (1, "with a child")])
    fill_levels(slide.placeholders[2].text_frame, [(0, "Right first"), (1, LOREM), (0, "Right last")])
    return to_bytes(deck)


def dark_theme() -> bytes:
    """A theme with colours of its own on a dark background, with theme colours lighter and darker."""
    deck = new_deck(NIGHT)
    slide = add_slide(deck, TITLE_AND_CONTENT, "A dark theme")
    fill_levels(slide.placeholders[1].text_frame, [(0, "Light text by the colour map"), (1, "inherited, not set"), (0, "Third")])
    slide = add_slide(deck, TITLE_ONLY, "Accents and their tints")
    accents = ("ACCENT_1", "ACCENT_2", "ACCENT_3", "ACCENT_4", "ACCENT_5", "ACCENT_6")
    for column, name in enumerate(accents):
        for row, brightness in enumerate((0.0, 0.4, 0.8, -0.25, -0.5)):
            shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(0.8 + column * 2.0, 1.8 + row * 1.05, 1.8, 0.9))
            shape.fill.solid()
            shape.fill.fore_color.theme_color = getattr(MSO_THEME_COLOR, name)
            shape.fill.fore_color.brightness = brightness
            shape.line.fill.background()
            shape.text_frame.text = f"{column + 1} {brightness:+.0%}"
    return to_bytes(deck)


def chinese() -> bytes:
    """Long Chinese paragraphs with Latin words and numbers in them: breaks, punctuation at line ends, bullets."""
    deck = new_deck()
    slide = add_slide(deck, TITLE_AND_CONTENT, "桌面助手：项目介绍与路线图")
    lines = [
        (0, HANZI),
        (1, "第二级：支持 PowerPoint、Excel 与 Word 文档（2026 年发布）"),
        (0, "识别准确率达到 98.5%，速度提升 3 倍"),
    ]
    fill_levels(slide.placeholders[1].text_frame, lines)
    slide = add_slide(deck, BLANK)
    add_text(slide, box(0.6, 0.4, 5.8, 6.5), HANZI + HANZI, 18)
    frame = add_text(slide, box(6.9, 0.4, 5.8, 3.4), HANZI, 16)
    frame.paragraphs[0].alignment = PP_ALIGN.JUSTIFY
    frame = add_text(slide, box(6.9, 3.9, 5.8, 2.8), "居中的一段文字\n右对齐 right\n左对齐，左对齐，左对齐", 24)
    for paragraph, alignment in zip(frame.paragraphs, (PP_ALIGN.CENTER, PP_ALIGN.RIGHT, PP_ALIGN.LEFT), strict=True):
        paragraph.alignment = alignment
    return to_bytes(deck)


def typography() -> bytes:
    """Sizes, families, colours, underline, strike, superscript, spacing, alignment, anchors."""
    deck = new_deck()
    slide = add_slide(deck, BLANK)
    for row, size in enumerate((10, 12, 16, 20, 28, 36, 48)):
        add_text(slide, box(0.4, 0.2 + row * 0.62 + row * row * 0.045, 6.2, 0.8), f"{size} points wide", size)
    for row, name in enumerate(("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono")):
        add_text(slide, box(6.9, 0.3 + row * 0.6, 6, 0.6), f"{name} 0123456789", 20, name=name)
    wanted: list[dict[str, Any]] = [{"bold": True}, {"italic": True}, {"underline": True}, {"bold": True, "italic": True}]
    for row, attributes in enumerate(wanted):
        add_text(slide, box(6.9, 2.2 + row * 0.55, 6, 0.6), " and ".join(attributes), 20, **attributes)
    frame = add_text(slide, box(6.9, 4.5, 6, 2.4), "Mixed ", 20)
    for text, xml in (("struck", ("strike", "sngStrike")), (" up", ("baseline", "30000")), (" down", ("baseline", "-25000"))):
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size = text, Pt(20)
        run._r.get_or_add_rPr().set(*xml)
    for text, colour in ((" red", "C00000"), (" green", "00A050"), (" blue", "2040E0")):
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size, run.font.color.rgb = text, Pt(28), RGBColor.from_string(colour)
    slide = add_slide(deck, BLANK)
    for column, alignment in enumerate((PP_ALIGN.LEFT, PP_ALIGN.CENTER, PP_ALIGN.RIGHT, PP_ALIGN.JUSTIFY)):
        frame = add_text(slide, box(0.4 + column * 3.2, 0.3, 3.0, 2.8), LOREM, 14)
        frame.paragraphs[0].alignment = alignment
    for column, anchor in enumerate((MSO_ANCHOR.TOP, MSO_ANCHOR.MIDDLE, MSO_ANCHOR.BOTTOM)):
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(0.4 + column * 2.2, 3.4, 2.0, 3.5))
        shape.text_frame.text, shape.text_frame.vertical_anchor = "Anchored in a box", anchor
    frame = add_text(slide, box(7.2, 3.3, 5.6, 3.8), f"Double spaced\n{LOREM}\nAfter a gap", 14)
    frame.paragraphs[0].space_after, frame.paragraphs[1].line_spacing, frame.paragraphs[2].space_before = Pt(12), 1.5, Pt(24)
    return to_bytes(deck)


def numbering() -> bytes:
    """Automatic numbers of several kinds, numbers that start elsewhere, bullets of other characters and colours."""
    deck = new_deck()
    slide = add_slide(deck, TITLE_ONLY, "Numbers and bullets")
    kinds = ("arabicPeriod", "alphaLcParenR", "romanUcPeriod", "arabicParenBoth")
    for column, kind in enumerate(kinds):
        frame = add_text(slide, box(0.4 + column * 3.2, 1.7, 3.1, 2.4), "First point\nSecond point\nThird, and it is longer", 18)
        for paragraph in frame.paragraphs:
            set_bullet(paragraph, f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="{kind}"/>', 0.5)
    frame = add_text(slide, box(0.4, 4.3, 4, 2.6), "Seventh\nEighth\nInner one\nInner two\nNinth", 18)
    for number, paragraph in enumerate(frame.paragraphs):
        paragraph.level = 1 if number in (2, 3) else 0
        inner = '<a:buAutoNum type="alphaLcPeriod"/>' if paragraph.level else '<a:buAutoNum type="arabicPeriod" startAt="7"/>'
        set_bullet(paragraph, '<a:buFont typeface="+mj-lt"/>' + inner, 0.5)
    frame = add_text(slide, box(4.8, 4.3, 4, 2.6), "A dash\nA square in red\nA large arrow\nNo bullet at all", 18)
    characters = (
        '<a:buFont typeface="DejaVu Sans"/><a:buChar char="–"/>',
        '<a:buClr><a:srgbClr val="C00000"/></a:buClr><a:buFont typeface="DejaVu Sans"/><a:buChar char="■"/>',
        '<a:buSzPct val="130000"/><a:buFont typeface="DejaVu Sans"/><a:buChar char="→"/>',
        "<a:buNone/>",
    )
    for paragraph, xml in zip(frame.paragraphs, characters, strict=True):
        set_bullet(paragraph, xml)
    frame = add_text(slide, box(9.0, 4.3, 4, 2.6), "第一项\n第二项\n第三项：比较长的一段中文说明文字", 18)
    for paragraph in frame.paragraphs:
        set_bullet(paragraph, '<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod"/>', 0.5)
    return to_bytes(deck)


def vertical_and_columns() -> bytes:
    """Text turned by its box, in columns, shrunk to fit, and boxes that do not wrap or hold more than fits."""
    deck = new_deck()
    slide = add_slide(deck, BLANK)
    for column, direction in enumerate(("vert", "vert270", "eaVert")):
        frame = add_text(slide, box(0.4 + column * 1.5, 0.4, 1.3, 4.0), "Turned text 竖排文字", 20)
        body_attributes(frame, vert=direction)
    frame = add_text(slide, box(5.2, 0.4, 7.6, 3.0), f"{LOREM} {LOREM}\n{LOREM}", 14)
    body_attributes(frame, numCol="3", spcCol="180000")
    frame = add_text(slide, box(5.2, 3.6, 3.6, 1.6), f"{LOREM} {LOREM}", 20)
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    fit = frame._txBody.bodyPr.find(qn("a:normAutofit"))
    fit.set("fontScale", "55000")
    fit.set("lnSpcReduction", "20000")
    frame = add_text(slide, box(9.2, 3.6, 1.0, 0.5), "One line that does not wrap", 16)
    frame.word_wrap = False
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *box(9.2, 4.4, 3.4, 0.8))
    shape.text_frame.text = "More text than the box has room for, so that it runs over above and below."
    shape.text_frame.word_wrap = True
    for column, inset in enumerate((0, 0.1, 0.4)):
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(0.4 + column * 4.2, 5.5, 4.0, 1.6))
        shape.text_frame.text = f"Margins of {inset} inches. {LOREM[:70]}"
        edge = str(round(inset * 914_400))
        body_attributes(shape.text_frame, lIns=edge, tIns=edge, rIns=edge, bIns=edge)
    return to_bytes(deck)


def layouts() -> bytes:
    """Placeholders whose place and style come from layout and master; shapes on the master; footers, dates, slide numbers."""
    deck = new_deck(width_in=10.0)
    band = deck.slide_master.shapes._spTree
    band.insert(
        2,
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="900" name="Band"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
            '<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9144000" cy="228600"/></a:xfrm><a:prstGeom prst="rect"/>'
            '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill></p:spPr></p:sp>'
        ),
    )
    for number, layout in enumerate((TITLE_SLIDE, TITLE_AND_CONTENT, 2, 3, 4, 7), start=1):
        slide = add_slide(deck, layout, f"Layout {number}")
        for placeholder in slide.placeholders:
            if placeholder.placeholder_format.idx:
                placeholder.text_frame.text = f"Placeholder {placeholder.placeholder_format.idx} in its own place"
        for source in slide.slide_layout.placeholders:
            if source.placeholder_format.idx in (10, 11, 12):
                _copy_footer(slide, source, number)
    return to_bytes(deck)


def _copy_footer(slide: Any, source: Any, number: int) -> None:
    """What PowerPoint does when footers are switched on: an empty copy that inherits its place."""
    slide.shapes.clone_placeholder(source)
    placeholder = slide.placeholders[source.placeholder_format.idx]
    paragraph = placeholder.text_frame.paragraphs[0]
    if source.placeholder_format.idx == 12:
        field = '<a:fld {} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="en"/><a:t>{}</a:t></a:fld>'
        paragraph._p.append(parse_xml(field.format(nsdecls("a"), number)))
    else:
        paragraph.text = "14 March 2026" if source.placeholder_format.idx == 10 else "Sightline, for internal use"


def notes_and_alt_text() -> bytes:
    """Speaker notes, alternative texts and a hidden slide, with Calibri as real decks have it."""
    deck = new_deck(OFFICE)
    slide = add_slide(deck, TITLE_AND_CONTENT, "With notes")
    fill_levels(slide.placeholders[1].text_frame, [(0, "What is on the slide"), (1, "and below it")])
    slide.notes_slide.notes_text_frame.text = "Say good morning.\nThen explain the wombat."
    slide = add_slide(deck, TITLE_ONLY, "A described picture")
    picture = slide.shapes.add_picture(photo(), *box(3.2, 2.0, 6.9, 4.6))
    picture._element.nvPicPr.cNvPr.set("descr", "Two green hills under a yellow sun")
    slide.notes_slide.notes_text_frame.text = "演讲者备注：这里介绍图片。"
    slide = add_slide(deck, TITLE_ONLY, "Hidden slide")
    slide._element.set("show", "0")
    return to_bytes(deck)


def office_fonts() -> bytes:
    """Calibri, Arial, Times New Roman and Courier New, which few computers without Office have."""
    deck = new_deck(OFFICE, width_in=10.0)
    slide = add_slide(deck, TITLE_AND_CONTENT, "Budget for the coming year")
    fill_levels(slide.placeholders[1].text_frame, [(0, "Hardware"), (1, LOREM), (0, "People"), (1, "Two engineers"), (0, "Travel")])
    slide = add_slide(deck, BLANK)
    set_background(slide, gradient([(0, "FFFFFF"), (100, "DCE6F2")], 90))
    for row, name in enumerate(("Arial", "Times New Roman", "Courier New", "Calibri")):
        add_text(slide, box(0.5, 0.4 + row * 1.6, 9, 1.5), f"{name}: {LOREM}", 20, name=name)
    return to_bytes(deck)


def long_deck() -> bytes:
    """Forty slides."""
    deck = new_deck()
    for number in range(1, 41):
        slide = add_slide(deck, TITLE_AND_CONTENT, f"Chapter {number}: results of week {number}")
        lines = [(0, f"Point {number}.{point}: {LOREM[: 40 + 11 * ((number + point) % 7)]}") for point in range(1, 4)]
        fill_levels(slide.placeholders[1].text_frame, [*lines, (1, f"第 {number} 周的进展：完成了 {number * 3} 个任务")])
        if number % 4 == 0:
            shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *box(10.6, 5.4, 1.8, 1.5))
            shape.text_frame.text = str(number)
        if number % 5 == 0:
            set_background(slide, solid("FFF4E0"))
    return to_bytes(deck)
