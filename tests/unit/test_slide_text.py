"""Text on slides: what it inherits, where lines break, numbers, fonts and colours; and the geometry of all preset shapes."""

from __future__ import annotations

import io
import itertools
import math
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from ingest.slides import font_files, presets
from ingest.slides.breaking import may_break
from ingest.slides.canvas import Canvas, Colour, Glyphs
from ingest.slides.fonts import Fonts
from ingest.slides.geometry import Path as Outline
from ingest.slides.geometry import Rect
from ingest.slides.guides import Guides
from ingest.slides.layout import Block, compose
from ingest.slides.numbering import numbered
from ingest.slides.text import LINE_BREAK, Paragraph, ParagraphStyle, Run, Spacing, TabStop, TextStyle
from ingest.slides.theme import Palette, Theme
from tests.helpers import deck_parts
from tests.helpers.deck_parts import LATIN, add_text, box, set_fill
from tests.helpers.slide_pixels import Drawn, draw

FONTS = Fonts(pymupdf.open())
STYLE = TextStyle(family=LATIN, size=20.0)
CLOSING, OPENING = "，。、；：！？）》」』】”", "（《「『【“"


def set_in(text: str, width: float | None, **style: Any) -> Block:
    return compose([Paragraph((Run(text, STYLE),), ParagraphStyle(**style))], width, FONTS)


def lines_of(block: Block) -> list[str]:
    return ["".join(piece.glyphs.text for piece in line.pieces) for line in block.lines]


@settings(deadline=None)
@given(st.text(st.sampled_from("桌面助手会看你，。、（）《》「」abc -1"), min_size=1, max_size=80), st.floats(60, 400))
def test_lines_hold_all_text_and_never_begin_with_closing_marks(text: str, width: float) -> None:
    lines = lines_of(set_in(text, width))
    assert "".join(lines) == text
    for before, line in itertools.pairwise(lines):
        if any(may_break(a, b) for a, b in itertools.pairwise(before)):
            assert line[0] not in CLOSING and before[-1] not in OPENING


def test_words_are_kept_whole_and_those_longer_than_the_line_are_not() -> None:
    assert lines_of(set_in("alpha beta gamma", 120)) == ["alpha beta ", "gamma"]
    assert "".join(lines_of(set_in("incomprehensibilities", 100))) == "incomprehensibilities"
    assert len(lines_of(set_in("incomprehensibilities", 100))) > 1


def test_a_mark_may_hang_where_the_paragraph_lets_it() -> None:
    assert lines_of(set_in("桌面助手，会看", 85))[0] == "桌面助"
    assert lines_of(set_in("桌面助手，会看", 85, hangs=True))[0] == "桌面助手，"


def test_alignment_indents_tabs_and_spacing() -> None:
    assert set_in("word", 300).lines[0].pieces[0].x == 0
    width = set_in("word", None).width
    assert set_in("word", 300, align="right").lines[0].pieces[0].x == pytest.approx(300 - width, abs=0.1)
    assert set_in("word", 300, align="centre").lines[0].pieces[0].x == pytest.approx((300 - width) / 2, abs=0.1)
    hanging = set_in("one two three four five six seven", 150, margin_left=30.0, indent=-20.0)
    assert hanging.lines[0].pieces[0].x == 10 and hanging.lines[1].pieces[0].x == 30
    tabbed = set_in("a\tb", 300, tabs=(TabStop(120.0, "right"),)).lines[0].pieces[0].glyphs
    assert sum(tabbed.advances) == pytest.approx(120, abs=0.1)
    pitches = [
        block.lines[1].baseline - block.lines[0].baseline
        for block in (
            set_in(f"a{LINE_BREAK}b", 300),
            set_in(f"a{LINE_BREAK}b", 300, line_spacing=Spacing(1.5)),
            set_in(f"a{LINE_BREAK}b", 300, line_spacing=Spacing(30.0, True)),
        )
    ]
    assert pitches == pytest.approx([24, 36, 30])
    justified = set_in("one two three four five six seven eight", 200, align="justify")
    ends = [line.pieces[-1].x + line.pieces[-1].width for line in justified.lines[:-1]]
    assert all(end >= 200 - 0.1 for end in ends)


