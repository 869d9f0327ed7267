"""To come."""

from __future__ import annotations

from ingest.slides.presets.frame import Maker

SHAPES: dict[str, Maker] = {}
