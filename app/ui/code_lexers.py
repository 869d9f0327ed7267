"""The lexers of Pygments that this process uses: asked for here, made in a thread, kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.ui.code_lexing import make_lexer
from app.ui.keyed_tasks import KeyedTasks

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
        self._tasks = KeyedTasks("lexers", self)
        self._tasks.done.connect(self._on_tasks_done)
        self._lexers: dict[str, Lexer | None] = {}

    @property
    def is_busy(self) -> bool:
        """Whether lexers are being made."""
        return self._tasks.is_busy

    def ask(self, language: str) -> bool:
        """Whether it is known which lexer there is; if not, `made` will tell."""
        if language not in self._lexers:
            self._tasks.run(language, make_lexer, language)
        return language in self._lexers

    def get(self, language: str) -> Lexer | None:
        """The lexer, if there is one."""
        return self._lexers.get(language)

    def close(self) -> None:
        """End the thread, and forget what waits. Whoever asks again starts it again."""
        self._tasks.close()

    def _on_tasks_done(self, language: str, lexer: Lexer | None) -> None:
        self._lexers[language] = lexer
        self.made.emit(language)


@cache
def lexers() -> Lexers:
    """The one place of this process that has them."""
    result = Lexers()
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(result.close)
    return result
