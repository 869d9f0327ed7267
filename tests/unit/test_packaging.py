"""pyproject.toml and constraints.txt tell the truth about the code and about each other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP_LEVEL = ("app", "base", "inference", "ingest", "resources")


def test_every_package_is_listed() -> None:
    found = {".".join(init.parent.relative_to(ROOT).parts) for top in TOP_LEVEL for init in (ROOT / top).rglob("__init__.py")}
    assert sorted(PYPROJECT["tool"]["setuptools"]["packages"]) == sorted(found)


def test_every_data_file_is_packed() -> None:
    resources = ROOT / "resources"
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["resources"]
    packed = {file for pattern in patterns for file in resources.glob(pattern)}
    sources = {".py", ".pyc", ".ts"}
    left_out = [file for file in resources.rglob("*") if file.is_file() and file not in packed and file.suffix not in sources]
    assert left_out == []


def test_what_is_installed_is_what_is_pinned() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split())
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    installed = dict(_closure(Requirement("sightline[dev]"), set()))
    assert installed == {name: pinned.get(name) for name in installed}


def _closure(requirement: Requirement, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Name and version of all that a requirement needs here, except itself for Sightline."""
    name = canonicalize_name(requirement.name)
    if name in seen:
        return
    seen.add(name)
    if name != "sightline":
        yield name, metadata.version(name)
    for line in metadata.requires(name) or []:
        needed = Requirement(re.sub(r"\s+", " ", line))
        extras = requirement.extras or {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield from _closure(needed, seen)
