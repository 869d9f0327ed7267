"""Attachments of earlier questions are opened again: once, by several threads, and only if they are what they were."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from app import shelf as shelf_module
from app.chat.history.errors import FileGone
from app.chat.pictures import SourceInfo
from app.reading import Reading
from app.shelf import Shelf
from ingest.attachment import Attachment
from ingest.errors import FileUnreadable, PasswordNeeded, PasswordWrong
from tests.helpers.window import make_picture


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    reading = Reading(keeps_on_disk=False)
    yield reading
    reading.close()


def source_of(reading: Reading, path: Path, password: str | None = None) -> SourceInfo:
    return SourceInfo.of(reading.open(path, password=password))


def test_an_attachment_is_opened_once_by_all_who_want_it(reading: Reading, tmp_path: Path) -> None:
    source = source_of(reading, make_picture(tmp_path / "halves.png"))
    looked_up: list[SourceInfo] = []

    def find(source: SourceInfo) -> Path:
        looked_up.append(source)
        return tmp_path / source.name

    shelf, opened = Shelf(reading, find), []
    threads = [threading.Thread(target=lambda: opened.append(shelf.open(source))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_up) == 1
    assert len(opened) == 6
    assert all(each is opened[0] for each in opened)


def test_what_was_put_there_is_not_opened(reading: Reading, tmp_path: Path) -> None:
    attachment = reading.open(make_picture(tmp_path / "halves.png"))

    def find(source: SourceInfo) -> Path:
        raise AssertionError("it is open")

    shelf = Shelf(reading, find)
    shelf.put(attachment)
    assert shelf.open(SourceInfo.of(attachment)) is attachment


def test_another_file_of_the_same_name_is_not_taken_for_it(reading: Reading, tmp_path: Path) -> None:
    source = source_of(reading, make_picture(tmp_path / "halves.png"))
    make_picture(tmp_path / "halves.png", color="blue")
    with pytest.raises(FileUnreadable, match=r"halves\.png was changed"):
        Shelf(reading, lambda _source: tmp_path / "halves.png").open(source)


def test_one_that_is_gone_says_so_and_may_come_back(reading: Reading, tmp_path: Path) -> None:
    path = make_picture(tmp_path / "halves.png")
    source = source_of(reading, path)
    is_there = False

    def find(source: SourceInfo) -> Path:
        if not is_there:
            raise FileGone("halves.png is gone.")
        return path

    shelf = Shelf(reading, find)
    with pytest.raises(FileUnreadable, match=r"halves\.png is gone"):
        shelf.open(source)
    is_there = True
    assert shelf.open(source).id == source.id


def test_a_protected_one_wants_its_password_until_it_is_open(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    with pymupdf.open() as document:
        document.new_page()
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="right", owner_pw="right")
    source = source_of(reading, path, "right")
    shelf = Shelf(reading, lambda _source: path)
    with pytest.raises(PasswordNeeded):
        shelf.open(source)
    with pytest.raises(PasswordWrong):
        shelf.open(source, "wrong")
    shelf.open(source, "right")
    assert shelf.open(source).contents.page_count == 1


def test_those_used_longest_ago_are_let_go(reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "OPEN_MAX", 2)
    colors = ("red", "green", "blue")
    attachments: list[Attachment] = [reading.open(make_picture(tmp_path / f"{color}.png", color=color)) for color in colors]
    shelf = Shelf(reading, lambda source: tmp_path / source.name)
    shelf.put(attachments[0])
    shelf.put(attachments[1])
    shelf.open(SourceInfo.of(attachments[0]))
    shelf.put(attachments[2])
    assert shelf.open(SourceInfo.of(attachments[0])) is attachments[0]
    assert shelf.open(SourceInfo.of(attachments[1])) is not attachments[1]
