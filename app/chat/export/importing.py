"""Reads our own format back. The file may be anybody's work: everything in it is checked, counted and capped before it is believed.

Nothing of it becomes a path: attachments are named by the hash of their bytes, and are only given out when they have it. Keys are
made anew, so that a file can neither replace a conversation nor be taken for one.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from app.chat.export.errors import AttachmentLost, ImportRefused, ImportTooLarge, NotAConversation, VersionUnknown
from app.chat.export.own import ATTACHMENTS_FOLDER, CONVERSATION_NAME, FORMAT, VERSION
from app.chat.history.codec import load_events, load_parts, load_reductions, sources_of
from app.chat.pictures import Opener, SourceInfo
from app.chat.session import Conversation, Turn, answer_for, new_key, new_turn_id
from inference.event_wire import joined
from inference.events import Finished

TEXT_BYTES_MAX = 64 << 20
ATTACHMENT_BYTES_MAX = 4 << 30
ARCHIVE_BYTES_MAX = 16 << 30
"""All attachments together."""
ENTRIES_MAX = 10_000
TURNS_MAX = 20_000
TITLE_CHARACTERS_MAX = 1_000
_RATIO_MAX = 200
"""Unpacked to packed: JSON of conversations stays below 30."""
_COPY_BYTES = 1 << 20
_ATTACHMENT = re.compile(re.escape(ATTACHMENTS_FOLDER) + r"([0-9a-f]{64})")
_ENCRYPTED = 0x1
_ZIP_START = b"PK\x03\x04"
_YEAR_9999 = 253_402_300_799.0


@dataclass(frozen=True, slots=True)
class Imported:
    """A conversation that was read, with keys of its own.

    Attributes:
        sources: the files that were asked about, whether the file brings them along or not.
        sizes: of the attachments that it brings along, in bytes, by their id.
        path: the file, for `copy_attachment`.
    """

    conversation: Conversation
    sources: tuple[SourceInfo, ...]
    sizes: Mapping[str, int] = field(default_factory=dict)
    path: Path = field(default_factory=Path)

    def copy_attachment(self, id: str, target: BinaryIO) -> None:
        """Write an attachment's bytes. Blocks. Raises ImportRefused when they are others than they should be; OSError."""
        digest = hashlib.sha256()
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(ATTACHMENTS_FOLDER + id) as entry:
                while chunk := entry.read(_COPY_BYTES):
                    digest.update(chunk)
                    target.write(chunk)
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
            raise _damaged(self.path.name) from error
        if digest.hexdigest() != id:
            name = next((source.name for source in self.sources if source.id == id), id)
            raise AttachmentLost(f"{name} in {self.path.name} is not the file that was asked about. It was left out.", name)


