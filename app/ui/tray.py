"""The icon in the desktop's tray: what Sightline does, and the commands that are wanted from anywhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app import system
from app.chat.history.types import Summary
from app.ui.actions import Actions
from app.ui.icons import DRAWN_IN, pixmap
from app.ui.language import Translated
from app.ui.theme import Theme, themes

log = logging.getLogger(__name__)

TrayState = Literal["idle", "answering", "recording"]

CAPTURE_COMMANDS = ("capture.ask", "capture.selection", "record.start")
LAST_COMMANDS = ("settings", "quit")
RECENT_MAX = 5
TITLE_CHARACTERS_MAX = 40
SIZES_PX = (16, 22, 24, 32, 48, 64)
"""What panels ask for; others are scaled."""
BADGES: dict[TrayState, str] = {"answering": "dots", "recording": "dot"}
BADGE_PART = 0.62
"""Of the icon's side: on 22 pixels, its three dots are still three."""
WATCHER = "org.kde.StatusNotifierWatcher"
"""The D-Bus name of trays that are not X11's (freedesktop.org, StatusNotifierItem)."""


class Tray(QObject):
    """There is no icon where the desktop has no tray. One that comes later, as at the beginning of a session, gets it then.

    Signals:
        command_wanted(id): of the table of commands; `record.start` also ends a recording.
        window_wanted(): the window is to come to the front.
        conversation_wanted(key): to be shown in the window.
    """

    command_wanted = Signal(str)
    window_wanted = Signal()
    conversation_wanted = Signal(str)

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state: TrayState = "idle"
        self._icon: QSystemTrayIcon | None = None
        self._menu = TrayMenu(actions, self)
        self._watch()
        self._build()
        themes().changed.connect(self._update)

    @property
    def is_there(self) -> bool:
        """Whether the user can see it: asked when it matters, since panels come and go."""
        return self._icon is not None and self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def state(self) -> TrayState:
        """What it shows."""
        return self._state

    def set_state(self, state: TrayState) -> None:
        """What Sightline does; a recording goes before answers."""
        if state != self._state:
            self._state = state
            self._menu.set_recording(state == "recording")
            self._update()

    def set_conversations(self, summaries: Sequence[Summary]) -> None:
        """All of the history; those that were written to last are offered."""
        self._menu.set_conversations(sorted(summaries, key=attrgetter("changed_at"), reverse=True)[:RECENT_MAX])

    def close(self) -> None:
        """Take it away."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.setContextMenu(None)  # type: ignore[arg-type]  # Qt knows none
            self._icon.deleteLater()
            self._icon = None
        self._menu.deleteLater()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._update()

    def _build(self) -> None:
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_icon_activated)
        self._update()
        self._icon.show()

    def _update(self) -> None:
        if self._icon is not None:
            self._icon.setIcon(build_icon(self._state, themes().current))
            self._icon.setToolTip(_tool_tip(self._state))

    def _watch(self) -> None:
        """Qt decides between the kinds of trays when an icon is shown, and does not look again (6.11, QSystemTrayIconPrivate)."""
        if system.is_windows() or system.is_macos():
            return
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if bus.isConnected() and not bus.interface().isServiceRegistered(WATCHER).value():
            self._watcher = QDBusServiceWatcher(WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForRegistration, self)
            self._watcher.serviceRegistered.connect(self._on_watcher_service_registered)

    def _on_watcher_service_registered(self, _name: str) -> None:
        self._watcher.serviceRegistered.disconnect(self._on_watcher_service_registered)  # from now on Qt follows it itself
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._build()

    def _on_icon_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        wanted = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)
        if reason in wanted and not system.is_macos():  # there a click opens the menu
            self.window_wanted.emit()


class TrayMenu(Translated, QMenu):
    """What the icon offers. Its words follow the language."""

    def __init__(self, actions: Actions, tray: Tray) -> None:
        super().__init__()
        self._actions, self._tray = actions, tray
        self._is_recording = False
        self._recent: tuple[tuple[str, str], ...] = ()
        self._commands = {command_id: QAction(self) for command_id in (*CAPTURE_COMMANDS, *LAST_COMMANDS)}
        self._open = QAction(self)
        self._conversations = QMenu(self)
        self.addActions([self._commands[command_id] for command_id in CAPTURE_COMMANDS])
        self.addSeparator()
        self.addAction(self._open)
        self.addMenu(self._conversations)
        self.addSeparator()
        self.addActions([self._commands[command_id] for command_id in LAST_COMMANDS])
        for command_id, action in self._commands.items():
            action.setObjectName(command_id)
            action.setMenuRole(QAction.MenuRole.NoRole)
            action.triggered.connect(self._on_command_triggered)
        self._open.triggered.connect(tray.window_wanted)
        self.set_conversations(())
        self.retranslate()

    def set_recording(self, is_recording: bool) -> None:
        """Whether there is one to stop."""
        self._is_recording = is_recording
        self.retranslate()

    def set_conversations(self, summaries: Sequence[Summary]) -> None:
        """These, in this order."""
        recent = tuple((summary.key, _short(summary.title)) for summary in summaries)
        if recent == self._recent and not self._conversations.isEmpty():
            return
        self._recent = recent
        self._conversations.clear()
        for key, title in recent:
            action = self._conversations.addAction(title.replace("&", "&&"))
            action.setData(key)
            action.triggered.connect(self._on_conversation_triggered)
        self._conversations.setEnabled(bool(recent))

    def retranslate(self) -> None:
        for command_id, action in self._commands.items():
            action.setText(self._actions.words(command_id))
        if self._is_recording:
            self._commands["record.start"].setText(self.tr("Stop recording"))
        self._open.setText(self.tr("Open Sightline"))
        self._conversations.setTitle(self.tr("Recent conversations"))
        self._tray.retranslate()

    def _on_command_triggered(self) -> None:
        sender = self.sender()
        assert sender is not None
        self._tray.command_wanted.emit(sender.objectName())

    def _on_conversation_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._tray.conversation_wanted.emit(sender.data())


def build_icon(state: TrayState, theme: Theme) -> QIcon:
    """Sightline's own, with a badge for what it does. It bears light and dark panels, whose colour nobody knows."""
    result = QIcon()
    for size_px in SIZES_PX:
        drawn = QPixmap(pixmap("sightline", DRAWN_IN, size_px, 1.0))
        if state in BADGES:
            _draw_badge(drawn, BADGES[state], theme.danger if state == "recording" else theme.accent, theme)
        result.addPixmap(drawn)
    return result


def _draw_badge(target: QPixmap, name: str, color: str, theme: Theme) -> None:
    """At the lower right, on a disc."""
    side = round(target.width() * BADGE_PART)
    place = QRectF(target.width() - side, target.height() - side, side, side)
    painter = QPainter(target)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.surface))
    painter.drawEllipse(place)
    inset = side * 0.06
    inner = round(side - 2 * inset)
    painter.drawPixmap(round(place.x() + inset), round(place.y() + inset), pixmap(name, color, inner, 1.0))
    painter.end()


def _tool_tip(state: TrayState) -> str:
    words = {
        "idle": "",
        "answering": QCoreApplication.translate("Tray", "Sightline is answering"),
        "recording": QCoreApplication.translate("Tray", "Sightline is recording the screen"),
    }
    return words[state] or "Sightline"


def _short(title: str) -> str:
    """On one line."""
    line = " ".join(title.split())
    return line if len(line) <= TITLE_CHARACTERS_MAX else line[: TITLE_CHARACTERS_MAX - 1].rstrip() + "…"
