"""Where every start begins: the engine's process, the command line or the window, each importing only what it needs."""

from __future__ import annotations

import gc
import sys

COMMANDS = ("ask", "capture", "doctor", "export", "import", "inspect")


def main() -> int:
    """Run what the first argument says; returns the exit code."""
    arguments = sys.argv[1:]
    if "--engine-worker" in arguments:
        from inference.local import worker

        worker.main()
    if "--reading-worker" in arguments:
        from ingest import worker as reading_worker

        reading_worker.main()
    if "--formula-worker" in arguments:
        from app.chat import formula_worker

        formula_worker.main()
    if "--recording-worker" in arguments:
        from app.capture import recording_worker

        recording_worker.main()
    from app import start_line

    if arguments and arguments[0] in COMMANDS:
        if start_line.was_capture_taken(arguments):
            return 0
        try:
            from app import cli

            return cli.main(arguments)
        except KeyboardInterrupt:
            return 130
    if start_line.was_start_taken(arguments):
        return 0
    gc.disable()  # what a start makes, it keeps: looking for garbage in it takes a tenth of its time; `run` goes back to normal
    from app.main import run

    return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
