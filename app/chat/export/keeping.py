"""Puts a conversation that was read from a file into the history."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from app.chat.export.answer_record import events_of
from app.chat.export.errors import AttachmentLost, ImportRefused
from app.chat.export.importing import Imported
from app.chat.history.errors import HistoryError
from app.chat.history.store import History


def keep(imported: Imported, history: History) -> tuple[ImportRefused | HistoryError, ...]:
    """Keep it with the files that it brings along; returns why some of those could not be kept.

    In the history's thread; blocks. Raises HistoryError, and then nothing of the conversation is there.
    """
    lost: list[ImportRefused | HistoryError] = []
    with tempfile.TemporaryDirectory(prefix="sightline-") as folder:
        for source in imported.sources:
            if source.id in imported.sizes:
                copy = Path(folder, "attachment")
                try:
                    with copy.open("wb") as file:
                        imported.copy_attachment(source.id, file)
                    history.keep_file(replace(source, path=str(copy)))
                except (ImportRefused, HistoryError) as error:
                    lost.append(error)
                except OSError as error:
                    lost.append(AttachmentLost(f"{source.name} could not be kept: {error.strerror or error}.", source.name))
    conversation = imported.conversation
    try:
        for turn in conversation.all_turns:
            history.start_turn(conversation, turn)
            history.journal(turn.key, events_of(turn.answer), turn.answer.reasoning_s)
            history.finish_turn(turn)
        history.save(conversation)
    except HistoryError:
        history.delete(conversation.key)
        raise
    return tuple(lost)
