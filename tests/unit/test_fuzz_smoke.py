"""A few damaged files of each format are read or refused, and no child dies, hangs or swells of them.

`python -m tests.fuzz` does the same with as many as there is time for.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.isolate import Readers
from tests.fuzz.campaign import FAILURES, Campaign
from tests.fuzz.seeds import FORMATS


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(count=1, memory_bytes=1 << 30)
    yield readers
    readers.close()


def run(format_name: str, readers: Readers, count: int, seed: int) -> None:
    campaign, format = Campaign(readers), FORMATS[format_name]
    with campaign.started():
        seeds = format.seeds()
        assert [campaign.read(data, format.file_name).code for data in seeds] == ["read"] * len(seeds)
        results = [(result, data) for result, data in campaign.run(format, seeds, count, seed)]
    failed = {result.code: data for result, data in results if result.code in FAILURES}
    assert not failed
    assert sum(data not in seeds for _, data in results) > count // 2
    assert "read" in {result.code for result, _ in results}


@pytest.fixture(autouse=True)
def _without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_NO_OFFICE", "1")


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_few_damaged_files(format_name: str, readers: Readers) -> None:
    run(format_name, readers, count=12, seed=7)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("format_name", FORMATS)
def test_many_damaged_files(format_name: str, readers: Readers) -> None:
    run(format_name, readers, count=10_000, seed=8)
