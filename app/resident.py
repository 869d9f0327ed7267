"""What makes Sightline stay: it hears those that are started later, has an icon in the tray, and knows when to end.

Only the instance of a data folder has this; other windows of it end when they are closed. Nothing here is needed for the first
window, so `app.settling` makes it a moment later.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import reach
from app.capture_wish import CaptureWish
from app.chat.session import Conversation, Turn
from app.controller import Controller
from app.instance import Instance, Message
from app.login_setting import LoginSetting
from app.outside import TOKEN_VARIABLE
from app.ui.tray import Tray

log = logging.getLogger(__name__)


class Resident(QObject):
    """Attributes:
    tray: the icon.
    reports: what `sightline doctor` is told about this process, by name; each is called then, and gives what JSON knows.
    """

    def __init__(self, controller: Controller, *, stays_hidden: bool = False) -> None:
        """`stays_hidden`: it was started without a window, to stay until the user opens and closes one."""
        super().__init__()
        self._controller = controller
        self._stays_hidden = stays_hidden
        self._instance = Instance(self)
        self.reports: dict[str, Callable[[], object]] = {"tray": lambda: self.tray.is_there, "hotkeys": self._hotkeys}
        self._instance.report = lambda: {name: report() for name, report in self.reports.items()}
        self.tray = Tray(controller.window.actions_table, self)
        self._login = LoginSetting(controller.preferences, self)
        self._login.failed.connect(controller.window.strip.show_message)
        self._connect()
        QGuiApplication.setQuitOnLastWindowClosed(False)
        if reach.has_claim():
            self._instance.listen()

    @property
    def stays(self) -> bool:
        """Whether it goes on without its window."""
        if self._stays_hidden or self._controller.outside.is_seen:
            return True
        return self._controller.settings.keeps_in_tray and self.tray.is_there

    def show_window(self, activation_token: str = "") -> None:
        """Bring the window to the front, as far as the desktop allows."""
        if activation_token:
            os.environ[TOKEN_VARIABLE] = activation_token
        self._stays_hidden = False
        self._controller.outside.show_window()

    def end_if_unused(self) -> None:
        """End, unless there is something to see or a reason to stay. For what shows windows that are hidden and not closed."""
        is_seen = any(window.isVisible() and window.type() != Qt.WindowType.ToolTip for window in QGuiApplication.topLevelWindows())
        if not is_seen:
            self._on_last_window_closed()

    def quit(self) -> None:
        """Close every window and end, whatever the settings say."""
        self._controller.window.close()  # says where it was
        QApplication.closeAllWindows()
        QApplication.exit(0)  # `quit` asks windows that may not want to, such as the overlay

    def deliver(self, message: Message) -> None:
        """Do what another start wants."""
        if message.command == reach.OPEN:
            self.show_window(message.activation_token)
            files = [str(Path(message.folder, name)) for name in message.arguments]
            if files:
                self._controller.window.files_chosen.emit(files)
        elif message.command == reach.CAPTURE:
            try:
                wish = CaptureWish.parse(message.arguments)
            except ValueError as error:
                log.warning("a capture was not understood: %s", error)
                return
            if message.activation_token:
                os.environ[TOKEN_VARIABLE] = message.activation_token
            self._controller.outside.capture(wish)

    def close(self) -> None:
        """Let another be the instance. Before the controller shuts down, which takes time."""
        self._instance.close()
        self.tray.close()
        self._login.close()

    def _connect(self) -> None:
        controller = self._controller
        self._instance.received.connect(self.deliver)
        self.tray.command_wanted.connect(self._on_tray_command_wanted)
        self.tray.window_wanted.connect(self._on_tray_window_wanted)
        self.tray.conversation_wanted.connect(self._on_tray_conversation_wanted)
        controller.window.actions_table.triggered.connect(self._on_actions_triggered)
        controller.keeping.listed.connect(self.tray.set_conversations)
        self.tray.set_conversations(controller.browsing.summaries)
        controller.asking.started.connect(self._on_asking_changed)
        controller.asking.ended.connect(self._on_asking_changed)
        controller.outside.quick_ask.ended.connect(self._on_outside_ended)
        controller.outside.quick_ask.conversation_ended.connect(self._on_outside_ended)
        controller.outside.recording.ended.connect(self._on_outside_ended)
        controller.outside.recording.running_changed.connect(self._update)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.lastWindowClosed.connect(self._on_last_window_closed)
        self._update()
        controller.outside.listen()

    def _hotkeys(self) -> dict[str, dict[str, str]]:
        hotkeys = self._controller.outside.hotkeys
        return {
            hotkey_id: {
                "keys": state.shown or str(state.combination or ""),
                "handler": state.handler,
                "code": state.code,
                "message": state.message,
            }
            for hotkey_id, state in (hotkeys.states if hotkeys is not None else {}).items()
        }

    def _update(self) -> None:
        if self._controller.outside.recording.is_running:
            self.tray.set_state("recording")
        else:
            self.tray.set_state("answering" if self._controller.asking.running_keys else "idle")

    def _on_asking_changed(self, _conversation: Conversation, _turn: Turn) -> None:
        self._update()

    def _on_last_window_closed(self) -> None:
        if not self.stays:
            QApplication.quit()

    def _on_outside_ended(self) -> None:
        QTimer.singleShot(0, self, self.end_if_unused)  # a pinned answer or the window may be shown next

    def _on_actions_triggered(self, command_id: str) -> None:
        if command_id == "quit":
            self.quit()

    def _on_tray_window_wanted(self) -> None:
        self.show_window()

    def _on_tray_conversation_wanted(self, key: str) -> None:
        self.show_window()
        self._controller.window.sidebar.conversation_wanted.emit(key)

    def _on_tray_command_wanted(self, command_id: str) -> None:
        if command_id == "settings":  # its dialog belongs to the window
            self.show_window()
        self._controller.window.actions_table.action(command_id).trigger()
