"""What the user is told about the history: it was damaged, could not be written, or keeps no copy of a file."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.chat.history.types import Damage
from app.keeping import Keeping
from app.ui.message_strip import MessageStrip


class KeepingWords(QObject):
    """Puts them into the strip of the window."""

    def __init__(self, keeping: Keeping, strip: MessageStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._strip = strip
        self._failure = ""
        keeping.damaged.connect(self._on_keeping_damaged)
        keeping.failed.connect(self._on_keeping_failed)
        keeping.recovered.connect(self._on_keeping_recovered)
        keeping.not_copied.connect(self._on_keeping_not_copied)

    def _on_keeping_damaged(self, damage: Damage) -> None:
        text = self.tr("The history was damaged. Conversations that could be saved: {count}. The damaged file is kept as {name}.")
        self._strip.show_message(text.format(count=damage.conversations, name=damage.set_aside.name))

    def _on_keeping_failed(self, _code: str, message: str) -> None:
        self._failure = message
        self._strip.show_message(message)

    def _on_keeping_recovered(self) -> None:
        self._strip.withdraw_message(self._failure)

    def _on_keeping_not_copied(self, name: str) -> None:
        text = self.tr("{name} is larger than 1 GB. No copy is kept, so it can be looked at again only while it stays where it is.")
        self._strip.show_message(text.format(name=name))
