"""Every way in which the history fails. `code` is stable and never translated; the message is a sentence for the user.

HistoryError
├── HistoryUnreadable   history_unreadable   no permission, a device that fails, a folder that is a file
├── HistoryNewer        history_newer        written by a later version; it is not touched
├── HistoryBusy         history_busy         another window held it for too long
├── HistoryDamaged      history_damaged      damaged, and it could not be set aside or rescued
├── DiskFull            disk_full
├── NotKept             not_kept             it is not, or no longer, in the history
├── FileGone            file_gone            an attached file is neither kept nor where it was
└── FileDiffers         file_differs         an attached file is no longer the one that was attached
"""

from __future__ import annotations


class HistoryError(Exception):
    """Base of all. `code` names the class for programs and translations, `name` the file that it is about, if there is one."""

    code = "history_error"

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.name = name


class HistoryUnreadable(HistoryError):
    code = "history_unreadable"


class HistoryNewer(HistoryError):
    code = "history_newer"


class HistoryBusy(HistoryError):
    code = "history_busy"


class HistoryDamaged(HistoryError):
    code = "history_damaged"


class DiskFull(HistoryError):
    code = "disk_full"


class NotKept(HistoryError):
    code = "not_kept"


class FileGone(HistoryError):
    code = "file_gone"


class FileDiffers(HistoryError):
    code = "file_differs"
