"""Decks that Sightline draws without LibreOffice: nothing missing, everything where it belongs, and files that mean harm."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pptx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from ingest import detect
from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, IngestError
from ingest.isolate import Readers
from ingest.slides import NO_OFFICE_VARIABLE, office, open_deck
from tests.helpers import deck_parts, decks
from tests.helpers.deck_parts import add_text, box, set_fill, solid
from tests.helpers.slide_pixels import Drawn, draw

RED, BLUE, GREY = "C00000", "0000C0", "EDEDED"
DIAGRAM_DRAWING = "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing"


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    monkeypatch.setenv(NO_OFFICE_VARIABLE, "1")
    readers = Readers(count=1)
    yield readers
    readers.close()


def source(data: bytes, name: str = "deck.pptx", media_type: str = detect.PPTX) -> Source:
    return Source(name, data=data, media_type=media_type)


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A deck with the bytes of one part changed."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return output.getvalue()


def squeezed(text: str) -> str:
    return "".join(text.split())


def with_shape(kind: Any, x: float, y: float, width: float, height: float, colour: str = RED) -> Callable[[Any], Any]:
    """A shape without an outline, in inches; given a slide or a group."""

    def add(holder: Any) -> Any:
        shape = holder.shapes.add_shape(kind, *box(x, y, width, height))
        set_fill(shape, solid(colour))
        shape.line.fill.background()
        shape.shadow.inherit = False
        return shape

    return add


@pytest.mark.parametrize("name", ["bullets", "chinese", "numbering", "layouts", "groups", "vertical_and_columns"])
def test_every_paragraph_of_a_deck_is_drawn_and_read(name: str) -> None:
    data = decks.make(name)
    deck = open_deck(source(data), use_office=False)
    for index, slide in enumerate(pptx.Presentation(io.BytesIO(data)).slides):
        page = deck.text(index)
        drawn = "".join(word.text for word in page.words).lower()  # one layout sets its title in capitals
        paragraphs = [squeezed(paragraph.text) for paragraph in all_paragraphs(slide.shapes)]
        assert paragraphs
        for paragraph in paragraphs:
            assert paragraph in squeezed(page.text)
            assert sorted(set(paragraph.lower()) - set(drawn)) == []
            if name != "vertical_and_columns":
                assert paragraph.lower() in drawn
    deck.close()


def all_paragraphs(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from all_paragraphs(shape.shapes)
        elif shape.has_text_frame:
            yield from (p for p in shape.text_frame.paragraphs if p.text.strip() and not p._p.findall(qn("a:fld")))


def test_a_deck_is_read_and_drawn_in_a_child(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "notes.pptx"
    path.write_bytes(decks.make("notes_and_alt_text"))
    opened = open_attachment(path, readers=readers)
    pages = opened.pages()
    assert [page.locator for page in pages] == ["slide 1", "slide 2", "slide 3"]
    assert (pages[0].info.width, round(pages[0].info.height)) == (pytest.approx(960, abs=0.1), 540)
    assert "Say good morning." in pages[0].text().text
    kinds = {note.kind for note in pages[1].text().notes}
    assert kinds == {"speaker_notes", "alt_text"}
    assert "hills under a yellow sun" in pages[1].text().text
    pixels = pages[1].render(480, 270)
    assert len(pixels.rgb) == 480 * 270 * 3 and len(set(pixels.rgb)) > 50
    assert any("Slide 3" in warning and "hidden" in warning for warning in opened.contents.warnings)


def test_without_libreoffice_old_formats_are_refused_with_a_way_out() -> None:
    for media_type in (detect.PPT, detect.ODP):
        with pytest.raises(FormatUnsupported, match=r"Install LibreOffice, or save the file as \.pptx"):
            open_deck(source(b"old", "talk.ppt", media_type), use_office=False)


def test_an_encrypted_deck_says_so(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "secret.pptx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    with pytest.raises(FormatUnsupported, match=r"secret\.pptx is protected by a password"):
        open_attachment(path, readers=readers)


@pytest.mark.skipif(office.find() is None, reason="LibreOffice is not installed, and is not needed to use Sightline")
def test_text_is_the_same_with_and_without_libreoffice() -> None:
    data = decks.make("bullets")
    ours, theirs = open_deck(source(data), use_office=False), open_deck(source(data), use_office=True)
    assert theirs.contents.renderer.startswith("LibreOffice") and not ours.contents.renderer.startswith("LibreOffice")
    assert [ours.text(i).text for i in range(3)] == [theirs.text(i).text for i in range(3)]
    assert ours.page(1) == theirs.page(1)


def test_placeholders_take_their_place_from_the_layout_and_empty_ones_are_not_drawn() -> None:
    deck = deck_parts.new_deck()
    slide = deck_parts.add_slide(deck, deck_parts.TITLE_AND_CONTENT, "Heading")
    title = slide.shapes.title
    drawn = Drawn(deck_parts.to_bytes(deck))
    x, y = drawn.place("Heading")
    assert x == pytest.approx((title.left + title.width / 2) / 12700, abs=2)
    assert title.top / 12700 < y < (title.top + title.height) / 12700
    assert drawn.seen == {"Heading"}


def test_the_title_is_read_first_then_from_the_top_and_the_left() -> None:
    deck = deck_parts.new_deck()
    slide = deck_parts.add_slide(deck, deck_parts.TITLE_ONLY)
    add_text(slide, box(7, 3, 3, 1), "right")
    add_text(slide, box(1, 6, 3, 1), "below")
    add_text(slide, box(1, 3.05, 3, 1), "left")
    slide.shapes.title.text = "Title"
    assert Drawn(deck_parts.to_bytes(deck)).text.split() == ["Title", "left", "right", "below"]


def test_groups_scale_turn_and_mirror_what_is_in_them() -> None:
    def fill(slide: Any) -> None:
        group = slide.shapes.add_group_shape()
        with_shape(MSO_SHAPE.RECTANGLE, 0, 0, 1, 1, RED)(group)
        with_shape(MSO_SHAPE.RECTANGLE, 1, 0, 1, 1, BLUE)(group)
        group.left, group.top, group.width, group.height = box(2, 2, 4, 2)
        group._element.grpSpPr.xfrm.set("flipH", "1")

    drawn = draw(fill)
    assert drawn.box(RED) == pytest.approx((288, 144, 432, 288), abs=1)
    assert drawn.box(BLUE) == pytest.approx((144, 144, 288, 288), abs=1)


def test_shapes_turn_clockwise_and_text_turns_with_them() -> None:
    def fill(slide: Any) -> None:
        shape = with_shape(MSO_SHAPE.RECTANGLE, 4, 3, 4, 1)(slide)
        shape.rotation = 90.0

    assert draw(fill).box(RED) == pytest.approx((396, 108, 468, 396), abs=1)


def test_a_picture_is_cropped_and_one_that_is_only_linked_is_not_fetched(tmp_path: Path) -> None:
    halves = Image.new("RGB", (100, 50), "#" + RED)
    halves.paste("#" + BLUE, (50, 0, 100, 50))
    stream = io.BytesIO()
    halves.save(stream, "PNG")

    def fill(slide: Any, link: bool = False) -> None:
        picture = slide.shapes.add_picture(stream, *box(1, 1, 4, 2))
        picture.crop_left = 0.5
        if link:
            blip = picture._element.find(".//" + qn("a:blip"))
            del blip.attrib[qn("r:embed")]
            blip.set(qn("r:link"), slide.part.relate_to((tmp_path / "secret.png").as_uri(), "image", is_external=True))

    drawn = draw(fill)
    assert drawn.box(BLUE) == pytest.approx((72, 72, 360, 216), abs=1) and drawn.count(RED) == 0
    linked = draw(lambda slide: fill(slide, link=True))
    assert linked.is_at(100, 80, GREY) and any("only linked" in warning for warning in linked.warnings)


def test_damaged_pictures_and_unknown_shapes_leave_a_box_and_a_warning() -> None:
    def fill(slide: Any) -> None:
        picture = slide.shapes.add_picture(deck_parts.photo(), *box(1, 1, 2, 2))
        relationship = picture._element.find(".//" + qn("a:blip")).get(qn("r:embed"))
        slide.part.related_part(relationship)._blob = b"\x89PNG broken"
        shape = with_shape(MSO_SHAPE.RECTANGLE, 5, 1, 2, 2)(slide)
        shape._element.spPr.find(qn("a:prstGeom")).set("prst", "flyingSaucer")

    drawn = draw(fill)
    assert drawn.is_at(80, 100, GREY)
    assert drawn.box(RED) == pytest.approx((360, 72, 504, 216), abs=1)
    assert any("PNG" in warning for warning in drawn.warnings) and any("rectangle" in warning for warning in drawn.warnings)


def test_links_lead_to_addresses_and_to_slides() -> None:
    deck = deck_parts.new_deck()
    first, second = deck_parts.add_slide(deck), deck_parts.add_slide(deck)
    run = add_text(first, box(1, 1, 4, 1), "outside").paragraphs[0].runs[0]
    run.hyperlink.address = "https://example.org/page"
    jump = add_text(first, box(1, 3, 4, 1), "inside").paragraphs[0].runs[0]
    target = first.part.relate_to(second.part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide")
    properties = jump._r.get_or_add_rPr()
    properties.append(pptx.oxml.parse_xml(f'<a:hlinkClick {nsdecls("a", "r")} r:id="{target}" action="ppaction://hlinksldjump"/>'))
    links = open_deck(source(deck_parts.to_bytes(deck)), use_office=False).text(0).links
    assert [(link.address, link.page_index) for link in links] == [("https://example.org/page", None), (None, 1)]
    assert 0.07 < links[0].area.x0 < 0.09 and 0.13 < links[0].area.y0 < 0.2


def test_a_diagram_is_drawn_from_its_drawing() -> None:
    place = '<a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/>'
    drawing = f"""<dsp:drawing xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram" {nsdecls("a")}><dsp:spTree>
      <dsp:nvGrpSpPr><dsp:cNvPr id="0" name=""/></dsp:nvGrpSpPr><dsp:grpSpPr/><dsp:sp><dsp:nvSpPr><dsp:cNvPr id="1" name="box"/>
      </dsp:nvSpPr><dsp:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst="rect"/>{solid(RED)}</dsp:spPr><dsp:txBody><a:bodyPr/>
      <a:p><a:r><a:t>Step</a:t></a:r></a:p></dsp:txBody></dsp:sp></dsp:spTree></dsp:drawing>"""
    frame = f"""<p:graphicFrame {nsdecls("p", "a", "r")} xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram">
      <p:nvGraphicFramePr><p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>
      <a:off x="1828800" y="914400"/><a:ext cx="914400" cy="914400"/></p:xfrm><a:graphic><a:graphicData
      uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds r:dm="none"/></a:graphicData></a:graphic>
      </p:graphicFrame>"""

    def fill(slide: Any) -> None:
        name = PackURI("/ppt/diagrams/drawing1.xml")
        part = Part(name, "application/vnd.ms-office.drawingml.diagramDrawing+xml", slide.part.package, drawing.encode())
        slide.part.relate_to(part, DIAGRAM_DRAWING)
        slide.shapes._spTree.append(pptx.oxml.parse_xml(frame))

    drawn = draw(fill)
    assert drawn.box(RED) == pytest.approx((144, 72, 216, 144), abs=1)
    assert drawn.seen == {"Step"} and drawn.text == "Step"


def test_entities_and_external_files_in_the_xml_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    declared = f'<!DOCTYPE p:sld [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "GROWN{"GROWN" * 20}">]>'
    deck = deck_parts.new_deck()
    add_text(deck_parts.add_slide(deck), box(1, 1, 5, 1), "before ENTITY after")

    def change(xml: bytes) -> bytes:
        return xml.replace(b"<p:sld ", declared.encode() + b"<p:sld ", 1).replace(b"ENTITY after", b"&x;&y; after")

    data = rewritten(deck_parts.to_bytes(deck), "ppt/slides/slide1.xml", change)
    page = open_deck(source(data), use_office=False).text(0)
    assert "before" in page.text
    assert "TOPSECRET" not in page.text and "GROWN" not in page.text
    assert not any("TOPSECRET" in word.text or "GROWN" in word.text for word in page.words)


def test_decks_that_are_none_are_refused() -> None:
    empty = deck_parts.to_bytes(deck_parts.new_deck())
    with pytest.raises(Empty, match="has no slides"):
        open_deck(source(empty), use_office=False)
    with pytest.raises(Damaged):
        open_deck(source(rewritten(empty, "ppt/presentation.xml", lambda _: b"<p:broken")), use_office=False)


@settings(max_examples=16, deadline=None, phases=(Phase.generate,), derandomize=True)
@given(st.integers(0, 2**32))
def test_damaged_decks_are_refused_or_drawn(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(["groups", "gradients", "numbering", "table_cells"])
    data = bytearray(decks.make(name))
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(IngestError):  # anything else would be a bug
        deck = open_deck(source(bytes(data)), use_office=False)
        assert len(deck.render(0, 96, 54).rgb) == 96 * 54 * 3
        deck.text(0)


HOSTILE = ("", "-1", "1e999", "NaN", "99999999999999999999", "-27273042316900", "x" * 300, "\u0660", "0", "100000%", "rId99")


@settings(max_examples=16, deadline=None, phases=(Phase.generate,), derandomize=True)
@given(st.integers(0, 2**32))
def test_any_attribute_may_hold_anything(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(["groups", "gradients", "freeforms", "vertical_and_columns", "pictures", "numbering"])

    def change(xml: bytes) -> bytes:
        root = pptx.oxml.parse_xml(xml)
        places = [(element, key) for element in root.iter() for key in element.attrib]
        for element, key in chance.sample(places, 6):
            element.set(key, chance.choice(HOSTILE))
        return bytes(pptx.oxml.xmlchemy.serialize_for_reading(root).encode())

    data = rewritten(decks.make(name), "ppt/slides/slide1.xml", change)
    deck = open_deck(source(data), use_office=False)
    assert len(deck.render(0, 96, 54).rgb) == 96 * 54 * 3
    deck.text(0)


def test_fitted_text_stays_in_its_box() -> None:
    def fill(slide: Any, fits: bool) -> None:
        frame = add_text(slide, box(1, 1, 4, 1.5), deck_parts.LOREM, 28)
        for old in list(frame._txBody.bodyPr):
            frame._txBody.bodyPr.remove(old)
        if fits:
            frame._txBody.bodyPr.append(pptx.oxml.parse_xml(f"<a:normAutofit {nsdecls('a')}/>"))
        frame.paragraphs[0].runs[0].font.size = Pt(28)

    bottoms = [max(word[4] for word in draw(lambda slide, fits=fits: fill(slide, fits)).words) for fits in (False, True)]
    assert bottoms[0] > 250 and bottoms[1] <= 180 + 3
