"""The history of conversations: what the rest of the program uses."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.chat.history import drafts, index, load, search, turns, upkeep
from app.chat.history.codec import clean, dump_events
from app.chat.history.database import Database
from app.chat.history.errors import NotKept
from app.chat.history.files import Files
from app.chat.history.types import Damage, Draft, Found, KeptFile, Storage, Summary
from app.chat.history.writer import Writer, this_process
from app.chat.pictures import Opener, SourceInfo
from app.chat.session import Conversation, Turn
from inference.events import Event

PURGE_AFTER_S = 600.0
"""How long what was deleted can be brought back."""
PAGE_CHARACTERS_MAX = 100_000
PAGES_MAX = 10_000
_GONE = "This conversation is not in the history, or no longer: it was deleted for good."


class History:
    """Conversations on disk. Used by one thread at a time; several objects and processes may use the same folder.

    An answer is kept as the events that it came as. Every method raises the classes of `errors`, and blocks.

    Attributes:
        folder: where everything lies.
    """

    def __init__(self, folder: Path) -> None:
        """Open the history in a folder, or begin one. A damaged file is set aside and rescued."""
        self.folder = folder.absolute()
        self._database = Database(folder)
        self._files = Files(folder.absolute() / "attachments", self._database)

    @property
    def damage(self) -> Damage | None:
        """What happened when the file was found to be damaged; None when it was not."""
        return self._database.damage

    def close(self) -> None:
        """Let the files go."""
        self._database.close()

    def start_turn(self, conversation: Conversation, turn: Turn) -> None:
        """Keep a question before it is asked, and its conversation if it is new. Raises ValueError for a private one."""
        _refuse_private(conversation)
        writer = this_process()
        self._database.write(turns.start, conversation, turn, writer)

    def journal(self, turn_key: str, events: Iterable[Event], reasoning_s: float) -> None:
        """Keep what has arrived of an answer; what is kept survives the end of this process. Raises NotKept.

        `reasoning_s` is how long the model has reasoned so far. The question of a private conversation is never kept.
        """
        text = dump_events(events)
        if text != "[]":
            self._database.write(turns.journal, turn_key, text, reasoning_s)

    def finish_turn(self, turn: Turn) -> None:
        """Close an answer: what was journaled becomes one row, and can be searched. Raises NotKept."""
        self._database.write(turns.finish, turn)

    def save(self, conversation: Conversation) -> None:
        """Keep the path that is read. Nothing without a question. Raises ValueError for a private one."""
        _refuse_private(conversation)
        self._database.write(turns.save, conversation)

    def rename(self, key: str, own_title: str) -> None:
        """Call a conversation something else; an empty title brings back its own. Nothing for one that is not kept yet."""
        self._database.write(turns.rename, key, own_title)

    def pin(self, key: str, is_pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer. Nothing for one that is not kept yet."""
        self._database.rows("UPDATE conversation SET is_pinned = ? WHERE key = ?", is_pinned, key)

    def naming(self, key: str) -> tuple[str, bool]:
        """The title that the user gave a conversation, empty for none, and whether it is pinned. Raises NotKept."""
        rows = self._database.rows("SELECT own_title, is_pinned FROM conversation WHERE key = ?", key)
        if not rows:
            raise NotKept(_GONE)
        return rows[0][0], bool(rows[0][1])

    def summaries(self, limit: int | None = None) -> list[Summary]:
        """All conversations: those that are pinned first, then the newest."""
        return self._database.read(load.summaries, limit)

    def search(self, query: str, limit: int = 50) -> list[Found]:
        """Where all words of a query stand in titles, questions, answers and documents."""
        return self._database.read(search.search, query, limit)

    def load(self, key: str, opener: Opener) -> Conversation:
        """A conversation as it was, its pictures to be opened by `opener` when they are looked at. Raises NotKept.

        An answer whose writer died is closed as cut; one that another process still writes has no end, and is as far as it came.
        """
        self._close_cut(self._database.read(load.running, key))
        return self._database.read(load.conversation, key, opener)

    def load_if_new(self, key: str, known: Iterable[str], opener: Opener) -> Conversation | None:
        """A conversation, as by `load`, if an answer of it has ended that is none of the turns with these keys."""
        return self.load(key, opener) if self._database.read(load.answered, key) - set(known) else None

    def is_written_elsewhere(self, turn_key: str) -> bool:
        """Whether another process is writing the answer to a turn just now."""
        writer = self._database.read(load.writer_of, turn_key)
        return writer is not None and not writer.is_this_process and writer.is_alive

    def has_changed(self) -> bool:
        """Whether another object or process has written since this was asked last."""
        return self._database.has_changed()

    def keep_draft(self, key: str, draft: Draft, data: Mapping[SourceInfo, bytes]) -> None:
        """Keep what was begun in a conversation, or in the new one (`NEW`); an empty one forgets it. Not for a private one.

        `data` is what is in no file and was not kept with an earlier draft.
        """
        writer = this_process()
        try:
            for source, content in data.items():
                self.keep_file(source, content)
        finally:
            self._database.write(drafts.keep, key, draft, writer)

    def drafts(self) -> dict[str, Draft]:
        """What was begun and not sent, by conversation, but for what another window has before it."""
        return self._database.read(drafts.load)

    def delete(self, key: str) -> None:
        """Delete a conversation; `restore` brings it back until `purge`."""
        self._set_deleted(key, time.time())

    def restore(self, key: str) -> None:
        """Bring a deleted conversation back. Raises NotKept when it was purged."""
        self._set_deleted(key, None)

    def delete_turn(self, turn_key: str) -> None:
        """Take a turn out as `Conversation.drop_turn` does, title and path included. Raises NotKept."""
        now = time.time()
        self._database.write(turns.delete, turn_key, now)

    def restore_turn(self, conversation: Conversation, turn: Turn, after: Iterable[str]) -> None:
        """Bring a turn back, once `Conversation.restore_turn` has. Raises NotKept when it was purged."""
        _refuse_private(conversation)
        followers = tuple(after)
        self._database.write(turns.restore, conversation, turn, followers)

    def purge(self, older_than_s: float = PURGE_AFTER_S) -> None:
        """Remove for good what was deleted that long ago, and the files that nothing else uses. May take seconds."""
        upkeep.purge(self._database, self._files, older_than_s)

    def clear(self) -> None:
        """Remove everything for good, files that were set aside included."""
        upkeep.clear(self._database, self._files)

    def clear_files(self) -> None:
        """Remove the copies of attached files for good; the conversations stay, without their pictures and pages."""
        upkeep.clear_files(self._database, self._files)

    def vacuum(self) -> None:
        """Give back the room of what was removed. Others wait meanwhile."""
        upkeep.vacuum(self._database)

    def storage(self) -> Storage:
        """What it takes on disk."""
        return upkeep.storage(self._database)

    def check(self) -> Damage | None:
        """Look for damage, rescue what is damaged, and close answers whose writers died. Takes seconds for a large history."""
        upkeep.check(self._database)
        self._close_cut(self._database.read(load.all_running))
        return self.damage

    def keep_file(self, source: SourceInfo, data: bytes | None = None) -> KeptFile:
        """Keep a copy of an attached file, from its bytes or else from its path. Not for a private conversation.

        Raises FileGone, FileDiffers when it was changed since, DiskFull. One that is larger than a limit is only remembered.
        """
        return self._files.keep(source, data)

    def file_of(self, source: SourceInfo) -> Path:
        """Where an attached file is: the copy, else the file itself if it is the same still. Raises FileGone."""
        return self._files.find(source)

    def index_page(self, source_id: str, locator: str, text: str) -> None:
        """Let a page be found by its printed or recognised text, in place of what was said of it before. Not for a private one.

        The text is cut after 100,000 characters, and a document after 10,000 pages.
        """
        text = clean(text)[:PAGE_CHARACTERS_MAX]
        self._database.write(_index_page, source_id, clean(locator), text)

    def pages_indexed(self, source_id: str) -> frozenset[str]:
        """The locators of the pages that can be found."""
        return frozenset(row[0] for row in self._database.rows("SELECT locator FROM page WHERE source_id = ?", source_id))

    def unread_sources(self) -> list[SourceInfo]:
        """What was asked about lately and cannot be found by all of its pages."""
        return self._database.read(load.unread_sources)

    def _set_deleted(self, key: str, deleted_at: float | None) -> None:
        if not self._database.rows("UPDATE conversation SET deleted_at = ? WHERE key = ? RETURNING id", deleted_at, key):
            raise NotKept(_GONE)

    def _close_cut(self, running: Iterable[tuple[int, Writer | None]]) -> None:
        """Close the answers that nobody will end."""
        for turn_id, writer in running:
            if writer is None or not (writer.is_this_process or writer.is_alive):
                self._database.write(turns.close_cut, turn_id)


def _refuse_private(conversation: Conversation) -> None:
    if conversation.is_private:
        raise ValueError("nothing of a private conversation may be written to disk")


def _index_page(connection: sqlite3.Connection, source_id: str, locator: str, text: str) -> None:
    row = connection.execute("SELECT id, text FROM page WHERE source_id = ? AND locator = ?", (source_id, locator)).fetchone()
    (count,) = connection.execute("SELECT count(*) FROM page WHERE source_id = ?", (source_id,)).fetchone()
    if (row is None and count >= PAGES_MAX) or (row is not None and row[1] == text):
        return
    if row is not None:
        index.take_out(connection, "page_index", *row)
    cursor = connection.execute(
        """INSERT INTO page (source_id, locator, text, indexed_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (source_id, locator) DO UPDATE SET text = excluded.text, indexed_at = excluded.indexed_at RETURNING id""",
        (source_id, locator, text, time.time()),
    )
    index.put(connection, "page_index", cursor.fetchone()[0], text)
