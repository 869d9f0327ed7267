"""Videos, read with FFmpeg's libraries (PyAV): any container and codec they know, opened lazily, seeked sparsely.

container   opening with nothing else in reach, and which of the streams is the picture
frames      the frame shown at a time, decoding as little as possible
plan        which frames to look at for a range, from packets alone
pixels      frames as they are shown: turned, stretched, in RGB
tracks      the subtitle track as text
clip        all of it together
"""

from __future__ import annotations

from ingest.video.clip import open_clip

__all__ = ["open_clip"]
