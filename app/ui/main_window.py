"""The window: header, conversation and composer on the left, viewer on the right. It shows and asks; it decides nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.ui import intake
from app.ui.composer import Composer
from app.ui.header import Header
from app.ui.hero import Hero, ProjectorChoice
from app.ui.language import Translated
from app.ui.message_strip import MessageStrip
from app.ui.picture_levels import PictureCache
from app.ui.transcript import COLUMN_WIDTH_PX_MAX, MARGIN_PX, Transcript
from app.ui.viewer import Viewer

SIZE_PX = (1200, 800)
SIZE_PX_MIN = (720, 480)
CONVERSATION_WIDTH_PX_MIN = 420
VIEWER_WIDTH_PX = 440
VIEWER_WIDTH_PX_MIN = 280
OVERLAY_INSET_PX = 12


class MainWindow(Translated, QMainWindow):
    """Holds the parts.

    Attributes:
        header, hero, projector_choice, transcript, strip, composer, viewer: the parts.

    Signals:
        intake_received(what was pasted or dropped), files_chosen(paths).
        model_chosen(path), projector_chosen(model path, projector path): in a file dialog.
        closed(): the window is about to go.
    """

    intake_received = Signal(object)
    files_chosen = Signal(list)
    model_chosen = Signal(str)
    projector_chosen = Signal(str, str)
    new_wanted = Signal()
    stop_wanted = Signal()
    closed = Signal()

    def __init__(self, cache: PictureCache) -> None:
        super().__init__()
        self.header, self.hero, self.projector_choice = Header(), Hero(), ProjectorChoice()
        self.transcript, self.strip, self.composer = Transcript(cache), MessageStrip(), Composer(cache)
        self.viewer = Viewer(cache)
        self._caption = QLabel()
        self._caption.setProperty("kind", "small")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.hide()
        self._is_test_model = False
        self._pages = QStackedWidget()
        for page in (self.hero, self.transcript, self.projector_choice):
            self._pages.addWidget(page)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._build_conversation())
        self._splitter.addWidget(self.viewer)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([SIZE_PX[0] - VIEWER_WIDTH_PX, VIEWER_WIDTH_PX])
        self.viewer.setMinimumWidth(VIEWER_WIDTH_PX_MIN)
        self.viewer.hide()
        self.setCentralWidget(self._splitter)
        self._overlay = QLabel(self)
        self._overlay.setObjectName("dropOverlay")
        self._overlay.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._overlay.hide()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SIZE_PX_MIN)
        self.resize(*SIZE_PX)
        self._connect()
        self.retranslate()

    def show_page(self, page: QWidget) -> None:
        """Bring the hero, the transcript or the projector question to the front."""
        self._pages.setCurrentWidget(page)

    def set_title(self, title: str) -> None:
        """The conversation's, in the header and for the window's frame; empty for a new one."""
        self.header.set_title(title)
        self.setWindowTitle(title or "Sightline")

    def set_test_model(self, is_test_model: bool) -> None:
        """Say that the model knows next to nothing."""
        self._is_test_model = is_test_model
        self._caption.setVisible(is_test_model)
        self.retranslate()

    def restore_layout(self, geometry: str, splitter_state: str) -> None:
        """Bring back what `layout_state` gave."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        if splitter_state:
            self._splitter.restoreState(QByteArray.fromBase64(splitter_state.encode()))

    def layout_state(self) -> tuple[str, str]:
        """Place and size of the window, and widths of its parts, in base64."""
        return tuple(bytes(state.toBase64().data()).decode() for state in (self.saveGeometry(), self._splitter.saveState()))  # type: ignore[return-value]

    def open_files(self) -> None:
        """Ask for files to attach."""
        dialog = QFileDialog(self, self.tr("Open files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        pictures = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif *.avif *.svg *.ppm"
        documents = "*.pdf *.pptx *.ppt *.odp *.docx *.xlsx *.epub *.txt *.md *.html *.csv *.json *.eml *.ipynb"
        videos = "*.mp4 *.mov *.mkv *.webm *.avi *.mpg *.ts *.wmv *.flv *.ogv"
        filters = [
            self.tr("All files (*)"),
            self.tr("Pictures ({kinds})").format(kinds=pictures),
            self.tr("Documents ({kinds})").format(kinds=documents),
            self.tr("Videos ({kinds})").format(kinds=videos),
        ]
        dialog.setNameFilters(filters)
        dialog.filesSelected.connect(self._on_files_dialog_files_selected)
        self._open(dialog)

    def open_model(self) -> None:
        """Ask for a model file."""
        dialog = QFileDialog(self, self.tr("Choose a model"))
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.model_chosen)
        self._open(dialog)

    def open_projector(self, model: str) -> None:
        """Ask for the projector of a model."""
        dialog = QFileDialog(self, self.tr("Choose the projector"), str(Path(model).parent))
        dialog.setNameFilters([self.tr("Projectors (*mmproj*.gguf)"), self.tr("Models (*.gguf)")])
        dialog.setProperty("model", model)
        dialog.fileSelected.connect(self._on_projector_dialog_file_selected)
        self._open(dialog)

    def retranslate(self) -> None:
        self._overlay.setText(self.tr("Drop files or a model here"))
        self._caption.setText(self.tr("Test model: knows only coloured shapes and numbers"))

    def _build_conversation(self) -> QWidget:
        conversation = QWidget()
        conversation.setObjectName("conversation")
        conversation.setMinimumWidth(CONVERSATION_WIDTH_PX_MIN)
        column = QWidget()
        column.setMaximumWidth(COLUMN_WIDTH_PX_MAX)
        bottom = QVBoxLayout(column)
        bottom.setContentsMargins(0, 0, 0, 0)
        bottom.setSpacing(8)
        for widget in (self.strip, self.composer, self._caption):
            bottom.addWidget(widget)
        centered = QHBoxLayout()
        centered.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 20)
        centered.addStretch(1)
        centered.addWidget(column, 1000)
        centered.addStretch(1)
        layout = QVBoxLayout(conversation)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._pages, 1)
        layout.addLayout(centered)
        return conversation

    def _connect(self) -> None:
        self.hero.opening_wanted.connect(self.open_files)
        self.composer.attaching_wanted.connect(self.open_files)
        for part in (self.hero, self.composer, self.header, self.transcript):
            part.model_wanted.connect(self.open_model)
        self.projector_choice.browsing_wanted.connect(self.open_projector)
        self.composer.pasted.connect(self._take_in)
        self.composer.question.page_turned.connect(self.transcript.turn_page)
        self.header.new_wanted.connect(self.new_wanted)
        for keys, slot in (
            (QKeySequence.StandardKey.New, self.new_wanted),
            (QKeySequence.StandardKey.Open, self.open_files),
            (QKeySequence.StandardKey.Paste, self._on_paste_activated),
            (QKeySequence(Qt.Key.Key_Escape), self.stop_wanted),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(slot)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_in(self, data: QMimeData) -> bool:
        received = intake.read(data)
        if received:
            self.intake_received.emit(received)
        return bool(received)

    def _on_paste_activated(self) -> None:
        self._take_in(QGuiApplication.clipboard().mimeData())

    def _on_files_dialog_files_selected(self, paths: list[str]) -> None:
        self.files_chosen.emit(paths)

    def _on_projector_dialog_file_selected(self, path: str) -> None:
        sender = self.sender()
        if sender is not None:
            self.projector_chosen.emit(sender.property("model"), path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if intake.can_read(event.mimeData()):
            event.acceptProposedAction()
            self._overlay.show()
            self._overlay.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        if self._take_in(event.mimeData()):
            event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inset = OVERLAY_INSET_PX
        self._overlay.setGeometry(self.rect().adjusted(inset, inset, -inset, -inset))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
