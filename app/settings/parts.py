"""The parts of Sightline that others wrote: what is installed, with versions and licences. No Qt; reads many small files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

LICENCE_FILE = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice)[^/]*$")
LICENCE_BYTES_MAX = 200_000
OWN_NAME = "sightline"


@dataclass(frozen=True, slots=True)
class Part:
    """Attributes:
    licence: its short name, empty where it is not declared.
    """

    name: str
    version: str
    licence: str


def own_version() -> str:
    """Of this program; empty where it was never installed."""
    try:
        return metadata.version(OWN_NAME)
    except metadata.PackageNotFoundError:
        return ""


def list_parts() -> tuple[Part, ...]:
    """All that Sightline needs and that is there, by name."""
    found: dict[str, Part] = {}
    waiting = [OWN_NAME]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system
            continue
        if name != OWN_NAME:
            found[name] = Part(distribution.metadata["Name"], distribution.version, _licence(distribution))
        for requirement in distribution.requires or ():
            if "extra ==" not in requirement:
                waiting.append(_canonical(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]))
    return tuple(sorted(found.values(), key=lambda part: part.name.casefold()))


def licence_text(name: str) -> str:
    """The licence files of a part, one after another; empty when it brings none."""
    texts = []
    for file in metadata.files(name) or ():
        if LICENCE_FILE.search(file.as_posix()):
            try:
                with open(str(file.locate()), encoding="utf-8", errors="replace") as opened:
                    texts.append(opened.read(LICENCE_BYTES_MAX))
            except OSError:
                continue
    return "\n\n".join(texts)


def _licence(distribution: metadata.Distribution) -> str:
    about = distribution.metadata
    declared = next((about[name] for name in ("License-Expression", "License") if name in about), "")
    if declared and "\n" not in declared and len(declared) < 100:
        return declared
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    return ", ".join(name for name in classifiers if name != "OSI Approved")


def _canonical(name: str) -> str:
    """As PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()
