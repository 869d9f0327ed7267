"""Every way in which inference fails. `code` is stable and never translated; the message is a sentence for the user.

InferenceError
├── ModelFileError
│   ├── ModelFileMissing      model_file_missing
│   ├── NotGguf               not_gguf
│   ├── GgufTruncated         gguf_truncated
│   ├── GgufDamaged           gguf_damaged
│   ├── ModelUnsupported      model_unsupported
│   ├── ProjectorMissing      projector_missing
│   └── ProjectorMismatch     projector_mismatch
├── TooLittleMemory           too_little_memory    computed before loading
├── OutOfMemory               out_of_memory        met while loading or working
├── RequestError
│   ├── ContextTooLong        context_too_long
│   ├── PictureUnreadable     picture_unreadable
│   ├── LinkRefused           link_refused         an address was given to a model that cannot fetch it
│   ├── GrammarInvalid        grammar_invalid
│   └── TemplateFailed        template_failed
├── Cancelled                 cancelled            the user's wish, reported as `Finished`, never as a failure
├── EngineFailed
│   ├── EngineCrashed         engine_crashed
│   ├── EngineHung            engine_hung
│   └── EngineUnavailable     engine_unavailable   llama-cpp-python is missing or does not load
└── ServerError               server_error         all that goes wrong elsewhere
    ├── AddressInvalid        address_invalid      no address, or one that cannot be used
    ├── ServerUnreachable     server_unreachable   no connection: name, network or proxy
    ├── ProxyRefused          proxy_refused        it wants a password, forbids it, or cannot be used
    ├── CertificateRefused    certificate_refused
    ├── ServerSilent          server_silent        a time limit passed
    ├── KeyMissing            key_missing
    ├── KeyRefused            key_refused
    ├── AccountBlocked        account_blocked      balance, plan or account
    ├── QuotaUsedUp           quota_used_up        until a time that the server may name
    ├── ServerBusy            server_busy          too many requests, or too many users
    ├── ModelUnknown          model_unknown
    ├── RequestRefused        request_refused
    ├── ContentRefused        content_refused
    ├── ServerFailed          server_failed
    ├── ReplyNotUnderstood    reply_not_understood
    ├── ReplyCut              reply_cut            it ended in the middle
    └── ModelTableInvalid     model_table_invalid  the user's own `models.toml`
"""

from __future__ import annotations


class InferenceError(Exception):
    """Base of all. `code` names the class on the wire and in `--json`."""

    code = "inference_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModelFileError(InferenceError):
    """Something is wrong with a model's files."""

    code = "model_file_error"


class ModelFileMissing(ModelFileError):
    code = "model_file_missing"


class NotGguf(ModelFileError):
    code = "not_gguf"


class GgufTruncated(ModelFileError):
    code = "gguf_truncated"


class GgufDamaged(ModelFileError):
    code = "gguf_damaged"


class ModelUnsupported(ModelFileError):
    code = "model_unsupported"


class ProjectorMissing(ModelFileError):
    code = "projector_missing"


class ProjectorMismatch(ModelFileError):
    code = "projector_mismatch"


class TooLittleMemory(InferenceError):
    code = "too_little_memory"


class OutOfMemory(InferenceError):
    code = "out_of_memory"


class RequestError(InferenceError):
    """The request cannot be answered as it stands."""

    code = "request_error"


class ContextTooLong(RequestError):
    code = "context_too_long"


class PictureUnreadable(RequestError):
    code = "picture_unreadable"


class LinkRefused(RequestError):
    code = "link_refused"


class GrammarInvalid(RequestError):
    code = "grammar_invalid"


class TemplateFailed(RequestError):
    code = "template_failed"


class Cancelled(InferenceError):
    code = "cancelled"


class EngineFailed(InferenceError):
    """The process that runs the model failed."""

    code = "engine_failed"


class EngineCrashed(EngineFailed):
    code = "engine_crashed"


class EngineHung(EngineFailed):
    code = "engine_hung"


class EngineUnavailable(EngineFailed):
    code = "engine_unavailable"


class ServerError(InferenceError):
    """A server did not answer, or not as it should."""

    code = "server_error"


class AddressInvalid(ServerError):
    code = "address_invalid"


class ServerUnreachable(ServerError):
    code = "server_unreachable"


class ProxyRefused(ServerError):
    code = "proxy_refused"


class CertificateRefused(ServerError):
    code = "certificate_refused"


class ServerSilent(ServerError):
    code = "server_silent"


class KeyMissing(ServerError):
    code = "key_missing"


class KeyRefused(ServerError):
    code = "key_refused"


class AccountBlocked(ServerError):
    code = "account_blocked"


class QuotaUsedUp(ServerError):
    code = "quota_used_up"


class ServerBusy(ServerError):
    code = "server_busy"


class ModelUnknown(ServerError):
    code = "model_unknown"


class RequestRefused(ServerError):
    code = "request_refused"


class ContentRefused(ServerError):
    code = "content_refused"


class ServerFailed(ServerError):
    code = "server_failed"


class ReplyNotUnderstood(ServerError):
    code = "reply_not_understood"


class ReplyCut(ServerError):
    code = "reply_cut"


class ModelTableInvalid(ServerError):
    code = "model_table_invalid"
