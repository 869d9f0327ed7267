"""The desktop's dialogs for choosing files. They open without waiting, and answer by signal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif *.avif *.svg *.ppm"
DOCUMENTS = "*.pdf *.pptx *.ppt *.odp *.docx *.xlsx *.epub *.txt *.md *.html *.csv *.json *.eml *.ipynb"
VIDEOS = "*.mp4 *.mov *.mkv *.webm *.avi *.mpg *.ts *.wmv *.flv *.ogv"


class FileDialogs(QObject):
    """Signals:
    files_chosen(paths): to attach.
    model_chosen(path), projector_chosen(model path, projector path).
    model_dismissed(): no model was chosen.
    """

    files_chosen = Signal(list)
    model_chosen = Signal(str)
    projector_chosen = Signal(str, str)
    model_dismissed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def open_files(self) -> None:
        """Ask for files to attach."""
        dialog = QFileDialog(self._window, self.tr("Open files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("All files (*)"),
                self.tr("Pictures ({kinds})").format(kinds=PICTURES),
                self.tr("Documents ({kinds})").format(kinds=DOCUMENTS),
                self.tr("Videos ({kinds})").format(kinds=VIDEOS),
            ]
        )
        dialog.filesSelected.connect(self._on_files_dialog_files_selected)
        self._open(dialog)

    def open_model(self) -> None:
        """Ask for a model file."""
        dialog = QFileDialog(self._window, self.tr("Choose a model"))
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.model_chosen)
        dialog.rejected.connect(self.model_dismissed)
        self._open(dialog)

    def open_projector(self, model: str) -> None:
        """Ask for the projector of a model."""
        dialog = QFileDialog(self._window, self.tr("Choose the projector"), str(Path(model).parent))
        dialog.setNameFilters([self.tr("Projectors (*mmproj*.gguf)"), self.tr("Models (*.gguf)")])
        dialog.setProperty("model", model)
        dialog.fileSelected.connect(self._on_projector_dialog_file_selected)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_files_dialog_files_selected(self, paths: list[str]) -> None:
        self.files_chosen.emit(paths)

    def _on_projector_dialog_file_selected(self, path: str) -> None:
        sender = self.sender()
        if sender is not None:
            self.projector_chosen.emit(sender.property("model"), path)
