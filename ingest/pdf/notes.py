"""What belongs to a page beside its print: links, annotations and form fields. Nothing of it is followed, run or opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pymupdf import mupdf

from ingest.pdf.drawing import Frame
from ingest.pdf.text import BETWEEN_CJK
from ingest.types import Area, Link, Note, Word

LINKS_MAX = 5_000
NOTES_MAX = 2_000
NOTE_CHARACTERS_MAX = 20_000
_MARKS = (
    mupdf.PDF_ANNOT_HIGHLIGHT,
    mupdf.PDF_ANNOT_UNDERLINE,
    mupdf.PDF_ANNOT_SQUIGGLY,
    mupdf.PDF_ANNOT_STRIKE_OUT,
)
_UNSEEN = mupdf.PDF_ANNOT_IS_HIDDEN | mupdf.PDF_ANNOT_IS_NO_VIEW
_SILENT_WIDGETS = (mupdf.PDF_WIDGET_TYPE_BUTTON, mupdf.PDF_WIDGET_TYPE_UNKNOWN)
_NOT_SAID = (mupdf.PDF_ANNOT_LINK, mupdf.PDF_ANNOT_POPUP, mupdf.PDF_ANNOT_WIDGET)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str | None) -> str:
    """Text from a file as text for people: what is no character is replaced, line ends are one sort, and it is not endless."""
    text = (text or "")[:NOTE_CHARACTERS_MAX].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return _SURROGATE.sub("\ufffd", text).strip()


def read_links(document: Any, page: Any, frame: Frame) -> tuple[Link, ...]:
    """The links of a loaded page. Those to a page that is not there are left out."""
    first = mupdf.ll_fz_load_links(page.m_internal)
    try:
        links = []
        for link in _chain(first, LINKS_MAX):
            uri = link.uri or ""
            if mupdf.ll_fz_is_external_link(uri):
                links.append(Link(frame.area(link.rect), address=clean(uri)))
            elif (target := _page_index(document, uri)) is not None:
                links.append(Link(frame.area(link.rect), page_index=target))
        return tuple(links)
    finally:
        mupdf.ll_fz_drop_link(first)


def read_notes(page: Any, frame: Frame, words: Sequence[Word]) -> tuple[Note, ...]:
    """Annotations that are to be seen, then form fields. `words` are those of the page: marks say which of them they mark."""
    bare_page = mupdf.ll_pdf_page_from_fz_page(page.m_internal)
    if not bare_page or not (mupdf.ll_pdf_first_annot(bare_page) or mupdf.ll_pdf_first_widget(bare_page)):
        return ()
    pdf_page = mupdf.pdf_page_from_fz_page(page)
    return (*_annotations(pdf_page, frame, words), *_fields(pdf_page, frame))


def with_notes(text: str, notes: Sequence[Note]) -> str:
    """The text of a page and, at its end, the notes that it does not hold yet."""
    if not notes:
        return text
    fields = [f"{note.name or 'unnamed'}: {note.text or '(empty)'}" for note in notes if note.kind == "field"]
    printed = "".join(text.split())
    others = [
        f"{note.name}: {note.text}" if note.name else note.text
        for note in notes
        if note.kind != "field" and "".join(note.text.split()) not in printed
    ]
    parts = [text] if text else []
    if fields:
        parts.append("Form fields:\n" + "\n".join(fields))
    if others:
        parts.append("Annotations:\n" + "\n".join(others))
    return "\n\n".join(parts)


def _chain(first: Any, count_max: int) -> Iterator[Any]:
    for _ in range(count_max):
        if not first:
            return
        yield first
        first = first.next


def _page_index(document: Any, uri: str) -> int | None:
    try:
        location, _, _ = mupdf.fz_resolve_link(document, uri)
        index = int(location.page)
    except mupdf.FzErrorBase:
        return None
    return index if 0 <= index < mupdf.fz_count_pages(document) else None


def _annotations(page: Any, frame: Frame, words: Sequence[Word]) -> Iterator[Note]:
    annotation = mupdf.pdf_first_annot(page)
    for _ in range(NOTES_MAX):
        if not annotation.m_internal:
            return
        kind = mupdf.pdf_annot_type(annotation)
        if kind not in _NOT_SAID and not mupdf.pdf_annot_flags(annotation) & _UNSEEN:
            text = clean(mupdf.pdf_annot_contents(annotation))
            marked = _marked_words(annotation, frame, words) if kind in _MARKS else ""
            if marked:
                text = f"“{marked}”: {text}" if text else f"“{marked}”"
            if text:
                author = clean(mupdf.pdf_annot_author(annotation)) if mupdf.pdf_annot_has_author(annotation) else ""
                yield Note("annotation", text, author, frame.area(mupdf.pdf_bound_annot(annotation)))
        annotation = mupdf.pdf_next_annot(annotation)


def _marked_words(annotation: Any, frame: Frame, words: Sequence[Word]) -> str:
    areas = []
    for index in range(min(mupdf.pdf_annot_quad_point_count(annotation), NOTES_MAX)):
        areas.append(frame.area(mupdf.fz_rect_from_quad(mupdf.pdf_annot_quad_point(annotation, index))))
    marked = " ".join(word.text for word in words if any(_is_inside(word, area) for area in areas))
    return re.sub(BETWEEN_CJK, "", marked)


def _is_inside(word: Word, area: Area) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1


def _fields(page: Any, frame: Frame) -> Iterator[Note]:
    """Form fields with their values. Of radio buttons that belong together the chosen one speaks for all."""
    radios: dict[str, Note] = {}
    widget = mupdf.pdf_first_widget(page)
    for _ in range(NOTES_MAX):
        if not widget.m_internal:
            break
        kind = mupdf.pdf_widget_type(widget)
        if kind not in _SILENT_WIDGETS and not mupdf.pdf_annot_flags(widget) & _UNSEEN:
            label = clean(mupdf.pdf_annot_field_label(widget)) or clean(mupdf.pdf_load_field_name(mupdf.pdf_annot_obj(widget)))
            note = Note("field", _value(widget, kind), label, frame.area(mupdf.pdf_bound_widget(widget)))
            if kind != mupdf.PDF_WIDGET_TYPE_RADIOBUTTON:
                yield note
            elif note.text or label not in radios:
                radios[label] = note
        widget = mupdf.pdf_next_widget(widget)
    yield from radios.values()


def _value(widget: Any, kind: int) -> str:
    if kind == mupdf.PDF_WIDGET_TYPE_SIGNATURE:
        return "signed" if mupdf.pdf_widget_is_signed(widget) else "not signed"
    if kind in (mupdf.PDF_WIDGET_TYPE_CHECKBOX, mupdf.PDF_WIDGET_TYPE_RADIOBUTTON):
        state = mupdf.pdf_dict_get_name(mupdf.pdf_annot_obj(widget), mupdf.PDF_ENUM_NAME_AS)
        is_on = state not in ("", "Off")
        if kind == mupdf.PDF_WIDGET_TYPE_CHECKBOX:
            return "yes" if is_on else "no"
        return clean(mupdf.pdf_annot_field_value(widget)) or state if is_on else ""
    if mupdf.pdf_annot_field_flags(widget) & mupdf.PDF_TX_FIELD_IS_PASSWORD and kind == mupdf.PDF_WIDGET_TYPE_TEXT:
        return "(hidden)" if mupdf.pdf_annot_field_value(widget) else ""
    return clean(mupdf.pdf_annot_field_value(widget))
