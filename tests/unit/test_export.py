"""What every export keeps to: whole or not at all, nothing overwritten, nothing private in it, no picture lost without a word."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import pytest

from app.chat.export import FORMATS, SUFFIXES, Format, Options
from app.chat.export.errors import CannotWrite, NothingToExport, TargetExists
from app.chat.export.run import export, suggested_name
from app.chat.parts import Shown
from app.chat.pictures import Place, SourceInfo
from app.chat.session import Conversation
from inference.events import BoxFound, Finished, TextDelta
from inference.types import Box
from ingest.errors import FileUnreadable
from ingest.types import Pixels
from tests.helpers.conversations import ask, open_chart, rich_conversation, shown
from tests.helpers.stills import Still

HOST_KEY = "sk-very-secret-0123456789"


class Gone(Still):
    """A picture whose file cannot be read any more."""

    def render(self, width: int, height: int) -> Pixels:
        raise FileUnreadable("gone.png is gone.")


def contents(folder: Path) -> bytes:
    """All that was written, unpacked."""
    data = b""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data += path.name.encode() + path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                data += b"".join(archive.read(name) for name in archive.namelist())
        if path.suffix == ".pdf":
            import pymupdf

            with pymupdf.open(path) as pdf:
                data += "".join(page.get_text() for page in pdf).encode() + json.dumps(pdf.metadata).encode()
    return data


@pytest.mark.parametrize("format", FORMATS)
def test_no_export_tells_where_files_lie(format: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", HOST_KEY)
    private = tmp_path / "home-of-somebody"
    private.mkdir()
    conversation = rich_conversation(open_chart(private))
    target = tmp_path / "out" / f"export{SUFFIXES[format]}"
    target.parent.mkdir()
    exported = export(conversation, None, format, target, Options(reasoning=True))
    assert exported is not None
    assert exported.warnings == ()
    everything = contents(target.parent)
    assert b"Q3 fell" in everything or b"Q3" in everything
    for secret in (str(tmp_path), "home-of-somebody", HOST_KEY):
        assert secret.encode() not in everything


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_only_replaced_when_that_was_said(format: Format, tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "Hello?", [Shown(Still("a", "a.png"), 4, 4)], [TextDelta("Hi.", "Hi."), Finished("stop")])
    path = tmp_path / f"x{SUFFIXES[format]}"
    path.write_text("mine")
    with pytest.raises(TargetExists):
        export(conversation, None, format, path)
    assert path.read_text() == "mine"
    for _ in range(2):
        assert export(conversation, None, format, path, Options(overwrite=True)) is not None
    assert path.read_bytes() != b"mine"
    assert {entry.name for entry in tmp_path.iterdir()} <= {path.name, "x-pictures"}


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_stopped_leaves_nothing(format: Format, tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "Hello?", [Shown(Still("a", "a.png"), 4, 4)], [TextDelta("Hi.", "Hi."), Finished("stop")])
    stop = threading.Event()
    stop.set()
    assert export(conversation, None, format, tmp_path / f"x{SUFFIXES[format]}", stop=stop) is None
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_stopped_between_two_pictures(tmp_path: Path) -> None:
    conversation = Conversation()
    parts = [Shown(Still(name, f"{name}.png"), 4, 4) for name in "abc"]
    ask(conversation, "Hello?", parts, [TextDelta("Hi.", "Hi."), Finished("stop")])
    stop, seen = threading.Event(), []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        stop.set()

    assert export(conversation, None, "html", tmp_path / "x.html", progress=progress, stop=stop) is None
    assert seen == [(1, 3)]


@pytest.mark.parametrize("format", ["md", "html", "pdf", "docx", "sharegpt"])
def test_a_picture_that_is_gone_is_a_sentence(format: Format, tmp_path: Path) -> None:
    conversation = Conversation()
    box = Box(None, 0.1, 0.1, 0.5, 0.5, "left")
    events = [TextDelta("Here ", "Here "), BoxFound(box, "x"), TextDelta(" it was.", " it was."), Finished("stop")]
    parts = [Shown(Gone("gone", "gone.png"), 2, 2), Shown(Still("here", "here.png"), 4, 4)]
    ask(conversation, "Where?", parts, events)
    exported = export(conversation, None, format, tmp_path / f"x{SUFFIXES[format]}")
    assert exported is not None
    assert exported.warnings == ("The picture gone.png cannot be read any more.",)
    text = contents(tmp_path)
    assert b"it was" in text
    assert b"gone.png cannot be read any more" in text


def test_nothing_was_asked(tmp_path: Path) -> None:
    with pytest.raises(NothingToExport):
        export(Conversation(), None, "html", tmp_path / "x.html")


def test_a_folder_that_refuses(tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "Hello?", [], [TextDelta("Hi.", "Hi."), Finished("stop")])
    with pytest.raises(CannotWrite, match=r"x\.html"):
        export(conversation, None, "html", tmp_path / "missing" / "x.html")


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x-pictures").mkdir()
    (tmp_path / "x-pictures" / "holiday.jpg").write_bytes(b"mine")
    conversation = Conversation()
    ask(conversation, "Hello?", [Shown(Still("a", "a.png"), 4, 4)], [TextDelta("Hi.", "Hi."), Finished("stop")])
    (tmp_path / "x.md").write_text("old")
    exported = export(conversation, None, "md", tmp_path / "x.md", Options(overwrite=True))
    assert exported is not None
    assert exported.folder == tmp_path / "x-pictures 2"
    assert (tmp_path / "x-pictures" / "holiday.jpg").read_bytes() == b"mine"


def test_one_message_is_exported_alone(tmp_path: Path) -> None:
    conversation = rich_conversation(open_chart(tmp_path))
    export(conversation, conversation.turns[1:], "md", tmp_path / "x.md")
    text = (tmp_path / "x.md").read_text()
    assert "It rose" in text and "Q3 fell" not in text


def test_only_the_path_that_is_read_is_exported(tmp_path: Path) -> None:
    conversation = Conversation()
    ask(conversation, "One?", [], [TextDelta("First.", "First."), Finished("stop")])
    ask(conversation, "Two?", [], [TextDelta("Second.", "Second."), Finished("stop")], before="")
    export(conversation, None, "md", tmp_path / "x.md")
    text = (tmp_path / "x.md").read_text()
    assert "Second" in text and "First" not in text


@pytest.mark.parametrize(
    ("title", "name"),
    [("a/b: c?", "a b c.md"), ("", "Conversation.md"), ("CON", "_CON.md"), ("  ..  ", "_.md"), ("季度" * 100, "季度" * 20 + ".md")],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    conversation = Conversation()
    conversation.own_title = title
    assert suggested_name(conversation, "md") == name


def test_a_picture_of_a_file_is_drawn_from_its_own_pixels(tmp_path: Path) -> None:
    from PIL import Image

    attachment = open_chart(tmp_path)
    part = shown(attachment)
    small = Shown(part.picture, 252, 140, part.name, None, Place(SourceInfo.of(attachment), "page 1"))
    conversation = Conversation()
    box = Box(None, 0.54, 0.44, 0.66, 0.84)
    ask(conversation, "Where?", [small], [TextDelta("Here ", "Here "), BoxFound(box, "x"), Finished("stop")])
    export(conversation, None, "md", tmp_path / "x.md")
    with Image.open(tmp_path / "x-pictures" / "p1-1.png") as image:
        assert image.size == (1280, 720)
