"""Exit codes, and which failure ends with which."""

from __future__ import annotations

from ingest.errors import BY_CODE

EXIT_OK, EXIT_ENGINE, EXIT_USAGE, EXIT_MODEL, EXIT_TOO_SMALL, EXIT_STOPPED = 0, 1, 2, 3, 4, 130

_BY_ERROR_CODE = {
    "model_file_missing": EXIT_MODEL,
    "not_gguf": EXIT_MODEL,
    "gguf_truncated": EXIT_MODEL,
    "gguf_damaged": EXIT_MODEL,
    "model_unsupported": EXIT_MODEL,
    "projector_missing": EXIT_MODEL,
    "projector_mismatch": EXIT_MODEL,
    "no_model": EXIT_MODEL,
    "template_failed": EXIT_MODEL,
    "address_invalid": EXIT_MODEL,
    "server_invalid": EXIT_MODEL,
    "server_not_found": EXIT_MODEL,
    "model_unknown": EXIT_MODEL,
    "key_missing": EXIT_MODEL,
    "key_refused": EXIT_MODEL,
    "no_keychain": EXIT_MODEL,
    "keychain_locked": EXIT_MODEL,
    "keychain_failed": EXIT_MODEL,
    "too_little_memory": EXIT_TOO_SMALL,
    "out_of_memory": EXIT_TOO_SMALL,
    "context_too_long": EXIT_TOO_SMALL,
    "picture_unreadable": EXIT_USAGE,
    "link_refused": EXIT_USAGE,
    "request_refused": EXIT_USAGE,
    "video_not_seen": EXIT_USAGE,
    "cannot_write": EXIT_USAGE,
    "no_display": EXIT_USAGE,
    "usage": EXIT_USAGE,
    "grammar_invalid": EXIT_USAGE,
    "nothing_to_export": EXIT_USAGE,
    "target_exists": EXIT_USAGE,
    "export_cannot_write": EXIT_USAGE,
    "import_refused": EXIT_USAGE,
    "not_a_conversation": EXIT_USAGE,
    "version_unknown": EXIT_USAGE,
    "import_too_large": EXIT_USAGE,
    "not_kept": EXIT_USAGE,
} | dict.fromkeys(BY_CODE, EXIT_USAGE)


def exit_code(error_code: str) -> int:
    """The exit code for the stable code of an error; all others are the fault of the engine, the history or the desktop."""
    return _BY_ERROR_CODE.get(error_code, EXIT_ENGINE)
