"""The window's start, in this order:

1. The command line is read; `--data-dir` decides where everything else is found.
2. The log begins.
3. QApplication, its names, its style and its font.
4. Settings, from a file that may be missing or broken.
5. Theme and language, before the first widget, so that nothing is drawn or said twice.
6. The controller makes the window and connects it to the services.
7. The window is shown.
8. The model named in the settings is looked at, and pictures from the command line are opened, in other threads. The model
   itself is loaded in a process of its own, when it is first needed.
9. If no other Sightline has these settings open, this one hears those that are started later and goes into the tray. It claimed
   that right before all else (`app.reach`), so that of two that start at once the second one waits for the first.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app import log, paths, reach
from app.controller import Controller
from app.memory import give_back_large_blocks
from app.model import OpenModel, open_model
from app.settings.schema import GPU_LAYERS_AUTO
from app.settings.store import SettingsStore
from app.settling import Settling
from app.ui.icons import application_icon
from app.ui.theme import ui_font

if TYPE_CHECKING:
    from app.instance import Message

SETTINGS_FILE = "settings.json"
SWITCH_INTERVAL_S = 0.001
"""How long another thread may keep the window from going on. With Python's 5 ms, one that imports or indexes doubled a stall."""


@dataclass(frozen=True, slots=True)
class Window:
    """What `build` made: the application and the one who holds everything else."""

    app: QApplication
    controller: Controller
    is_hidden: bool = False


def build(argv: Sequence[str], opener: OpenModel = open_model) -> Window:
    """Everything up to the shown window. `argv` begins with the program's name. Tests bring their own way to open a model."""
    options = _read_options(argv)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if options.data_dir is not None:
        paths.use_data_dir(options.data_dir)
    log.set_up("window")
    app = make_application(argv[0])
    overrides = {name: getattr(options, name) for name in ("theme", "language", "gpu_layers") if getattr(options, name) is not None}
    if options.model is not None:
        overrides |= {
            "engine": "local",
            "model": str(options.model.absolute()),
            "mmproj": str(options.mmproj.absolute()) if options.mmproj else "",
        }
    controller = Controller(SettingsStore(paths.config_dir() / SETTINGS_FILE), opener, overrides)
    if not options.hidden:
        controller.window.show()
    controller.start([path.absolute() for path in options.pictures])
    return Window(app, controller, is_hidden=options.hidden)


def run(argv: Sequence[str], first: Message | None = None) -> int:
    """The window until it is closed, or until the tray says so; returns the exit code.

    `first` is what is wanted at once of a program that was not running yet; it then ends with what it shows, as a window would.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal ends the window as it ends anything else
    window = build(argv)
    gc.freeze()
    gc.enable()
    give_back_large_blocks()
    is_instance = reach.claim()
    if window.is_hidden and not is_instance and first is None:  # another is, of another version: this one would never be seen
        window.controller.shut_down()
        return 0
    settling = None
    if is_instance or first is not None:
        settling = Settling(window.controller, stays_hidden=window.is_hidden and first is None, first=first)
    code = QApplication.exec()
    if settling is not None:
        settling.close()
    reach.release()
    window.controller.shut_down()
    return code


def make_application(program: str) -> QApplication:
    """The application, or the one that is there, with its name, its style and its font."""
    QCoreApplication.setApplicationName("sightline")
    existing = QApplication.instance()
    if isinstance(existing, QApplication) and existing.desktopFileName() == "sightline":
        return existing
    app = existing if isinstance(existing, QApplication) else QApplication([program])
    app.setApplicationDisplayName("Sightline")
    app.setDesktopFileName("sightline")
    app.setStyle("Fusion")
    app.setFont(ui_font())
    app.setWindowIcon(application_icon())
    return app


def _read_options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sightline",
        description="Ask about pictures, documents and videos on this computer, in a window.",
        epilog="If Sightline runs already, its window comes to the front with these files. "
        "From the command line: sightline ask --help, capture, doctor, export, import, inspect",
        allow_abbrev=False,  # `app.start_line` knows them only as they are
    )
    parser.add_argument("pictures", nargs="*", type=Path, metavar="PATH", help="a picture, document or video to ask about")
    parser.add_argument("--model", type=Path, metavar="FILE.gguf", help="the language model")
    parser.add_argument("--mmproj", type=Path, metavar="FILE.gguf", help="its projector; else the mmproj file beside the model")
    parser.add_argument("--gpu-layers", type=_gpu_layers, metavar="N|auto", help="layers on the GPU (auto)")
    parser.add_argument("--theme", choices=("light", "dark", "system"))
    parser.add_argument("--lang", dest="language", choices=("en", "zh_CN", "system"))
    parser.add_argument("--new-window", action="store_true", help="a window of its own, even if Sightline runs already")
    parser.add_argument(
        "--hidden", action="store_true", help="without a window, for the start at login; it stays until you quit it"
    )
    parser.add_argument("--data-dir", type=Path, metavar="FOLDER", help="keep everything beneath this folder")
    return parser.parse_args(list(argv[1:]))


def _gpu_layers(text: str) -> int:
    return GPU_LAYERS_AUTO if text == "auto" else int(text)
