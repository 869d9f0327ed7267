"""`sightline ask`: a question about pictures, documents and videos; the answer on stdout as it comes or as one JSON object.

What goes to another computer is said on stderr before it goes. Keys come from the keychain alone.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from app import paths
from app.chat.answer import Answer, Reference
from app.chat.compose import build_request
from app.chat.parts import Part, Plan, Room, Shown
from app.chat.plan import plan
from app.chat.prompts import language_of, system_prompt
from app.chat.session import answer_for
from app.commands.answering import Answering, announced, is_link, open_engine, read_links
from app.commands.choosing import choose
from app.commands.exits import EXIT_OK, EXIT_STOPPED, exit_code
from app.commands.terminal import clear_progress, harmless, say, show_progress
from app.reading import Reading
from app.settings.schema import Settings
from app.settings.store import SettingsStore
from inference.engine import Cancel
from inference.events import BoxFound, Event, ImageRef, Notice, Progress, ReasoningDelta, TextDelta, ToolCall, ToolCallDelta
from inference.grounding import to_pixels
from inference.markup import visible_text
from inference.types import LinkPart, Request, SamplingParams
from ingest.attachment import Picture
from ingest.errors import IngestError

if TYPE_CHECKING:
    from PIL import Image


class CannotWrite(IngestError):
    """The annotated picture cannot be written."""

    code = "cannot_write"


def run(options: argparse.Namespace) -> int:
    """Ask, show, and return the exit code. Raises InferenceError, IngestError or SecretsError before that."""
    settings = SettingsStore(paths.config_dir() / "settings.json").current
    reading = Reading(keeps_on_disk=not options.private)
    try:
        answering = open_engine(options, settings)
        try:
            return _answer(options, settings, answering, reading)
        finally:
            answering.engine.close()
    finally:
        reading.close()


def _answer(options: argparse.Namespace, settings: Settings, answering: Answering, reading: Reading) -> int:
    """Ask the engine about what is opened."""
    capabilities = answering.capabilities
    links = read_links(options.paths, capabilities)
    choices = [choose(options, reading, path) for path in options.paths if not is_link(path)]
    if answering.is_test_model:
        say("This is a test model: it knows only coloured shapes and numbers.")
    for attachment in (choice.attachment for choice in choices):
        for warning in attachment.contents.warnings:
            say(f"{attachment.name}: {warning}")
    sent = plan(choices, Room.of(capabilities), reading.recogniser.recognise)
    for reduction in sent.reductions:
        say(reduction.message)
    request = _build(options, settings, answering, sent, links)
    pictures = [part.picture for part in sent.parts if isinstance(part, Shown)]
    answer = answer_for([], sent.parts)
    stream = announced(answering.engine.stream(request, cancel := Cancel()), capabilities, len(sent.parts) + len(links))
    events = _follow(stream, cancel, answer, is_quiet=options.json)
    return _report(options, sent, pictures, answer, events, _keep_books(answering, answer, settings))


def _build(
    options: argparse.Namespace, settings: Settings, answering: Answering, sent: Plan, links: tuple[LinkPart, ...]
) -> Request:
    capabilities = answering.capabilities
    language = language_of(options.question) if settings.system_prompt and answering.system_prompt else None
    return build_request(
        [],
        options.question,
        sent.parts,
        thinking=settings.thinking if options.think is None else options.think,
        system=system_prompt(language) if language and capabilities.vision and options.system is None else options.system,
        naming=language,
        sampling=_sampling(options),
        capabilities=capabilities,
        links=links,
        thinking_budget=options.thinking_budget,
        max_tokens=options.max_tokens,
        grammar=_read_grammar(options.grammar),
        keep_on_disk=not options.private,
    )


def _keep_books(answering: Answering, answer: Answer, settings: Settings) -> dict[str, Any]:
    """Count what a model elsewhere used; who that was and what it cost, for `--json`. Empty for one on this computer."""
    capabilities = answering.capabilities
    if capabilities.host is None or answering.table is None:
        return {}
    from app.spending import Spending, SpendingFailed, cost_of

    try:
        Spending().record(capabilities.host, capabilities.model_name, answer.usage)
    except SpendingFailed as error:
        say(error.message)
    amount = cost_of(capabilities.host, capabilities.model_name, answer.usage, answering.table, settings)
    cost = {"amount": amount, "currency": settings.currency} if amount is not None else None
    return {"host": capabilities.host, "model": capabilities.model_name, "cost": cost}


def _follow(stream: Iterable[Event], cancel: Cancel, answer: Answer, is_quiet: bool) -> list[Event]:
    """Run an answer to its end, showing it as it comes. Ctrl+C stops it and keeps what there is."""
    events: list[Event] = []
    shown_references = 0

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends it at once
        threading.Thread(target=cancel.set).start()  # whoever was interrupted may hold a lock that this needs

    usual = signal.signal(signal.SIGINT, stop)
    for event in stream:
        events.append(event)
        answer.apply(event)
        if is_quiet:
            continue
        match event:
            case Progress():
                show_progress(event)
            case Notice():
                say(event.message)
            case ReasoningDelta() if sys.stderr.isatty():
                clear_progress()
                print(harmless(event.text), end="", file=sys.stderr, flush=True)
            case TextDelta() | BoxFound() | ImageRef() | ToolCallDelta():
                clear_progress()
                new = answer.references[shown_references:]
                shown_references = len(answer.references)
                print(harmless(_as_text(event, new)), end="", flush=True)
    signal.signal(signal.SIGINT, usual)
    return events


def _as_text(event: TextDelta | BoxFound | ImageRef | ToolCallDelta, references: list[Reference]) -> str:
    """What an event adds to the printed answer; `references` are those that it brought."""
    if isinstance(event, TextDelta):
        return event.text
    if isinstance(event, ToolCallDelta):
        return event.raw
    return "".join(_sign(reference) for reference in references)


def _sign(reference: Reference) -> str:
    """What stands for it in the text, and before its description."""
    return f"[{reference.number}]" if reference.picture_id is not None else "[?]"


def _report(
    options: argparse.Namespace,
    sent: Plan,
    pictures: list[Picture],
    answer: Answer,
    events: list[Event],
    books: dict[str, Any],
) -> int:
    """What comes after the answer: the marked places, the annotated picture, the exit code."""
    clear_progress()
    if options.annotate is not None and answer.failure is None:
        _annotate(options.annotate, pictures, answer)
    if options.json:
        print(json.dumps(_as_json(sent, pictures, answer, events) | books, ensure_ascii=False))
    else:
        print()
        for reference in answer.references:
            print(harmless(_describe(reference, pictures)))
    if answer.failure is not None:
        if not options.json:
            say(answer.failure.message)
        return exit_code(answer.failure.code)
    if answer.finish_reason == "length" and not options.json:
        say("The answer ended here because it reached its greatest length.")
    return EXIT_STOPPED if answer.finish_reason == "cancelled" else EXIT_OK


def _as_json(sent: Plan, pictures: list[Picture], answer: Answer, events: list[Event]) -> dict[str, Any]:
    text = visible_text(events).strip()
    if answer.failure is not None:
        failure: dict[str, Any] = {"error": {"code": answer.failure.code, "message": answer.failure.message}}
        return failure | ({"text": text} if text else {})
    calls = [event.call for event in events if isinstance(event, ToolCall)]
    return {
        "text": text,
        "reasoning": answer.reasoning.strip(),
        "boxes": [_box_as_json(reference, pictures) for reference in answer.references],
        "tool_calls": [{"id": call.id, "name": call.name, "arguments": dict(call.arguments)} for call in calls],
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "cached_tokens": answer.usage.cached_tokens,
            "image_tokens": answer.usage.image_tokens,
            "completion_tokens": answer.usage.completion_tokens,
        },
        "timings": {
            "load_ms": answer.timings.load_ms,
            "encode_ms": answer.timings.encode_ms,
            "time_to_first_token_ms": answer.timings.time_to_first_token_ms,
            "decode_tokens_per_s": answer.timings.decode_tokens_per_s,
        },
        "finish_reason": answer.finish_reason,
        "sent": [_part_as_json(part) for part in sent.parts],
        "reductions": [{"code": lost.code, "message": lost.message} for lost in sent.reductions],
    }


def _part_as_json(part: Part) -> dict[str, Any]:
    if isinstance(part, Shown):
        return {"name": part.picture.name, "as": "picture", "width": part.width, "height": part.height, "tokens": part.tokens}
    return {"name": part.picture.name, "as": "text", "tokens": part.tokens}


def _box_as_json(reference: Reference, pictures: list[Picture]) -> dict[str, Any]:
    index = _picture_index(reference, pictures)
    bbox = None if index is None else list(to_pixels(reference.box, pictures[index].width, pictures[index].height))
    return {"image": index, "bbox": bbox, "label": reference.box.label}


def _describe(reference: Reference, pictures: list[Picture]) -> str:
    index = _picture_index(reference, pictures)
    label = f" {reference.box.label}" if reference.box.label else ""
    if index is None:
        return f"{_sign(reference)}{label} a picture that was not sent"
    picture = pictures[index]
    x0, y0, x1, y1 = to_pixels(reference.box, picture.width, picture.height)
    return f"{_sign(reference)}{label} {picture.name}: {x0},{y0} to {x1},{y1} of {picture.width} x {picture.height} px"


def _picture_index(reference: Reference, pictures: list[Picture]) -> int | None:
    return next((index for index, picture in enumerate(pictures) if picture.id == reference.picture_id), None)


def _annotate(target: Path, pictures: list[Picture], answer: Answer) -> None:
    """Write `target` for the first picture, and ``NAME-2.png`` beside it for the second if something is marked there, and so on."""
    from app.chat.annotate import draw_references

    for index, picture in enumerate(pictures):
        references = [reference for reference in answer.references if _picture_index(reference, pictures) == index]
        if index and not references:
            continue
        path = target if index == 0 else target.with_stem(f"{target.stem}-{index + 1}")
        try:
            draw_references(_as_image(picture), references).save(path, format="PNG")
        except OSError as error:
            raise CannotWrite(f"{path} cannot be written: {error.strerror or error}.") from error


def _as_image(picture: Picture) -> Image.Image:
    from PIL import Image

    pixels = picture.render(picture.width, picture.height)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb)


def _sampling(options: argparse.Namespace) -> SamplingParams:
    usual = SamplingParams()
    temperature = usual.temperature if options.temperature is None else options.temperature
    return SamplingParams(temperature, usual.top_p, usual.top_k, usual.repeat_penalty, options.seed)


def _read_grammar(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(f"The grammar {path} cannot be read: {error}.") from error
