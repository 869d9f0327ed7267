"""The command line: the same services as the window, without a display. Answers go to stdout, everything else to stderr.

Exit codes: 0 answered; 1 the engine failed; 2 the command, a picture or a file that was named is not right; 3 no model, or the
model's files are not right; 4 the computer or the context is too small; 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app import paths
from app.chat.answer import Answer, Reference
from app.chat.compose import build_request
from app.engines import local_engine
from app.settings.store import SettingsStore
from inference.engine import Cancel
from inference.errors import InferenceError, ModelFileError
from inference.events import BoxFound, Event, ImageRef, Notice, Progress, ReasoningDelta, TextDelta, ToolCall
from inference.grounding import to_pixels
from inference.local.config import GPU_LAYERS_AUTO
from inference.markup import visible_text
from inference.models.catalog import defaults_for
from inference.types import SamplingParams
from ingest.errors import IngestError
from ingest.images import decode, open_picture
from ingest.types import Picture

EXIT_OK, EXIT_ENGINE, EXIT_USAGE, EXIT_MODEL, EXIT_TOO_SMALL, EXIT_STOPPED = 0, 1, 2, 3, 4, 130
_EXIT_BY_CODE = {
    "model_file_missing": EXIT_MODEL,
    "not_gguf": EXIT_MODEL,
    "gguf_truncated": EXIT_MODEL,
    "gguf_damaged": EXIT_MODEL,
    "model_unsupported": EXIT_MODEL,
    "projector_missing": EXIT_MODEL,
    "projector_mismatch": EXIT_MODEL,
    "no_model": EXIT_MODEL,
    "template_failed": EXIT_MODEL,
    "too_little_memory": EXIT_TOO_SMALL,
    "out_of_memory": EXIT_TOO_SMALL,
    "context_too_long": EXIT_TOO_SMALL,
    "picture_unreadable": EXIT_USAGE,
    "grammar_invalid": EXIT_USAGE,
}
_PHASES = {"queued": "Waiting", "loading": "Loading the model", "encoding": "Looking at the picture", "prefill": "Reading"}


class NoModel(ModelFileError):
    """Nothing says which model to ask."""

    code = "no_model"


class CannotWrite(IngestError):
    """The annotated picture cannot be written."""

    code = "cannot_write"


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code. `argv` is without the program's name."""
    options = _parser().parse_args(list(argv))
    if options.data_dir is not None:
        paths.use_data_dir(options.data_dir)
    try:
        return _ask(options)
    except (InferenceError, IngestError) as error:
        return _fail(options, error.code, error.message)
    except BrokenPipeError:  # whoever read stdout went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sightline",
        description="Ask about pictures on this computer. Without a command, the window opens.",
        epilog=__doc__.partition("\n\n")[2] if __doc__ else None,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ask = commands.add_parser(
        "ask",
        help="ask about pictures",
        usage='sightline ask [PATH ...] "QUESTION" [options]',
        epilog=parser.epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument("paths", nargs="*", metavar="PATH", help="a picture; - reads one from stdin")
    ask.add_argument("question", metavar="QUESTION", help="what to ask, in quotes")
    ask.add_argument("--model", type=Path, metavar="FILE.gguf", help="the language model; else the one chosen in the window")
    ask.add_argument("--mmproj", type=Path, metavar="FILE.gguf", help="its projector; else the mmproj file beside the model")
    ask.add_argument("--gpu-layers", type=_gpu_layers, default=None, metavar="N|auto", help="layers on the GPU (auto)")
    ask.add_argument("--think", action=argparse.BooleanOptionalAction, default=None, help="reason before answering")
    ask.add_argument("--thinking-budget", type=_positive, metavar="N", help="most tokens of reasoning")
    ask.add_argument("--system", metavar="TEXT", help="instructions that come before the question")
    ask.add_argument("--temperature", type=_fraction, metavar="T", help="0 gives the same answer every time (0.8)")
    ask.add_argument("--seed", type=int, metavar="N", help="makes the choice of words repeatable")
    ask.add_argument("--max-tokens", type=_positive, metavar="N", help="most tokens of answer, reasoning included")
    ask.add_argument("--context", type=_positive, default=0, metavar="N", help="tokens the model keeps in mind")
    ask.add_argument("--image-tokens", type=_positive, default=0, metavar="N", help="most tokens a picture may take")
    ask.add_argument("--threads", type=_positive, default=0, metavar="N", help="processor cores to use (all)")
    ask.add_argument("--grammar", type=Path, metavar="FILE", help="GBNF grammar that the answer must follow")
    ask.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    ask.add_argument("--annotate", type=Path, metavar="OUT.png", help="write the picture with the answer's boxes drawn on it")
    ask.add_argument("--private", action="store_true", help="keep nothing of this on disk")
    ask.add_argument("--data-dir", type=Path, metavar="FOLDER", help="keep settings and caches there")
    return parser


def _ask(options: argparse.Namespace) -> int:
    pictures = [_open(path) for path in options.paths]
    settings = SettingsStore(paths.config_dir() / "settings.json").current
    model = options.model or (Path(settings.model) if settings.model else None)
    if model is None:
        raise NoModel("No model was chosen. Name one with --model FILE.gguf, or choose one in the window.")
    mmproj = options.mmproj or (Path(settings.mmproj) if settings.mmproj and options.model is None else None)
    engine = local_engine(
        model,
        mmproj,
        gpu_layers=settings.gpu_layers if options.gpu_layers is None else options.gpu_layers,
        n_ctx=options.context,
        n_threads=options.threads,
        image_max_tokens=options.image_tokens,
        keeps_on_disk=not options.private,
    )
    try:
        if defaults_for(engine.capabilities().model_name).is_test_model:
            _say("This is a test model: it knows only coloured shapes and numbers.")
        request = build_request(
            [],
            options.question,
            pictures,
            thinking=settings.thinking if options.think is None else options.think,
            system=options.system,
            sampling=_sampling(options),
            thinking_budget=options.thinking_budget,
            max_tokens=options.max_tokens,
            grammar=_read_grammar(options.grammar),
            keep_on_disk=not options.private,
        )
        answer, events = _follow(engine.stream(request, cancel := Cancel()), cancel, pictures, is_quiet=options.json)
    finally:
        engine.close()
    return _report(options, pictures, answer, events)


def _follow(stream: Iterable[Event], cancel: Cancel, pictures: list[Picture], is_quiet: bool) -> tuple[Answer, list[Event]]:
    """Run an answer to its end, showing it as it comes. Ctrl+C stops it and keeps what there is."""
    answer, events = Answer([picture.id for picture in pictures]), []
    shown_references = 0
    iterator = iter(stream)
    while True:
        try:
            event = next(iterator, None)
            if event is None:
                break
        except KeyboardInterrupt:
            cancel.set()
            continue
        events.append(event)
        answer.apply(event)
        if is_quiet:
            continue
        match event:
            case Progress():
                _show_progress(event)
            case Notice():
                _say(event.message)
            case ReasoningDelta() if sys.stderr.isatty():
                _clear_progress()
                print(event.text, end="", file=sys.stderr, flush=True)
            case TextDelta() | BoxFound() | ImageRef() | ToolCall():
                _clear_progress()
                new = answer.references[shown_references:]
                shown_references = len(answer.references)
                text = event.text if isinstance(event, TextDelta) else "".join(f"[{reference.number}]" for reference in new)
                print(event.raw if isinstance(event, ToolCall) else text, end="", flush=True)
    return answer, events


def _report(options: argparse.Namespace, pictures: list[Picture], answer: Answer, events: list[Event]) -> int:
    """What comes after the answer: the marked places, the annotated picture, the exit code."""
    _clear_progress()
    if options.annotate is not None and answer.failure is None:
        _annotate(options.annotate, pictures, answer)
    if options.json:
        print(json.dumps(_as_json(pictures, answer, events), ensure_ascii=False))
    else:
        print()
        for reference in answer.references:
            print(_describe(reference, pictures))
    if answer.failure is not None:
        if not options.json:
            _say(answer.failure.message)
        return _EXIT_BY_CODE.get(answer.failure.code, EXIT_ENGINE)
    return EXIT_STOPPED if answer.finish_reason == "cancelled" else EXIT_OK


def _as_json(pictures: list[Picture], answer: Answer, events: list[Event]) -> dict[str, Any]:
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
    }


