"""The setting `starts_at_login` and what the desktop does, kept the same; the desktop has the last word."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app import login_start
from app.login_start import LoginStartError, LoginState
from app.preferences import Preferences
from app.workers.tasks import TaskRunner

log = logging.getLogger(__name__)

NAME = "starts_at_login"


class LoginSetting(QObject):
    """Signals:
    failed(words): the desktop could not be told; the setting is as it was.
    """

    failed = Signal(str)

    def __init__(self, preferences: Preferences, parent: QObject) -> None:
        """What the user did in the desktop's own settings meanwhile is taken over at once."""
        super().__init__(parent)
        self._preferences = preferences
        self._is_telling = False
        self._job = 0
        self._tasks = TaskRunner("login", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        preferences.changed.connect(self._on_preferences_changed)
        self._run(_look)

    def close(self) -> None:
        """End the thread."""
        self._tasks.close()

    def _on_preferences_changed(self, name: str) -> None:
        if name == NAME and not self._is_telling:
            self._run(_write, self._preferences.settings.starts_at_login)

    def _run(self, job: Callable[..., LoginState], *arguments: bool) -> None:
        """Only what came of the last one counts."""
        self._tasks.forget(self._job)
        self._job = self._tasks.run(job, *arguments)

    def _on_tasks_succeeded(self, _job_id: int, state: object) -> None:
        self._tell(state == "on")

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        log.warning("the start at login could not be changed: %r", error)
        if isinstance(error, LoginStartError):
            self.failed.emit(error.message)
            self._run(login_start.state)

    def _tell(self, is_on: bool) -> None:
        if self._preferences.settings.starts_at_login != is_on:
            self._is_telling = True
            self._preferences.change(NAME, is_on)
            self._is_telling = False


def _look() -> LoginState:
    """In the thread."""
    try:
        login_start.refresh()
    except LoginStartError as error:
        log.warning("the start at login names a program that has moved: %s", error)
    return login_start.state()


def _write(is_on: bool) -> LoginState:
    """In the thread."""
    login_start.set_on(is_on)
    return login_start.state()