def import_conversation(path: Path, opener: Opener) -> Imported:
    """Read a file that was exported as `json` or `sightline`. Blocks. Raises the classes of ImportRefused.

    `opener` opens its pictures when they are looked at; whoever calls keeps the attachments first, so that it finds them.
    """
    sizes: dict[str, int] = {}
    try:
        with path.open("rb") as file:
            is_archive = file.read(len(_ZIP_START)) == _ZIP_START
            file.seek(0)
            if is_archive:
                with zipfile.ZipFile(file) as archive:
                    sizes = _checked(archive, path.name)
                    text = _unpacked(archive, path.name)
            else:
                text = file.read(TEXT_BYTES_MAX + 1)
    except OSError as error:
        raise ImportRefused(f"{path.name} cannot be read: {error.strerror or error}.", path.name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(path.name) from error
    if len(text) > TEXT_BYTES_MAX:
        raise _too_large(path.name)
    conversation = _conversation(_parsed(text, path.name), opener, path.name)
    sources = {id: source for turn in conversation.all_turns for id, source in sources_of(turn.parts).items()}
    return Imported(
        conversation, tuple(sources.values()), {id: size for id, size in sizes.items() if id in sources}, path.absolute()
    )


def _checked(archive: zipfile.ZipFile, name: str) -> dict[str, int]:
    """The sizes of the attachments, once every entry is one that we would have written."""
    entries = archive.infolist()
    if len(entries) > ENTRIES_MAX:
        raise _too_large(name)
    sizes: dict[str, int] = {}
    seen: set[str] = set()
    for entry in entries:
        found = _ATTACHMENT.fullmatch(entry.filename)
        is_known = found is not None or entry.filename == CONVERSATION_NAME
        if not is_known or entry.filename in seen or entry.flag_bits & _ENCRYPTED:
            raise _damaged(name)
        seen.add(entry.filename)
        if entry.file_size > ATTACHMENT_BYTES_MAX or entry.file_size > _RATIO_MAX * max(entry.compress_size, 1 << 10):
            raise _too_large(name)
        if found is not None:
            sizes[found[1]] = entry.file_size
    if sum(sizes.values()) > ARCHIVE_BYTES_MAX:
        raise _too_large(name)
    return sizes


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(CONVERSATION_NAME) as entry:
            return entry.read(TEXT_BYTES_MAX + 1)
    except KeyError as error:
        raise _damaged(name) from error


def _parsed(text: bytes, name: str) -> dict[str, Any]:
    """The object in the file, of a version that is known."""
    try:
        wire = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(name) from error
    if not isinstance(wire, dict) or wire.get("format") != FORMAT:
        raise NotAConversation(f"{name} is no conversation of Sightline.", name)
    version = wire.get("version")
    if type(version) is int and version > VERSION:
        raise VersionUnknown(
            f"{name} was written by a newer Sightline: its format has version {version}, and this one knows {VERSION}. Update it.",
            name,
        )
    if version != VERSION:
        raise _damaged(name)
    return wire


def _conversation(wire: dict[str, Any], opener: Opener, name: str) -> Conversation:
    conversation = Conversation()
    try:
        turns = _list(wire["turns"])
        if len(turns) > TURNS_MAX:
            raise _too_large(name)
        conversation.own_title = " ".join(_text(wire["title"]).split())[:TITLE_CHARACTERS_MAX]
        conversation.is_pinned = _flag(wire["is_pinned"])
        conversation.created_at = _time(wire["created_at"])
        keys = {"": ""}
        for turn in turns:
            old = _text(turn["key"])
            if old in keys:
                raise ValueError("two turns have one key")
            keys[old] = new_key()
            conversation.add_turn(_turn(turn, conversation, keys, opener))
        if not turns:
            raise ValueError("there are no turns")
        conversation.choose(keys[_text(wire["leaf"])])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise _damaged(name) from error
    return conversation


def _turn(wire: dict[str, Any], conversation: Conversation, keys: Mapping[str, str], opener: Opener) -> Turn:
    """One turn; those before it are read already. Raises KeyError, TypeError and ValueError for what is none."""
    before = keys[_text(wire["before"])]
    if before == keys[wire["key"]]:
        raise ValueError("a turn follows itself")
    parts_wire = wire["parts"]
    for source in _list(parts_wire["sources"]):
        source["path"] = ""  # no file of this computer is opened because a file from elsewhere names it
    parts = load_parts(json.dumps(parts_wire), opener)
    reductions = load_reductions(json.dumps(_list(wire["reductions"])))
    events = load_events(json.dumps(_list(wire["events"])))
    said = [len(_list(values)) for values in (parts_wire["parts"], wire["reductions"], wire["events"])]
    if [len(parts), len(reductions), len(events)] != said:
        raise ValueError("a part, a reduction or an event is none")
    answer = answer_for(conversation.path_to(before), parts)
    for event in joined(events):
        answer.apply(event)
    if not answer.is_final:
        answer.apply(Finished("cancelled"))
    answer.reasoning_s = _number(wire["reasoning_s"])
    # `host` is left out: that something went there before stands for the user's consent, which a file cannot give.
    return Turn(
        new_turn_id(), _text(wire["question"]), parts, reductions, _flag(wire["thinking"]), answer,
        key=keys[wire["key"]], before=before, model_name=_text(wire["model_name"]),
        created_at=_time(wire["created_at"]),
    )  # fmt: skip


def _damaged(name: str) -> NotAConversation:
    return NotAConversation(f"{name} is damaged, or it is no conversation of Sightline.", name)


def _too_large(name: str) -> ImportTooLarge:
    return ImportTooLarge(f"{name} is larger than any conversation that Sightline takes in.", name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number is missing")
    return float(value)


def _time(value: object) -> float:
    """Seconds since 1970 that a calendar knows."""
    return min(max(_number(value), 0.0), _YEAR_9999)
