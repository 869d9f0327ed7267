"""What something is, by its bytes. The name decides only between kinds of plain text, which have no bytes of their own.

Numbers: the formats' own specifications, as collected in file(1)'s magic and the IANA media types.
"""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from ingest.archive import check_archive
from ingest.documents import HEAD_BYTES, Source
from ingest.errors import Damaged, Empty, FormatUnknown
from ingest.types import Kind

_OFFICE = "application/vnd.openxmlformats-officedocument."
PPTX, DOCX, XLSX = (_OFFICE + rest for rest in ("presentationml.presentation", "wordprocessingml.document", "spreadsheetml.sheet"))
PPT, ODP, EPUB = "application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.presentation", "application/epub+zip"
ARCHIVES = (PPTX, DOCX, XLSX, ODP, EPUB)
SVG, HTML, NOTEBOOK, MAIL = "image/svg+xml", "text/html", "application/x-ipynb+json", "message/rfc822"

_STARTS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "picture", "image/png"),
    (b"\xff\xd8\xff", "picture", "image/jpeg"),
    (b"GIF8", "picture", "image/gif"),
    (b"BM", "picture", "image/bmp"),
    (b"II*\0", "picture", "image/tiff"),
    (b"MM\0*", "picture", "image/tiff"),
    (b"II+\0", "picture", "image/tiff"),
    (b"MM\0+", "picture", "image/tiff"),
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x1aE\xdf\xa3", "video", "video/matroska"),
    (b"OggS", "video", "video/ogg"),
    (b"FLV\x01", "video", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video", "video/mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11", "video", "video/x-ms-asf"),
    (b".RMF", "video", "application/vnd.rn-realmedia"),
    (b"DKIF", "video", "video/x-ivf"),
)
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"miaf")
_MOVING_BRANDS = (b"avis", b"hevc", b"hevx", b"msf1")
_ANIMATED = ("image/gif", "image/webp", "image/png", "image/avif")
_TEXT_TYPES = {
    ".md": "text/markdown", ".markdown": "text/markdown", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".json": "application/json", ".jsonl": "application/json", ".html": HTML, ".htm": HTML, ".xhtml": HTML,
    ".eml": MAIL, ".ipynb": NOTEBOOK,
}  # fmt: skip
_CODE = (
    *(".c", ".cc", ".cpp", ".cs", ".css", ".dart", ".go", ".h", ".hpp", ".java", ".js", ".jsx", ".kt", ".lua"),
    *(".m", ".php", ".pl", ".ps1", ".py", ".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".swift", ".toml", ".ts"),
    *(".tsx", ".vue", ".xml", ".yaml", ".yml", ".zig", ".ini", ".cfg", ".mk", ".cmake", ".dockerfile", ".tex", ".bat"),
)
_MAIL_HEADER = re.compile(rb"(?i)^(from|received|return-path|message-id|date|subject|mime-version|delivered-to)[ \t]*:")


@dataclass(frozen=True, slots=True)
class Detected:
    """A kind and its media type. Plain text of an unknown sort is `text/plain`, code `text/x-code`."""

    kind: Kind
    media_type: str


def detect(source: Source) -> Detected:
    """What it is. Raises Empty, FormatUnknown, or for an archive what `check_archive` raises."""
    head = source.read(HEAD_BYTES)
    if not head:
        raise Empty(f"{source.name} is empty: there is nothing in it to look at.")
    found = _by_start(head) or _by_container(head, source) or _by_text(head, source.name)
    if found is None:
        raise FormatUnknown(
            f"{source.name} is of a kind that is not known here. "
            "Pictures, PDF, PowerPoint, Word, Excel, EPUB, videos and text can be opened."
        )
    if found.media_type in _ANIMATED:
        from ingest import images

        if images.is_animated(source):
            return Detected("animation", found.media_type)
    return found


def _by_start(head: bytes) -> Detected | None:
    for start, kind, media_type in _STARTS:
        if head.startswith(start):
            return Detected(kind, media_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Detected("picture", "image/webp")
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX"):
        return Detected("video", "video/x-msvideo")
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return Detected("picture", "image/x-portable-anymap")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _by_brand(head)
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return Detected("video", "video/mp2t")
    if len(head) > 388 and head[4] == head[196] == head[388] == 0x47:
        return Detected("video", "video/mp2t")  # with a time stamp before each packet, as Blu-ray and cameras write it
    if b"%PDF-" in head[:1024]:
        return Detected("pdf", "application/pdf")
    return None


def _by_brand(head: bytes) -> Detected:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))} if head[4:8] == b"ftyp" else set()
    if head[8:12] in _STILL_BRANDS or (brands.intersection(_STILL_BRANDS) and head[8:12] in _MOVING_BRANDS):
        return Detected("picture", "image/avif" if b"avif" in brands or b"avis" in brands else "image/heif")
    return Detected("video", "video/quicktime" if head[8:12] == b"qt  " else "video/mp4")