@pytest.mark.parametrize(
    ("scheme", "number", "written"),
    [
        *[("arabicPeriod", 3, "3."), ("arabicParenBoth", 12, "(12)"), ("arabicDbPeriod", 12, "１２."), ("unheardOf", 7, "7")],
        *[("alphaLcParenR", 28, "bb)"), ("alphaUcPeriod", 26, "Z."), ("romanLcParenR", 4, "iv)")],
        ("romanUcPeriod", 1994, "MCMXCIV."),
        *[("circleNumDbPlain", 20, "⑳"), ("circleNumWdBlackPlain", 1, "①")],
        *[("ea1ChsPeriod", 21, "二十一."), ("ea1JpnKorPlain", 10, "十")],
    ],
)  # fmt: skip
def test_automatic_numbers(scheme: str, number: int, written: str) -> None:
    assert numbered(scheme, number) == written


def test_numbers_in_two_fonts_are_drawn_whole() -> None:
    def fill(slide: Any) -> None:
        frame = add_text(slide, box(1, 1, 6, 4), "first")
        deck_parts.set_bullet(frame.paragraphs[0], '<a:buAutoNum type="ea1ChsPeriod" startAt="11"/>')

    assert "".join(word[0] for word in draw(fill).words) == "十一.first"


def test_numbers_count_through_deeper_levels_and_start_anew_after_plain_text() -> None:
    def fill(slide: Any) -> None:
        frame = add_text(slide, box(1, 1, 6, 4), "a\nb\nc\nd\ne")
        for index, paragraph in enumerate(frame.paragraphs):
            paragraph.level = 1 if index == 1 else 0
            if index != 3:
                deck_parts.set_bullet(paragraph, '<a:buAutoNum type="arabicPeriod" startAt="5"/>')

    assert draw(fill).text.splitlines() == ["5. a", "5. b", "6. c", "d", "5. e"]


def test_looks_come_from_run_paragraph_shape_layout_and_master() -> None:
    deck = deck_parts.new_deck()
    slide = deck_parts.add_slide(deck, deck_parts.TITLE_AND_CONTENT)
    frame = slide.placeholders[1].text_frame
    frame.text = "inherited"
    master = deck.slide_master._element.find(qn("p:txStyles")).find(qn("p:bodyStyle")).find(qn("a:lvl1pPr"))
    master.find(qn("a:defRPr")).set("sz", "1000")
    small = Drawn(deck_parts.to_bytes(deck))
    frame._txBody.find(qn("a:lstStyle")).append(parse_xml(f'<a:lvl1pPr {nsdecls("a")}><a:defRPr sz="4000"/></a:lvl1pPr>'))
    large = Drawn(deck_parts.to_bytes(deck))
    frame.paragraphs[0].runs[0].font.size = Pt(20)
    middle = Drawn(deck_parts.to_bytes(deck))
    heights = [next(w[3] - w[1] for w in drawn.words if w[0] == "inherited") for drawn in (small, middle, large)]
    assert heights == pytest.approx([heights[0], heights[0] * 2, heights[0] * 4], rel=0.02)


def test_theme_colours_are_changed_as_office_does() -> None:
    """The values that PowerPoint shows for the lighter and darker kinds of its blue, 4472C4."""
    palette = Palette.of(Theme.read(None), None)

    def shown(changes: str) -> tuple[int, ...]:
        item = parse_xml(f'<a:schemeClr {nsdecls("a")} val="accent1">{changes}</a:schemeClr>')
        colour = palette.resolve(item)
        assert colour is not None
        return tuple(round(part * 255) for part in colour[:3])

    assert shown('<a:lumMod val="75000"/>') == pytest.approx((47, 84, 151), abs=2)
    assert shown('<a:lumMod val="40000"/><a:lumOff val="60000"/>') == pytest.approx((180, 199, 231), abs=2)
    assert shown('<a:alpha val="50%"/>') == (68, 114, 196)
    assert palette.role("tx1") == Colour(0, 0, 0) and palette.role("bg1") == Colour(1, 1, 1)


def test_gradients_and_theme_fills_are_drawn() -> None:
    def fill(slide: Any) -> None:
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(1, 1, 4, 2))
        set_fill(shape, deck_parts.gradient([(0, "FF0000"), (100, "0000FF")]))
        shape.line.fill.background()
        plain = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(6, 1, 2, 2))
        plain.fill.solid()
        plain.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_2

    drawn = draw(fill)
    left, middle, right = (drawn.pixels[144, x] for x in (76, 216, 356))
    assert left[0] > 240 and right[2] > 240 and abs(int(middle[0]) - 128) < 12
    assert drawn.is_at(500, 140, "C0504D")


