"""LibreOffice as a converter: found, bounded, kept from the network and from the user's things, and asked only once."""

from __future__ import annotations

import http.server
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pymupdf
import pytest
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from ingest.detect import ODP, PPTX
from ingest.documents import Source
from ingest.errors import Damaged, FormatUnsupported, ReaderSlow, TooLarge
from ingest.slides import office
from tests.helpers import deck_parts, decks
from tests.helpers.engine import wait_until

NEEDS_OFFICE = pytest.mark.skipif(office.find() is None, reason="LibreOffice is not installed")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the program")

WRITES_PDF = """
for last; do :; done
while [ "$1" != --outdir ]; do shift; done
mkdir -p "$2" && printf '%%PDF-made-from-' >"$2/document.pdf" && cat "$last" >>"$2/document.pdf"
"""


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script that stands in for LibreOffice; tests write what it does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script(folder / "soffice", WRITES_PDF)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    office.version.cache_clear()
    return folder / "soffice"


def script(path: Path, body: str) -> None:
    path.write_text(f'#!/bin/sh\n[ "$2" = --version ] && {{ echo LibreOffice 1.2.3; exit; }}\n{body}')
    path.chmod(0o755)


def deck_source(data: bytes, cache: Path | None = None) -> Source:
    return Source("talk.pptx", data=data, media_type=PPTX, sha256="ab" * 32, cache=cache)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or is a corpse that its new parent has not looked at yet."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def leftovers() -> list[Path]:
    return list(Path(tempfile.gettempdir()).iterdir())


# -- finding it ------------------------------------------------------------------------------------------------------------


def test_without_it_the_user_is_told_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_FOLDERS", (str(tmp_path / "nowhere"),))
    assert office.find() is None
    with pytest.raises(FormatUnsupported, match=r"talk\.pptx needs LibreOffice"):
        office.convert(deck_source(b"deck"))


