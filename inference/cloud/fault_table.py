"""Every refusal of a server that is known, as data: which error it is, what to do about it, and whether to ask again.

Numbers are GLM's (docs.bigmodel.cn and docs.z.ai, error codes), names those of OpenAI and of llama.cpp's server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inference import errors


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How a refused request may be repeated.

    Attributes:
        tries: most of them, the first included.
        pause_s: least seconds before the second.
        needs_new_id: the request has to go with another `request_id`.
    """

    tries: int = 4
    pause_s: float = 1.0
    needs_new_id: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One refusal: the error's class, what happened and what to do, and how to retry."""

    error: type[errors.InferenceError]
    sentence: str
    retry: RetryRule | None = None


_SOON, _LATER = RetryRule(), RetryRule(pause_s=5.0)

_KEY = Entry(errors.KeyRefused, "The server does not accept the key. Enter it again in the settings, or make a new one.")
_KEY_EXPIRED = Entry(errors.KeyRefused, "The key has expired. Make a new one on the provider's page and enter it in the settings.")
_ACCOUNT = Entry(errors.AccountBlocked, "The account is not active or is locked. Look at it on the provider's page.")
_BALANCE = Entry(errors.AccountBlocked, "The account's balance is used up. Top it up, or choose a free model.")
_PLAN = Entry(
    errors.AccountBlocked,
    "The plan has expired or does not include this. Look at it on the provider's page, or choose another model.",
)
_FORBIDDEN = Entry(errors.AccountBlocked, "The account may not use this. Choose another model, or ask the provider for permission.")
_FAIR_USE = Entry(
    errors.AccountBlocked, "The provider restricts the account because of its use. Look at it on the provider's page."
)
_QUOTA = Entry(errors.QuotaUsedUp, "The quota is used up. Wait until it is renewed, or choose another model.")
_DAY = Entry(errors.QuotaUsedUp, "Today's quota is used up. Ask again tomorrow, or choose another model.")
_HOURS = Entry(
    errors.QuotaUsedUp,
    "The plan's quota for these hours is used up. Wait until it is renewed (the time is China's), or choose another model.",
)
_WEEK = Entry(
    errors.QuotaUsedUp,
    "The plan's quota for this week or month is used up. Wait until it is renewed (the time is China's), or choose another model.",
)
_RATE = Entry(errors.ServerBusy, "Too many requests were under way at once. Wait a little and ask again.", _SOON)
_FREQUENCY = Entry(errors.ServerBusy, "Requests came too fast. Wait a minute and ask again.", _LATER)
_BUSY = Entry(errors.ServerBusy, "The server has too much to do. Ask again later, or choose another model.", _SOON)
_MODEL = Entry(errors.ModelUnknown, "The server does not know the model. Choose another one in the settings.")
_REFUSED = Entry(errors.RequestRefused, "The server did not accept the request. Attach less, or choose another model.")
_UNAVAILABLE = Entry(errors.RequestRefused, "The server does not offer what was asked. Choose another model.")
_TOO_LONG = Entry(
    errors.ContextTooLong, "The conversation is too long for the model. Leave out pictures or pages, or begin a new conversation."
)
_CONTENT = Entry(
    errors.ContentRefused, "The provider refuses the question or the answer because of its content. Put it in another way."
)
_FAILED = Entry(errors.ServerFailed, "The server failed. Ask again later, or choose another model.", _SOON)
_ADDRESS = Entry(
    errors.AddressInvalid, "There is no chat API at this address. Check its path: most end in /v1, GLM's in /api/paas/v4."
)  # or the method is wrong there
_TOO_LARGE = Entry(errors.RequestRefused, "The request is too large for the server. Send fewer or smaller pictures.")
_FILE_TOO_LARGE = Entry(errors.RequestRefused, "A file is over 100 MB, which the server does not take. Send a smaller one.")
_SILENT = Entry(
    errors.ServerSilent, "The server did not answer in time, says the gateway before it. Ask again, or ask for less at once."
)
PROXY_WANTS = (
    "wants a name and a password. Put them into its address in the environment (HTTPS_PROXY), and name none in the settings."
)
_PROXY = Entry(errors.ProxyRefused, f"The proxy {PROXY_WANTS}")

BY_CODE: Mapping[str, Entry] = {
    **dict.fromkeys(("1000", "1001", "1002", "1004", "1005", "invalid_api_key", "authentication_error"), _KEY),
    "1003": _KEY_EXPIRED,
    **dict.fromkeys(("1110", "1111", "1112", "1120", "1121", "account_deactivated"), _ACCOUNT),
    **dict.fromkeys(("1113", "insufficient_quota", "billing_hard_limit_reached"), _BALANCE),
    **dict.fromkeys(("1200", "1230", "1234"), _FAILED),
    **dict.fromkeys(("1210", "1212", "1213", "1214", "1215"), _REFUSED),
    **dict.fromkeys(("1221", "1222"), _UNAVAILABLE),
    **dict.fromkeys(("1211", "model_not_found"), _MODEL),
    **dict.fromkeys(("1220", "permission_error"), _FORBIDDEN),
    "1231": Entry(
        errors.RequestRefused, "The server has seen a request of this id before. Ask again.", RetryRule(tries=2, needs_new_id=True)
    ),
    **dict.fromkeys(("1261", "exceed_context_size_error", "context_length_exceeded"), _TOO_LONG),
    **dict.fromkeys(("1301", "content_filter", "content_policy_violation"), _CONTENT),
    **dict.fromkeys(("1302", "rate_limit_exceeded"), _RATE),
    "1303": _FREQUENCY,
    "1304": _DAY,
    **dict.fromkeys(("1305", "1312", "unavailable_error", "overloaded_error"), _BUSY),
    "1308": _HOURS,
    "1310": _WEEK,
    **dict.fromkeys(("1309", "1311"), _PLAN),
    "1313": _FAIR_USE,
    **dict.fromkeys((str(code) for code in range(1314, 1322)), _QUOTA),
}

BY_WORDS: tuple[tuple[re.Pattern[str], Entry], ...] = (
    (
        # vLLM: "This model's maximum context length is ..."; SGLang: "... longer than the model's context length".
        re.compile(
            r"maximum context length|exceeds? the (available |model's )?context|longer than the model's context", re.IGNORECASE
        ),
        _TOO_LONG,
    ),
    (re.compile(r"\b404 NOT_FOUND\b"), _ADDRESS),  # bigmodel.cn's gateway says it with status 200 and code 500
)

BY_STATUS: Mapping[int, Entry] = {
    400: _REFUSED,
    401: _KEY,
    402: _BALANCE,
    403: Entry(
        errors.KeyRefused, "The server does not allow this with the key in use. Check the key, or ask whoever runs the server."
    ),
    404: _ADDRESS,
    405: _ADDRESS,
    407: _PROXY,
    408: _SILENT,
    413: _TOO_LARGE,
    429: _RATE,
    434: _FORBIDDEN,
    435: _FILE_TOO_LARGE,
    500: _FAILED,
    502: Entry(errors.ServerFailed, "The gateway before the server got no answer from it. Ask again later."),
    503: _BUSY,
    504: _SILENT,
    522: _SILENT,
    524: _SILENT,
    529: _BUSY,
}
"""Where a gateway tells of a fault behind it (502, 504, Cloudflare's 520 to 527), the question may have been answered and paid:
it is not repeated."""