def _box_as_json(reference: Reference, pictures: list[Picture]) -> dict[str, Any]:
    index = _picture_index(reference, pictures)
    bbox = None if index is None else list(to_pixels(reference.box, pictures[index].width, pictures[index].height))
    return {"image": index, "bbox": bbox, "label": reference.box.label}


def _describe(reference: Reference, pictures: list[Picture]) -> str:
    index = _picture_index(reference, pictures)
    label = f" {reference.box.label}" if reference.box.label else ""
    if index is None:
        return f"[{reference.number}]{label} a picture that was not sent"
    picture = pictures[index]
    x0, y0, x1, y1 = to_pixels(reference.box, picture.width, picture.height)
    return f"[{reference.number}]{label} {picture.name}: {x0},{y0} to {x1},{y1} of {picture.width} x {picture.height} px"


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
            draw_references(decode(picture), references).save(path, format="PNG")
        except OSError as error:
            raise CannotWrite(f"{path} cannot be written: {error.strerror or error}.") from error


def _open(path: str) -> Picture:
    if path == "-":
        return open_picture(sys.stdin.buffer.read(), "stdin")
    return open_picture(Path(path))


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


def _fail(options: argparse.Namespace, code: str, message: str) -> int:
    if options.json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        _say(message)
    return _EXIT_BY_CODE.get(code, EXIT_USAGE)


def _show_progress(progress: Progress) -> None:
    if not sys.stderr.isatty():
        return
    part = f" {100 * progress.done // progress.total} %" if progress.total > 1 and progress.phase != "queued" else ""
    print(f"\r\x1b[K{_PHASES[progress.phase]}…{part}", end="", file=sys.stderr, flush=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _say(sentence: str) -> None:
    _clear_progress()
    print(sentence, file=sys.stderr)


def _gpu_layers(text: str) -> int:
    return GPU_LAYERS_AUTO if text == "auto" else int(text)


def _positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 2:
        raise argparse.ArgumentTypeError("must be between 0 and 2")
    return value
