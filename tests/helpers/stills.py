"""A picture that is in no file, for tests of what happens to pictures after they were opened."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.types import Pixels


@dataclass(frozen=True, slots=True)
class Still:
    """One colour all over; a `Picture` of `ingest.attachment`."""

    id: str
    name: str
    width: int = 4
    height: int = 4
    colour: tuple[int, int, int] = (200, 30, 20)

    def render(self, width: int, height: int) -> Pixels:
        return Pixels(width, height, bytes(self.colour) * (width * height))
