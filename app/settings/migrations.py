"""Settings files of earlier versions, brought forward one version at a time.

The version is the number under `version`; a file without it is of version 1. A step gets the loose values, which may be anything
at all, and changes what it understands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

VERSION = 2
VERSION_KEY = "version"

Values = dict[str, Any]


def migrate(values: Values) -> Values:
    """The values as this version writes them. Those of a newer version stay as they are, and say so."""
    version = version_of(values)
    for step in _STEPS[version - 1 :]:
        values = step(dict(values))
    return {**values, VERSION_KEY: max(version, VERSION)}


def version_of(values: Values) -> int:
    """Which version wrote them; 1 where that cannot be told."""
    version = values.get(VERSION_KEY)
    return version if type(version) is int and version >= 1 else 1


def _keep_the_model_among_those_used_lately(values: Values) -> Values:
    """To 2: there was one model before, and no list."""
    model = values.get("model")
    if isinstance(model, str) and model:
        values.setdefault("models", [model])
    return values


_STEPS: tuple[Callable[[Values], Values], ...] = (_keep_the_model_among_those_used_lately,)
"""The first leads from version 1 to 2, and so on."""