@POSIX
def test_it_is_found_where_installers_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("24.8", "25.2"):
        (tmp_path / f"libreoffice{number}" / "program").mkdir(parents=True)
        script(tmp_path / f"libreoffice{number}" / "program" / "soffice", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_FOLDERS", (f"{tmp_path}/libreoffice*/program",))
    assert office.find() == tmp_path / "libreoffice25.2" / "program" / "soffice"


@POSIX
def test_its_version_is_asked_for(program: Path) -> None:
    assert office.version(program) == "LibreOffice 1.2.3"
    program.write_text("#!/bin/sh\nexit 3\n")
    office.version.cache_clear()
    assert office.version(program) == "LibreOffice"


# -- what it may do --------------------------------------------------------------------------------------------------------


@POSIX
def test_it_sees_a_copy_and_nothing_of_the_environment(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    script(program, f'env >"{tmp_path}/seen"; pwd >>"{tmp_path}/seen"; cat >>"{tmp_path}/seen"\n{WRITES_PDF}')
    path = tmp_path / "talk.odp"
    path.write_bytes(b"deck")
    assert office.convert(Source("talk.odp", path=path, media_type=ODP)) == b"%PDF-made-from-deck"
    seen = (tmp_path / "seen").read_text()
    assert "hunter2" not in seen and f"HOME={tempfile.gettempdir()}/sightline-office-" in seen
    assert leftovers() == []


@POSIX
def test_when_it_hangs_it_is_stopped_with_all_that_it_started(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "CONVERT_SECONDS", 3.0)
    script(program, f'sleep 300 & echo $! >"{tmp_path}/pid"; wait')
    with pytest.raises(ReaderSlow, match=r"LibreOffice took longer than 3 seconds for talk\.pptx"):
        office.convert(deck_source(b"deck"))
    assert wait_until(lambda: has_ended(int((tmp_path / "pid").read_text())))
    assert leftovers() == []


@POSIX
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
def test_it_cannot_fill_the_disk(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PDF_BYTES_MAX", 1 << 20)
    grows = "mkdir out; head -c 20000000 /dev/zero >out/document.pdf; wc -c <out/document.pdf"
    is_unlimited = 'grep -q "Max file size *unlimited" /proc/$$/limits'
    script(program, f'while {is_unlimited}; do sleep 0.05; done; {grows} >"{tmp_path}/size"')
    with pytest.raises(TooLarge, match=r"PDF of more than 1 MB"):
        office.convert(deck_source(b"deck"))
    assert int((tmp_path / "size").read_text()) == 2 << 20
    assert leftovers() == []


@POSIX
def test_without_a_pdf_the_file_is_called_damaged(program: Path) -> None:
    script(program, "echo Error: source file could not be loaded")
    with pytest.raises(Damaged, match=r"talk\.pptx cannot be read by LibreOffice"):
        office.convert(deck_source(b"deck"))


@POSIX
def test_what_a_killed_process_left_behind_goes_when_it_is_old(program: Path) -> None:
    for name, age_s in (("sightline-office-old", 7200), ("sightline-office-new", 60), ("another", 7200)):
        folder = Path(tempfile.gettempdir()) / name
        folder.mkdir()
        os.utime(folder, (time.time() - age_s,) * 2)
    office.convert(deck_source(b"deck"))
    assert {path.name for path in leftovers()} == {"sightline-office-new", "another"}


# -- the cache -------------------------------------------------------------------------------------------------------------


@POSIX
def test_a_deck_is_converted_once_for_each_version(program: Path, tmp_path: Path) -> None:
    script(program, f'echo run >>"{tmp_path}/runs"\n{WRITES_PDF}')
    for _ in range(2):
        assert office.convert(deck_source(b"deck", tmp_path / "cache")) == b"%PDF-made-from-deck"
    assert (tmp_path / "runs").read_text().split() == ["run"]
    program.write_text(program.read_text().replace("1.2.3", "1.2.4"))
    office.version.cache_clear()
    office.convert(deck_source(b"deck", tmp_path / "cache"))
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


@POSIX
def test_nothing_is_kept_where_nothing_may_be_kept(program: Path, tmp_path: Path) -> None:
    script(program, f'echo run >>"{tmp_path}/runs"\n{WRITES_PDF}')
    for _ in range(2):
        office.convert(deck_source(b"deck"))
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


# -- the real one ----------------------------------------------------------------------------------------------------------


@NEEDS_OFFICE
def test_every_slide_becomes_a_page_and_hidden_ones_too() -> None:
    with pymupdf.open(stream=office.convert(deck_source(decks.make("notes_and_alt_text")))) as pdf:
        assert [page.get_text().split("\n")[0].strip() for page in pdf] == ["With notes", "A described picture", "Hidden slide"]


@NEEDS_OFFICE
def test_what_is_no_deck_is_called_damaged() -> None:
    with pytest.raises(Damaged):
        office.convert(deck_source(b"PK\x03\x04" + bytes(range(256)) * 40))


class _Server(http.server.ThreadingHTTPServer):
    """Counts what is asked of it and gives a picture."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}/picture.png"


class _Answers(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(deck_parts.photo().getvalue())

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def linked_deck(*addresses: str) -> bytes:
    """Pictures that the deck does not hold but names."""
    deck = deck_parts.new_deck()
    slide = deck_parts.add_slide(deck, deck_parts.TITLE_ONLY, "Linked")
    for place, address in enumerate(addresses):
        picture = slide.shapes.add_picture(deck_parts.cut_out(), *deck_parts.box(1 + 5 * place, 2, 4, 4))
        blip = picture._element.blipFill.find(qn("a:blip"))
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), slide.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True))
    return deck_parts.to_bytes(deck)


@NEEDS_OFFICE
def test_linked_pictures_are_fetched_from_nowhere(server: _Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private.png"
    private.write_bytes(deck_parts.photo().getvalue())
    deck = linked_deck(server.address, private.as_uri())
    with pymupdf.open(stream=office.convert(deck_source(deck))) as pdf:
        assert "Linked" in pdf[0].get_text() and pdf[0].get_images() == []
    assert server.asked == []
    # Without our settings the same deck makes LibreOffice ask, so the silence above is their doing.
    monkeypatch.setattr(office, "_SETTINGS", ())
    guarded = office._environment
    monkeypatch.setattr(
        office, "_environment", lambda folder: {name: value for name, value in guarded(folder).items() if "proxy" not in name}
    )
    with pymupdf.open(stream=office.convert(deck_source(deck))) as pdf:
        assert pdf[0].get_images() != []
    assert server.asked != []
