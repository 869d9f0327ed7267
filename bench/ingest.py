"""All figures of reading files, each next to the bare library or program that it is built on, in one run.

Prints one JSON object a line, as bench/README.md says.

    python -m bench.ingest [--quick]
"""

from __future__ import annotations

import argparse

from bench import decks, dense_text, pdf, recognition, video


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything; ends within 50 s")
    options = parser.parse_args()
    for part in (pdf, decks, video, recognition, dense_text):
        for figure in part.figures(part.QUICK if options.quick else part.FULL):
            figure.print()


if __name__ == "__main__":
    main()
