"""What a server's refusal means: an error with a sentence that says what to do, and whether the request may be repeated.

The server's own code decides, then what its words tell, then the HTTP status (docs.bigmodel.cn and docs.z.ai, error codes; the
OpenAI API reference; llama.cpp tools/server). What the server said is quoted: shortened, without control characters and keys.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from inference import errors
from inference.cloud.fault_table import BY_CODE, BY_STATUS, BY_WORDS, Entry, RetryRule

SAID = "The server said: "
"""Stands before a quote, after a sentence of our own."""
QUOTE_LENGTH_MAX = 300
_RETRY_AFTER_S_MAX = 60.0
"""Nobody waits longer without being asked."""
_SECRET_LENGTH_MIN = 8

_KEY_SHAPES = re.compile(
    r"(?i:bearer)\s+\S+"
    r"|\b[0-9a-fA-F]{24,}\.[A-Za-z0-9]{8,}"  # GLM: id.secret
    r"|\b(?:sk|pk|rk)-[A-Za-z0-9_*-]{4,}"  # OpenAI and those who follow it
    r"|\beyJ[\w-]{8,}(?:\.[\w-]+)*"  # a JSON web token
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal.

    Attributes:
        error: for the user.
        retry: how often and when the request may be repeated; None when it may not.
    """

    error: errors.InferenceError
    retry: RetryRule | None = None


def read_fault(status: int, headers: Mapping[str, str], body: bytes, key: str = "") -> Fault:
    """What a reply with an HTTP status other than 200 means. `headers` have lower-case names; `key` is taken out of any quote."""
    if 300 <= status < 400:
        return Fault(_redirect(headers, key))
    code, words = _code_and_words(_json(body))
    if not words and "json" not in headers.get("content-type", "") and "html" not in headers.get("content-type", ""):
        words = body[:2_000].decode(errors="replace")
    entry = _find(code, words) or _by_status(status, words)
    error, retry = _error(entry, words, key), entry.retry
    if retry and (pause := _retry_after_s(headers)) > retry.pause_s:
        if pause > _RETRY_AFTER_S_MAX:
            return Fault(type(error)(f"{error.message} It asks to wait {math.ceil(pause / 60)} minutes."))
        retry = RetryRule(retry.tries, pause)
    return Fault(error, retry)


def stream_fault(error: object, key: str = "") -> errors.InferenceError:
    """What an error within an answer means: the value of its field `error`, or the whole object."""
    code, words = _code_and_words({"error": error})
    entry = _find(code, words)
    if entry is None:
        status = int(code) if code.isdecimal() and len(code) == 3 else 500
        entry = _by_status(status, words)
    return _error(entry, words, key)


def quote(words: str, key: str = "") -> str:
    """The words of a server, fit to be shown: one line, at most `QUOTE_LENGTH_MAX` characters, no control characters, no keys."""
    own = key.strip()
    halves = [half for half in own.split(".") if len(half) >= _SECRET_LENGTH_MIN]  # GLM's keys are id.secret
    for secret in filter(None, (own, *halves)):
        words = re.sub(re.escape(secret), "[key]", words, flags=re.IGNORECASE)
    words = _KEY_SHAPES.sub("[key]", words[: 20 * QUOTE_LENGTH_MAX])
    words = " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in words).split())
    return words if len(words) <= QUOTE_LENGTH_MAX else words[: QUOTE_LENGTH_MAX - 1].rstrip() + "…"


def _error(entry: Entry, words: str, key: str) -> errors.InferenceError:
    said = quote(words, key)
    return entry.error(f"{entry.sentence} {SAID}“{said}”" if said else entry.sentence)


def _find(code: str, words: str) -> Entry | None:
    if code in BY_CODE:
        return BY_CODE[code]
    return next((entry for pattern, entry in BY_WORDS if pattern.search(words[:2_000])), None)


def _by_status(status: int, words: str) -> Entry:
    if status == 404 and re.search(r"\bmodel\b", words[:2_000], re.IGNORECASE):
        return BY_CODE["model_not_found"]
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return BY_STATUS[502]
    if status >= 400:
        return BY_STATUS[400]
    return Entry(errors.ReplyNotUnderstood, f"The server answered with HTTP status {status}, which means nothing here.")


def _redirect(headers: Mapping[str, str], key: str) -> errors.InferenceError:
    try:
        target = urlsplit(headers.get("location", ""))
        place = (
            f"{target.scheme}://{target.hostname}{f':{target.port}' if target.port else ''}{target.path}"
            if target.hostname
            else target.path
        )
    except ValueError:
        place = ""
    where = f" to {quote(place, key)}" if place else ""
    return errors.AddressInvalid(
        f"The server sends the request on{where}. It is not followed, for the key's sake. If you trust the new address, put it into"
        " the settings."
    )


def _retry_after_s(headers: Mapping[str, str]) -> float:
    value = headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0.0


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _code_and_words(value: Any) -> tuple[str, str]:
    """`code` and `message` wherever a server puts them: GLM and OpenAI in `error`, older vLLM at the top, FastAPI in `detail`."""
    if not isinstance(value, Mapping):
        return "", ""
    error = value.get("error", value)
    if isinstance(error, str):
        return "", error
    if not isinstance(error, Mapping):
        return "", ""
    words = next((text for name in ("message", "msg", "detail") if isinstance(text := error.get(name), str)), "")
    candidates = [str(code) for name in ("code", "type") if isinstance(code := error.get(name), str | int) and code is not True]
    known = next((code for code in candidates if code in BY_CODE), None)
    return known or next(iter(candidates), ""), words
