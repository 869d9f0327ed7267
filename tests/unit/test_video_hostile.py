"""Videos that are none, name other files, or are broken: a sentence each, and nothing else is opened."""

from __future__ import annotations

import io
import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, IngestError, TooLarge
from ingest.isolate import Readers
from ingest.video import open_clip
from tests.conftest import EXAMPLES
from tests.helpers.video_clips import open_path, shot
from tests.helpers.video_files import Recipe, make_video, numbered, steady


class Listener:
    """A server on the loopback that counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.calls = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("victim") / "victim.ts", Recipe(steady(30)))


def _png() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(numbered(1)).save(stream, "PNG")
    return stream.getvalue()


def lists_of(victim: Path, port: int) -> dict[str, str]:
    """Playlists of all sorts that name a file and an address."""
    address = f"http://127.0.0.1:{port}/a.ts"
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:2,\n{victim}\n#EXTINF:2,\n{address}\n#EXT-X-ENDLIST\n",
        "hls-file": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:2,\nfile://{victim}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{victim}'\nfile '{address}'\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="x"><BaseURL>{address}</BaseURL></MPD>',
        "sdp": f"v=0\no=- 0 0 IN IP4 0\ns=x\nc=IN IP4 0.0.0.0\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "rtsp": f"rtsptextRTSP://127.0.0.1:{port}/a\n",
        "asx": f'<asx version="3.0"><entry><ref href="{address}"/></entry></asx>',
    }


@pytest.mark.parametrize("sort", ["hls", "hls-file", "concat", "dash", "sdp", "rtsp", "asx"])
def test_lists_of_other_files_open_none(sort: str, victim: Path, listener: Listener, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text(lists_of(victim, listener.port)[sort])
    with pytest.raises((FormatUnsupported, Damaged)):
        open_path(path)
    assert listener.calls == 0


def test_plain_ffmpeg_would_have_opened_them(victim: Path, tmp_path: Path) -> None:
    """So that the test above tests something."""
    path = tmp_path / "film.m3u8"
    path.write_text(lists_of(victim, 1)["hls-file"])
    with av.open(str(path), container_options={"protocol_whitelist": "file", "allowed_extensions": "ALL"}) as container:
        assert container.format.name == "hls"


def test_a_movie_that_refers_to_another_file_opens_nothing(victim: Path, tmp_path: Path) -> None:
    """QuickTime's data references: the samples would be read from the file that `alis` or `url ` names."""
    path = make_video(tmp_path / "refers.mov", Recipe(steady(20), codec="mjpeg", pixel_format="yuvj420p"))
    data = bytearray(path.read_bytes())
    at = data.index(b"dref")
    assert data[at + 16 : at + 24] in (b"alis\0\0\0\1", b"url \0\0\0\1")
    data[at + 23] = 0  # 1 says "in this file"
    path.write_bytes(data)
    clip = open_path(path)
    assert shot(clip, 0.0) == 0
    clip.close()


def test_names_that_look_like_addresses_are_names(tmp_path: Path) -> None:
    for name in ("http:x.mp4", "concat:a|b.mp4", "data:video.mp4", "100%d.mp4", "视频.mp4"):
        path = make_video(tmp_path / "x.mp4", Recipe(steady(5))).rename(tmp_path / name)
        clip = open_path(path)
        assert clip.contents.width == 192
        clip.close()


def write_sound(container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.int16), format="s16", layout="mono")
    frame.sample_rate, frame.pts = 48000, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mov"
    with av.open(str(path), "w") as container:
        write_sound(container, container.add_stream("pcm_s16le", rate=48000, layout="mono"))
    with pytest.raises(Empty, match="can only be listened to"):
        open_path(path)


def test_the_cover_of_a_song_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        cover = container.add_attachment("cover.png", "image/png", _png())
        assert cover is not None
        write_sound(container, sound)
    with pytest.raises(Empty, match="no moving pictures"):
        open_path(path)


def test_of_hundreds_of_streams_the_first_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "streams.mkv"
    with av.open(str(path), "w") as container:
        for _ in range(300):
            stream = container.add_stream("mpeg4", rate=25)
            stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        for stream in container.streams.video:
            container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
    clip = open_path(path)
    assert len(clip.frame(0.0, 16, 16).rgb) == 768
    clip.close()


def test_frames_too_large_to_decode_are_refused(tmp_path: Path) -> None:
    recipe = Recipe([0], codec="mjpeg", pixel_format="yuvj420p", draw=lambda _: np.zeros((5200, 8000, 3), np.uint8))
    path = make_video(tmp_path / "large.mov", recipe)
    with pytest.raises(TooLarge, match="8000 x 5200"):
        open_path(path)


@pytest.mark.parametrize("keep", [0, 100])
def test_the_beginning_of_a_recording_alone_is_damaged(victim: Path, tmp_path: Path, keep: int) -> None:
    whole = make_video(tmp_path / "whole.mp4", Recipe(steady(200)))
    with pytest.raises(Damaged, match="damaged"):
        open_clip(Source("cut.mp4", data=whole.read_bytes()[:keep]))


@pytest.mark.parametrize("name", ["fuzzed.mp4", "fuzzed.mkv", "fuzzed.ts", "fuzzed.avi"])
def test_damage_anywhere_is_survived(name: str, tmp_path: Path) -> None:
    """The reading child stays alive, and answers with frames or with a sentence."""
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    data = make_video(tmp_path / name, Recipe(steady(40), codec=codec)).read_bytes()
    chance = random.Random(name)
    readers = Readers(count=1)
    outcomes = set()
    try:
        for _ in range(EXAMPLES // 2):
            broken = bytearray(data)
            for _ in range(chance.choice((1, 5, 40))):
                broken[chance.randrange(16, len(broken))] = chance.randrange(256)
            try:
                attachment = open_attachment(bytes(broken), name=name, readers=readers)
                for frame in attachment.frames(count_max=4):
                    frame.render(64, 48)
                outcomes.add("frames")
            except IngestError as error:
                outcomes.add(error.code)
    finally:
        readers.close()
    assert "frames" in outcomes
    assert outcomes <= {"frames", "damaged", "empty", "format_unsupported", "format_unknown", "too_large", "no_such_page"}
