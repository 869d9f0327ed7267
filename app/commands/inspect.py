"""`sightline inspect`: what Sightline sees in a file, page by page or frame by frame, without any model."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from app.chat.plan import legible_tokens
from app.commands.choosing import choose
from app.commands.exits import EXIT_OK
from app.reading import Reading
from base.cells import MAX_IMAGE_TOKENS, image_tokens
from ingest.attachment import Attachment, Frame, Page
from ingest.errors import FileUnreadable, NoSuchPage

View = TypeVar("View", Page, Frame)

_KINDS = {"picture": "picture", "animation": "animation", "pdf": "PDF", "deck": "deck", "video": "video", "text": "text"}


def run(options: argparse.Namespace) -> int:
    """Print what is in the file, write the pages asked for, and return the exit code. Raises any class of `ingest.errors`."""
    reading = Reading(keeps_on_disk=not options.private)
    try:
        choice = choose(options, reading, options.path)
        attachment = choice.attachment
        frames: Sequence[Frame] = ()
        pages: Sequence[Page] = ()
        if attachment.is_timed:
            frames = attachment.frames(choice.start_s, choice.end_s, choice.frames_per_s)
        else:
            indices = range(attachment.contents.page_count) if choice.pages is None else choice.pages
            pages = [attachment.pages()[index] for index in indices]
        if options.page is not None:
            pages, frames = _only(pages, options.page), _only(frames, options.page)
        described = {
            "kind": attachment.kind,
            "name": attachment.name,
            "sha256": attachment.id,
            "pages": [_describe_page(page, reading if options.recognise else None) for page in pages],
            "frames": [_describe_frame(frame) for frame in frames],
            "warnings": list(attachment.contents.warnings),
        }
        if options.out is not None:
            _write(options.out, [*pages, *frames])
    finally:
        reading.close()
    print(json.dumps(described, ensure_ascii=False) if options.json else _as_text(attachment, described))
    return EXIT_OK


def _only(views: Sequence[View], number: int) -> Sequence[View]:
    if views and not 1 <= number <= len(views):
        raise NoSuchPage(f"There are {len(views)}; there is no number {number}.")
    return views[number - 1 : number]


def _describe_page(page: Page, reading: Reading | None) -> dict[str, Any]:
    text = page.text()
    said = reading.recogniser.recognise(page).text if reading is not None and text.scanned else text.text
    width, height = _size(page)
    return {
        "locator": page.locator,
        "width": width,
        "height": height,
        "image_tokens": image_tokens(width, height),
        "text": said,
        "scanned": text.scanned,
    }


def _describe_frame(frame: Frame) -> dict[str, Any]:
    width, height = frame.width, frame.height
    return {"time_s": frame.time_s, "width": width, "height": height, "image_tokens": image_tokens(width, height)}


def _size(view: Page | Frame) -> tuple[int, int]:
    """In pixels as it would be sent: its own, or what its small print needs."""
    if isinstance(view, Frame) or not view.info.is_vector:
        return view.width, view.height
    return view.size_for(tokens=legible_tokens(view, view.text(), MAX_IMAGE_TOKENS))


def _write(folder: Path, views: Sequence[Page | Frame]) -> None:
    """Each as a PNG in the folder."""
    from PIL import Image

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for view in views:
            pixels = view.render(*view.size_for(max_pixels=_size(view)[0] * _size(view)[1]))
            name = re.sub(r"[^\w.-]+", "-", f"{Path(view.attachment.name).stem} {view.locator}".replace(":", "."))
            Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb).save(folder / f"{name}.png")
    except OSError as error:
        raise FileUnreadable(f"{folder} cannot be written: {error.strerror or error}.") from error


def _as_text(attachment: Attachment, described: dict[str, Any]) -> str:
    contents = attachment.contents
    count = f"{len(described['frames'])} frames" if attachment.is_timed else f"{contents.page_count} pages"
    duration = f", {contents.duration_s:.1f} s" if contents.duration_s is not None else ""
    lines = [f"{attachment.name}: {_KINDS[attachment.kind]}, {count}{duration}" + (f", {contents.title}" if contents.title else "")]
    lines += [f"  ! {warning}" for warning in described["warnings"]]
    for page in described["pages"]:
        start = "to be recognised" if page["scanned"] and not page["text"] else " ".join(page["text"].split())[:60]
        lines.append(f"  {page['locator']}: {page['width']} x {page['height']} px, {page['image_tokens']} tokens  {start}")
    for frame in described["frames"]:
        lines.append(f"  {frame['time_s']:.3f} s: {frame['width']} x {frame['height']} px, {frame['image_tokens']} tokens")
    return "\n".join(lines)