def _by_container(head: bytes, source: Source) -> Detected | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _by_archive(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # a compound file; its directory lists its streams in UTF-16
        with source.open() as stream:
            start = stream.read(4 << 20)
        if "PowerPoint Document".encode("utf-16-le") in start:
            return Detected("deck", PPT)
        if "EncryptedPackage".encode("utf-16-le") in start:
            return Detected("deck" if source.name.lower().endswith("pptx") else "text", "application/x-encrypted-office")
        return Detected("text", "application/x-old-office")
    return None


def _by_archive(source: Source) -> Detected | None:
    check_archive(source)  # here, so that no format module meets an archive that was not checked
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            declared = ""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
    except Exception as error:  # zipfile throws whatever it pleases on damaged data
        raise Damaged(f"{source.name} is damaged: it is an archive whose list of parts cannot be read.") from error
    if declared == EPUB or "META-INF/container.xml" in names:
        return Detected("text", EPUB)
    if declared.startswith(ODP):
        return Detected("deck", ODP)
    if declared.startswith("application/vnd.oasis.opendocument."):
        return Detected("text", declared)
    for folder, kind, media_type in (("ppt/", "deck", PPTX), ("word/", "text", DOCX), ("xl/", "text", XLSX)):
        if any(name.startswith(folder) for name in names):
            return Detected(kind, media_type)  # type: ignore[arg-type]
    return None


def _by_text(head: bytes, name: str) -> Detected | None:
    text = _as_text(head)
    if text is None:
        return None
    suffix = PurePath(name).suffix.lower()
    start = text.lstrip("\ufeff \t\r\n")
    if re.match(r"(?is)(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+svg[^>]*(\[.*?\])?\s*>\s*)?<(svg:)?svg[\s>]", start):
        return Detected("picture", SVG)
    if re.match(r"(?is)(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)[\s>]", start):
        return Detected("text", HTML)
    if suffix in _TEXT_TYPES:
        return Detected("text", _TEXT_TYPES[suffix])
    if suffix in _CODE:
        return Detected("text", "text/x-code")
    if start.startswith("{") and '"nbformat"' in text + " " and '"cells"' in text:
        return Detected("text", NOTEBOOK)
    if len(_mail_headers(head)) >= 2:
        return Detected("text", MAIL)
    if start[:1] in ("{", "[") and _is_json(start):
        return Detected("text", "application/json")
    return Detected("text", "text/plain")


def _as_text(head: bytes) -> str | None:
    """The beginning as text, None when it is none: UTF-8, UTF-16 with a mark, or eight bits without control characters."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) & ~1].decode("utf-16", "replace")
    if b"\0" in head or sum(byte < 32 and byte not in b"\t\n\r\f\x1b\b" for byte in head) > len(head) // 100:
        return None
    return head.decode("utf-8", "replace")


def _mail_headers(head: bytes) -> set[bytes]:
    """The headers of mail before the first empty line; empty when a line before it is none."""
    found = set()
    for line in head.splitlines():
        if not line:
            break
        if line[:1] in b" \t":
            continue
        match = _MAIL_HEADER.match(line)
        if match:
            found.add(match[1].lower())
        elif not re.match(rb"^[!-9;-~]+[ \t]*:", line):
            return set()
    return found


def _is_json(start: str) -> bool:
    """Whether the beginning of something is the beginning of JSON."""
    try:
        json.JSONDecoder().raw_decode(start)
    except RecursionError:
        return False
    except ValueError as error:
        return getattr(error, "pos", 0) >= len(start) - 200
    return True
