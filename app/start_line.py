"""What a command line has to say to the Sightline that runs already. Imported at every start, so it imports next to nothing.

Whatever is not as simple as here is read by argparse, which says what is wrong with it or starts a window of its own.
"""

from __future__ import annotations

from app import reach

CAPTURE_SWITCHES = ("--screen", "--region", "--same", "--selection")
CAPTURE_VALUES = ("--delay", "--handler")


def was_start_taken(arguments: list[str]) -> bool:
    """Whether the one that runs does it. If none runs, this process is the one from now on."""
    message = read_start(arguments)
    return message is not None and reach.hand_over(*message)


def was_capture_taken(arguments: list[str]) -> bool:
    """Likewise for `capture` and its options; nothing is claimed. False for every other command."""
    message = read_capture(arguments[1:]) if arguments[0] == "capture" else None
    return message is not None and (reach.say(*message) or b"no").startswith(b"ok")


def read_start(arguments: list[str]) -> tuple[str, list[str], str | None] | None:
    """`sightline [PATH ...]`: command, arguments and data folder of the message. None for a window of its own."""
    files: list[str] = []
    data_dir: str | None = None
    is_hidden = False
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            files += waiting
            break
        if argument == "--hidden":
            is_hidden = True
        elif argument == "--data-dir" and waiting:
            data_dir = waiting.pop(0)
        elif argument.startswith("--data-dir="):
            data_dir = argument[11:]
        elif argument.startswith("-"):
            return None
        else:
            files.append(argument)
    if is_hidden and not files:  # it runs already, and that is all that was wanted
        return reach.REPORT, [], data_dir
    return reach.OPEN, files, data_dir


def read_capture(arguments: list[str]) -> tuple[str, list[str], str | None] | None:
    """`sightline capture ...`: likewise. None for what is wrong, for `--help`, and for `--out`, which needs no instance."""
    passed: list[str] = []
    data_dir: str | None = None
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--data-dir" and waiting:
            data_dir = waiting.pop(0)
        elif argument in CAPTURE_VALUES and waiting:
            passed += [argument, waiting.pop(0)]
        elif argument in CAPTURE_SWITCHES:
            passed.append(argument)
        else:
            return None
    return reach.CAPTURE, passed, data_dir
