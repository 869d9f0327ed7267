"""Our own format: all that is known of a conversation, as JSON, or as a zip with that and the files that were asked about.

```
{"format": "sightline.conversation", "version": 1, "title", "is_pinned", "created_at", "leaf",
 "turns": [{"key", "before", "question", "thinking", "model_name", "host", "created_at", "reasoning_s",
            "parts": {"sources": [...], "parts": [...]}, "reductions": [...], "events": [...]}]}
```

Every version of every turn is in it, in the order in which they came. Parts, reductions and events look as in the history
(`app.chat.history.codec`, `inference.event_wire`), without the paths of files. A zip has this as `conversation.json`, and each file
as `attachments/` and the SHA-256 of its bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from app.chat.export.answer_record import events_of
from app.chat.export.figures import Figures
from app.chat.history.codec import dump, dump_events, dump_parts, dump_reductions, sources_of
from app.chat.history.errors import HistoryError
from app.chat.pictures import SourceInfo
from app.chat.session import Conversation, Turn
from base.wire import Wire
from ingest.errors import IngestError

FORMAT = "sightline.conversation"
VERSION = 1
CONVERSATION_NAME = "conversation.json"
ATTACHMENTS_FOLDER = "attachments/"
_COPY_BYTES = 1 << 20

FileFinder = Callable[[SourceInfo], Path | bytes | None]
"""Where the bytes of a file are. None, or an error of the history, of `ingest` or of the system, when they are gone. May block."""


def conversation_text(conversation: Conversation, turns: Sequence[Turn]) -> str:
    """The JSON, on one line. `turns` come before those that follow them."""
    wire = {
        "format": FORMAT,
        "version": VERSION,
        "title": conversation.own_title,
        "is_pinned": conversation.is_pinned,
        "created_at": conversation.created_at,
        "leaf": conversation.leaf if any(turn.key == conversation.leaf for turn in turns) else turns[-1].key,
        "turns": [_turn(turn) for turn in turns],
    }
    return dump(wire) + "\n"


def write_archive(
    conversation: Conversation, turns: Sequence[Turn], file: BinaryIO, find_file: FileFinder, figures: Figures
) -> None:
    """The zip. A file that is gone or was changed is left out, with a warning. Blocks. Raises OSError and Stopped."""
    sources = {id: source for turn in turns for id, source in sources_of(turn.parts).items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(CONVERSATION_NAME, conversation_text(conversation, turns), zipfile.ZIP_DEFLATED)
        for source in sources.values():
            figures.check()
            with contextlib.ExitStack() as opened:
                try:
                    data = opened.enter_context(_open(find_file(source)))
                    is_it = _sha256(data) == source.id
                except (HistoryError, IngestError, OSError):
                    is_it = False
                if is_it:
                    data.seek(0)
                    _copy(data, archive, ATTACHMENTS_FOLDER + source.id, figures)
                    figures.count()
                else:
                    figures.lose(source.name)


def _open(found: Path | bytes | None) -> BinaryIO:
    if found is None:
        raise FileNotFoundError
    return found.open("rb") if isinstance(found, Path) else io.BytesIO(found)


def _sha256(data: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := data.read(_COPY_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _copy(data: BinaryIO, archive: zipfile.ZipFile, name: str, figures: Figures) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        while chunk := data.read(_COPY_BYTES):
            figures.check()
            entry.write(chunk)


def _turn(turn: Turn) -> Wire:
    parts: dict[str, Any] = {"sources": [], "parts": []} | json.loads(dump_parts(turn.parts))
    for source in parts["sources"]:
        source["path"] = ""  # where files lie is nobody else's business
    return {
        "key": turn.key,
        "before": turn.before,
        "question": turn.question,
        "thinking": turn.thinking,
        "model_name": turn.model_name,
        "host": turn.host,
        "created_at": turn.created_at,
        "reasoning_s": turn.answer.reasoning_s,
        "parts": parts,
        "reductions": json.loads(dump_reductions(turn.reductions)),
        "events": json.loads(dump_events(events_of(turn.answer))),
    }
