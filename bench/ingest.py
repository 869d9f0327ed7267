"""All figures of reading files, each next to the library or program that it is built on or stands against, in one run.

Prints one JSON object a line, as bench/README.md says. Each part is a module of its own and runs by itself too.

    python -m bench.ingest [--quick]
"""

from __future__ import annotations

import argparse
import subprocess
import sys

PARTS = ("pdf", "decks", "video", "recognition", "dense_text")
QUICK_PARTS = ("pdf", "recognition")
"""What together ends within 50 s; `make bench` runs the others quickly by themselves."""


def main() -> None:
    """Run the parts one after another, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two parts, less of each; ends within 50 s")
    options = parser.parse_args()
    for part in QUICK_PARTS if options.quick else PARTS:
        subprocess.run([sys.executable, "-m", f"bench.{part}", *(["--quick"] if options.quick else [])], check=True)


if __name__ == "__main__":
    main()
