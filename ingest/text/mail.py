"""Mail: who wrote to whom, what it says, and what is attached. Attachments are named, never opened."""

from __future__ import annotations

import functools
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import Any, cast

from ingest.documents import Source
from ingest.text.decode import decode, read_bytes
from ingest.text.extract import Extract, Sanitizer, counted, heading_title, section_of_lines
from ingest.text.markup import Flow, parse_html

_PARSED_CHARACTERS_MAX = 1000
_HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject")


class _SwiftPolicy(EmailPolicy):
    """The standard library parses a header each time it is looked at, and takes seconds for one of a few thousand characters."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if len(value) > _PARSED_CHARACTERS_MAX:
            if not name.lower().startswith("content-"):
                raise ValueError("a header is too long to be parsed")  # `_values` shows it as it stands
            value = value[:_PARSED_CHARACTERS_MAX]
        try:
            return _parse_header(name, value)
        except Exception:  # it fails on some damaged ones; a part that does not say what it is counts as plain text
            if not name.lower().startswith("content-"):
                raise
            return _parse_header(name, "")


@functools.lru_cache(maxsize=1000)
def _parse_header(name: str, value: str) -> Any:
    return EmailPolicy().header_fetch_parse(name, value)


def read(source: Source) -> Extract:
    """Headers, the body as plain text where there is one, and names of attachments. Raises TooLarge."""
    message = cast(EmailMessage, BytesParser(_class=EmailMessage, policy=_SwiftPolicy()).parsebytes(read_bytes(source)))
    lines = [f"{name}: {value}" for name in _HEADERS for value in _values(message, name)]
    title = next(iter(_values(message, "Subject")), "")
    body, warnings = _body(message, source.name)
    attachments = [_describe(part) for part in message.walk() if _is_attachment(part)]
    if attachments:
        number = counted(len(attachments), "attachment")
        warnings += (f"Named at the end and not opened: {number}. Save one and open it to use it.",)
    sanitizer = Sanitizer()
    text = sanitizer.clean("\n".join([*lines, "", body, *attachments]))
    return Extract([section_of_lines(text)], heading_title(title), warnings=warnings + sanitizer.warnings)


def _values(message: EmailMessage, name: str) -> list[str]:
    """A header as often as it is there; what cannot be parsed is shown as it stands."""
    try:
        return [" ".join(str(value).split()) for value in message.get_all(name, [])]
    except Exception:  # the header parsers of the standard library fail on damaged addresses and dates
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return [" ".join(str(value).split()) for value in raw]


def _body(message: EmailMessage, name: str) -> tuple[str, tuple[str, ...]]:
    texts: list[str] = []
    warnings: tuple[str, ...] = ()
    for part in _body_parts(message):
        text, more = _text_of(part, name)
        if part.get_content_subtype() == "html":
            root, broken = parse_html(text)
            flow = Flow()
            if root is not None:
                flow.add(root)
            text, more = flow.text, more + broken + flow.warnings()
        texts.append(text.strip("\n"))
        warnings += more
    return "\n\n".join(text for text in texts if text), warnings


def _body_parts(message: EmailMessage) -> list[EmailMessage]:
    """The parts that are read one after another: of alternatives the plain one."""
    kind = message.get_content_type()
    if _is_attachment(message):
        return []
    if not message.is_multipart():
        return [message] if message.get_content_maintype() == "text" else []
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    found = [_body_parts(part) for part in parts]
    if kind == "multipart/alternative":
        plain = [
            each for each in found if any(_text_of(part, "")[0].strip() for part in each if part.get_content_subtype() == "plain")
        ]
        return next(iter(plain or [each for each in reversed(found) if each]), [])
    return [part for each in found for part in each]


def _text_of(part: EmailMessage, name: str) -> tuple[str, tuple[str, ...]]:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(payload or ""), ()
    return decode(payload, name, part.get_content_charset()) if payload else ("", ())


def _is_attachment(part: EmailMessage) -> bool:
    if part.get_content_type() == "message/rfc822" or part.get_content_disposition() == "attachment":
        return True
    return not part.is_multipart() and (part.get_content_maintype() != "text" or part.get_filename() is not None)


def _describe(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    size = f", {len(payload) / 1024:.0f} KB" if isinstance(payload, bytes) else ""
    return f"[attachment: {part.get_filename() or 'without a name'}, {part.get_content_type()}{size}]"
