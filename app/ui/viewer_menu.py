"""The viewer's context menu, and the dialog for saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ingest.types import Link

LINKS_MAX = 40
SHOWN_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class MenuState:
    """What there is to do something with.

    Attributes:
        can_read: whether text may be found by recognition.
        has_boxes: whether boxes of the chosen answer lie on the picture.
    """

    has_text: bool
    has_selection: bool
    has_region: bool
    can_read: bool
    has_boxes: bool
    links: tuple[Link, ...]


class ViewerMenu(QMenu):
    """Built for one showing; gone when it is closed."""

    def __init__(self, state: MenuState, do: Callable[[str], None], follow: Callable[[Link], None], parent: QWidget) -> None:
        """`do` gets the name of what was chosen, as in `ViewerActions`."""
        super().__init__(parent)
        self._do, self._follow = do, follow
        translate = QCoreApplication.translate
        if state.has_selection:
            self._add("copy_text", translate("ViewerMenu", "Copy"), "Ctrl+C")
            self._add("ask_text", translate("ViewerMenu", "Ask about this text"))
        if state.has_text:
            self._add("select_all", translate("ViewerMenu", "Select all text"), "Ctrl+A")
        if state.can_read:
            self._add("read", translate("ViewerMenu", "Read text"))
        if not self.isEmpty():
            self.addSeparator()
        if state.has_region:
            self._add("ask_region", translate("ViewerMenu", "Ask about this region"), "Enter")
        else:
            self._add("frame", translate("ViewerMenu", "Frame a region"), "R")
        copying = translate("ViewerMenu", "Copy the region") if state.has_region else translate("ViewerMenu", "Copy picture")
        self._add("copy", copying)
        self.addSeparator()
        self._add("save", translate("ViewerMenu", "Save picture…"))
        if state.has_boxes:
            self._add("save_boxes", translate("ViewerMenu", "Save with boxes…"))
        self._add_links(state.links)
        self.aboutToHide.connect(self.deleteLater)

    def show_at(self, position: QPoint) -> None:
        """Open at a point of the screen, without waiting."""
        self.popup(position)

    def _add(self, name: str, words: str, keys: str = "") -> None:
        action = self.addAction(f"{words}\t{keys}" if keys else words)
        action.triggered.connect(lambda: self._do(name))

    def _add_links(self, links: tuple[Link, ...]) -> None:
        """So that links can be followed without a mouse."""
        if not links:
            return
        self.addSeparator()
        menu = self.addMenu(QCoreApplication.translate("ViewerMenu", "Links on this page"))
        page = QCoreApplication.translate("ViewerMenu", "Page {number}")
        for link in links[:LINKS_MAX]:
            target = link.address or page.format(number=(link.page_index or 0) + 1)
            shown = target if len(target) <= SHOWN_CHARACTERS_MAX else target[:SHOWN_CHARACTERS_MAX] + "…"
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, link=link: self._follow(link))


def ask_where_to_save(parent: QWidget, name: str, save: Callable[[Path], None]) -> QFileDialog:
    """Open a dialog for a PNG or JPEG; `save` is called with what was chosen."""
    dialog = QFileDialog(parent, QCoreApplication.translate("ViewerMenu", "Save picture"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["PNG (*.png)", "JPEG (*.jpg *.jpeg)"])
    dialog.setDefaultSuffix("png")
    dialog.selectFile(f"{Path(name.replace(', ', ' ')).name}.png")
    dialog.fileSelected.connect(lambda path: save(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
