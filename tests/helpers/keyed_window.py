"""A real window that gets a key, asks a server twice, writes all it knows about its engine into the log, and ends with an error.

Run as ``python -m tests.helpers.keyed_window ADDRESS PICTURE``, with the key as the first line of stdin.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app import paths
from app.chat.parts import Plan
from app.main import build
from app.servers import Server, write_servers
from app.settings.keys import Keys
from app.settings.secrets import own_secrets

WAIT_S = 60.0

log = logging.getLogger("app.test")


def wait_until(is_true: Callable[[], object]) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + WAIT_S
    while not is_true():
        assert time.monotonic() < end
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def main(address: str, picture: str) -> None:
    window = build(["sightline", picture])
    controller = window.controller
    keys, saved = Keys(own_secrets(), controller), list[str]()
    keys.saved.connect(lambda name, _is_kept: saved.append(name))
    server = Server("Lab", address, "tiny-vlm")
    keys.save(server.key_name, sys.stdin.readline().strip())
    wait_until(lambda: saved)
    for name, value in (("keys", (server.key_name,)), ("servers", write_servers([server])), ("engine", "server:Lab")):
        controller.preferences.change(name, value)
    controller.model.open(controller.settings)
    wait_until(lambda: controller.model.model is not None and controller.collecting.is_ready and controller.collecting.plan.parts)
    model, asking = controller.model.model, controller.asking
    assert model is not None
    asking.allow(asking.conversation, model.capabilities.host or "")
    plan = controller.collecting.plan
    for question in ("Which colour?", "Are you sure?", "Once more?"):
        assert asking.ask(question, plan if question == "Which colour?" else Plan(), False)
        wait_until(lambda: not asking.is_answering)
        answer = asking.conversation.turns[-1].answer
        print(answer.failure.code if answer.failure else answer.said, flush=True)
    log.debug("%r %r %r %r", model, vars(model.engine), controller.settings, own_secrets())
    with open(paths.log_dir() / "crash.txt", "w", encoding="utf-8") as report:
        faulthandler.dump_traceback(report)
    QTimer.singleShot(0, lambda: vars(model.engine)["no such thing"])  # its traceback is printed
    QTimer.singleShot(100, window.app.quit)
    window.app.exec()
    keys.close()
    controller.shut_down()


if __name__ == "__main__":
    main(*sys.argv[1:])
