"""A language whose words are longer than English, to see what gives way."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

LONGER = 0.35


class LongWords(QTranslator):
    """Every text with a third more to it, in wide characters."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return source + "长" * (round(len(source) * LONGER / 2) + 1) if len(source) > 3 else source

    def isEmpty(self) -> bool:
        return False
