"""What a recording is told and what it tells: values that cross the border to the process that records, so each is JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from app.capture.models import Rect, Screen
from base.wire import Wire

FRAMES_PER_S_MAX = 30
SIDE_PX_MIN = 16
"""A region that is thinner shows nothing, and encoders have their own smallest block."""

Source = Literal["mss", "grim"]
Codec = Literal["h264", "vp9"]
Ending = Literal["stopped", "size_limit", "disk_full", "write_failed", "screen_gone", "screen_changed", "no_start", "died"]
"""Why a recording is over.

stopped: it was told to, or whoever listened is gone. size_limit: the file is as large as it may be. disk_full: there is too
little room on the disk. write_failed: the file cannot be written. screen_gone: no pictures came any more. screen_changed: the
screen has another size now. no_start: nothing could be recorded at all. died: the process ended without a word.
"""


@dataclass(frozen=True, slots=True)
class RecordingJob:
    """Attributes:
    area: the part that is recorded, in image pixels of the screen's picture; None for all of it.
    source: the way in which pictures of the screen are taken.
    folder: where the file goes; made when it is not there.
    name: of the file, without its suffix; a number is added when it is taken.
    frames_per_s: at most so many, 1 to FRAMES_PER_S_MAX.
    size_limit_bytes: the file never becomes larger.
    free_bytes_min: the recording ends when less is free on the disk.
    """

    screen: Screen
    area: Rect | None
    source: Source
    folder: Path
    name: str
    frames_per_s: int
    codec: Codec
    size_limit_bytes: int
    free_bytes_min: int

    def __post_init__(self) -> None:
        if not 1 <= self.frames_per_s <= FRAMES_PER_S_MAX:
            raise ValueError(f"frames_per_s is 1 to {FRAMES_PER_S_MAX}")

    def to_wire(self) -> Wire:
        return asdict(self) | {"folder": str(self.folder)}

    @staticmethod
    def from_wire(wire: Wire) -> RecordingJob:
        screen, area = wire["screen"], wire["area"]
        values = {
            "screen": Screen(screen["name"], Rect(**screen["place"]), screen["scale"]),
            "area": Rect(**area) if area else None,
            "folder": Path(wire["folder"]),
        }
        return RecordingJob(**(wire | values))


@dataclass(frozen=True, slots=True)
class Started:
    """The first frame is written.

    Attributes:
        clock_s: the time of the first frame on this computer's monotonic clock, which is 0 in the file.
    """

    path: str
    width: int
    height: int
    clock_s: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recording is.

    Attributes:
        seconds: recorded, without pauses.
        bytes: of the file.
        frames: in the file.
        dropped: frames that were due and are not in the file.
        is_paused: nothing is recorded until it is told to go on.
    """

    seconds: float = 0.0
    bytes: int = 0
    frames: int = 0
    dropped: int = 0
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The last thing that is told. `detail` is what the system or a program said, for people who know about such things.

    `frames + dropped` is the number of frames that were due in `seconds`.
    """

    ending: Ending
    detail: str = ""
    path: str = ""
    progress: Progress = Progress()


Event = Started | Progress | Ended

_EVENTS: dict[str, type[Event]] = {"started": Started, "progress": Progress, "ended": Ended}


def event_to_wire(event: Event) -> Wire:
    return asdict(event) | {"event": type(event).__name__.lower()}


def event_from_wire(wire: Wire) -> Event:
    """Raises KeyError, TypeError or ValueError for what is no event."""
    values = dict(wire)
    kind = _EVENTS[values.pop("event")]
    if kind is Ended:
        values["progress"] = Progress(**values["progress"])
    return kind(**values)
