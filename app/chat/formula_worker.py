"""The child that turns LaTeX into outlines: one request after another from stdin, answers on stdout, ends when stdin closes.

ziamath is Python all through and takes exponential time for what is nested deeply, so it can only be stopped with its process.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import warnings
from typing import NoReturn

from base.wire import Wire, read_message, write_message
from ingest.sandbox import limit_this_process, watch_parent

UNIT_PX = 32.0
"""The size of letters that formulas are drawn for."""
IDLE_S = 300.0
"""After which it ends, to give back its 40 MB."""
SVG_CHARACTERS_MAX = 400_000
SIDE_PX_MAX = 20_000.0

_VIEW_BOX = re.compile(r'viewBox="[-\d.]+ (-?[\d.]+) ([\d.]+) ([\d.]+)"')
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_NUMBERING = re.compile(r"\\(?:label\{[^{}]*\}|nonumber(?![a-zA-Z])|notag(?![a-zA-Z]))")
_UNKNOWN = re.compile(r"<m[a-z]+>\\[a-zA-Z]")
"""What latex2mathml makes of a command that it does not know: an identifier with the command's name."""


def draw(tex: str, is_display: bool) -> Wire:
    """SVG in black, its size in px, and how far it reaches below the line. Raises what the parser raises, and ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ziamath 0.13 finds its fonts in an old way
        import ziamath
        from ziamath.tex import tex2mml

    tex = _NUMBERING.sub("", _TAG.sub(r"\\qquad (\1)", tex))
    tex = tex.replace("{align}", "{align*}")  # which numbers its lines, from a count of its own
    ziamath.config.svg2 = False  # outlines in place: Qt draws no <symbol>
    if _UNKNOWN.search(tex2mml(tex, inline=not is_display)):
        raise ValueError("an unknown command")
    svg = str(ziamath.Latex(tex, size=UNIT_PX, inline=not is_display, margin=0).svg())
    box = _VIEW_BOX.search(svg)
    top, width, height = (float(number) for number in box.groups()) if box else (0.0, 0.0, 0.0)
    if len(svg) > SVG_CHARACTERS_MAX or not (0 < width < SIDE_PX_MAX and 0 < height < SIDE_PX_MAX):
        raise ValueError("too large or empty")
    return {"svg": svg, "width": width, "height": height, "depth": max(0.0, height + top)}


def main() -> NoReturn:
    """Run the child on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_this_process()
    watch_parent()
    idle = _wait()
    while (received := read_message(sys.stdin.buffer)) is not None:
        idle.cancel()
        request, _ = received
        try:
            result: Wire | None = draw(request["tex"], request["is_display"])
        except Exception as error:  # whatever a model wrote: the parser raises anything, RecursionError too
            print(type(error).__name__, file=sys.stderr, flush=True)
            result = None
        write_message(answers, {"id": request["id"], "result": result})
        idle = _wait()
    os._exit(0)


def _wait() -> threading.Timer:
    timer = threading.Timer(IDLE_S, os._exit, (0,))
    timer.daemon = True
    timer.start()
    return timer


if __name__ == "__main__":
    main()
