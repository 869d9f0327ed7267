"""The command: one line of JSON for each format, and what was found in a folder."""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import sys
import time
from pathlib import Path

from ingest.isolate import Readers
from tests.fuzz.campaign import FAILURES, Campaign, Report
from tests.fuzz.minimise import minimised
from tests.fuzz.seeds import FORMATS, Format


def main(arguments: list[str]) -> int:
    """Returns 1 when a child failed, hung or swelled."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(FORMATS)}; all without one")
    parser.add_argument("--count", type=int, default=10_000, help="damaged files a format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600.0, help="at most, a format")
    parser.add_argument("--out", type=Path, help="where to put the files that want looking at")
    chosen = parser.parse_args(arguments)
    os.environ["SIGHTLINE_NO_OFFICE"] = "1"
    failed = False
    for name in chosen.formats or FORMATS:
        report = _run(FORMATS[name], chosen.count, chosen.seed, chosen.seconds, chosen.out)
        failed |= any(code in FAILURES for code in report.codes)
    return int(failed)


def _run(format: Format, count: int, seed: int, seconds: float, out: Path | None) -> Report:
    readers = Readers(count=1, memory_bytes=1 << 30)
    campaign, report, start = Campaign(readers), Report(), time.monotonic()
    try:
        with campaign.started():
            for result, data in campaign.run(format, format.seeds(), count, seed):
                report.add(result, data)
                if time.monotonic() - start > seconds:
                    break
            if out is not None:
                _keep(report, format, campaign, out / format.name)
    finally:
        readers.close()
    figures = {
        "format": format.name,
        "count": report.count,
        "seconds": round(time.monotonic() - start),
        "slowest_s": round(report.slowest_s, 1),
        "codes": dict(report.codes.most_common()),
        "traces": dict(report.traces.most_common()),
    }
    print(json.dumps(figures), flush=True)
    return report


def _keep(report: Report, format: Format, campaign: Campaign, folder: Path) -> None:
    for why, data in report.samples.items():
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(data).hexdigest()[:8]
        if why.split()[0] in ("reader_failed", "reader_memory"):
            fails = functools.partial(_ends_with, why.split()[0], format, campaign)
            data = minimised(data, fails)
        (folder / f"{name}{Path(format.file_name).suffix}").write_bytes(data)
        (folder / f"{name}.why").write_text(why + "\n")


def _ends_with(code: str, format: Format, campaign: Campaign, data: bytes) -> bool:
    return campaign.read(data, format.file_name).code == code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
