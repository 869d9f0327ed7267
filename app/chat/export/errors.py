"""Every way in which an export or an import fails. `code` is stable and never translated; the message is a sentence for the user.

ExportError
├── NothingToExport       nothing_to_export      no question was asked yet
├── TargetExists          target_exists          there is a file of this name, and nobody said to replace it
├── CannotWrite           export_cannot_write    the folder or the disk refuses
└── ImportRefused         import_refused
    ├── NotAConversation  not_a_conversation     a file of another kind, or a damaged one
    ├── VersionUnknown    version_unknown        a newer Sightline wrote it
    ├── ImportTooLarge    import_too_large       more than is taken in
    └── AttachmentLost    attachment_lost        a file that was to come along could not be kept; the rest is there
"""

from __future__ import annotations


class ExportError(Exception):
    """Base of all. `code` names the class for programs and translations, `name` the file that it is about, if there is one."""

    code = "export_error"

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.name = name


class NothingToExport(ExportError):
    code = "nothing_to_export"


class TargetExists(ExportError):
    code = "target_exists"


class CannotWrite(ExportError):
    code = "export_cannot_write"


class ImportRefused(ExportError):
    code = "import_refused"


class NotAConversation(ImportRefused):
    code = "not_a_conversation"


class VersionUnknown(ImportRefused):
    code = "version_unknown"


class ImportTooLarge(ImportRefused):
    code = "import_too_large"


class AttachmentLost(ImportRefused):
    code = "attachment_lost"
