"""What each command of the table does, and when it is possible."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import system
from app.asking import Asking
from app.browsing import Browsing
from app.chat.session import Turn
from app.exporting import FORMATS, Exporting
from app.outside import Outside
from app.preferences import Preferences
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.chat.export.options import Format


class Commanding(QObject):
    """Runs commands, wherever they were chosen."""

    def __init__(
        self,
        window: MainWindow,
        asking: Asking,
        browsing: Browsing,
        exporting: Exporting,
        preferences: Preferences,
        outside: Outside,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._asking, self._browsing, self._exporting = window, asking, browsing, exporting
        self._preferences, self._outside = preferences, outside
        commands: dict[str, Callable[[], object]] = {
            "conversation.new": partial(browsing.start_new, is_private=False),
            "conversation.new_private": partial(browsing.start_new, is_private=True),
            "conversation.find": window.transcript.open_find,
            "conversation.search": window.search,
            "conversation.rename": window.header.rename,
            "conversation.pin": self._pin,
            "conversation.delete": self._delete,
            "conversation.export": self._export,
            "conversation.import": exporting.ask_what_to_import,
            "conversation.next": partial(browsing.step, 1),
            "conversation.previous": partial(browsing.step, -1),
            "edit.undo_delete": browsing.undo,
            "file.open": window.open_files,
            "file.paste": window.paste,
            "capture.ask": outside.quick_ask.start,
            "capture.selection": outside.ask_about_selection,
            "capture.attach": outside.attach_capture,
            "record.start": outside.toggle_recording,
            "focus.composer": window.composer.question.setFocus,
            "answer.stop": partial(asking.stop, None),
            "answer.copy_last": self._copy_last,
            "answer.redo": self._redo_last,
            "question.edit_last": self._edit_last,
            "view.zoom_text_in": partial(preferences.zoom_text, 1),
            "view.zoom_text_out": partial(preferences.zoom_text, -1),
            "view.zoom_text_reset": partial(preferences.zoom_text, 0),
            "model.choose": window.open_model,
            "settings": preferences.show_dialog,
            "window.new": self._open_window,
            "window.close": window.close,
            "quit": QApplication.closeAllWindows,
        }
        self._commands = commands | {f"export.{name}": partial(self._export, name) for name in FORMATS}
        window.actions_table.triggered.connect(self._on_actions_triggered)
        window.actions_table.chosen.connect(preferences.change)
        outside.recording.running_changed.connect(self._on_outside_changed)
        outside.quick_ask.ended.connect(self._on_outside_changed)

    def update(self, *, has_model: bool, has_pictures: bool) -> None:
        """Say what is possible now."""
        conversation = self._asking.conversation
        turns = conversation.turns
        is_running = conversation.running is not None
        self._window.actions_table.set_conditions(
            has_model=has_model,
            has_turns=bool(turns),
            has_answer=any(turn.is_answered for turn in turns),
            is_kept=bool(turns) and not conversation.is_private,
            is_running=is_running,
            is_idle=not is_running,
            has_pictures=has_pictures,
            can_undo=self._browsing.can_undo,
        )
        self._window.actions_table.set_checked("conversation.pin", conversation.is_pinned)
        self._window.actions_table.set_choice("theme", self._preferences.settings.theme)
        self._window.actions_table.set_choice("language", self._preferences.settings.language)

    def _last(self) -> Turn | None:
        turns = self._asking.conversation.turns
        return turns[-1] if turns else None

    def _pin(self) -> None:
        conversation = self._asking.conversation
        self._browsing.pin(conversation.key, not conversation.is_pinned)

    def _delete(self) -> None:
        self._browsing.delete(self._asking.conversation.key)

    def _export(self, format_name: Format | None = None) -> None:
        self._exporting.ask_where(self._asking.conversation, None, format_name)

    def _copy_last(self) -> None:
        answered = [turn for turn in self._asking.conversation.turns if turn.is_answered]
        if answered:
            QGuiApplication.clipboard().setText(answered[-1].answer.markdown())

    def _redo_last(self) -> None:
        last = self._last()
        if last is not None:
            self._asking.redo(last.id)

    def _edit_last(self) -> None:
        last = self._last()
        if last is not None:
            self._window.transcript.edit_question(last.id)

    def _open_window(self) -> None:
        """Another process, so that one that hangs takes no other along."""
        program, *arguments = system.window_command()
        QProcess.startDetached(program, [*arguments, "--new-window"])

    def _on_outside_changed(self) -> None:
        self._window.actions_table.set_checked("record.start", self._outside.recording.is_running)

    def _on_actions_triggered(self, command_id: str) -> None:
        command = self._commands.get(command_id)
        if command is not None:
            command()
