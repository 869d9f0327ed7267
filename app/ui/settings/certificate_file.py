"""A file of certificates: chosen in a dialog, or taken away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.settings.option_pages import FileChoice


class CertificateFile(Translated, QWidget):
    """Signals:
    changed(path): another one; empty for none.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file, self._none = FileChoice(), TextButton("outlined")
        self._file.wanted.connect(self._on_file_wanted)
        self._none.clicked.connect(self._on_none_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._file, 1)
        layout.addWidget(self._none)
        self.retranslate()

    def set_value(self, path: str) -> None:
        """Show this file."""
        self._file.set_value(path)
        self._none.setVisible(bool(path))

    def setAccessibleName(self, name: str) -> None:
        self._file.setAccessibleName(name)

    def retranslate(self) -> None:
        self._none.set_words(self.tr("None"), self.tr("Trust only the system's certificates"))

    def _on_file_wanted(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose certificates"))
        dialog.setNameFilters([self.tr("Certificates (*.pem *.crt *.cer)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_dialog_file_selected)
        dialog.open()

    def _on_dialog_file_selected(self, path: str) -> None:
        self.set_value(path)
        self.changed.emit(path)

    def _on_none_clicked(self) -> None:
        self.set_value("")
        self.changed.emit("")
