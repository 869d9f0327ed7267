"""`sightline export` and `sightline import`: conversations of the history as files, and back. Neither needs a model."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from app import paths
from app.chat.export.errors import NothingToExport
from app.chat.export.importing import import_conversation
from app.chat.export.keeping import keep
from app.chat.export.options import Exported, Options, Words
from app.chat.export.run import export, suggested_name
from app.chat.export.writing import unused
from app.chat.history.errors import NotKept
from app.chat.history.store import History
from app.chat.history.types import Summary
from app.chat.pictures import SourceInfo
from app.chat.session import Conversation
from app.commands.exits import EXIT_OK, EXIT_STOPPED
from app.commands.terminal import clear_progress, say
from app.reading import Reading
from app.settings.store import SettingsStore
from app.shelf import Shelf
from ingest.attachment import Attachment
from ingest.errors import FileMissing

KEY_CHARACTERS_MIN = 4
"""Of a key, so that it names one conversation and not another by accident."""


def run_export(options: argparse.Namespace) -> int:
    """Write the conversations that were named; returns the exit code.

    Raises ExportError, HistoryError and IngestError; what came before is written.
    """
    written: list[Exported] = []
    with _stoppable() as stop, closing(History(paths.data_dir() / "history")) as history:
        summaries = history.summaries()
        if options.list:
            return _list(summaries, options)
        with closing(Reading(keeps_on_disk=not options.private)) as reading:
            shelf = Shelf(reading, history.file_of)
            words = _words()
            for summary in choose(summaries, options):
                made = _export(history.load(summary.key, shelf.open), options, words, history, stop)
                if made is None:
                    return EXIT_STOPPED
                written.append(made)
    if options.json:
        print(json.dumps({"exported": [_as_json(made) for made in written]}, ensure_ascii=False))
    return EXIT_OK


def run_import(options: argparse.Namespace) -> int:
    """Put the conversations of files into the history; returns the exit code.

    Raises ExportError and HistoryError; what came before is kept.
    """
    imported: list[dict[str, Any]] = []
    with closing(History(paths.data_dir() / "history")) as history:
        for path in options.paths:
            read = import_conversation(path, _never_opened)
            warnings = [lost.message for lost in keep(read, history)]
            key, title = read.conversation.key, read.conversation.title
            imported.append({"path": str(path), "conversation": key, "title": title, "warnings": warnings})
            for warning in warnings:
                say(warning)
            if not options.json:
                print(f"{key}  {title}", flush=True)
    if options.json:
        print(json.dumps({"imported": imported}, ensure_ascii=False))
    return EXIT_OK


def choose(summaries: Sequence[Summary], options: argparse.Namespace) -> list[Summary]:
    """Those that the options name. Raises NothingToExport when there are none, NotKept when a name fits none or several."""
    if (options.conversation is not None) + options.last + options.all != 1:
        raise NothingToExport("Name one conversation, or write --last or --all. sightline export --list shows them.")
    if not summaries:
        raise NothingToExport("There are no conversations in the history yet.")
    if options.all:
        return list(summaries)
    if options.last:
        return [max(summaries, key=lambda summary: summary.changed_at)]
    name = options.conversation.strip()
    is_key = len(name) >= KEY_CHARACTERS_MIN
    found = [summary for summary in summaries if (is_key and summary.key.startswith(name.lower())) or summary.title == name]
    found = found or [summary for summary in summaries if name and name.casefold() in summary.title.casefold()]
    if len(found) != 1:
        how_many = f"{len(found)} conversations are" if found else "No conversation is"
        raise NotKept(f"{how_many} called {name}. See sightline export --list, and name one by its key.")
    return found


def _words() -> Words:
    """In the language that was chosen in the window; English where that is the desktop's."""
    language = SettingsStore(paths.config_dir() / "settings.json").current.language
    if language in ("system", "en"):
        return Words()
    from PySide6.QtCore import QCoreApplication  # 40 ms, and not for those who read English

    from app.ui.export_words import export_words
    from app.ui.language import Languages

    Languages(QCoreApplication.instance() or QCoreApplication([])).choose(language)
    return export_words()


def _export(
    conversation: Conversation, options: argparse.Namespace, words: Words, history: History, stop: threading.Event
) -> Exported | None:
    """Write one, and say so."""
    made = export(
        conversation,
        None,
        options.format,
        _target(conversation, options, words),
        Options(reasoning=options.reasoning, overwrite=options.overwrite, words=words),
        find_file=history.file_of,
        progress=_show_steps,
        stop=stop,
    )
    clear_progress()
    if made is not None:
        for warning in made.warnings:
            say(f"{made.path.name}: {warning}")
        if not options.json:
            print(made.path, flush=True)
    return made


def _target(conversation: Conversation, options: argparse.Namespace, words: Words) -> Path:
    """`--out` for one conversation; a name of its own in that folder for several, or where it is a folder."""
    out: Path = options.out
    if not options.all and not out.is_dir():
        return out
    if options.all:
        out.mkdir(parents=True, exist_ok=True)
    path = out / suggested_name(conversation, options.format, Options(words=words))
    return path if options.overwrite and not options.all else unused(path)


def _list(summaries: Sequence[Summary], options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"conversations": [{"key": each.key, "title": each.title} for each in summaries]}, ensure_ascii=False))
    else:
        for each in summaries:
            print(f"{each.key}  {each.title}")
    return EXIT_OK


def _as_json(made: Exported) -> dict[str, Any]:
    return {"path": str(made.path), "folder": str(made.folder) if made.folder else None, "warnings": list(made.warnings)}


def _show_steps(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[KDrawing pictures… {done} of {total}", end="", file=sys.stderr, flush=True)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl+C sets; a second one ends the program at once."""
    event = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        event.set()

    usual = signal.signal(signal.SIGINT, stop)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, usual)


def _never_opened(source: SourceInfo) -> Attachment:
    raise FileMissing(f"{source.name} is not opened while it is imported.")
