"""The window: the list, the conversation and the viewer beside each other. It shows and asks; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.system import is_macos
from app.ui import intake
from app.ui.actions import Actions
from app.ui.composer import Composer
from app.ui.file_dialogs import FileDialogs
from app.ui.header import Header
from app.ui.hero import Hero, ProjectorChoice
from app.ui.language import Translated
from app.ui.message_strip import MessageStrip
from app.ui.panes import Panes, PaneWishes
from app.ui.picture_levels import PictureCache
from app.ui.sidebar import Sidebar
from app.ui.transcript import COLUMN_WIDTH_PX_MAX, MARGIN_PX, Transcript

if TYPE_CHECKING:
    from app.ui.palette import Palette
    from app.ui.shortcuts_sheet import ShortcutsSheet
    from app.ui.viewer import Viewer

SIZE_PX = (1400, 860)
SIZE_PX_MIN = (720, 480)
SCREEN_MARGIN_PX = 48
"""Left free beside a window that its screen has no room for."""
OVERLAY_INSET_PX = 12


class MainWindow(Translated, QMainWindow):
    """Holds the parts, and does the commands that only show or hide something: those of `_commands`. The others are its owner's.

    Attributes:
        actions_table: what the user can have done.
        sidebar, header, hero, projector_choice, transcript, strip, composer, viewer: the parts.

    Signals:
        intake_received(what was pasted or dropped), files_chosen(paths).
        model_chosen(path), projector_chosen(model path, projector path): in a file dialog.
        model_dismissed(): none was chosen there.
        rename_wanted(title): of the conversation in the window.
        closed(): the window is about to go.
        viewer_made(viewer): from now on there is one.
    """

    intake_received = Signal(object)
    files_chosen = Signal(list)
    model_chosen = Signal(str)
    model_dismissed = Signal()
    projector_chosen = Signal(str, str)
    rename_wanted = Signal(str)
    closed = Signal()
    viewer_made = Signal(object)

    def __init__(self, cache: PictureCache) -> None:
        super().__init__()
        self.actions_table = Actions(self)
        self.sidebar, self.header = Sidebar(self.actions_table), Header(self.actions_table)
        self.hero, self.projector_choice = Hero(), ProjectorChoice()
        self.transcript, self.strip, self.composer = Transcript(cache), MessageStrip(), Composer(cache)
        self._cache = cache
        self._viewer: Viewer | None = None
        self._dialogs = FileDialogs(self)
        self._commands: dict[str, Callable[[], object]] = {
            "view.sidebar": self._toggle_sidebar,
            "view.viewer": self._toggle_viewer,
            "palette": self.open_palette,
            "help.shortcuts": self.open_shortcuts,
        }
        self._palette: Palette | None = None
        self._sheet: ShortcutsSheet | None = None
        self._caption = QLabel()
        self._caption.setProperty("kind", "small")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setWordWrap(True)
        self._caption.hide()
        self._pages = QStackedWidget()
        for page in (self.hero, self.transcript, self.projector_choice):
            self._pages.addWidget(page)
        self._panes = Panes(self.sidebar, self._build_conversation())
        self.setCentralWidget(self._panes)
        self._overlay = QLabel(self)
        self._overlay.setObjectName("dropOverlay")
        self._overlay.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._overlay.hide()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SIZE_PX_MIN)
        room = self.screen().availableGeometry()
        wanted = (SIZE_PX[0], room.width() - SCREEN_MARGIN_PX), (SIZE_PX[1], room.height() - SCREEN_MARGIN_PX)
        self.resize(*map(min, wanted))
        if is_macos():
            self.setMenuBar(self.actions_table.build_menu_bar())
        self._connect()
        self._on_panes_changed()
        self.retranslate()

    @property
    def viewer(self) -> Viewer:
        """Made when it is first asked for, since a window that has nothing to look at yet is there sooner without it."""
        if self._viewer is None:
            from app.ui.viewer import Viewer

            self._viewer = Viewer(self._cache)
            self._panes.set_viewer(self._viewer)
            self.viewer_made.emit(self._viewer)
        return self._viewer

    @property
    def has_viewer(self) -> bool:
        """Whether it was made."""
        return self._viewer is not None

    def show_page(self, page: QWidget) -> None:
        """Bring the hero, the transcript or the projector question to the front."""
        self._pages.setCurrentWidget(page)

    def set_title(self, title: str) -> None:
        """The conversation's, in the header and for the window's frame; empty for a new one."""
        self.header.set_title(title)
        self.setWindowTitle(title or "Sightline")

    def set_private(self, is_private: bool) -> None:
        """Whether nothing of the conversation is kept."""
        self.header.set_private(is_private)
        self.hero.set_private(is_private)

    def set_test_model(self, is_test_model: bool) -> None:
        """Say that the model knows next to nothing."""
        self._caption.setVisible(is_test_model)

    def set_has_pictures(self, has_pictures: bool) -> None:
        """Whether there is something for the viewer. It is there then, unless the user closed it or there is no room."""
        self._panes.set_has_pictures(has_pictures)
        self.actions_table.set_conditions(has_pictures=has_pictures)

    def show_viewer(self) -> None:
        """The user wants to see something in it."""
        self._panes.show_viewer(True)

    def restore_layout(self, geometry: str, panes: str) -> None:
        """Bring back what `layout_state` gave."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        self._panes.restore(PaneWishes.read(panes))

    def layout_state(self) -> tuple[str, str]:
        """Place and size of the window in base64, and what is at its sides."""
        return bytes(self.saveGeometry().toBase64().data()).decode(), self._panes.wishes.to_text()

    def open_files(self) -> None:
        """Ask for files to attach."""
        self._dialogs.open_files()

    def open_model(self) -> None:
        """Ask for a model file."""
        self._dialogs.open_model()

    def open_projector(self, model: str) -> None:
        """Ask for the projector of a model."""
        self._dialogs.open_projector(model)

    def open_palette(self) -> None:
        """All commands, and the conversations that were changed last."""
        if self._palette is None:
            from app.ui.palette import Palette  # not needed for the first window

            self._palette = Palette(self.actions_table, self)
            self._palette.conversation_wanted.connect(self.sidebar.conversation_wanted)
        self._palette.set_conversations(self.sidebar.summaries, self.sidebar.current_key)
        self._palette.open()

    def open_shortcuts(self) -> None:
        """All shortcuts."""
        if self._sheet is None:
            from app.ui.shortcuts_sheet import ShortcutsSheet

            self._sheet = ShortcutsSheet(self.actions_table, self)
        self._sheet.open()

    def search(self) -> None:
        """Bring the keyboard into the search of all conversations."""
        self._panes.show_sidebar(True)
        self.sidebar.focus_search()

    def paste(self) -> None:
        """Take in what was copied."""
        self._take_in(QGuiApplication.clipboard().mimeData())

    def retranslate(self) -> None:
        self.actions_table.retranslate()
        self._overlay.setText(self.tr("Drop files or a model here"))
        self._caption.setText(self.tr("Test model: knows only coloured shapes and numbers"))

    def _build_conversation(self) -> QWidget:
        conversation = QWidget()
        conversation.setObjectName("conversation")
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
        self.actions_table.triggered.connect(self._on_commands_triggered)
        self.hero.opening_wanted.connect(self.open_files)
        self.composer.attaching_wanted.connect(self.open_files)
        for part in (self.hero, self.composer, self.transcript):
            part.model_wanted.connect(self.open_model)
        self.projector_choice.browsing_wanted.connect(self.open_projector)
        self.composer.pasted.connect(self._take_in)
        self.composer.question.page_turned.connect(self.transcript.turn_page)
        self.header.rename_wanted.connect(self.rename_wanted)
        self.header.focus_left.connect(self.composer.question.setFocus)
        self._dialogs.files_chosen.connect(self.files_chosen)
        self._dialogs.model_chosen.connect(self.model_chosen)
        self._dialogs.projector_chosen.connect(self.projector_chosen)
        self._dialogs.model_dismissed.connect(self.model_dismissed)
        self._panes.changed.connect(self._on_panes_changed)
        for wanted in (self.sidebar.conversation_wanted, self.sidebar.found_wanted):
            wanted.connect(self._panes.end_peek)

    def _toggle_sidebar(self) -> None:
        self._panes.show_sidebar(not self._panes.has_sidebar)

    def _toggle_viewer(self) -> None:
        self._panes.show_viewer(self._panes.has_hidden_viewer)

    def _take_in(self, data: QMimeData) -> bool:
        received = intake.read(data)
        if received:
            self.intake_received.emit(received)
        return bool(received)

    def _on_commands_triggered(self, command_id: str) -> None:
        for overlay in (self._palette, self._sheet):
            if overlay is not None:
                overlay.dismiss()
        command = self._commands.get(command_id)
        if command is not None:
            command()

    def _on_panes_changed(self) -> None:
        self.header.set_panes(has_sidebar=self._panes.has_sidebar, has_hidden_viewer=self._panes.has_hidden_viewer)
        self.actions_table.set_checked("view.sidebar", self._panes.has_sidebar)
        self.actions_table.set_checked("view.viewer", self._panes.has_viewer)

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
