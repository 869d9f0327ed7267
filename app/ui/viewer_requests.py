"""What the viewer wants done outside the window's thread, as values. `app.viewing` does it, and answers by `Viewer.take`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from app.chat.answer import Reference
from app.chat.pictures import KeptPicture
from app.ui.viewer_subjects import Subject
from ingest.attachment import Picture
from ingest.types import Area


@dataclass(frozen=True, slots=True)
class FindPages:
    """The page at an index, and its neighbours. Answered by a list of `Page`."""

    subject: Subject
    index: int


@dataclass(frozen=True, slots=True)
class OpenPicture:
    """A picture of an earlier question. Answered by a `Picture`."""

    picture: KeptPicture


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text that a page holds. Answered by a `TextLayer`."""

    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class RecogniseText:
    """The text that can be seen on a picture. Answered by a `TextLayer`."""

    picture: Picture
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, eq=False)
class RecogniseRegion:
    """The text that can be seen in a part. Answered by a `PageText`."""

    picture: Picture
    area: Area
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class DrawDetail:
    """A part at least `scale` times as large as the picture's shown size. Answered by a `QImage`, or None when there is no more."""

    picture: Picture
    area: Area
    scale: float


@dataclass(frozen=True, slots=True)
class CutOut:
    """A part, or all, in its own pixels, for the clipboard. Answered by a `QImage`."""

    picture: Picture
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class SavePicture:
    """All of it in its own pixels as a file, with these boxes drawn on it. Answered by the path."""

    picture: Picture
    path: Path
    references: tuple[Reference, ...] = ()


Request = FindPages | OpenPicture | ReadText | RecogniseText | RecogniseRegion | DrawDetail | CutOut | SavePicture
