"""Every way in which opening something fails. `code` is stable and never translated; the message is a sentence for the user.

IngestError
├── FileMissing           file_missing
├── FileUnreadable        file_unreadable      no permission, a folder, a device that fails
├── PictureUnreadable     picture_unreadable   not a picture, a format not known, damaged or cut off
└── PictureTooLarge       picture_too_large    more pixels or bytes than `ingest.images` takes
"""

from __future__ import annotations


class IngestError(Exception):
    """Base of all. `code` names the class for programs and translations."""

    code = "ingest_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FileMissing(IngestError):
    code = "file_missing"


class FileUnreadable(IngestError):
    code = "file_unreadable"


class PictureUnreadable(IngestError):
    code = "picture_unreadable"


class PictureTooLarge(IngestError):
    code = "picture_too_large"
