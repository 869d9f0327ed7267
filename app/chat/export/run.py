"""Exports a conversation, or one question of it, to a file: whole or not at all, and never over another file unasked."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from app import system
from app.chat.export.document import Document, build_document
from app.chat.export.errors import NothingToExport, TargetExists
from app.chat.export.figures import Drawn, Figures, Stopped
from app.chat.export.options import SUFFIXES, DrawFormula, Exported, Format, Options, Progress, Words
from app.chat.export.own import FileFinder, conversation_text, write_archive
from app.chat.export.writing import file_name, pictures_folder, write_whole
from app.chat.formula_drawing import FormulaDrawer
from app.chat.parts import Shown
from app.chat.pictures import Crop, KeptPicture, SourceInfo
from app.chat.session import Conversation, Turn
from ingest.attachment import Attachment, Frame, Page, Picture

Fill = Callable[[BinaryIO], Mapping[str, Drawn]]
"""Writes the file, and returns the pictures that belong into the folder beside it."""


def export(
    conversation: Conversation,
    turns: Sequence[Turn] | None,
    format: Format,
    path: Path,
    options: Options | None = None,
    *,
    find_file: FileFinder | None = None,
    formulas: FormulaDrawer | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Exported | None:
    """Write `turns`, or the path that is read, to a file; None when it was stopped, and then nothing is there.

    Our own formats take all versions with `turns` None, and what comes before them else, since an answer may point there.
    `find_file` says where attached files are, for `sightline`; without it they are opened by the pictures that come from them.
    `formulas` draws those of the answers; without it, one is made for this export. Blocks; may run in any thread, and calls
    `progress` from it. What cannot be read any more is left out with a warning.
    Raises the classes of `errors`.
    """
    options = options or Options()
    if path.exists() and not options.overwrite:
        raise TargetExists(f"{path.name} exists already. Choose another name, or allow it to be replaced.", path.name)
    chosen = _chosen(conversation, turns, format)
    if not chosen:
        raise NothingToExport("Nothing was asked in this conversation yet.")
    folder = pictures_folder(path, options.overwrite)
    figures: Figures
    try:
        if format in ("json", "sightline"):
            figures = Figures(options.words, len({part.picture.id for turn in chosen for part in turn.parts}), progress, stop)
            fill = _own(conversation, chosen, format, find_file or _finder(chosen), figures)
        elif format == "sharegpt":
            count = sum(isinstance(part, Shown) for turn in chosen for part in turn.parts)
            figures = Figures(options.words, count, progress, stop)
            fill = _sample(chosen, options, figures, folder.name)
        else:
            document = build_document(conversation, chosen, options)
            figures = Figures(options.words, len(document.figures), progress, stop)
            fill = _readable(document, format, options, figures, folder.name, formulas)
        has_folder = write_whole(path, folder, fill, options.overwrite, figures.check)
    except Stopped:
        return None
    return Exported(path, folder if has_folder else None, tuple(figures.warnings))


def suggested_name(conversation: Conversation, format: Format, options: Options | None = None) -> str:
    """A file name from the title, which every system takes."""
    return file_name(conversation.title or (options or Options()).words.untitled) + SUFFIXES[format]


def _chosen(conversation: Conversation, turns: Sequence[Turn] | None, format: Format) -> list[Turn]:
    if format not in ("json", "sightline"):
        return list(conversation.turns if turns is None else turns)
    if turns is None:
        return list(conversation.all_turns)
    needed = {before.key for turn in turns for before in conversation.path_to(turn.key)}
    return [turn for turn in conversation.all_turns if turn.key in needed]


def _own(conversation: Conversation, turns: list[Turn], format: Format, find_file: FileFinder, figures: Figures) -> Fill:
    def fill(file: BinaryIO) -> Mapping[str, Drawn]:
        if format == "json":
            file.write(conversation_text(conversation, turns).encode())
        else:
            write_archive(conversation, turns, file, find_file, figures)
        return {}

    return fill


def _sample(turns: list[Turn], options: Options, figures: Figures, folder: str) -> Fill:
    from app.chat.export.sharegpt import SampleWriter

    def fill(file: BinaryIO) -> Mapping[str, Drawn]:
        writer = SampleWriter(options, figures, folder)
        file.write(writer.write(turns).encode())
        return writer.files

    return fill


def _readable(
    document: Document, format: Format, options: Options, figures: Figures, folder: str, formulas: FormulaDrawer | None
) -> Fill:
    def fill(file: BinaryIO) -> Mapping[str, Drawn]:
        drawer = formulas or FormulaDrawer(system.formula_worker_command())
        try:
            return _write_readable(file, document, format, options.words, figures, folder, functools.cache(drawer.draw))
        finally:
            if formulas is None:
                drawer.close()

    return fill


def _write_readable(
    file: BinaryIO,
    document: Document,
    format: Format,
    words: Words,
    figures: Figures,
    folder: str,
    draw_formula: DrawFormula,
) -> Mapping[str, Drawn]:
    """Each format brings libraries that no other needs."""
    if format == "md":
        from app.chat.export.markdown import MarkdownWriter

        writer = MarkdownWriter(words, figures, folder)
        file.write(writer.write(document).encode(errors="replace"))
        return writer.files
    if format == "html":
        from app.chat.export.page import write_page

        file.write(write_page(document, words, figures, draw_formula).encode(errors="replace"))
    elif format == "pdf":
        from app.chat.export.pdf import write_pdf

        file.write(write_pdf(document, words, figures, draw_formula))
    else:
        from app.chat.export.docx import write_docx

        file.write(write_docx(document, words, figures, draw_formula))
    return {}


def _finder(turns: Sequence[Turn]) -> FileFinder:
    """Finds files by the attachments that the pictures of these turns come from."""
    pictures = {part.place.source.id: part.picture for turn in turns for part in turn.parts if part.place is not None}

    def find(source: SourceInfo) -> Path | bytes | None:
        attachment = _attachment_of(pictures.get(source.id))
        return None if attachment is None else attachment.data or attachment.path

    return find


def _attachment_of(picture: Picture | None) -> Attachment | None:
    """Blocks where it has to be opened; raises the classes of `ingest.errors`."""
    if isinstance(picture, Crop):
        return _attachment_of(picture.picture)
    if isinstance(picture, KeptPicture):
        return picture.opener(picture.place.source)
    return picture.attachment if isinstance(picture, Page | Frame) else None
