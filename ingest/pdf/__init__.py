"""PDF files, read by MuPDF: opened without loading them, pages read and drawn one at a time.

JavaScript and actions are never run, addresses and other files never opened: MuPDF is built and called so that it cannot.
"""

from __future__ import annotations

from typing import Any

from pymupdf import mupdf

from ingest import limits
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, PasswordNeeded, PasswordWrong
from ingest.pdf.notes import clean
from ingest.pdf.outline import read_outline
from ingest.pdf.pages import RENDERER, PdfPages
from ingest.pdf.tree import make_sound
from ingest.types import Contents, OutlineEntry, PageInfo, PageText, Pixels

__all__ = ["RENDERER", "PdfFile", "PdfPages", "open_document"]

TITLE_CHARACTERS_MAX = 500


class PdfFile:
    """An open PDF."""

    def __init__(self, pdf: Any, source: Source) -> None:
        """Raises Damaged or Empty."""
        self._source = source  # MuPDF reads from its bytes
        self._pages: PdfPages | None = PdfPages(pdf.super(), source.name)
        warnings: list[str] = []
        page_numbers = _page_numbers(pdf, source.name, warnings)
        self.contents = Contents(
            "pdf",
            page_count=len(page_numbers),
            title=_title(pdf),
            outline=_outline(pdf, page_numbers, source.name, warnings),
            warnings=(*warnings, *_warnings(pdf, source.name)),
            renderer=RENDERER,
        )

    def page(self, index: int) -> PageInfo:
        return self._open_pages.info(index)

    def text(self, index: int) -> PageText:
        return self._open_pages.text(index)

    def render(self, index: int, width: int, height: int) -> Pixels:
        return self._open_pages.render(index, width, height)

    def close(self) -> None:
        self._pages = None
        mupdf.fz_empty_store()

    @property
    def _open_pages(self) -> PdfPages:
        assert self._pages is not None, "it is closed"
        return self._pages


def open_document(source: Source, password: str | None) -> PdfFile:
    """Open a PDF. Raises Damaged, Empty, FormatUnsupported, PasswordNeeded or PasswordWrong."""
    try:
        if source.path is not None:
            stream = mupdf.fz_open_file(str(source.path))
        else:
            data = source.data or b""
            stream = mupdf.fz_open_memory(mupdf.python_buffer_data(data), len(data))
        pdf = mupdf.pdf_open_document_with_stream(stream)
        _unlock(pdf, source.name, password)
        return PdfFile(pdf, source)
    except mupdf.FzErrorSystem as error:
        raise MemoryError(str(error)) from error
    except mupdf.FzErrorBase as error:
        if "crypt" in str(error):
            raise FormatUnsupported(
                f"{source.name} is protected with a certificate or by rights management. "
                "Open it in the program that it is meant for and print it to a new PDF."
            ) from error
        raise Damaged(_no_pages(source.name)) from error


def _unlock(pdf: Any, name: str, password: str | None) -> None:
    """An empty user password opens by itself; the owner's opens too."""
    if not mupdf.pdf_needs_password(pdf):
        return
    if not password:
        raise PasswordNeeded(f"{name} is protected. Enter its password to open it.")
    printable = password.encode("utf-8", "replace").decode()
    if not mupdf.pdf_authenticate_password(pdf, printable):
        raise PasswordWrong(f"This is not the password of {name}. Check capital letters and try again.")


def _no_pages(name: str) -> str:
    return f"{name} is damaged: it begins like a PDF, but no pages can be found in it."


def _page_numbers(pdf: Any, name: str, warnings: list[str]) -> list[int]:
    numbers, is_mended = make_sound(pdf)
    if not numbers and is_mended:
        raise Damaged(_no_pages(name))
    if not numbers:
        raise Empty(f"{name} has no pages.")
    if is_mended or mupdf.pdf_was_repaired(pdf):
        warnings.append(f"{name} is damaged. What could be recovered is shown; pages, pictures or text may be missing.")
    if len(numbers) > limits.PAGES_MAX:
        warnings.append(f"{name} has more than {limits.PAGES_MAX:,} pages. The rest is left out.")
    return numbers[: limits.PAGES_MAX]


def _outline(pdf: Any, page_numbers: list[int], name: str, warnings: list[str]) -> tuple[OutlineEntry, ...]:
    try:
        entries, is_cut = read_outline(pdf, page_numbers)
    except mupdf.FzErrorBase:
        warnings.append(f"The table of contents of {name} is damaged and left out.")
        return ()
    if is_cut:
        warnings.append(
            f"The table of contents of {name} has more than {limits.OUTLINE_ENTRIES_MAX:,} entries. The rest is left out."
        )
    return entries


def _warnings(pdf: Any, name: str) -> list[str]:
    """What else is in the file that is not shown (PDF 32000-1: 7.11.4 embedded files, 12.3.5 collections, 12.7.8 XFA)."""
    catalogue = mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Root")
    found = []
    if mupdf.pdf_dict_gets(catalogue, "Collection").m_internal:
        found.append(
            f"{name} is a portfolio of other files. Only its own pages are shown; save the files from a PDF program to open them."
        )
    elif any(mupdf.pdf_array_len(mupdf.pdf_dict_getp(catalogue, f"Names/EmbeddedFiles/{part}")) for part in ("Names", "Kids")):
        found.append(f"{name} has other files attached inside. They are not read; save them from a PDF program to open them.")
    if mupdf.pdf_dict_getp(catalogue, "AcroForm/XFA").m_internal:
        found.append(f"{name} has a form made with XFA. It may look different in Adobe Reader, and fields may be missing here.")
    return found


def _title(pdf: Any) -> str:
    title = mupdf.pdf_dict_get_text_string(mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Info"), mupdf.PDF_ENUM_NAME_Title)
    return " ".join(clean(title).split())[:TITLE_CHARACTERS_MAX]
