"""The command line: the same services as the window, without a display. Answers go to stdout, everything else to stderr.

Exit codes: 0 done; 1 the engine, the server, the history or a capture failed; 2 the command or something that it names is not
right; 3 no model, or its files, address or key are not right; 4 the computer or the context is too small; 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from app import paths
from app.capture_wish import read_delay, read_handler
from app.chat.export import FORMATS, ExportError
from app.chat.history.errors import HistoryError
from app.commands import ask, choosing, inspect
from app.commands.exits import EXIT_STOPPED, exit_code
from app.commands.terminal import say
from app.engine_choice import EngineChoice
from app.settings.secrets import SecretsError
from inference.errors import InferenceError
from inference.local.config import GPU_LAYERS_AUTO
from ingest.errors import IngestError

Value = TypeVar("Value")


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code. `argv` begins with the command's name."""
    parser, run = _COMMANDS[argv[0]]
    options = parser().parse_intermixed_args(list(argv[1:]))  # options may stand between the files and the question
    if options.data_dir is not None:
        paths.use_data_dir(options.data_dir)
    try:
        return run(options)
    except (InferenceError, IngestError, ExportError, HistoryError, SecretsError) as error:
        return _fail(options, error.code, error.message)
    except BrokenPipeError:  # whoever read stdout went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_STOPPED


def _ask_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="sightline ask",
        description="Ask about pictures, documents and videos: a model on this computer, GLM, or another server.",
        usage='sightline ask [PATH ...] "QUESTION" [options]',
        epilog=__doc__.partition("\n\n")[2] if __doc__ else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("paths", nargs="*", metavar="PATH", help="a picture, PDF, deck, video or text; - reads one from stdin")
    command.add_argument("question", metavar="QUESTION", help="what to ask, in quotes")
    choosing.add_options(command)
    command.add_argument("--engine", type=_sentence(EngineChoice.parse), metavar="NAME", help="local, glm or server:NAME (as set)")
    command.add_argument("--model", metavar="FILE.gguf|ID", help="the language model; else the one chosen in the window")
    command.add_argument("--mmproj", type=Path, metavar="FILE.gguf", help="its projector; else the mmproj file beside the model")
    command.add_argument("--gpu-layers", type=_gpu_layers, default=None, metavar="N|auto", help="layers on the GPU (auto)")
    command.add_argument("--think", action=argparse.BooleanOptionalAction, default=None, help="reason before answering")
    command.add_argument("--thinking-budget", type=_positive, metavar="N", help="most tokens of reasoning")
    command.add_argument("--system", metavar="TEXT", help="instructions that come before the question")
    command.add_argument("--temperature", type=_fraction, metavar="T", help="0 gives the same answer every time (0.8)")
    command.add_argument("--seed", type=int, metavar="N", help="makes the choice of words repeatable")
    command.add_argument("--max-tokens", type=_positive, metavar="N", help="most tokens of answer, reasoning included")
    command.add_argument("--context", type=_positive, default=0, metavar="N", help="tokens the model keeps in mind")
    command.add_argument("--image-tokens", type=_positive, default=0, metavar="N", help="most tokens a picture may take")
    command.add_argument("--threads", type=_positive, default=0, metavar="N", help="processor cores to use (all)")
    command.add_argument("--grammar", type=Path, metavar="FILE", help="GBNF grammar that the answer must follow")
    command.add_argument("--annotate", type=Path, metavar="OUT.png", help="write the picture with the answer's boxes drawn on it")
    _add_common(command)
    return command


def _inspect_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="sightline inspect",
        description="Show what is in a picture, document or video: its pages or frames, their text and what they cost a model.",
    )
    command.add_argument("path", metavar="PATH", help="the file; - reads one from stdin")
    choosing.add_options(command)
    command.add_argument("--page", type=_positive, metavar="N", help="only the N-th page or frame")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="write the pages or frames there as PNG")
    command.add_argument("--recognise", action="store_true", help="read the text of scanned pages and pictures")
    _add_common(command)
    return command


