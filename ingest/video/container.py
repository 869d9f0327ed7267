"""Opening a container so that nothing else in reach is opened with it, and finding the stream that is the picture.

FFmpeg takes playlists (HLS, DASH, concat), picture sequences and session descriptions for videos too and opens whatever they
name. Here only the formats that hold their own data may be found, the bytes come through a Python stream, and each attempt to
open anything more fails.
"""

from __future__ import annotations

from typing import BinaryIO, NoReturn

import av
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from ingest import limits
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, TooLarge

FORMATS = (
    *("mov", "mp4", "matroska", "webm", "avi", "mpeg", "mpegts", "mpegvideo", "flv", "live_flv", "asf", "ogg", "ivf"),
    *("rm", "mxf", "nut", "wtv", "gxf", "dv", "nsv"),
)
"""Demuxers that need nothing but the file itself (`ffmpeg -demuxers`)."""
STREAMS_MAX = 200
"""A film with fonts attached for its subtitles reaches 60."""
THREADS_MAX = 2
"""For one decoder; two children may be at work."""
_READ_BYTES = 1 << 16
_STILL = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image


def open_container(source: Source, stream: BinaryIO) -> InputContainer:
    """The container in `stream`, which the caller closes after it. Raises Damaged or FormatUnsupported."""
    options = {
        "format_whitelist": ",".join(FORMATS),
        "protocol_whitelist": "none",
        "max_streams": str(STREAMS_MAX),
    }
    try:
        return av.open(stream, "r", container_options=options, buffer_size=_READ_BYTES, io_open=_refuse, metadata_errors="replace")
    except av.ArgumentError:  # what format_whitelist answers
        raise FormatUnsupported(
            f"{source.name} cannot be opened as a video: it only names other files, is of a format that rarely holds one, "
            "or is damaged. Open the video itself, or convert it to MP4."
        ) from None
    except (av.FFmpegError, OSError, MemoryError, ValueError) as error:
        raise Damaged(
            f"{source.name} is damaged: the list of what is in it cannot be read. It may be cut off, "
            "as recordings are whose program ended early."
        ) from error


def picture_stream(container: InputContainer, source: Source) -> VideoStream:
    """The video stream that players show, set up for decoding; all others are left unread.

    The one marked as default, else the largest; cover art is none. Raises Empty, FormatUnsupported or TooLarge.
    """
    streams = [stream for stream in container.streams.video if not stream.disposition & _STILL]
    if not streams:
        heard = " It can only be listened to, which is not done here." if container.streams.audio else ""
        raise Empty(f"{source.name} has no moving pictures.{heard}")
    known = [stream for stream in streams if _decoder(stream) is not None and stream.codec_context.width > 0]
    if not known:
        raise FormatUnsupported(
            f"{source.name} is a video in a coding that cannot be decoded here. "
            "Convert it to H.264, with HandBrake or VLC for example, and open that."
        )
    chosen = max(known, key=lambda stream: (bool(stream.disposition & Disposition.default), _area(stream), -stream.index))
    if _area(chosen) > limits.RENDER_PIXELS_MAX:
        raise TooLarge(
            f"{source.name} has frames of {chosen.width} x {chosen.height} pixels; more than "
            f"{limits.RENDER_PIXELS_MAX // 1_000_000} million pixels are not decoded."
        )
    leave_unread(container, chosen)
    chosen.thread_type = "AUTO"
    chosen.codec_context.thread_count = THREADS_MAX
    chosen.codec_context.options = {"max_pixels": str(limits.RENDER_PIXELS_MAX)}  # the size may change on the way
    return chosen


def leave_unread(container: InputContainer, but: Stream) -> None:
    """Have the demuxer skip all streams but one."""
    for stream in container.streams:
        if stream.index != but.index:
            stream.discard = Discard.all


def _area(stream: VideoStream) -> int:
    return stream.codec_context.width * stream.codec_context.height


def _decoder(stream: VideoStream) -> str | None:
    try:
        return stream.codec_context.name
    except AttributeError:  # a stream whose codec is unknown has no context
        return None


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("A video may not open other files.")
