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
"""

from __future__ import annotations

import argparse
import gc
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app import log, paths
from app.controller import Controller
from app.memory import give_back_large_blocks
from app.model import OpenModel, open_local_model
from app.settings.schema import GPU_LAYERS_AUTO
from app.settings.store import SettingsStore
from app.ui.icons import application_icon
from app.ui.theme import ui_font

SETTINGS_FILE = "settings.json"


@dataclass(frozen=True, slots=True)
class Window:
    """What `build` made: the application and the one who holds everything else."""

    app: QApplication
    controller: Controller


def build(argv: Sequence[str], open_model: OpenModel = open_local_model) -> Window:
    """Everything up to the shown window. `argv` begins with the program's name. Tests bring their own way to open a model."""
    options = _read_options(argv)
    if options.data_dir is not None:
        paths.use_data_dir(options.data_dir)
    log.set_up("window")
    app = _application(argv[0])
    overrides = {name: getattr(options, name) for name in ("theme", "language", "gpu_layers") if getattr(options, name) is not None}
    if options.model is not None:
        overrides |= {"model": str(options.model.absolute()), "mmproj": str(options.mmproj.absolute()) if options.mmproj else ""}
    controller = Controller(SettingsStore(paths.config_dir() / SETTINGS_FILE), open_model, overrides)
    controller.window.show()
    controller.start([path.absolute() for path in options.pictures])
    return Window(app, controller)


def run(argv: Sequence[str]) -> int:
    """The window until it is closed; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal ends the window as it ends anything else
    window = build(argv)
    gc.freeze()
    gc.enable()
    give_back_large_blocks()
    code = QApplication.exec()
    window.controller.shut_down()
    return code


def _application(program: str) -> QApplication:
    QCoreApplication.setApplicationName("sightline")
    existing = QApplication.instance()
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
        epilog="From the command line: sightline ask --help, sightline inspect --help",
    )
    parser.add_argument("pictures", nargs="*", type=Path, metavar="PATH", help="a picture, document or video to ask about")
    parser.add_argument("--model", type=Path, metavar="FILE.gguf", help="the language model")
    parser.add_argument("--mmproj", type=Path, metavar="FILE.gguf", help="its projector; else the mmproj file beside the model")
    parser.add_argument("--gpu-layers", type=_gpu_layers, metavar="N|auto", help="layers on the GPU (auto)")
    parser.add_argument("--theme", choices=("light", "dark", "system"))
    parser.add_argument("--lang", dest="language", choices=("en", "zh_CN", "system"))
    parser.add_argument("--data-dir", type=Path, metavar="FOLDER", help="keep everything beneath this folder")
    return parser.parse_args(list(argv[1:]))


def _gpu_layers(text: str) -> int:
    return GPU_LAYERS_AUTO if text == "auto" else int(text)
