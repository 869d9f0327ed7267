"""Messages over pipes: what is too long, too deep or half there is noticed. More in test_protocol.py."""

from __future__ import annotations

import io

import pytest

from base.wire import encode_message, read_message, write_message


def test_a_message_is_written_as_it_is_encoded() -> None:
    stream = io.BytesIO()
    write_message(stream, {"a": 1})
    write_message(stream, {"a": 2}, b"pixels")
    write_message(stream, {"a": 3}, b"")
    assert stream.getvalue() == encode_message({"a": 1}) + encode_message({"a": 2}, b"pixels") + encode_message({"a": 3}, b"")
    stream.seek(0)
    assert [read_message(stream) for _ in range(4)] == [
        ({"a": 1}, b""),
        ({"a": 2, "blob": 6}, b"pixels"),
        ({"a": 3, "blob": 0}, b""),
        None,
    ]


@pytest.mark.parametrize(
    "line",
    [
        *(b"[]", b"3", b"{", b"\xff", b"", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b" " * 200_001),
        *(b'{"blob": -1}', b'{"blob": 1.0}', b'{"blob": true}', b'{"blob": "1"}', b'{"blob": 101}'),
    ],
    ids=lambda line: repr(line[:12]),
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_message(io.BytesIO(line + b"\n" + bytes(200)), line_bytes_max=200_000, blob_bytes_max=100)


@pytest.mark.parametrize("data", [b"", b'{"a": 1}', b'{"blob": 3}\nab'])
def test_half_a_message_is_the_end(data: bytes) -> None:
    assert read_message(io.BytesIO(data)) is None
