"""Ctrl+Shift+S: as what a conversation or a message is saved, and where. It asks and tells; it writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from app.chat.export.options import SUFFIXES, Format, Options
from app.ui.buttons import TextButton
from app.ui.export_words import export_words
from app.ui.language import Translated
from app.ui.settings.controls import Switch
from app.ui.theme import SPACE_PX, themes

FORMATS: tuple[Format, ...] = ("md", "html", "pdf", "docx", "sightline", "sharegpt")
WIDTH_PX = 480
_INDENT_PX = 7 * SPACE_PX
"""Of the line under a format: where its name begins."""

Suggest = Callable[[Format], str]


class ExportDialog(Translated, QDialog):
    """Formats with a line on each, what of the conversation, and then the desktop's own dialog for the place.

    Signals:
        wanted(format, path, Options, is whole): the user chose; `is whole` is false for one message alone.
    """

    wanted = Signal(str, str, object, bool)

    def __init__(
        self, suggest: Suggest, parent: QWidget | None = None, *, format: Format = "md", has_message: bool = False
    ) -> None:
        """`suggest` gives the name of a file for a format. `has_message`: it was asked for one message, so this is chosen first."""
        super().__init__(parent)
        self._suggest = suggest
        self.setObjectName("export")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._heading, self._what = QLabel(), QLabel()
        self._heading.setProperty("kind", "heading")
        self._what.setProperty("kind", "section")
        self._formats, self._parts = QButtonGroup(self), QButtonGroup(self)
        self._buttons = {name: QRadioButton() for name in FORMATS}
        self._lines = {name: QLabel() for name in FORMATS}
        self._message, self._whole = QRadioButton(), QRadioButton()
        self._reasoning, self._reasoning_words = Switch(), QLabel()
        self._reasoning_words.setBuddy(self._reasoning)
        self._cancel, self._save = TextButton("outlined"), TextButton("primary")
        self._save.setDefault(True)
        self._lay_out(has_message)
        self._buttons[format].setChecked(True)
        (self._message if has_message else self._whole).setChecked(True)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self.ask_where)
        themes().changed.connect(self._fit)
        self.retranslate()
        self._buttons[format].setFocus()

    @property
    def format(self) -> Format:
        """The one that is chosen."""
        return next(name for name in FORMATS if self._buttons[name].isChecked())

    @property
    def is_whole(self) -> bool:
        """Whether all of the conversation is meant, and not one message."""
        return self._whole.isChecked()

    def ask_where(self) -> None:
        """Open the desktop's dialog for the place, with what is chosen now."""
        dialog = QFileDialog(self, self._heading.text(), str(Path.home()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{self._buttons[self.format].text()} (*{SUFFIXES[self.format]})"])
        dialog.setDefaultSuffix(SUFFIXES[self.format].removeprefix("."))
        dialog.selectFile(self._suggest(self.format))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_dialog_file_selected)
        dialog.open()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Export"))
        self._heading.setText(self.tr("Save as a file"))
        self._what.setText(self.tr("What to save"))
        for name, (words, line) in format_words().items():
            self._buttons[name].setText(words)
            self._buttons[name].setAccessibleDescription(line)
            self._lines[name].setText(line)
        self._whole.setText(self.tr("The whole conversation"))
        self._message.setText(self.tr("This question and its answer"))
        self._reasoning_words.setText(self.tr("With the model's reasoning"))
        self._reasoning.setAccessibleName(self._reasoning_words.text())
        self._cancel.set_words(self.tr("Cancel"))
        self._save.set_words(self.tr("Save…"), self.tr("Choose where to save it"))
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()  # only now the size of all text is known
        super().showEvent(event)

    def _fit(self) -> None:
        self.setFixedWidth(themes().text_px(WIDTH_PX))
        self.adjustSize()

    def _lay_out(self, has_message: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * SPACE_PX, 5 * SPACE_PX, 6 * SPACE_PX, 5 * SPACE_PX)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addSpacing(3 * SPACE_PX)
        for name in FORMATS:
            button, line = self._buttons[name], self._lines[name]
            self._formats.addButton(button)
            line.setProperty("kind", "small")
            line.setWordWrap(True)
            line.setContentsMargins(_INDENT_PX, 0, 0, 0)
            line.setBuddy(button)
            column.addWidget(button)
            column.addWidget(line)
            column.addSpacing(2 * SPACE_PX)
        column.addSpacing(SPACE_PX)
        column.addWidget(self._what)
        column.addSpacing(SPACE_PX)
        for button in (self._message, self._whole):
            self._parts.addButton(button)
            column.addWidget(button)
            button.setVisible(has_message)
        self._what.setVisible(has_message)
        column.addSpacing(2 * SPACE_PX)
        column.addLayout(_row(self._reasoning_words, None, self._reasoning))
        column.addSpacing(4 * SPACE_PX)
        column.addLayout(_row(None, self._cancel, self._save))

    def _on_dialog_file_selected(self, path: str) -> None:
        """The desktop's dialog has asked whether a file of this name is to be replaced."""
        options = Options(self._reasoning.isChecked(), overwrite=Path(path).exists(), words=export_words())
        self.accept()
        self.wanted.emit(self.format, path, options, self.is_whole)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Side by side; None is the room between."""
    row = QHBoxLayout()
    row.setSpacing(2 * SPACE_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def format_words() -> dict[Format, tuple[str, str]]:
    """Each format's name, and what it is good for, in the window's language."""
    return {
        "md": (
            QCoreApplication.translate("Export", "Markdown"),
            QCoreApplication.translate("Export", "A text file with a folder of pictures beside it."),
        ),
        "html": (
            QCoreApplication.translate("Export", "Web page"),
            QCoreApplication.translate("Export", "One file that any browser shows, pictures included."),
        ),
        "pdf": (
            QCoreApplication.translate("Export", "PDF"),
            QCoreApplication.translate("Export", "Pages to print or to pass on; their text can be searched."),
        ),
        "docx": (
            QCoreApplication.translate("Export", "Word document"),
            QCoreApplication.translate("Export", "To be worked on in Word or LibreOffice."),
        ),
        "sightline": (
            QCoreApplication.translate("Export", "Sightline archive"),
            QCoreApplication.translate("Export", "Everything, attached files included, to be imported again."),
        ),
        "sharegpt": (
            QCoreApplication.translate("Export", "Training data"),
            QCoreApplication.translate("Export", "ShareGPT JSON with a folder of pictures, for fine-tuning a model."),
        ),
    }
