"""Pages, slides, moments and scans asked about and inspected, as a person or a script does it: the real program, the tiny model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ingest.attachment import PX_PER_POINT
from tests.helpers.boxes import iou
from tests.helpers.documents import CIRCLE_PT, make_deck, make_pdf, make_scan, make_video

CIRCLE_PX = tuple(side * PX_PER_POINT for side in CIRCLE_PT)


def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "app", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=200, check=False)


def inspect(*arguments: str | Path, stdin: bytes = b"") -> Any:
    done = run("inspect", *arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def _own_slide_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slides are drawn the same on every computer, and LibreOffice's start is not waited for."""
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")


@pytest.fixture
def ask(tiny_model: tuple[Path, Path]) -> Any:
    def ask(*arguments: str | Path) -> Any:
        model = ("--model", tiny_model[0], "--threads", "1", "--temperature", "0", "--image-tokens", "36", "--json")
        done = run("ask", *arguments, *model)
        answer = json.loads(done.stdout)
        assert done.returncode == 0, answer
        return answer

    return ask


def test_a_page_of_a_pdf_answers_with_a_box_on_the_page(ask: Any, tmp_path: Path) -> None:
    answer = ask(make_pdf(tmp_path / "report.pdf"), "Locate the red circle.", "--pages", "2", "--annotate", tmp_path / "out.png")
    (box,) = answer["boxes"]
    assert iou(box["bbox"], CIRCLE_PX) > 0.6
    assert [part["name"] for part in answer["sent"]] == ["report.pdf, page 2"]
    with Image.open(tmp_path / "out.png") as annotated:
        assert annotated.size == (320, 280)


def test_a_slide_answers_with_a_box_on_the_slide(ask: Any, tmp_path: Path) -> None:
    answer = ask(make_deck(tmp_path / "talk.pptx"), "Locate the red circle.", "--pages", "2")
    (box,) = answer["boxes"]
    assert iou(box["bbox"], CIRCLE_PX) > 0.6
    assert [part["name"] for part in answer["sent"]] == ["talk.pptx, slide 2"]


def test_a_moment_of_a_video_is_found(ask: Any, tmp_path: Path) -> None:
    video, shape = make_video(tmp_path / "clip.mp4", first_seen=2)
    answer = ask(video, f"When does the {shape} appear?", "--frames-per-second", "2")
    assert answer["text"] == "At 1.0 seconds."
    assert [part["name"] for part in answer["sent"]][:2] == ["clip.mp4, 00:00", "clip.mp4, 00:00.5"]


def test_only_the_chosen_part_of_a_video_is_sent(ask: Any, tmp_path: Path) -> None:
    video, shape = make_video(tmp_path / "clip.mp4")
    answer = ask(video, f"When does the {shape} appear?", "--frames-per-second", "2", "--from", "00:00.5", "--to", "00:01.5")
    assert [part["name"].rpartition(" ")[2] for part in answer["sent"]] == ["00:00.5", "00:01"]


def test_a_scanned_page_is_read(ask: Any, tmp_path: Path) -> None:
    assert ask(make_scan(tmp_path / "scan.pdf", 42), "What number is shown?")["text"] == "The number is 42."


def test_what_does_not_fit_is_said(ask: Any, tmp_path: Path) -> None:
    answer = ask(make_pdf(tmp_path / "long.pdf", page_count=300), "What is in this image?", "--context", "2048")
    (reduction,) = answer["reductions"]
    assert reduction["code"] == "pages_left_out"
    assert f"{len(answer['sent'])} of 300 pages" in reduction["message"]


def test_inspect_tells_what_a_pdf_holds(tmp_path: Path) -> None:
    described = inspect(make_pdf(tmp_path / "report.pdf", page_count=3))
    assert set(described) == {"kind", "name", "sha256", "pages", "frames", "warnings"}
    assert (described["kind"], described["name"], described["frames"]) == ("pdf", "report.pdf", [])
    assert [page["locator"] for page in described["pages"]] == ["page 1", "page 2", "page 3"]
    page = described["pages"][0]
    assert set(page) == {"locator", "width", "height", "image_tokens", "text", "scanned"}
    assert page["image_tokens"] * 28 * 28 == page["width"] * page["height"]


def test_inspect_tells_what_a_video_holds(tmp_path: Path) -> None:
    video, _ = make_video(tmp_path / "clip.mp4")
    described = inspect(video, "--frames-per-second", "2")
    assert [frame["time_s"] for frame in described["frames"]] == [0.0, 0.5, 1.0, 1.5]
    assert set(described["frames"][0]) == {"time_s", "width", "height", "image_tokens"}


def test_inspect_reads_speaker_notes_and_stdin(tmp_path: Path) -> None:
    described = inspect("-", stdin=make_deck(tmp_path / "talk.pptx").read_bytes())
    assert described["kind"] == "deck"
    assert "Say that it is a circle." in described["pages"][1]["text"]


def test_inspect_writes_one_page_as_a_picture(tmp_path: Path) -> None:
    inspect(make_pdf(tmp_path / "report.pdf"), "--page", "2", "--out", tmp_path / "out")
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == "report-page-2.png"
    with Image.open(written) as page:
        x, y = (page.width * 60 // 160, page.height * 70 // 140)
        red, green, blue = page.getpixel((x, y))  # type: ignore[misc]
        assert red > 180 > 80 > max(green, blue)


def test_inspect_recognises_a_scan_when_asked(tmp_path: Path) -> None:
    scan = make_scan(tmp_path / "scan.pdf", 42)
    (silent,) = inspect(scan)["pages"]
    assert (silent["scanned"], silent["text"]) == (True, "")
    (read,) = inspect(scan, "--recognise")["pages"]
    assert "42" in read["text"]


@pytest.mark.parametrize(
    ("make", "options", "code"),
    [
        (lambda folder: folder / "none.pdf", (), "file_missing"),
        (lambda folder: folder, (), "file_unreadable"),
        (lambda folder: make_pdf(folder / "a.pdf"), ("--pages", "2-9"), "no_such_page"),
        (lambda folder: make_pdf(folder / "a.pdf"), ("--page", "3"), "no_such_page"),
        (lambda folder: make_video(folder / "a.mp4")[0], ("--from", "soon"), "no_such_page"),
    ],
)
def test_what_cannot_be_inspected_says_why(make: Any, options: tuple[str, ...], code: str, tmp_path: Path) -> None:
    done = run("inspect", make(tmp_path), "--json", *options)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")


def test_an_encrypted_pdf_asks_for_its_password(tmp_path: Path) -> None:
    import pymupdf

    path = tmp_path / "secret.pdf"
    with pymupdf.open(make_pdf(tmp_path / "open.pdf")) as document:
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="moon", owner_pw="sun")
    assert json.loads(run("inspect", path, "--json").stdout)["error"]["code"] == "password_needed"
    assert json.loads(run("inspect", path, "--json", "--password", "x").stdout)["error"]["code"] == "password_wrong"
    assert len(inspect(path, "--password", "moon")["pages"]) == 2