def _export_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(prog="sightline export", description="Write conversations of the history to files.")
    command.add_argument("conversation", nargs="?", metavar="CONVERSATION", help="its key or the beginning of it, or its title")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--last", action="store_true", help="the one that was written to last")
    which.add_argument("--all", action="store_true", help="every one, into the folder --out")
    which.add_argument("--list", action="store_true", help="show keys and titles, write nothing")
    command.add_argument("--format", choices=FORMATS, default="md", help="what to write (md)")
    command.add_argument("--out", type=Path, default=Path(), metavar="PATH", help="the file, or a folder (the current one)")
    command.add_argument("--reasoning", action="store_true", help="write the model's reasoning too")
    command.add_argument("--overwrite", action="store_true", help="replace files of the same name")
    _add_common(command)
    return command


def _import_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="sightline import",
        description="Put conversations that were exported as json or sightline into the history.",
    )
    command.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="a .sightline or .sightline.json file")
    _add_common(command)
    return command


def _run_export(options: argparse.Namespace) -> int:
    from app.commands import export  # no other command needs the history

    return export.run_export(options)


def _run_import(options: argparse.Namespace) -> int:
    from app.commands import export

    return export.run_import(options)


def _capture_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="sightline capture",
        description="Ask about what is on the screen. The Sightline that runs does it; if none runs, one is started.",
        allow_abbrev=False,  # `app.start_line` knows them only as they are
    )
    which = command.add_mutually_exclusive_group()
    for kind, words in (
        ("region", "choose a window or drag a region (as without it)"),
        ("screen", "the whole screen"),
        ("same", "the same region as last time"),
        ("selection", "what is selected in another program, or was copied last"),
    ):
        which.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=words)
    command.add_argument("--delay", type=_sentence(read_delay), metavar="S", help="seconds to wait first")
    command.add_argument("--handler", type=_sentence(read_handler), metavar="NAME", help="what takes the picture")
    command.add_argument("--out", type=Path, metavar="FILE.png", help="write the picture there and ask nothing")
    _add_common(command, has_private=False)
    command.set_defaults(kind="region")
    return command


def _doctor_parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="sightline doctor",
        description="Try what Sightline needs of this computer, and say what to do about what does not work.",
    )
    _add_common(command, has_private=False)
    return command


def _run_capture(options: argparse.Namespace) -> int:
    from app.commands import capture  # brings the window, or nothing

    if options.out is not None and options.kind not in ("region", "screen"):
        return _fail(options, "usage", "--out writes a picture of --region or --screen.")
    try:
        return capture.run(options)
    except capture.CannotCapture as error:
        return _fail(options, error.code, error.message)


def _run_doctor(options: argparse.Namespace) -> int:
    from app.commands import doctor

    return doctor.run(options)


def _sentence(read: Callable[[str], Value]) -> Callable[[str], Value]:
    """What argparse shows of an error is its own words, but for this class."""

    def convert(text: str) -> Value:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def _add_common(command: argparse.ArgumentParser, has_private: bool = True) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    if has_private:
        command.add_argument("--private", action="store_true", help="keep nothing of this on disk")
    command.add_argument("--data-dir", type=Path, metavar="FOLDER", help="keep settings and caches there")


def _fail(options: argparse.Namespace, code: str, message: str) -> int:
    if options.json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        say(message)
    return exit_code(code)


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


_COMMANDS: dict[str, tuple[Callable[[], argparse.ArgumentParser], Callable[[argparse.Namespace], int]]] = {
    "ask": (_ask_parser, ask.run),
    "capture": (_capture_parser, _run_capture),
    "doctor": (_doctor_parser, _run_doctor),
    "inspect": (_inspect_parser, inspect.run),
    "export": (_export_parser, _run_export),
    "import": (_import_parser, _run_import),
}
