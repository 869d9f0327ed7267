"""Zip archives and XML from strangers, looked at before anyone unpacks them.

Office documents and EPUBs are zip archives of XML, and their libraries unpack what they please. So the archive's own list of parts
is checked first, with the eyes of `zipfile`, which those libraries read with. Formats: PKWARE APPNOTE 6.3.10; ECMA-376 part 2
annex C and EPUB OCF 3.3 section 4.2 allow the methods stored and deflate, and no encryption.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from typing import Any

from ingest import limits
from ingest.documents import Source
from ingest.errors import Damaged, FormatUnsupported, IngestError, TooLarge

_LOCAL_HEADER_BYTES = 30
_DIRECTORY_BYTES_MAX = limits.ARCHIVE_ENTRIES_MAX * 512
"""An entry takes 46 bytes, its name and what programs add: some 150 in all."""
_UNPACK_BYTES = 32 << 20
_ENCRYPTED = 0x1


def check_archive(source: Source) -> None:
    """Refuse an archive that would hurt when unpacked, without unpacking it.

    From here on `zipfile` unpacks at most 32 MB more than a part declares, in this process: it would unpack a gigabyte before it
    notices that the declared size was a lie. Raises Damaged, FormatUnsupported for encryption and rare methods, or TooLarge.
    """
    zipfile.ZipExtFile.MAX_N = _UNPACK_BYTES
    try:
        with source.open() as stream:
            directory = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # what ZipFile itself goes by
            if directory is not None and directory[zipfile._ECD_SIZE] > _DIRECTORY_BYTES_MAX:  # type: ignore[attr-defined]
                raise _too_many(source)
            with zipfile.ZipFile(stream) as archive:
                _check_parts(archive.infolist(), archive.start_dir, source)
    except IngestError:
        raise
    except Exception as error:  # zipfile throws whatever it pleases on damaged data
        raise Damaged(f"{source.name} is damaged: the list of its parts cannot be read.") from error


def _check_parts(parts: Sequence[zipfile.ZipInfo], end: int, source: Source) -> None:
    if len(parts) > limits.ARCHIVE_ENTRIES_MAX:
        raise _too_many(source)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.ARCHIVE_BYTES_MAX:
        raise TooLarge(f"{source.name} is too large: its parts take more than {limits.ARCHIVE_BYTES_MAX >> 20} MB unpacked.")
    if unpacked > limits.ARCHIVE_RATIO_BYTES_MIN and unpacked > source.size_bytes * limits.ARCHIVE_RATIO_MAX:
        raise TooLarge(f"{source.name} unpacks to more than {limits.ARCHIVE_RATIO_MAX} times its size, as only harmful files do.")
    names: set[str] = set()
    for part in parts:
        name = part.filename
        if part.flag_bits & _ENCRYPTED:
            raise FormatUnsupported(f"{source.name} is a zip archive with a password. Unpack it and open what is in it.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not part.is_dir():
            raise FormatUnsupported(f"{source.name} is packed by a method that documents do not use. Save it again and open that.")
        if not name or name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise Damaged(f"{source.name} is damaged: the name of a part leads out of it.")
        if name in names and not part.is_dir():
            raise Damaged(f"{source.name} is damaged: two of its parts have the same name.")
        names.add(name)
    for part in sorted(parts, key=lambda part: part.header_offset, reverse=True):
        if part.header_offset < 0 or part.header_offset + _LOCAL_HEADER_BYTES + part.compress_size > end:
            raise Damaged(f"{source.name} is damaged: its parts overlap or are cut off.")
        end = part.header_offset


def _too_many(source: Source) -> TooLarge:
    return TooLarge(f"{source.name} has more than {limits.ARCHIVE_ENTRIES_MAX} parts, which is too many.")


def parse_xml(data: bytes, name: str = "This") -> Any:
    """The root, an lxml element, of an XML document. `name` is what to call the file in messages. Raises Damaged.

    Entities that the document declares stay unresolved, no DTD is loaded and nothing is fetched; libxml2's own limits of depth
    and size hold.
    """
    from lxml import etree  # type: ignore[import-untyped]  # 20 ms

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: text with an encoding declaration
        raise Damaged(f"{name} is damaged: a part of it is not proper XML.") from error
    if root is None:
        raise Damaged(f"{name} is damaged: a part of it is empty.")
    return root
