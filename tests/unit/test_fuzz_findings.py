"""Files that once killed a child, made it hang or swell, or surprised a parser: each is read or refused now.

`tests/data/fuzz/<format>/` holds them, as small as they got. A file whose name begins with `contained-` still ends its child,
because the fault is in native code of others: what is asked of it is a clear error and a living application.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.isolate import Readers
from tests.fuzz.campaign import FAILURES, Campaign
from tests.fuzz.seeds import FORMATS

FOLDER = Path(__file__).parents[1] / "data" / "fuzz"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1, memory_bytes=1 << 30)
    yield readers
    readers.close()


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_what_was_found_is_read_or_refused(path: Path, readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")
    campaign = Campaign(readers)
    with campaign.started():
        result = campaign.read(path.read_bytes(), FORMATS[path.parent.name].file_name)
    if path.name.startswith("contained-"):
        assert result.code in ("reader_failed", "reader_memory", "reader_slow")
    else:
        assert result.code not in FAILURES
        assert not result.trace


def test_there_are_findings() -> None:
    assert FILES
