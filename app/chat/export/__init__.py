"""Conversations as files that other programs read, and ours read back.

`export` writes one, `import_conversation` reads one of our own back; both block and belong into a thread of their own.
"""

from app.chat.export.errors import ExportError
from app.chat.export.options import FORMATS, SUFFIXES, Exported, Format, Options, Words

__all__ = ["FORMATS", "SUFFIXES", "ExportError", "Exported", "Format", "Options", "Words"]
