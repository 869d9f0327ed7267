"""What something is, by its bytes. The name decides only between kinds of plain text, which have no bytes of their own.

Numbers: the formats' own specifications, as collected in file(1)'s magic and the IANA media types.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest import limits
from ingest.documents import HEAD_BYTES, Source
from ingest.errors import Damaged, Empty, FormatUnknown
from ingest.types import Kind

_OFFICE = "application/vnd.openxmlformats-officedocument."
PPTX, DOCX, XLSX = (_OFFICE + rest for rest in ("presentationml.presentation", "wordprocessingml.document", "spreadsheetml.sheet"))
PPT, ODP, EPUB = "application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.presentation", "application/epub+zip"
SVG, HTML, NOTEBOOK, MAIL = "image/svg+xml", "text/html", "application/x-ipynb+json", "message/rfc822"

_STARTS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "picture", "image/png"),
    (b"\xff\xd8\xff", "picture", "image/jpeg"),
    (b"GIF87a", "picture", "image/gif"),
    (b"GIF89a", "picture", "image/gif"),
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
    (b".RMF\0", "video", "application/vnd.rn-realmedia"),
    (b"DKIF\0\0", "video", "video/x-ivf"),
    (b"\x06\x0e+4\x02\x05\x01\x01\r\x01\x02\x01\x01\x02", "video", "application/mxf"),
    (b"nut/multimedia container\0", "video", "video/x-nut"),
    (b"\xb7\xd8\x00 7I\xda\x11\xa6N\x00\x07\xe9^\xad\x8d", "video", "video/x-ms-wtv"),
)
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
_ANYMAP = re.compile(rb"P[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s")
_LATE_PDF = re.compile(rb"%PDF-\d\.\d")
_PROLOG = re.compile(r"(?is)\ufeff|\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>")
"""What may stand before the first tag. Taken piece by piece: as one expression with repeats it would take for ever on some."""
_CHUNK = 4 << 20
_COMPOUND_BYTES_MAX = limits.ARCHIVE_BYTES_MAX
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

        if images.is_animated(replace(source, media_type=found.media_type)):
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
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Detected("picture", "image/bmp")
    if _ANYMAP.match(head):
        return Detected("picture", "image/x-portable-anymap")
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip") and _as_text(head) is None:
        return Detected("video", "video/quicktime")  # from before there was `ftyp`
    for stamp_bytes in (0, 4):  # Blu-ray and cameras write a time stamp before each packet
        packets = head[stamp_bytes :: 188 + stamp_bytes][:16]
        if len(packets) > 2 and packets == b"G" * len(packets) and _as_text(head) is None:
            return Detected("video", "video/mp2t")
    if _LATE_PDF.search(head[:1024]) and b" obj" in head:  # ISO 32000-2 annex I: other bytes may come first
        return Detected("pdf", "application/pdf")
    return None


def _by_brand(head: bytes) -> Detected:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))}
    if head[8:12] in _STILL_BRANDS or (brands.intersection(_STILL_BRANDS) and head[8:12] in _MOVING_BRANDS):
        return Detected("picture", "image/avif" if b"avif" in brands or b"avis" in brands else "image/heif")
    return Detected("video", "video/quicktime" if head[8:12] == b"qt  " else "video/mp4")


def _by_container(head: bytes, source: Source) -> Detected | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _by_archive(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # a compound file; its directory lists its streams in UTF-16
        if _holds(source, "PowerPoint Document".encode("utf-16-le")):
            return Detected("deck", PPT)
        if _holds(source, "EncryptedPackage".encode("utf-16-le")):
            return Detected("deck" if source.name.lower().endswith("pptx") else "text", "application/x-encrypted-office")
        return Detected("text", "application/x-old-office")
    return None


def _holds(source: Source, wanted: bytes) -> bool:
    """Whether a stream of a compound file has this name. The directory may be anywhere in it."""
    with source.open() as stream:
        tail = b""
        for _ in range(_COMPOUND_BYTES_MAX // _CHUNK):
            part = stream.read(_CHUNK)
            if wanted in tail + part:
                return True
            if not part:
                break
            tail = part[-len(wanted) :]
    return False


def _by_archive(source: Source) -> Detected | None:
    import zipfile  # 12 ms, which a picture does without

    from ingest.archive import check_archive

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
    root = _root(text)
    if root in ("svg", "svg:svg") or (suffix == ".svg" and start.startswith("<")):
        return Detected("picture", SVG)
    if root in ("html", "!doctype"):
        return Detected("text", HTML)
    if suffix in _TEXT_TYPES:
        return Detected("text", _TEXT_TYPES[suffix])
    if suffix in _CODE:
        return Detected("text", "text/x-code")
    if start.startswith("{") and '"cells"' in text and '"cell_type"' in text:
        return Detected("text", NOTEBOOK)
    if len(_mail_headers(head)) >= 2:
        return Detected("text", MAIL)
    if start[:1] in ("{", "[") and _is_json(start, is_cut=len(head) == HEAD_BYTES):
        return Detected("text", "application/json")
    return Detected("text", "text/plain")


def _root(text: str) -> str:
    """The first tag of a document, in small letters; `!doctype` for the one of HTML; empty when it begins with none."""
    at = 0
    while match := _PROLOG.match(text, at):
        at = match.end()
    tag = re.compile(r"<([!\w:.-]+)").match(text, at)
    return tag[1].lower() if tag else ""


def _as_text(head: bytes) -> str | None:
    """The beginning as text, None when it is none: UTF-8, UTF-16 with a mark, or eight bits with hardly a control character.

    Logs of computers that lost power hold zero bytes; other files hold more than one in a hundred.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) & ~1].decode("utf-16", "replace")
    if sum(byte < 32 and byte not in b"\t\n\r\f\x1b\b" for byte in head) > len(head) // 100:
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


def _is_json(start: str, is_cut: bool) -> bool:
    """Whether something is JSON, or is as far as it was read."""
    try:
        json.loads(start)
    except RecursionError:
        return False
    except ValueError as error:
        return is_cut and getattr(error, "pos", 0) >= len(start) - 200
    return True
