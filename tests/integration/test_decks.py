"""Sightline's own slides next to LibreOffice's, through the reading child as the application opens them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from ingest.attachment import Attachment, open_attachment
from ingest.errors import FormatUnsupported
from ingest.isolate import Readers
from ingest.slides import NO_OFFICE_VARIABLE, office
from ingest.types import Pixels
from tests.helpers import decks

NEEDS_OFFICE = pytest.mark.skipif(office.find() is None, reason="LibreOffice is not installed")
WIDTH, HEIGHT = 960, 540


@pytest.fixture
def readers() -> Iterator[Readers]:
    readers = Readers(count=1)
    yield readers
    readers.close()


@pytest.fixture
def own_readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """A child that draws slides itself."""
    monkeypatch.setenv(NO_OFFICE_VARIABLE, "1")
    readers = Readers(count=1)
    readers.warm_up()
    monkeypatch.delenv(NO_OFFICE_VARIABLE)
    yield readers
    readers.close()


def opened(name: str, folder: Path, readers: Readers) -> Attachment:
    path = folder / f"{name}.pptx"
    if not path.exists():
        path.write_bytes(decks.make(name))
    return open_attachment(path, readers=readers, cache_folder=folder / "cache")


def grey(pixels: Pixels) -> np.ndarray:
    return np.asarray(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb).convert("L"))


@pytest.mark.slow
@NEEDS_OFFICE
def test_own_slides_look_like_libreoffice_s_and_lack_no_word(tmp_path: Path, readers: Readers, own_readers: Readers) -> None:
    for name, floor in (("business", 0.92), ("typography", 0.94)):
        peer, own = opened(name, tmp_path, readers), opened(name, tmp_path, own_readers)
        assert peer.contents.renderer.startswith("LibreOffice") and not own.contents.renderer.startswith("LibreOffice")
        assert len(peer.pages()) == len(own.pages()) > 0
        similarities = []
        for mine, theirs in zip(own.pages(), peer.pages(), strict=True):
            similarities.append(structural_similarity(grey(mine.render(WIDTH, HEIGHT)), grey(theirs.render(WIDTH, HEIGHT))))
            text = mine.text()
            found = "".join(text.text.split()) + "".join(word.text for word in text.words)
            shown = " ".join(word.text for word in theirs.text().words)
            assert [word for word in re.findall(r"[a-zA-Z0-9]{2,}|[\u4e00-\u9fff]", shown) if word not in found] == []
        assert np.mean(similarities) > floor, (name, similarities)


@NEEDS_OFFICE
@pytest.mark.parametrize("suffix", [pytest.param("ppt", marks=pytest.mark.slow), "odp"])
def test_old_and_open_formats_open_through_libreoffice(suffix: str, tmp_path: Path, readers: Readers) -> None:
    program = office.find()
    assert program is not None
    (tmp_path / "talk.pptx").write_bytes(decks.make("notes_and_alt_text"))
    office._write_profile(tmp_path / "profile")
    command = office._command(program, tmp_path, tmp_path / "talk.pptx")
    command[command.index("pdf")] = suffix
    subprocess.run(command, env=office._environment(tmp_path), check=True, capture_output=True, timeout=120)
    talk = open_attachment(tmp_path / "out" / f"talk.{suffix}", readers=readers)
    assert [page.locator for page in talk.pages()] == ["slide 1", "slide 2", "slide 3"]
    assert "What is on the slide" in talk.pages()[0].text().text
    assert talk.pages()[1].render(WIDTH, HEIGHT).rgb.count(b"\xff\xdc\x3c") > 50  # the sun


def test_an_old_deck_without_libreoffice_gets_a_clear_sentence(tmp_path: Path, own_readers: Readers) -> None:
    directory = "PowerPoint Document".encode("utf-16-le")
    (tmp_path / "talk.ppt").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + directory + bytes(2000))
    with pytest.raises(FormatUnsupported, match=r"talk\.ppt .*LibreOffice"):
        open_attachment(tmp_path / "talk.ppt", readers=own_readers)
