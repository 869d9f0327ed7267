"""The log files: one for each kind of process, small, rotated, without secrets.

Each kind has a file of its own because two processes cannot rotate the same one. `SIGHTLINE_LOG` sets the level: `debug`,
`info` (as without it), `warning` or `error`. Prompts, answers and pictures are logged at no level above DEBUG.
"""

from __future__ import annotations

import logging
import os
import re
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app import paths

LEVEL_VARIABLE = "SIGHTLINE_LOG"

_OWN_LOGGERS = ("app", "inference", "ingest")
_MAX_FILE_BYTES = 1_000_000
_KEPT_FILES = 3
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_SECRETS = (
    (re.compile(r"(?i)\bbearer\s+[^\s\"',]+"), "Bearer ***"),
    (re.compile(r"\bsk-[\w-]{6,}"), "sk-***"),
    (re.compile(r"\b[0-9a-f]{32}\.\w{8,}"), "***.***"),  # a GLM key: id.secret
)


def set_up(process: str) -> Path:
    """Log to `<process>.log` from now on, and return that file. A second call replaces the first.

    Other people's packages are heard from WARNING on: at INFO some of them log what they send.
    """
    file = paths.log_dir() / f"{process}.log"
    handler = PrivateFileHandler(file, maxBytes=_MAX_FILE_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    level = _LEVELS.get(os.environ.get(LEVEL_VARIABLE, "").lower(), logging.INFO)
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    for name in _OWN_LOGGERS:
        logging.getLogger(name).setLevel(level)
    return file


def redact(text: str) -> str:
    """The text with keys starred out and the home folder, which names the user, written as ~."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    home = Path.home()
    if len(home.parts) < 2:  # home is / in some containers
        return text
    return re.sub(rf"{re.escape(str(home))}(?![\w.-])", "~", text)


class PrivateFileHandler(RotatingFileHandler):
    """Writes files that only their user can read."""

    def _open(self) -> TextIOWrapper:
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY, 0o600))
        return super()._open()


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
