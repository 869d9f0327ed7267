"""Every way in which opening something fails. `code` is stable and never translated; the message is a sentence for the user.

IngestError
├── FileMissing           file_missing
├── FileUnreadable        file_unreadable      no permission, a folder, a device that fails
├── FileChanged           file_changed         it is no longer the file that was opened
├── FormatUnknown         format_unknown       none of the kinds that are opened
├── FormatUnsupported     format_unsupported   known, but not to be opened here; the message says what would help
├── Damaged               damaged              of a known kind, and cut off or broken beyond reading
├── Empty                 empty                nothing in it: no bytes, no pages, no frames
├── TooLarge              too_large            more bytes, pixels, pages or parts than `ingest.limits` allows
├── PasswordNeeded        password_needed
├── PasswordWrong         password_wrong
├── NoSuchPage            no_such_page         a page, slide or time that it does not have
├── ReaderFailed          reader_failed        the child that reads died of this file
├── ReaderIncomplete      reader_incomplete    a part of the program that reads is missing
├── ReaderSlow            reader_slow          it took longer than the limit and was stopped
├── ReaderMemory          reader_memory        it took more memory than the limit and was stopped
├── ReaderStopped         reader_stopped       the user stopped it
└── RecognitionMissing    recognition_missing  the parts for recognising text are not installed or do not load
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


class FileChanged(IngestError):
    code = "file_changed"


class FormatUnknown(IngestError):
    code = "format_unknown"


class FormatUnsupported(IngestError):
    code = "format_unsupported"


class Damaged(IngestError):
    code = "damaged"


class Empty(IngestError):
    code = "empty"


class TooLarge(IngestError):
    code = "too_large"


class PasswordNeeded(IngestError):
    code = "password_needed"


class PasswordWrong(IngestError):
    code = "password_wrong"


class NoSuchPage(IngestError):
    code = "no_such_page"


class ReaderFailed(IngestError):
    code = "reader_failed"


class ReaderIncomplete(IngestError):
    code = "reader_incomplete"


class ReaderSlow(IngestError):
    code = "reader_slow"


class ReaderMemory(IngestError):
    code = "reader_memory"


class ReaderStopped(IngestError):
    code = "reader_stopped"


class RecognitionMissing(IngestError):
    code = "recognition_missing"


BY_CODE: dict[str, type[IngestError]] = {error.code: error for error in IngestError.__subclasses__()}
"""To raise in one process what was raised in another."""
