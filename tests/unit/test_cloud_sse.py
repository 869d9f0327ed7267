"""Server-sent events come out the same however they are split, and nothing endless is gathered."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.cloud.sse import EVENT_BYTES_MAX, EventReader, ServerEvent, TextWatch
from inference.errors import ReplyNotUnderstood


def _read(*chunks: bytes) -> list[ServerEvent]:
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.finish()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_fields_are_read_as_the_standard_says(end: str) -> None:
    lines = [
        "\ufeffdata: first",
        "",
        ": a comment",
        "event: error",
        "data",
        "data:two",
        "data:  three",
        "id: 7",
        "",
        "event: lost",
        "",
        "data: 你好",
        "",
        "",
    ]
    assert _read(end.join(lines).encode()) == [
        ServerEvent("message", "first"),
        ServerEvent("error", "\ntwo\n three"),
        ServerEvent("message", "你好"),
    ]


def test_an_event_that_lacks_its_last_line_break_is_read() -> None:
    assert _read(b"data: [DONE]") == [ServerEvent("message", "[DONE]")]


_LINES = st.lists(st.sampled_from(["data: a", "data:é🙂", "event: error", ": ping", "", "data", "\ufeffdata: b", "x"]), max_size=12)


@given(_LINES, st.lists(st.sampled_from(["\n", "\r", "\r\n"]), min_size=12, max_size=12), st.data())
def test_any_split_gives_the_same_events_and_the_same_text_watch(lines: list[str], ends: list[str], data: st.DataObject) -> None:
    stream = "".join(line + end for line, end in zip(lines, ends, strict=False)).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert _read(*pieces) == _read(stream) == _read(*(bytes([byte]) for byte in stream))
    watch, whole = TextWatch(), TextWatch()
    assert any([watch.has_text(piece) for piece in pieces]) == whole.has_text(stream)
    assert whole.has_text(b"") is False


def test_comments_and_empty_lines_are_no_text_wherever_they_are_split() -> None:
    watch = TextWatch()
    assert [watch.has_text(piece) for piece in (b": pi", b"ng", b"\n", b"\r\n:", b"data: x", b"\n\ndat", b"a: y\n", b"\n")] == [
        *(False,) * 5,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("piece", [b"x" * 65_536, b": " + b"x" * 65_536, b"data: " + b"x" * 65_536 + b"\n"])
def test_a_line_or_an_event_without_end_is_refused_after_what_came_before(piece: bytes) -> None:
    reader = EventReader()
    assert reader.feed(b"data: before\n\n" + piece) == [ServerEvent("message", "before")]
    pieces = itertools.repeat(piece, EVENT_BYTES_MAX // len(piece) + 1)
    with pytest.raises(ReplyNotUnderstood):
        assert not any(map(reader.feed, pieces))
    with pytest.raises(ReplyNotUnderstood):
        reader.finish()


def test_a_giant_line_within_a_chunk_does_not_swallow_the_event_before_it() -> None:
    reader = EventReader()
    assert reader.feed(b"data: before\n\ndata: " + b"x" * EVENT_BYTES_MAX + b"\n\ndata: after\n\n") == [
        ServerEvent("message", "before")
    ]
    with pytest.raises(ReplyNotUnderstood):
        reader.feed(b"")
