"""The parts of a document that is a zip archive of XML: read one at a time, checked before."""

from __future__ import annotations

import posixpath
import zipfile
from types import TracebackType
from typing import Any

from ingest.archive import check_archive, parse_xml
from ingest.documents import Source
from ingest.errors import Damaged, IngestError, TooLarge

PART_BYTES_MAX = 64 << 20
"""Of one part of XML, which takes some ten times as much as a tree."""


class Package:
    """An open archive. Raises what `ingest.archive.check_archive` raises."""

    def __init__(self, source: Source) -> None:
        check_archive(source)
        self._name = source.name
        self._stream = source.open()
        self._archive = zipfile.ZipFile(self._stream)
        self.names = frozenset(self._archive.namelist())

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()
        self._stream.close()

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises Damaged or TooLarge."""
        try:
            size = self._archive.getinfo(name).file_size
            if size > PART_BYTES_MAX:
                raise TooLarge(
                    f"{self._name} has a part of {size >> 20} MB; at most {PART_BYTES_MAX >> 20} MB can be read. "
                    "Split the document and open its parts."
                )
            with self._archive.open(name) as part:
                return part.read(PART_BYTES_MAX)
        except IngestError:
            raise
        except Exception as error:  # zipfile throws whatever it pleases on damaged data
            raise Damaged(f"{self._name} is damaged: its part {name} cannot be read.") from error

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises Damaged or TooLarge."""
        return parse_xml(self.read(name), self._name)

    def xml_if_there(self, name: str) -> Any | None:
        """The root element of a part that need not be there."""
        return self.xml(name) if name in self.names else None

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part of an office document (ECMA-376 part 2, 9.3): id to kind and the part it names."""
        folder, name = posixpath.split(part)
        root = self.xml_if_there(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for relation in root if root is not None else ():
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], target
        return found

    def first_target(self, part: str, kind: str) -> str | None:
        """The first part of a kind that another part names, where it is in the archive."""
        return next((target for found, target in self.targets(part).values() if found == kind and target in self.names), None)