def test_chinese_and_latin_are_drawn_with_fonts_that_have_them() -> None:
    drawn = draw(lambda slide: add_text(slide, box(1, 1, 8, 1), "Words 与汉字 ①", name="A Font That Nobody Has"))
    assert {"Words", "与汉字"} <= drawn.seen
    assert FONTS.face_for("汉", LATIN).has("汉")


def test_fonts_are_found_by_the_names_inside_of_their_files() -> None:
    with open(Path(__file__).parents[1] / "helpers" / "digits.ttf", "rb") as file:
        families, is_bold, is_italic = font_files.read_names(file, 0)
    assert families == {"DejaVu Sans"} and is_bold and not is_italic
    with pytest.raises(Exception, match="unpack"):
        font_files.read_names(io.BytesIO(b"short"), 0)


def test_pairs_of_letters_stand_closer_where_the_font_says_so() -> None:
    face = FONTS.face(LATIN)
    assert face.kerning("A", "V") < -0.02 and face.kerning("n", "n") == 0
    assert set_in("AVAVAV", None).width < sum(face.advance(letter) for letter in "AVAVAV") * 20 - 1


def test_formulas_of_custom_shapes() -> None:
    guides = Guides(200.0, 100.0)
    assert guides.evaluate("*/ w 1 4") == 50 and guides.evaluate("pin 0 h 60") == 60 and guides.evaluate("?: -1 1 2") == 2
    assert guides.evaluate("cos 10 5400000") == pytest.approx(0, abs=1e-9) and guides.evaluate("at2 1 1") == pytest.approx(
        2_700_000
    )
    assert guides.evaluate("*/ w 1 0") == 0 and guides.evaluate("nonsense") == 0 and guides.evaluate("sqrt -4") == 0


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted(presets.names())), st.floats(0, 2000), st.floats(0, 2000),
    st.dictionaries(st.sampled_from([f"adj{n}" for n in ("", 1, 2, 3, 4, 5, 6)]), st.integers(-(10**9), 10**9), max_size=4),
)  # fmt: skip
def test_every_preset_has_an_outline_at_any_size(name: str, w: float, h: float, values: dict[str, int]) -> None:
    guides = "".join(f'<a:gd name="{key}" fmla="val {value}"/>' for key, value in values.items())
    geometry = parse_xml(f'<a:prstGeom {nsdecls("a")} prst="{name}"><a:avLst>{guides}</a:avLst></a:prstGeom>')
    outline = presets.preset(name, Rect(10.0, 20.0, w, h), geometry)
    assert outline is not None and outline.parts
    numbers = [number for part in outline.parts for _, values in part.path.segments for number in values]
    assert numbers and all(map(math.isfinite, numbers)) and all(map(math.isfinite, outline.text))


@pytest.mark.parametrize(
    "name", ["rect", "roundRect", "ellipse", "triangle", "hexagon", "rightArrow", "star5", "chevron", "cloud", "heart"]
)
def test_presets_fill_their_frame(name: str) -> None:
    outline = presets.preset(name, Rect(100.0, 50.0, 200.0, 120.0))
    assert outline is not None
    canvas = Canvas(pymupdf.open(), 400, 220)
    for part in outline.parts:
        canvas.draw(part.path, Colour(0, 0, 0))
    page = canvas.document.load_page(canvas.finish())
    pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY)
    dark = [(i % 400, i // 400) for i, value in enumerate(pixmap.samples) if value < 128]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((100, 299, 50, 169), abs=6)


def test_a_canvas_survives_numbers_that_are_none() -> None:
    canvas = Canvas(pymupdf.open(), 100, 100)
    canvas.draw(Outline.rectangle(math.nan, -math.inf, math.inf, 1e300), Colour(1, 0, 0))
    face = FONTS.face(LATIN)
    canvas.draw(Outline.polygon((0, 0), (1, 1)), Colour(0, 0, 0, math.nan))
    assert face.has("a") and Glyphs(face, 1.0, "", ()).text == ""
    assert canvas.document.load_page(canvas.finish()).get_pixmap().width == 100
