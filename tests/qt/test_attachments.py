"""What waits to be sent: parts of pictures, pages and frames, texts, and files read without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import paths
from app.attachments import Attachments
from app.chat.parts import Room, Shown, Written
from app.chat.pictures import Crop, KeptPicture, place_of
from app.chat.plan import plan
from app.chat.session import Conversation
from app.reading import Reading
from app.ui.picture_levels import PictureCache
from app.ui.words import entry_words, source_words
from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.types import Area
from tests.helpers.documents import make_deck, make_pdf, make_video
from tests.helpers.stills import Still
from tests.helpers.window import OPEN_MS, make_picture

AREA = Area(0.25, 0.2, 0.75, 0.8)


@pytest.fixture(autouse=True)
def _own_slide_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")


@pytest.fixture
def reading() -> Iterator[Reading]:
    reading = Reading(keeps_on_disk=False)
    yield reading
    reading.close()


@pytest.fixture
def attachments(qapp: QApplication, reading: Reading) -> Iterator[Attachments]:
    tasks = TaskRunner("attachments test")
    yield Attachments(tasks, PictureCache(tasks), reading)
    tasks.close()


def settle(qtbot: QtBot, attachments: Attachments) -> None:
    qtbot.waitUntil(lambda: not attachments.is_opening, timeout=OPEN_MS)


def opened(qtbot: QtBot, attachments: Attachments, path: Path, index: int = 0) -> Picture:
    """A page or a frame of a file, as the viewer has it; nothing stays attached."""
    attachments.add_files([path])
    settle(qtbot, attachments)
    attachment = attachments.entries[0].attachment
    assert attachment is not None
    attachments.clear()
    return attachment.frames()[index] if attachment.is_timed else attachment.pages()[index]


@pytest.mark.parametrize("kind", ["picture", "page", "slide", "frame"])
def test_a_marked_part_becomes_an_attachment_of_its_own(qtbot: QtBot, attachments: Attachments, tmp_path: Path, kind: str) -> None:
    path, words, name = {
        "picture": lambda: (make_picture(tmp_path / "cat.png"), "Part of the picture", "part of cat.png"),
        "page": lambda: (make_pdf(tmp_path / "report.pdf"), "Part of page 2", "Part of page 2"),
        "slide": lambda: (make_deck(tmp_path / "talk.pptx"), "Part of slide 2", "Part of slide 2"),
        "frame": lambda: (make_video(tmp_path / "clip.mp4")[0], "Part of 00:00.5", "Part of 00:00.5"),
    }[kind]()
    picture = opened(qtbot, attachments, path, 0 if kind == "picture" else 1)
    attachments.add_region(picture, AREA)
    settle(qtbot, attachments)
    (entry,) = attachments.entries
    assert entry.name == path.name
    assert entry_words(entry)() == words
    assert not entry.has_parts
    (part,) = plan(attachments.choices, Room(16_000)).parts
    assert isinstance(part, Shown) and isinstance(part.picture, Crop)
    assert entry.owns(part) and part.picture.id == attachments.pictures[0].id
    assert kind == "frame" or part.name == name
    (source,) = Conversation().start_turn("What is that?", [part], False).sources
    assert source_words(source)() == words  # the question says the same of it
    place = place_of(picture)
    assert part.place is not None and place is not None
    assert (part.place.locator, part.place.time_s) == (place.locator, place.time_s)


def test_a_part_of_a_kept_picture_and_of_a_part_is_found_in_the_original(
    qtbot: QtBot, attachments: Attachments, reading: Reading, tmp_path: Path
) -> None:
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    noise.save(tmp_path / "noise.png")
    page = opened(qtbot, attachments, tmp_path / "noise.png")
    place = place_of(Crop(page, Area(0.0, 0.0, 0.5, 1.0)))
    assert place is not None
    kept = KeptPicture(place, "k", "noise.png", 200, 300, lambda source: reading.open(Path(source.path or tmp_path / "noise.png")))
    attachments.add_region(kept, Area(0.5, 0.5, 1.0, 1.0))
    settle(qtbot, attachments)
    (crop,) = attachments.pictures
    assert (crop.width, crop.height) == (100, 150)
    assert crop.render(100, 150).rgb == noise.crop((100, 150, 200, 300)).tobytes()


def test_the_same_part_twice_is_one_and_other_parts_are_more(qtbot: QtBot, attachments: Attachments, tmp_path: Path) -> None:
    page = opened(qtbot, attachments, make_pdf(tmp_path / "report.pdf"))
    for area in (AREA, AREA, Area(0.0, 0.0, 0.5, 0.5)):
        attachments.add_region(page, area)
    attachments.add_files([tmp_path / "report.pdf"])
    settle(qtbot, attachments)
    assert [entry.region is not None for entry in attachments.entries] == [True, True, False]
    parts = plan(attachments.choices, Room(16_000)).parts
    owners = [[entry.key for entry in attachments.entries if entry.owns(part)] for part in parts]
    assert [len(keys) for keys in owners] == [1, 1, 1, 1]
    assert owners[2] == owners[3]


def test_a_picture_that_is_in_no_file_has_no_part_to_send(qtbot: QtBot, attachments: Attachments) -> None:
    with qtbot.waitSignal(attachments.refused, timeout=OPEN_MS) as refused:
        attachments.add_region(Still("s", "still.png"), AREA)
    assert refused.args is not None and "still.png" in refused.args[2]
    assert attachments.entries == []


def test_a_pasted_text_is_an_attachment(qtbot: QtBot, attachments: Attachments) -> None:
    text = "\n".join(f"{number}: 一切正常 and well" for number in range(60))
    attachments.add_text(text, "Pasted text")
    settle(qtbot, attachments)
    (entry,) = attachments.entries
    assert entry.name == "Pasted text" and entry.attachment is not None and entry.attachment.kind == "text"
    parts = plan(attachments.choices, Room(16_000)).parts
    said = "\n".join(part.text for part in parts if isinstance(part, Written))
    assert "0: 一切正常 and well" in said and "59: 一切正常 and well" in said


def test_another_reading_service_is_used_from_then_on(qtbot: QtBot, attachments: Attachments, tmp_path: Path) -> None:
    kept = Reading(keeps_on_disk=True)
    try:
        attachments.add_files([make_pdf(tmp_path / "private.pdf")])
        settle(qtbot, attachments)
        attachments.pictures[0].render(50, 50)
        folder = paths.cache_dir() / "reading"
        assert not any(path.is_file() for path in folder.rglob("*"))
        attachments.set_reading(kept)
        attachments.add_files([make_pdf(tmp_path / "open.pdf", page_count=3)])
        settle(qtbot, attachments)
        attachments.pictures[1].render(50, 50)
        assert any(path.is_file() for path in folder.rglob("*"))
    finally:
        kept.close()
