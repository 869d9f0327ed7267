"""The subtitle track of a video as text. Read from a container of its own, so that no picture is touched."""

from __future__ import annotations

from fractions import Fraction

import av
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from ingest import limits
from ingest.documents import Source
from ingest.subtitles import text_of_event
from ingest.types import Subtitle
from ingest.video.container import leave_unread, open_container

_TEXT_CODECS = ("subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text", "subviewer", "microdvd", "realtext", "sami")
"""Names of decoders that give text; all other subtitles are pictures."""
_END_S_MAX = 1e9
"""Later than that are only times that are damaged."""
_UNENDED_S = 5.0
"""How long a subtitle stays that does not say."""


def read_subtitles(source: Source, zero_s: Fraction) -> tuple[tuple[Subtitle, ...], list[str]]:
    """The subtitles of the track marked as default, else of the first; and warnings. Times count from `zero_s`."""
    with source.open() as stream, open_container(source, stream) as container:
        tracks = [track for track in container.streams.subtitles if _decoder(track) in _TEXT_CODECS]
        if not tracks:
            drawn = "The subtitles of this video are pictures and are not read." if container.streams.subtitles else ""
            return (), [drawn] if drawn else []
        track = next((track for track in tracks if track.disposition & Disposition.default), tracks[0])
        leave_unread(container, track)
        found: list[Subtitle] = []
        try:
            for packet in container.demux(track):
                if packet.pts is None or not packet.size:
                    continue
                if len(found) == limits.SUBTITLES_MAX:
                    return _in_order(found), [f"Only the first {limits.SUBTITLES_MAX} subtitles are read."]
                start_s = packet.pts * packet.time_base - zero_s
                end_s = start_s + (packet.duration * packet.time_base if packet.duration else Fraction(_UNENDED_S))
                text = _text(track, packet)
                if text and max(0.0, float(start_s)) < float(end_s) < _END_S_MAX:
                    found.append(Subtitle(max(0.0, float(start_s)), float(end_s), text))
        except av.FFmpegError:
            return _in_order(found), ["The subtitles are damaged; only those before the damage are read."]
        return _in_order(found), []


def _text(track: SubtitleStream, packet: av.Packet[SubtitleStream]) -> str:
    try:
        events = track.decode(packet)
    except (av.FFmpegError, UnicodeDecodeError):  # one damaged line
        return ""
    texts = [text_of_event(event.ass.decode("utf-8", "replace")) for event in events if isinstance(event, AssSubtitle)]
    return "\n".join(text for text in texts if text)


def _in_order(found: list[Subtitle]) -> tuple[Subtitle, ...]:
    return tuple(sorted(found, key=lambda subtitle: subtitle.start_s))


def _decoder(track: SubtitleStream) -> str:
    try:
        return track.codec_context.name
    except AttributeError:  # a codec that is unknown has no context
        return ""
