"""Zip archives are looked at before anyone unpacks them; XML neither fetches nor grows."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import limits
from ingest.archive import check_archive, parse_xml
from ingest.documents import Source
from ingest.errors import Damaged, FormatUnsupported, IngestError, TooLarge

ZEROS = bytes(2 << 20)


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return bytearray(stream.getvalue())


def entries(data: bytearray) -> list[int]:
    """Where the entries of the central directory begin."""
    start = data.rindex(b"PK\x05\x06")
    at = struct.unpack_from("<I", data, start + 16)[0]
    found = []
    while at < start:
        found.append(at)
        at += 46 + sum(struct.unpack_from("<HHH", data, at + 28))
    return found


def check(data: bytes) -> None:
    check_archive(Source("a.docx", data=bytes(data)))


def test_an_ordinary_archive_passes() -> None:
    check(packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<b>" + b"words " * 9000 + b"</b>", "word/": b""}))


def test_an_archive_behind_other_bytes_passes() -> None:
    check(b"#!/bin/sh\n" + packed({"a": b"b"}))


@pytest.mark.parametrize(
    ("at", "layout", "value", "refusal"),
    [
        pytest.param(8, "<H", 1, FormatUnsupported, id="encrypted"),
        pytest.param(10, "<H", zipfile.ZIP_BZIP2, FormatUnsupported, id="bzip2"),
        pytest.param(10, "<H", zipfile.ZIP_LZMA, FormatUnsupported, id="lzma"),
        pytest.param(24, "<I", limits.ARCHIVE_BYTES_MAX + 1, TooLarge, id="unpacked size"),
        pytest.param(24, "<I", 0xFFFFFFFF, TooLarge, id="a size of 64 bits that is not there"),
        pytest.param(20, "<I", 5000, Damaged, id="packed size"),
        pytest.param(42, "<I", 1 << 30, Damaged, id="offset"),
    ],
)
def test_a_lie_in_the_directory_is_refused(at: int, layout: str, value: int, refusal: type[IngestError]) -> None:
    data = packed({"word/document.xml": b"hello" * 10})
    struct.pack_into(layout, data, entries(data)[0] + at, value)
    with pytest.raises(refusal, match=r"a\.docx .*\.$"):
        check(data)


def test_sizes_of_64_bits_are_summed_up_too() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open(zipfile.ZipInfo("a"), "w", force_zip64=True) as part:
        part.write(b"hello")
    data = bytearray(stream.getvalue())
    at = entries(data)[0]
    extra = struct.pack("<HHQ", 1, 8, 1 << 50)
    struct.pack_into("<I", data, at + 24, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, len(extra))
    name_end = at + 46 + 1
    data[name_end:name_end] = extra
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 46 + 1 + len(extra))
    with pytest.raises(TooLarge):
        check(data)


def test_parts_that_overlap_are_refused() -> None:
    """How zip bombs multiply one packed block (D. Fifield, A better zip bomb, 2019)."""
    data = packed({f"word/{number}": ZEROS[: 1 << 16] for number in range(4)})
    first, second = entries(data)[:2]
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    with pytest.raises(Damaged, match="overlap"):
        check(data)


def test_what_grows_more_than_documents_do_is_refused() -> None:
    with pytest.raises(TooLarge, match="200 times"):
        check(packed({"word/document.xml": ZEROS}))


def test_too_many_parts_are_refused_by_their_number_and_by_the_size_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_ENTRIES_MAX", 100)
    with pytest.raises(TooLarge, match="parts"):
        check(packed({str(number): b"" for number in range(101)}))
    data = packed({"a": b""})
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 1 << 30)
    with pytest.raises(TooLarge, match="parts"):
        check(data)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../x", "word/../../x", "..\\x", "\\x"])
def test_a_part_whose_name_leads_out_is_refused(name: str) -> None:
    with pytest.raises(Damaged, match="leads out"):
        check(packed({name: b"x"}))


def test_two_parts_of_one_name_are_refused() -> None:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", b"one")
        archive.writestr("word/document.xml", b"two")
    with pytest.raises(Damaged, match="same name"):
        check(stream.getvalue())


def test_unpacking_stops_soon_after_the_declared_size() -> None:
    """The whole is 200 MB unpacked and says that it is a hundred bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("a", "w") as part:
        for _ in range(100):
            part.write(ZEROS)
    data = bytearray(stream.getvalue())
    struct.pack_into("<I", data, entries(data)[0] + 24, 100)
    check(data)
    tracemalloc.start()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, pytest.raises(zipfile.BadZipFile, match="CRC"):
            archive.read("a")
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=80), st.integers(0, 400), st.integers(0, 400))
def test_any_damage_is_a_refusal_or_nothing(inserted: bytes, at: int, deleted: int) -> None:
    data = packed({"word/document.xml": b"hello" * 10, "b/c": b"x"}, zipfile.ZIP_STORED)
    data[at : at + deleted] = inserted
    with contextlib.suppress(IngestError):
        check(data)


def test_xml_is_parsed_without_the_files_that_it_names(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    root = parse_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a b="1">and &x;</a>'.encode())
    assert root.get("b") == "1"
    assert "secret" not in root.xpath("string()")


@pytest.mark.parametrize("where", ["<a>&j;</a>", '<a b="&j;"/>'])
def test_entities_within_entities_do_not_grow(where: str) -> None:
    levels = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    document = f'<!DOCTYPE a [<!ENTITY a "{"lol" * 10}">{levels}]>{where}'
    try:
        root = parse_xml(document.encode())
    except Damaged:
        return
    assert len("".join(root.xpath("string()"))) < 1000


@pytest.mark.parametrize("data", [b"", b"<a>", b"text", b"<a>" * 100_000, b"\xff\xfe<", b"<a>\x00</a>"])
def test_broken_xml_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        parse_xml(data)
