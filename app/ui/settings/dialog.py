"""The settings, above the window: pages on the left, a field that searches all of them. What is changed holds at once.

Imported when it is first opened; each page is made when it is first shown or searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from app.hotkey.models import HotkeyState
from app.settings.keys import Keys
from app.settings.schema import Settings
from app.settings.storage import Stored
from app.spending import Spent
from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.settings.about_page import AboutPage
from app.ui.settings.cloud_page import CloudPage
from app.ui.settings.keyboard_page import KeyboardPage
from app.ui.settings.keys_page import KeysPage
from app.ui.settings.option_pages import OptionPage
from app.ui.settings.privacy_page import PrivacyPage
from app.ui.settings.quick_ask_page import QuickAskPage
from app.ui.settings.rows import Page, label
from app.ui.settings.storage_page import StoragePage
from app.ui.theme import themes

if TYPE_CHECKING:
    from app.ui.actions import Actions

SIZE_PX = QSize(820, 600)
SIZE_PX_MIN = QSize(480, 320)
SIDE_WIDTH_PX_MIN = 168
SCREEN_SHARE_MAX = 0.9
PAGES = ("general", "quick_ask", "models", "servers", "privacy", "storage", "keys", "keyboard", "about")


class SettingsDialog(Translated, QDialog):
    """Shows and asks; it decides nothing and writes nothing.

    Attributes:
        keys: what asks the keychain.

    Signals:
        changed(name, value): a setting of `app.settings.schema`, by the user.
        storage_wanted(), spending_wanted(): the page that shows it is seen; `show_storage` or `show_spending` is to be called.
        clear_wanted(kind): a kind of `app.settings.storage`, after the user confirmed it.
        folder_wanted(path): a folder is to be opened.
        file_wanted(name): another `model` or `mmproj` is to be chosen.
        model_chosen(path): one of the models used lately.
        keys_recording_changed(bool): whether a field waits for keys; a hotkey that is pressed then belongs to `take_hotkey`.
        hotkeys_wanted(): the desktop is to be asked for the keys once more.
    """

    changed = Signal(str, object)
    storage_wanted = Signal()
    spending_wanted = Signal()
    clear_wanted = Signal(str)
    folder_wanted = Signal(str)
    file_wanted = Signal(str)
    model_chosen = Signal(str)
    keys_recording_changed = Signal(bool)
    hotkeys_wanted = Signal()

    def __init__(self, settings: Settings, keys: Keys, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.keys = keys
        self._actions = actions
        self._made: dict[str, Page] = {}
        self._projector: Path | None = None
        self._hotkeys: Mapping[str, HotkeyState] = {}
        self.setObjectName("settings")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._search, self._list, self._close = QLineEdit(), QListWidget(), TextButton("outlined")
        self._list.setProperty("kind", "pages")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.addItems(["" for _ in PAGES])
        self._pages = QStackedWidget()
        self._nothing = label("quiet")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self._nothing)
        self._lay_out()
        self._search.textChanged.connect(self._on_search_text_changed)
        self._list.currentRowChanged.connect(self._on_list_current_row_changed)
        self._close.clicked.connect(self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self._search.setFocus)
        themes().changed.connect(self._fit)
        self.resize(self._wanted_size())
        self.retranslate()
        self._list.setCurrentRow(0)
        self._list.setFocus()

    @property
    def page(self) -> QWidget:
        """The one that is seen."""
        return self._pages.currentWidget() or self._nothing

    def open_page(self, name: str) -> None:
        """Bring one of `PAGES` to the front."""
        self._search.clear()
        self._list.setCurrentRow(PAGES.index(name))

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        for page in self._made.values():
            if isinstance(page, OptionPage | KeysPage):
                page.show_settings(settings)

    def show_projector(self, path: Path | None) -> None:
        """Show which one is in use where none was chosen."""
        self._projector = path
        page = self._made.get("models")
        if isinstance(page, OptionPage):
            page.show_found("mmproj", path)

    def show_hotkeys(self, states: Mapping[str, HotkeyState]) -> None:
        """Show how the hotkeys stand, by their id."""
        self._hotkeys = states
        if isinstance(page := self._made.get("quick_ask"), QuickAskPage):
            page.show_hotkeys(states)

    def take_hotkey(self, hotkey_id: str) -> None:
        """A hotkey was pressed while a field waited for keys."""
        if isinstance(page := self._made.get("quick_ask"), QuickAskPage):
            page.take_hotkey(hotkey_id)

    def show_storage(self, stored: Sequence[Stored]) -> None:
        """Show what is used on the disk."""
        page = self._page("storage")
        assert isinstance(page, StoragePage)
        page.show_storage(stored)

    def show_spending(self, spent: Sequence[Spent]) -> None:
        """Show what was used of servers this month."""
        page = self._page("servers")
        assert isinstance(page, CloudPage)
        page.show_spending(spent)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Settings"))
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search the settings"))
        self._list.setAccessibleName(self.tr("Pages of settings"))
        self._close.set_words(self.tr("Close"))
        self._nothing.setText(self.tr("No setting says that."))
        names = self._names()
        for row, name in enumerate(PAGES):
            self._list.item(row).setText(names[name])
        for name, page in self._made.items():
            page.set_heading(names[name])
        self._fit()

    def _names(self) -> dict[str, str]:
        return {
            "general": self.tr("General"),
            "quick_ask": self.tr("Quick Ask"),
            "models": self.tr("Models"),
            "servers": self.tr("GLM and servers"),
            "privacy": self.tr("Privacy"),
            "storage": self.tr("Storage"),
            "keys": self.tr("Keys"),
            "keyboard": self.tr("Keyboard"),
            "about": self.tr("About"),
        }

    def done(self, result: int) -> None:
        """Ends what its pages started."""
        for page in self._made.values():
            if isinstance(page, AboutPage | CloudPage):
                page.close_tasks()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_wanted()

    def _lay_out(self) -> None:
        self._side = QFrame()
        self._side.setObjectName("settingsSide")
        left = QVBoxLayout(self._side)
        left.setContentsMargins(12, 12, 12, 12)
        left.setSpacing(12)
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        left.addWidget(self._close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._side)
        layout.addWidget(self._pages, 1)

    def _page(self, name: str) -> Page:
        if name not in self._made:
            page = self._makers()[name]()
            page.set_heading(self._names()[name])
            self._made[name] = page
            self._pages.addWidget(page)
        return self._made[name]

    def _makers(self) -> dict[str, Callable[[], Page]]:
        return {
            "general": lambda: self._connect_options(OptionPage("general", self._settings)),
            "quick_ask": self._make_quick_ask,
            "models": self._make_models,
            "servers": lambda: self._connect_options(CloudPage(self.keys, self._settings)),
            "privacy": lambda: self._connect_options(PrivacyPage("privacy", self._settings)),
            "storage": self._make_storage,
            "keys": self._make_keys,
            "keyboard": lambda: KeyboardPage(self._actions),
            "about": self._make_about,
        }

    def _connect_options(self, page: OptionPage) -> OptionPage:
        page.changed.connect(self.changed)
        page.file_wanted.connect(self.file_wanted)
        page.model_chosen.connect(self.model_chosen)
        return page

    def _make_quick_ask(self) -> OptionPage:
        page = QuickAskPage(self._settings)
        page.recording_changed.connect(self.keys_recording_changed)
        page.try_again_wanted.connect(self.hotkeys_wanted)
        page.show_hotkeys(self._hotkeys)
        return self._connect_options(page)

    def _make_models(self) -> OptionPage:
        page = self._connect_options(OptionPage("models", self._settings))
        page.show_found("mmproj", self._projector)
        return page

    def _make_storage(self) -> StoragePage:
        page = StoragePage()
        page.clear_wanted.connect(self.clear_wanted)
        page.folder_wanted.connect(self.folder_wanted)
        return page

    def _make_keys(self) -> KeysPage:
        page = KeysPage(self.keys, self._settings)
        page.changed.connect(self.changed)
        return page

    def _make_about(self) -> AboutPage:
        page = AboutPage()
        page.folder_wanted.connect(self.folder_wanted)
        return page

    def _fit(self) -> None:
        """Room for the names of the pages in the size of now."""
        widest = max(self._list.fontMetrics().horizontalAdvance(name) for name in self._names().values())
        around = 64 + self._list.verticalScrollBar().sizeHint().width()  # which a small dialog needs
        self._side.setFixedWidth(max(themes().text_px(SIDE_WIDTH_PX_MIN), widest + around))
        self.setMinimumSize(SIZE_PX_MIN)

    def _wanted_size(self) -> QSize:
        share = max(1.0, themes().text_percent / 100)
        wanted = QSize(round(SIZE_PX.width() * share), round(SIZE_PX.height() * share))
        return wanted.boundedTo(self.screen().availableSize() * SCREEN_SHARE_MAX)

    def _tell_wanted(self) -> None:
        for name, wanted in (("storage", self.storage_wanted), ("servers", self.spending_wanted)):
            if self.isVisible() and self._pages.currentWidget() is self._made.get(name):
                wanted.emit()

    def _on_search_text_changed(self, text: str) -> None:
        words = text.casefold().split()
        found = [row for row, name in enumerate(PAGES) if not words or self._page(name).filter(words) or self._says(name, words)]
        for row in range(len(PAGES)):
            self._list.item(row).setHidden(row not in found)
        if not words:
            for page in self._made.values():
                page.filter([])
        if not found:
            self._pages.setCurrentWidget(self._nothing)
        elif self._list.currentRow() in found:
            self._on_list_current_row_changed(self._list.currentRow())
        else:
            self._list.setCurrentRow(found[0])

    def _says(self, name: str, words: list[str]) -> bool:
        """Whether the page itself is called that; all of it is shown then."""
        is_called = all(word in self._names()[name].casefold() for word in words)
        if is_called:
            self._page(name).filter([])
        return is_called

    def _on_list_current_row_changed(self, row: int) -> None:
        if row >= 0:
            self._pages.setCurrentWidget(self._page(PAGES[row]))
            self._tell_wanted()
