"""The left side of the window: a new conversation, the search, and everything that was asked before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.chat.history.types import Found, Summary
from app.ui.actions import Actions
from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.sidebar_delegate import ConversationDelegate, FoundDelegate
from app.ui.sidebar_lists import SearchField, SidebarList
from app.ui.sidebar_model import ROW_ROLE, ConversationsModel, FoundModel
from app.ui.theme import themes

SEARCH_DELAY_MS = 150
"""After the last key, before the search begins."""
MARGIN_PX = 12


class Sidebar(Translated, QFrame):
    """Shows the conversations, or what a search found in them.

    Signals:
        conversation_wanted(key), found_wanted(Found): one was chosen.
        search_wanted(text): the words have changed; empty when there are none any more.
        rename_wanted(key, title): an empty title takes the user's own away.
        pin_wanted(key, is pinned), delete_wanted(key).
        export_wanted(key, format): empty for any format.
    """

    conversation_wanted = Signal(str)
    found_wanted = Signal(object)
    search_wanted = Signal(str)
    rename_wanted = Signal(str, str)
    pin_wanted = Signal(str, bool)
    delete_wanted = Signal(str)
    export_wanted = Signal(str, str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._actions = actions
        self._waiting: Sequence[Summary] | None = None
        self._model, self._found = ConversationsModel(self), FoundModel(self)
        self._list = SidebarList(self._model, ConversationDelegate())
        self._results = SidebarList(self._found, FoundDelegate())
        self._empty = QLabel()
        self._empty.setProperty("kind", "quiet")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(0, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        self._pages = QStackedWidget()
        for page in (self._list, self._results, self._empty):
            self._pages.addWidget(page)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._new = TextButton("primary", "plus")
        self._search = SearchField()
        self._models, self._settings = _bottom_button(), _bottom_button()
        self._delay, self._midnight = QTimer(self), QTimer(self)
        for timer in (self._delay, self._midnight):
            timer.setSingleShot(True)
        self._lay_out()
        self._connect()
        self._wait_for_midnight()
        self.retranslate()

    @property
    def summaries(self) -> Sequence[Summary]:
        """Every conversation of the list."""
        return self._model.summaries

    @property
    def current_key(self) -> str:
        """The conversation in the window; empty for a private one."""
        return self._model.current_key

    @property
    def query(self) -> str:
        """What is searched for."""
        return self._search.text().strip()

    def set_summaries(self, summaries: Sequence[Summary]) -> None:
        """Show these. While a title is being written, they wait."""
        if self._list.is_editing:
            self._waiting = summaries
            return
        self._waiting = None
        focused = self._model.summary_at(self._list.currentIndex())
        place = self._list.verticalScrollBar().value()
        self._model.set_summaries(summaries)
        if focused is not None:
            self._list.setCurrentIndex(self._model.index(self._model.row_of(focused.key)))
            self._list.verticalScrollBar().setValue(place)
        self._update_page()

    def set_current(self, key: str, *, is_private: bool = False) -> None:
        """The conversation in the window; a private one has a row of its own, whatever its key."""
        is_other = key != self._model.current_key
        self._model.current_key = "" if is_private else key
        self._model.set_private(is_private)
        self._model.redraw()
        index = self._model.index(self._model.row_of(key))
        if is_other and index.isValid():
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)
        self._update_page()

    def set_running(self, keys: Iterable[str]) -> None:
        """The conversations in which an answer is being written."""
        self._model.running_keys = frozenset(keys)
        self._model.redraw()

    def show_found(self, found: Sequence[Found], query: str) -> None:
        """What a search found; passed over when something else is searched for by now."""
        if query.strip() != self.query or not self.query:
            return
        self._found.show_found(found)
        self._results.scrollToTop()
        self._empty.setText(self.tr("Nothing found for “{query}”").format(query=self.query))
        self._pages.setCurrentWidget(self._results if found else self._empty)

    def focus_search(self) -> None:
        """Bring the keyboard into the field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def retranslate(self) -> None:
        self._new.set_words(self.tr("New"), self._actions.action("conversation.new").toolTip())
        search = self._actions.action("conversation.search")
        self._search.set_words(self.tr("Search"), search.toolTip(), self.tr("Clear the search"))
        self._models.set_words(self.tr("Models"), self._actions.action("model.choose").toolTip())
        self._settings.set_words(self.tr("Settings"), self._actions.action("settings").toolTip())
        self._list.setAccessibleName(self.tr("Conversations"))
        self._results.setAccessibleName(self.tr("Search results"))
        self.setAccessibleName(self.tr("Sidebar"))
        self._model.regroup()
        self._update_page()
        self._fit_top()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_top()

    def _fit_top(self) -> None:
        """The search goes below the button where both have no room beside each other, as with large text."""
        wanted_px = self._new.sizeHint().width() + self._search.useful_width() + 8 + 2 * MARGIN_PX
        is_wide = self.width() >= wanted_px
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def _lay_out(self) -> None:
        self._top.setContentsMargins(0, 0, MARGIN_PX, 0)
        self._top.setSpacing(8)
        self._top.addWidget(self._new)
        self._top.addWidget(self._search, 1)
        line = QFrame()
        line.setProperty("kind", "rule")
        bottom = QVBoxLayout()
        bottom.setContentsMargins(0, 0, MARGIN_PX, 0)
        bottom.setSpacing(0)
        bottom.addWidget(line)
        bottom.addSpacing(8)
        bottom.addWidget(self._models)
        bottom.addWidget(self._settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX + 2, 0, MARGIN_PX)  # on the right, bars of lists are in the margin
        layout.setSpacing(0)
        layout.addLayout(self._top)
        layout.addSpacing(12)
        layout.addWidget(self._pages, 1)
        layout.addSpacing(8)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self._new.clicked.connect(self._actions.action("conversation.new").trigger)
        self._models.clicked.connect(self._actions.action("model.choose").trigger)
        self._settings.clicked.connect(self._actions.action("settings").trigger)
        self._search.textChanged.connect(self._on_search_text_changed)
        self._search.returnPressed.connect(self._on_search_return_pressed)
        self._search.left_downwards.connect(self._on_search_left_downwards)
        for rows in (self._list, self._results):
            rows.typed.connect(self._on_list_typed)
        self._list.opened.connect(self._on_list_opened)
        self._list.renaming_wanted.connect(self._on_list_renaming_wanted)
        self._list.deletion_wanted.connect(self._on_list_deletion_wanted)
        self._list.menu_wanted.connect(self._on_list_menu_wanted)
        self._list.itemDelegate().closeEditor.connect(self._on_delegate_close_editor, Qt.ConnectionType.QueuedConnection)
        self._results.opened.connect(self._on_results_opened)
        self._model.renamed.connect(self.rename_wanted)
        themes().changed.connect(self._fit_top)
        self._delay.timeout.connect(self._on_delay_timeout)
        self._midnight.timeout.connect(self._on_midnight_timeout)

    def _update_page(self) -> None:
        if self.query:
            return
        has_rows = self._model.rowCount() > 0
        self._empty.setText(self.tr("What you ask is kept here, on this computer."))
        self._pages.setCurrentWidget(self._list if has_rows else self._empty)

    def _wait_for_midnight(self) -> None:
        """Today becomes yesterday while the window is open."""
        now = datetime.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=1, microsecond=0)
        self._midnight.start(round((midnight - now).total_seconds() * 1000))

    def _open_menu(self, summary: Summary, position: QPoint) -> None:
        def choose(command_id: str) -> None:
            self._do(command_id, summary)

        menu = self._actions.build_copies("row", self, choose)
        pin = menu.findChild(QAction, "conversation.pin")
        assert isinstance(pin, QAction)
        pin.setChecked(summary.is_pinned)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)

    def _do(self, command_id: str, summary: Summary) -> None:
        if command_id == "conversation.rename":
            self._on_list_renaming_wanted(self._model.index(self._model.row_of(summary.key)))
        elif command_id == "conversation.pin":
            self.pin_wanted.emit(summary.key, not summary.is_pinned)
        elif command_id == "conversation.delete":
            self.delete_wanted.emit(summary.key)
        else:
            self.export_wanted.emit(summary.key, command_id.removeprefix("export.") if command_id.startswith("export.") else "")

    def _on_list_opened(self, index: QModelIndex) -> None:
        summary = self._model.summary_at(index)
        if summary is not None:
            self.conversation_wanted.emit(summary.key)

    def _on_list_renaming_wanted(self, index: QModelIndex) -> None:
        if self._model.summary_at(index) is not None:
            self._list.setCurrentIndex(index)
            self._list.edit(index)

    def _on_list_deletion_wanted(self, index: QModelIndex) -> None:
        summary = self._model.summary_at(index)
        if summary is not None:
            self.delete_wanted.emit(summary.key)

    def _on_list_menu_wanted(self, index: QModelIndex, position: QPoint) -> None:
        summary = self._model.summary_at(index)
        if summary is not None:
            self._open_menu(summary, position)

    def _on_list_typed(self, text: str) -> None:
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search.insert(text)

    def _on_delegate_close_editor(self) -> None:
        if self._waiting is not None:
            self.set_summaries(self._waiting)

    def _on_results_opened(self, index: QModelIndex) -> None:
        self.found_wanted.emit(index.data(ROW_ROLE))

    def _on_search_text_changed(self) -> None:
        if self.query:
            self._delay.start(SEARCH_DELAY_MS)
            return
        self._delay.stop()
        self._found.show_found(())
        self._update_page()
        self.search_wanted.emit("")

    def _on_search_return_pressed(self) -> None:
        if self._pages.currentWidget() is self._results and not self._delay.isActive():
            self._on_results_opened(self._found.index(0))

    def _on_search_left_downwards(self) -> None:
        page = self._pages.currentWidget()
        if isinstance(page, SidebarList):
            page.focus_first()

    def _on_delay_timeout(self) -> None:
        self.search_wanted.emit(self.query)

    def _on_midnight_timeout(self) -> None:
        self._model.regroup()
        self._wait_for_midnight()


def _bottom_button() -> TextButton:
    button = TextButton("row")
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button
