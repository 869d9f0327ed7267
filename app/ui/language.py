"""The window's language, switched while it runs."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator

from app.settings.schema import LanguageChoice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Widget = object

TRANSLATIONS = ("zh_CN",)
"""Languages besides English, in which the source is written."""
MISSED_BY_QT = (QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"), QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"))
"""Qt 6.11 says them in its own dialog for files, and its translations still have them without the mnemonics."""


class Languages(QObject):
    """Installs the translators of one language at a time; every widget then gets a LanguageChange event."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._installed: list[QTranslator] = []

    def choose(self, choice: LanguageChoice) -> None:
        """Use a language, or the desktop's where there is a translation."""
        wanted = _system_language() if choice == "system" else choice
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = []
        QLocale.setDefault(QLocale(wanted) if choice != "system" else QLocale.system())
        if wanted in TRANSLATIONS:
            self._install(f"qtbase_{wanted}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._install(f"sightline_{wanted}", str(files("resources") / "i18n"))

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self)
        if translator.load(name, folder):
            QCoreApplication.installTranslator(translator)
            self._installed.append(translator)


def _system_language() -> str:
    for name in QLocale.system().uiLanguages():
        language = name.replace("-", "_")
        if language.startswith("en"):
            return "en"
        if language.startswith("zh") and "Hant" not in language and language not in ("zh_TW", "zh_HK"):
            return "zh_CN"
    return "en"


class Translated(_Widget):
    """Goes before a widget class: the widget says its words in `retranslate`, called again when the language changes.

    The class calls it once itself, when its parts are there.
    """

    def retranslate(self) -> None:
        """Set every text anew."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
