"""What is used on the disk is added up as it is, and only what can be made again is cleared."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest

from app import log, paths
from app.settings.parts import licence_text, list_parts, own_version
from app.settings.storage import cache_folders, clear_cache, measure, measure_caches
from base.disk_store import DiskStore


def fill(folder: Path, *sizes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, size in enumerate(sizes):
        (folder / f"{number}.bin").write_bytes(b"x" * size)


def test_folders_are_added_up_with_all_below_them(tmp_path: Path) -> None:
    fill(tmp_path / "a", 10, 20)
    fill(tmp_path / "a" / "b" / "c", 300)
    stored = measure("engine", tmp_path / "a")
    assert (stored.size_bytes, stored.count, stored.folder) == (330, 3, tmp_path / "a")


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert measure("logs", tmp_path / "nowhere").size_bytes == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_links_are_neither_followed_nor_what_they_lead_to_deleted(tmp_path: Path) -> None:
    fill(tmp_path / "precious", 5_000)
    folder = cache_folders()["reading"]
    fill(folder, 1)
    (folder / "link").symlink_to(tmp_path / "precious")
    (folder / "round").symlink_to(folder)
    assert measure("reading", folder).size_bytes < 5_000
    assert clear_cache("reading") == 0
    assert (tmp_path / "precious" / "0.bin").stat().st_size == 5_000
    assert measure("reading", folder).count == 0


def test_one_cache_is_cleared_and_the_others_stay() -> None:
    for folder in cache_folders().values():
        fill(folder, 100)
    fill(paths.data_dir() / "history", 7)
    assert clear_cache("engine") == 0
    assert {item.kind: item.size_bytes for item in measure_caches()} == {"reading": 100, "engine": 0, "logs": 100}
    assert measure("conversations", paths.data_dir() / "history").size_bytes == 7


def test_what_a_model_had_taken_up_before_its_cache_was_cleared_is_told_from_what_came_later() -> None:
    store = DiskStore(cache_folders()["engine"] / "states", ".kv", 1 << 20)
    assert store.cleared_ns == 0
    clear_cache("engine")
    first = store.cleared_ns
    assert store.write("kept.kv", {}, b"state") and store.cleared_ns == first > 0
    clear_cache("engine")
    assert store.cleared_ns > first and not store.names()


def test_what_is_no_cache_is_not_cleared_here() -> None:
    fill(paths.data_dir() / "history", 7)
    with pytest.raises(KeyError):
        clear_cache("conversations")
    assert measure("conversations", paths.data_dir() / "history").size_bytes == 7


def test_a_log_that_is_written_to_goes_on() -> None:
    handlers, level = logging.root.handlers[:], logging.getLogger("app").level
    try:
        file = log.set_up("window")
        logging.getLogger("app").warning("before")
        assert clear_cache("logs") == 0
        logging.getLogger("app").warning("after")
        text = file.read_text(encoding="utf-8")
        assert "after" in text and "before" not in text
    finally:
        for handler in logging.root.handlers:
            if handler not in handlers:
                handler.close()
        logging.root.handlers = handlers
        for name in ("app", "inference", "ingest"):
            logging.getLogger(name).setLevel(level)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may delete everything")
def test_what_cannot_be_deleted_is_counted() -> None:
    folder = cache_folders()["engine"]
    fill(folder, 1, 2)
    folder.chmod(0o500)
    try:
        assert clear_cache("engine") == 2
    finally:
        folder.chmod(0o700)


def test_the_parts_by_others_are_those_that_are_needed() -> None:
    names = {part.name.lower() for part in list_parts()}
    assert {"pyside6-essentials", "keyring", "shiboken6", "pillow"} <= {name.replace("_", "-") for name in names}
    assert not {"sightline", "pytest", "mypy"} & names
    assert [part.name for part in list_parts() if not part.licence and not licence_text(part.name)] == []
    assert own_version()


def test_licences_can_be_read() -> None:
    assert "MIT" in licence_text("keyring") or "Permission is hereby granted" in licence_text("keyring")
