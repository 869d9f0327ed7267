"""What will be missing from the slides of a deck, told when it is opened: drawing them comes later, and each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.slides.presets import names
from ingest.slides.xml import Element, local_name, qualified

_NAMED_MAX = 20
_METAFILES = (".emf", ".wmf", ".pict", ".pct")
_SENTENCES = {
    "linked": "a picture is only linked, not part of the file, and is left out",
    "media": "a video or a sound cannot be played; its still picture is shown",
    "metafile": "a picture is a metafile (EMF or WMF), which only LibreOffice draws; a grey box stands in its place",
    "preset": "a shape of an unknown kind is drawn as a rectangle",
}
_OFFICE_DRAWS = ("metafile", "preset")


def survey(slides: Sequence[Any], with_office: bool) -> tuple[str, ...]:
    """Sentences about slides, given as python-pptx's parts; fewer where LibreOffice draws them."""
    found: dict[str, list[int]] = {}
    for index, part in enumerate(slides):
        for kind in set(_losses(part)):
            found.setdefault(kind, []).append(index + 1)
    return tuple(
        f"{named_slides(found[kind])}: {sentence}."
        for kind, sentence in _SENTENCES.items()
        if kind in found and not (with_office and kind in _OFFICE_DRAWS)
    )


def named_slides(numbers: Sequence[int]) -> str:
    """ "Slide 3", or "Slides 3, 5 and more"."""
    shown = ", ".join(map(str, numbers[:_NAMED_MAX]))
    return f"Slide{'s' if len(numbers) > 1 else ''} {shown}{' and more' if len(numbers) > _NAMED_MAX else ''}"


def _losses(part: Any) -> Iterator[str]:
    known = names()
    for item in part._element.iter(
        qualified("a:blip"), qualified("a:prstGeom"), qualified("a:videoFile"), qualified("a:audioFile")
    ):
        kind = local_name(item)
        if kind == "prstGeom":
            if item.get("prst") not in known:
                yield "preset"
        elif kind != "blip":
            yield "media"
        else:
            yield from _picture_losses(part, item)


def _picture_losses(part: Any, blip: Element) -> Iterator[str]:
    embedded = part.rels.get(blip.get(qualified("r:embed")) or "")
    if embedded is None or embedded.is_external:
        if blip.get(qualified("r:link")) is not None or embedded is not None:
            yield "linked"
    elif str(embedded.target_part.partname).lower().endswith(_METAFILES):
        yield "metafile"
