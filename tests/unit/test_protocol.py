"""What the engine's process and the application say to each other arrives as it was sent, or the stream counts as broken."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.wire import encode_message, read_message
from inference.errors import RequestError
from inference.local.protocol import request_from_wire, request_to_wire
from inference.types import ImagePart, Message, Request, SamplingParams, TextPart, ToolSpec, ToolUse

TEXT = st.text(max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)
IMAGES = st.builds(ImagePart, TEXT, st.integers(1, 9000), st.integers(1, 9000), st.just(lambda: b"never called"))
MESSAGES = st.builds(
    Message,
    st.sampled_from(["system", "user", "assistant", "tool"]),
    st.lists(st.builds(TextPart, TEXT) | IMAGES, max_size=4).map(tuple),
    st.lists(st.builds(ToolUse, TEXT, TEXT, OBJECTS), max_size=2).map(tuple),
    st.none() | TEXT,
    TEXT,
)
REQUESTS = st.builds(
    Request,
    st.lists(MESSAGES, max_size=4).map(tuple),
    st.lists(st.builds(ToolSpec, TEXT, TEXT, OBJECTS), max_size=2).map(tuple),
    st.builds(SamplingParams, st.floats(0, 2), st.floats(0, 1), st.integers(0, 99), st.floats(0, 2), st.none() | st.integers()),
    st.booleans(),
    st.none() | st.integers(0, 9999),
    st.none() | st.integers(0, 9999),
    st.none() | TEXT,
    st.booleans(),
)


def no_pixels(image_id: str) -> bytes:
    raise AssertionError(f"nobody asked for the pixels of {image_id}")


def through_the_pipe(message: dict[str, Any], blob: bytes | None = None) -> tuple[dict[str, Any], bytes]:
    received = read_message(io.BytesIO(encode_message(message, blob)))
    assert received is not None
    return received


@given(REQUESTS)
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    wire, _ = through_the_pipe({"type": "stream", "request": request_to_wire(request_)})
    assert request_from_wire(wire["request"], no_pixels) == request_


def test_pixels_are_asked_for_by_the_pictures_id_and_only_when_read() -> None:
    def pixels_of(image_id: str) -> bytes:
        return image_id.encode()

    sent = Request((Message("user", (ImagePart("a", 1, 1, lambda: b""), TextPart("and"), ImagePart("b", 2, 2, lambda: b""))),))
    arrived = request_from_wire(request_to_wire(sent), pixels_of)
    assert [image.read_rgb() for image in arrived.images()] == [b"a", b"b"]


@given(st.lists(st.tuples(OBJECTS, st.none() | st.binary(max_size=40)), max_size=5))
def test_messages_and_blobs_follow_each_other(sent: list[tuple[dict[str, Any], bytes | None]]) -> None:
    sent = [({key: value for key, value in message.items() if key != "blob"}, blob) for message, blob in sent]
    stream = io.BytesIO(b"".join(encode_message(message, blob) for message, blob in sent))
    for message, blob in sent:
        received = read_message(stream)
        assert received is not None
        expected = message if blob is None else message | {"blob": len(blob)}
        assert received == (expected, blob or b"")
    assert read_message(stream) is None


@given(OBJECTS, st.binary(max_size=40), st.data())
def test_a_stream_cut_anywhere_has_ended(message: dict[str, Any], blob: bytes, data: st.DataObject) -> None:
    whole = encode_message(message, blob)
    assert read_message(io.BytesIO(whole[: data.draw(st.integers(0, len(whole) - 1))])) is None


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"hello\n",
        b"[]\n",
        b"7\n",
        b"null\n",
        b"\xff\xfe\n",
        b'{"a":\n',
        b'{"blob":-1}\n',
        b'{"blob":"7"}\n',
        b'{"blob":1.5}\n',
        b'{"blob":[1]}\n',
        b'{"blob":{}}\n',
        b'{"a":' + b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_not_a_message_is_an_error(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_message(io.BytesIO(line + b"more bytes"))


def test_a_line_holds_no_raw_line_breaks_or_lone_surrogates() -> None:
    data = encode_message({"text": "a\nb\u2028c\ud800"})
    assert data.count(b"\n") == 1 and data.isascii()
    assert json.loads(data) == {"text": "a\nb\u2028c\ud800"}


@pytest.mark.parametrize(
    "change",
    [
        lambda wire: wire.pop("messages"),
        lambda wire: wire.update(tools=[{"unknown": 1}]),
        lambda wire: wire.update(sampling={"heat": 2}),
        lambda wire: wire["messages"][0].pop("role"),
    ],
    ids=["no messages", "unknown field of a tool", "unknown sampling", "no role"],
)
def test_a_request_of_another_shape_is_an_error(change: Callable[[dict[str, Any]], Any]) -> None:
    wire = request_to_wire(Request((Message.text("user", "Hello"),)))
    change(wire)
    with pytest.raises((KeyError, TypeError)):
        request_from_wire(wire, no_pixels)


def test_pixels_do_not_travel_with_the_request() -> None:
    picture = ImagePart("cat", 100, 100, lambda: b"\xab" * 30_000)
    wire = request_to_wire(Request((Message("user", (picture,)),)))
    assert len(encode_message(wire)) < 1000
    assert wire["messages"][0]["parts"] == [{"image": "cat", "width": 100, "height": 100}]
    assert request_to_wire(Request((Message("user", (replace(picture, read_rgb=no_pixels_at_all),)),))) == wire


def no_pixels_at_all() -> bytes:
    raise AssertionError("the pixels were read")


def test_what_is_not_json_in_a_tool_is_refused() -> None:
    spec = ToolSpec("crop", parameters={"type": object()})
    with pytest.raises(RequestError, match="JSON"):
        request_to_wire(Request((Message.text("user", "Hello"),), tools=(spec,)))
