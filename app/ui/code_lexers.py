"""The lexers of Pygments that this process uses: asked for here, made in a thread, kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.ui.code_lexing import make_lexer
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from pygments.lexer import Lexer


class Lexers(QObject):
    """Makes lexers in a thread, as Pygments has much to import and to compile.

    Signals:
        made(language): a lexer is there, or there is none for it.
    """

    made = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._runner = TaskRunner("lexers", self)
        self._runner.succeeded.connect(self._on_runner_succeeded)
        self._runner.failed.connect(self._on_runner_failed)
        self._waiting: dict[int, str] = {}
        self._lexers: dict[str, Lexer | None] = {}

    def ask(self, language: str) -> bool:
        """Whether it is known which lexer there is; if not, `made` will tell."""
        if language not in self._lexers and language not in self._waiting.values():
            self._waiting[self._runner.run(make_lexer, language)] = language
        return language in self._lexers

    def get(self, language: str) -> Lexer | None:
        """The lexer, if there is one."""
        return self._lexers.get(language)

    @property
    def is_busy(self) -> bool:
        """Whether lexers are being made."""
        return bool(self._waiting)

    def close(self) -> None:
        """End the thread."""
        self._runner.close()

    def _on_runner_succeeded(self, job_id: int, lexer: Lexer | None) -> None:
        language = self._waiting.pop(job_id)
        if not self._waiting:
            self._runner.close()  # its thread; the next language starts another
        self._lexers[language] = lexer
        self.made.emit(language)

    def _on_runner_failed(self, job_id: int, error: Exception) -> None:
        self._on_runner_succeeded(job_id, None)


@cache
def lexers() -> Lexers:
    """The one place of this process that has them."""
    result = Lexers()
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(result.close)
    return result
