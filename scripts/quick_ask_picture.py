"""The picture of Quick Ask in the documentation: the program on a screen of its own, where the tiny test model really answers.

python -m scripts.quick_ask_picture        docs/images/quick-ask.png
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PIL import Image

from scripts.screenshots import COLORS_MAX, ROOT
from tests.helpers.desktop import Desktop
from tests.helpers.seen_quick_ask import SCENE, SHOWN_S, SeenQuickAsk

SHOWN = (60, 60, 1260, 740)


def main() -> None:
    """Take it."""
    with tempfile.TemporaryDirectory() as folder:
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        os.environ |= {"SIGHTLINE_DATA_DIR": folder, "XDG_RUNTIME_DIR": str(runtime)}
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        with Desktop(Path(folder)) as desktop:
            seen = SeenQuickAsk.start(desktop)
            seen.freeze()
            seen.choose(SCENE)
            seen.ask("Locate the red circle.", "circle is here")
            desktop.wait_until(lambda: seen.box, SHOWN_S, "the box")
            desktop.xdotool("mousemove", SHOWN[2] + 40, SHOWN[3] + 40)
            picture = desktop.screenshot().crop(SHOWN)
            seen.end()
    picture.quantize(COLORS_MAX, dither=Image.Dither.NONE).save(ROOT / "docs" / "images" / "quick-ask.png", optimize=True)


if __name__ == "__main__":
    main()
