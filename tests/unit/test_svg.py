"""Drawings: drawn as a browser does, at any size, reading nothing but themselves."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.attachment import open_attachment
from ingest.documents import Document, Source
from ingest.errors import Damaged, IngestError
from ingest.images import open_document
from ingest.isolate import Readers
from tests.helpers.image_files import encode, is_close

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    children = Readers(count=1)
    yield children
    children.close()


def open_drawing(inside: str, attributes: str = 'width="100" height="100"', before: str = "") -> Document:
    text = f"{before}<svg {SVG} {attributes}>{inside}</svg>"
    return open_document(Source("drawing", data=text.encode(), media_type="image/svg+xml"))


def draw(document: Document, width: int = 100, height: int = 100) -> np.ndarray:
    return np.frombuffer(document.render(0, width, height).rgb, np.uint8).reshape(height, width, 3).astype(int)


def colour_at(document: Document, x: int, y: int) -> tuple[int, ...]:
    return tuple(draw(document)[y, x])


def test_it_opens_in_the_reading_child_and_is_drawn_at_any_size(readers: Readers) -> None:
    data = f'<svg {SVG} width="40" height="20"><title>A box</title><rect width="20" height="20" fill="red"/></svg>'.encode()
    attachment = open_attachment(data, name="box.svg", readers=readers)
    (page,) = attachment.pages()
    assert (attachment.kind, attachment.contents.title, page.locator) == ("picture", "A box", "picture")
    assert (page.info.width, page.info.height, page.info.is_vector) == (30.0, 15.0, True)
    pixels = np.frombuffer(page.render(1200, 300).rgb, np.uint8).reshape(300, 1200, 3)
    assert (pixels[:, :599] == RED).all() and (pixels[:, 601:] == WHITE).all()


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ('<style>g > .a { fill: red }</style><g><rect class="a" width="100" height="100"/></g>', RED),
        ('<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="red"/></linearGradient>'
         '<rect width="100" height="100" fill="url(#g)"/>', RED),
        ('<clipPath id="c"><rect width="10" height="10"/></clipPath>'
         '<rect width="100" height="100" fill="red" clip-path="url(#c)"/>', WHITE),
        ('<mask id="m"><rect width="10" height="10" fill="white"/></mask><rect width="100" height="100" mask="url(#m)"/>', WHITE),
        ('<defs><rect id="r" width="50" height="50" fill="blue"/></defs><use href="#r" x="30" y="30"/>', BLUE),
        ('<switch><foreignObject width="9" height="9"/><rect width="100" height="100" fill="red"/></switch>', RED),
        ('<script>while (true);</script><rect width="100" height="100" fill="red" onload="alert()"/>', RED),
    ],
)  # fmt: skip
def test_it_is_drawn_as_a_browser_does(inside: str, wanted: tuple[int, int, int]) -> None:
    assert colour_at(open_drawing(inside), 50, 50) == wanted


@pytest.mark.parametrize(
    ("attributes", "wanted"),
    [
        ('width="2in" height="72pt"', (144.0, 72.0)),
        ('width="25.4mm" height="2.54cm"', (72.0, 72.0)),
        ('viewBox="5 5 80 40"', (60.0, 30.0)),
        ('width="100%" viewBox="0 0 80 40"', (60.0, 30.0)),
        ('width="160" viewBox="0 0 80 40"', (120.0, 60.0)),
        ('height="20" viewBox="0 0 80 40"', (30.0, 15.0)),
        ("", (225.0, 112.5)),
        ('width="-5" height="nonsense" viewBox="a b"', (225.0, 112.5)),
        ('width="1e300" height="1e299"', (14400.0, 1440.0)),
        ('width="1e-30" height="1e-30"', (1.0, 1.0)),
    ],
)
def test_its_size_is_the_one_a_browser_shows(attributes: str, wanted: tuple[float, float]) -> None:
    info = open_drawing("<g/>", attributes).page(0)
    assert (info.width, info.height) == pytest.approx(wanted)


def test_its_own_rules_of_scaling_hold_inside_its_size() -> None:
    document = open_drawing('<rect width="10" height="10" fill="red"/>', 'width="100" height="50" viewBox="0 0 10 10"')
    pixels = draw(document, 200, 400)
    assert tuple(pixels[200, 20]) == WHITE and tuple(pixels[200, 180]) == WHITE
    assert tuple(pixels[5, 100]) == RED and tuple(pixels[395, 100]) == RED


@pytest.mark.parametrize("family", ["sans-serif", "Arial", "A family nobody has", "monospace"])
def test_text_is_drawn_and_told(family: str) -> None:
    document = open_drawing(f'<desc>Why</desc><text x="5" y="60" font-size="40" font-family="{family}">Ab <tspan>中</tspan></text>')
    text = document.text(0)
    assert (text.text, text.scanned) == ("Ab 中\nWhy", False)
    assert (draw(document)[25:62, 5:95] < 100).sum() > 500


def test_without_text_it_has_to_be_recognised() -> None:
    assert open_drawing('<rect width="9" height="9"/>').text(0).scanned


def test_labels_in_html_are_drawn_as_plain_text() -> None:
    label = '<div xmlns="http://www.w3.org/1999/xhtml"><p>First<br/>second <b>line</b></p></div>'
    document = open_drawing(f'<foreignObject x="10" y="20" width="80" height="60">{label}</foreignObject>')
    assert document.text(0).text == "First\nsecond line"
    assert document.contents.warnings == ("Labels in HTML are drawn as plain text.",)
    assert (draw(document)[20:80, 10:90] < 100).sum() > 300


def test_pictures_inside_are_shown_and_other_files_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = encode(Image.new("RGB", (10, 10), RED))
    (tmp_path / "secret.png").write_bytes(secret)
    monkeypatch.chdir(tmp_path)
    inside = f'<image href="data:image/png;base64,{base64.b64encode(secret).decode()}" width="100" height="100"/>'
    assert colour_at(open_drawing(inside), 50, 50) == RED
    for href in ("secret.png", str(tmp_path / "secret.png"), (tmp_path / "secret.png").as_uri(), "http://127.0.0.1:9/a.png"):
        for inside in (
            f'<image href="{href}" width="100" height="100"/>',
            f'<image xlink:href=" {href}" width="100" height="100"/>',
            f'<filter id="f"><feImage href="{href}"/></filter><rect width="100" height="100" filter="url(#f)"/>',
        ):
            document = open_drawing(inside)
            assert document.contents.warnings == ("1 pictures or parts are in other files and not shown.",)
            assert colour_at(document, 50, 50) != RED
        nested = base64.b64encode(f'<svg {SVG} width="9" height="9"><image href="{href}" width="9" height="9"/></svg>'.encode())
        inside = f'<image href="data:image/svg+xml;base64,{nested.decode()}" width="100" height="100"/>'
        assert colour_at(open_drawing(inside), 50, 50) == WHITE


def test_entities_are_resolved_but_read_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    file = (tmp_path / "secret.txt").as_uri()
    before = f'<!DOCTYPE svg [<!ENTITY colour "red"><!ENTITY file SYSTEM "{file}">]>'
    assert colour_at(open_drawing('<rect width="100" height="100" fill="&colour;"/>', before=before), 50, 50) == RED
    with contextlib.suppress(Damaged):
        assert "secret" not in open_drawing("<text>&file;</text>", before=before).text(0).text


def nested_entities() -> str:
    lines = "".join(f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9))
    return f'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">{lines}]>'


@pytest.mark.parametrize(
    ("inside", "before"),
    [
        ("<text>&j;</text>", nested_entities()),
        ('<g id="a0"><rect/></g>' + "".join(f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(9)), ""),
        ('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', ""),
        ("<g>" * 100_000 + "</g>" * 100_000, ""),
        ("<g>", ""),
    ],
    ids=["entities", "copies of copies", "a circle", "depth", "not closed"],
)
def test_bombs_are_refused(inside: str, before: str) -> None:
    with pytest.raises(Damaged):
        open_drawing(inside, before=before).render(0, 50, 50)


def test_a_thousand_levels_are_drawn(readers: Readers) -> None:
    inside = '<g opacity="0.999">' * 1000 + '<rect width="40" height="20"/>' + "</g>" * 1000
    data = f'<svg {SVG} width="40" height="20">{inside}</svg>'.encode()
    (page,) = open_attachment(data, name="deep.svg", readers=readers).pages()
    assert max(page.render(4, 2).rgb) < 255


def test_a_pattern_made_of_itself_ends() -> None:
    inside = '<pattern id="p" width="5" height="5"><rect fill="url(#p)" width="9" height="9"/></pattern>'
    assert draw(open_drawing(inside + '<rect fill="url(#p)" width="9" height="9"/>'), 10, 10).shape == (10, 10, 3)


def test_large_embedded_pictures_are_no_bomb() -> None:
    noise = Image.fromarray(np.random.default_rng(4).integers(0, 256, (1700, 1700, 3)).astype(np.uint8))
    data = base64.b64encode(encode(noise, compress_level=0)).decode()
    assert len(data) > 10_000_000
    pixels = draw(open_drawing(f'<image href="data:image/png;base64,{data}" width="100" height="100"/>'), 40, 40)
    assert is_close(tuple(map(int, pixels.reshape(-1, 3).mean(0))), (127, 127, 127), 10)


SEED = (
    f'<svg {SVG} width="40" height="20" viewBox="0 0 40 20"><style>rect{{fill:red}}</style><g transform="rotate(3)"><rect '
    'width="9" height="9" clip-path="url(#c)"/></g><clipPath id="c"><circle r="4"/></clipPath><text font-size="3">x</text></svg>'
).encode()


@settings(max_examples=100)
@given(st.data())
def test_damaged_drawings_raise_only_our_errors(data: st.DataObject) -> None:
    mutated = bytearray(SEED)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutated)))
        mutated[at : at + data.draw(st.integers(0, 4))] = data.draw(st.sampled_from([b"", b"9", b'"', b"<", b"e9", b"\xff", b"#c"]))
    with contextlib.suppress(IngestError):
        document = open_document(Source("a", data=bytes(mutated), media_type="image/svg+xml"))
        assert len(document.render(0, 20, 10).rgb) == 600
