"""What the window says when the history, an export or an import fails, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.chat.export.errors import ExportError
from app.chat.history.errors import HistoryError
from app.ui.words import is_translated


def history_words(error: HistoryError | ExportError) -> str:
    """One sentence or two. Where English is spoken it is the error's own, which says more."""
    if not is_translated():
        return error.message
    table = {
        "history_unreadable": QCoreApplication.translate(
            "History", "The history could not be read or written. Check its folder and the permissions; the log says more."
        ),
        "history_newer": QCoreApplication.translate(
            "History", "The conversations were written by a later version of Sightline, and are left alone. Install the latest."
        ),
        "history_busy": QCoreApplication.translate(
            "History", "Another window has been writing to the conversations for too long. Try again in a moment."
        ),
        "history_damaged": QCoreApplication.translate(
            "History", "The file of the conversations is damaged and could not be replaced. Close all other windows and try again."
        ),
        "disk_full": QCoreApplication.translate("History", "The disk is full, so that not everything could be kept. Make room."),
        "not_kept": QCoreApplication.translate("History", "This is not in the history any more: it was deleted for good."),
        "file_gone": QCoreApplication.translate(
            "History", "{name} is neither kept nor where it was, or it has changed. Attach it again to look at it."
        ),
        "file_differs": QCoreApplication.translate(
            "History", "{name} was changed after it was attached, so that it could not be kept. Attach it again."
        ),
        "nothing_to_export": QCoreApplication.translate("History", "There is nothing to save yet: nothing was answered."),
        "target_exists": QCoreApplication.translate("History", "{name} exists already. Choose another name."),
        "export_cannot_write": QCoreApplication.translate(
            "History", "{name} could not be written. Choose another folder, or make room on the disk."
        ),
        "import_refused": QCoreApplication.translate(
            "History", "{name} cannot be read. It may be a folder, or you may lack the permission."
        ),
        "not_a_conversation": QCoreApplication.translate("History", "{name} is damaged, or it is no conversation of Sightline."),
        "version_unknown": QCoreApplication.translate("History", "{name} was written by a newer Sightline. Update this one."),
        "import_too_large": QCoreApplication.translate(
            "History", "{name} is larger than any conversation that Sightline takes in."
        ),
        "attachment_lost": QCoreApplication.translate(
            "History", "{name} did not come along with the conversation. Attach it again to look at it."
        ),
    }
    return table[error.code].format(name=error.name) if error.code in table else error.message
