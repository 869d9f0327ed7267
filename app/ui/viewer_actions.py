"""What can be done with the picture in view: asked about, copied, saved; and its links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.ui.viewer_canvas import ViewerCanvas
from app.ui.viewer_menu import MenuState, ViewerMenu, ask_where_to_save
from app.ui.viewer_requests import CutOut, Request, SavePicture
from app.ui.viewer_text import ViewerText
from app.ui.viewer_tools import ViewerNotice
from ingest.attachment import Picture
from ingest.types import Link


class ViewerActions(QObject):
    """Signals:
    region_asked(picture, area, words), text_asked(text): the user wants to ask about it, and has begun with words.
    page_linked(index), address_linked(address, point of the screen): a link was followed.
    """

    region_asked = Signal(object, object, str)
    text_asked = Signal(str)
    page_linked = Signal(int)
    address_linked = Signal(str, QPoint)

    def __init__(
        self, canvas: ViewerCanvas, text: ViewerText, notice: ViewerNotice, want: Callable[[Request], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._canvas, self._text, self._notice, self._want = canvas, text, notice, want
        self._window = parent
        self._picture: Picture | None = None
        self._references: tuple[Reference, ...] = ()
        self._menu_at = QPoint()
        canvas.asked.connect(self.ask_region)
        canvas.bar.picture_wanted.connect(self.copy_picture)
        canvas.bar.text_wanted.connect(self._on_bar_text_wanted)
        canvas.menu_wanted.connect(self.show_menu)
        canvas.link_clicked.connect(self.follow)

    def set_picture(self, picture: Picture | None, references: Sequence[Reference]) -> None:
        """Another picture is in view, or other boxes on it."""
        self._picture, self._references = picture, tuple(references)

    def ask_region(self, words: str = "") -> None:
        """Ask about what is framed, in a question that begins with these words."""
        area = self._canvas.region
        if self._picture is not None and area is not None:
            self._canvas.drop_region()
            self.region_asked.emit(self._picture, area, words)

    def copy_picture(self) -> None:
        """Put the region, or the whole picture, on the clipboard."""
        if self._picture is not None:
            self._want(CutOut(self._picture, self._canvas.region))

    def save(self, with_boxes: bool) -> None:
        """Ask for a name, and save the picture as it is in its file."""
        picture, references = self._picture, self._references if with_boxes else ()
        if picture is not None:
            ask_where_to_save(self._window, picture.name, lambda path: self._want(SavePicture(picture, path, references)))

    def show_menu(self, position: QPoint) -> None:
        """The context menu, at a point of the screen."""
        if self._picture is not None:
            self._menu_at = position
            self.build_menu().show_at(position)

    def build_menu(self) -> ViewerMenu:
        """What can be done with what is there now."""
        layer = self._canvas.layer
        state = MenuState(
            has_text=layer is not None and not layer.is_empty,
            has_selection=not self._canvas.selection.is_empty,
            has_region=self._canvas.region is not None,
            can_read=self._text.can_read,
            has_boxes=bool(self._references),
            links=layer.links if layer is not None else (),
        )
        return ViewerMenu(state, self._do, self._follow_from_menu, self._canvas)

    def follow(self, link: Link, position: QPoint) -> None:
        """Go to the page that a link names, or tell the address that it names."""
        if link.address:
            self.address_linked.emit(link.address, position)
        elif link.page_index is not None:
            self.page_linked.emit(link.page_index)

    def take(self, request: Request, result: object) -> None:
        """An answer came."""
        if isinstance(request, CutOut) and isinstance(result, QImage):
            QGuiApplication.clipboard().setImage(result)
            self._notice.show_message(self.tr("The picture was copied."))
        elif isinstance(request, SavePicture) and isinstance(result, Path):
            self._notice.show_message(self.tr("Saved as {name}.").format(name=result.name))

    def _do(self, name: str) -> None:
        match name:
            case "copy_text":
                self._text.copy()
            case "ask_text":
                self.text_asked.emit(self._canvas.selection.text)
            case "select_all":
                self._canvas.selection.select_all()
            case "read":
                self._text.read()
            case "ask_region":
                self.ask_region()
            case "frame":
                self._canvas.frame_region()
            case "copy":
                self.copy_picture()
            case "save" | "save_boxes":
                self.save(with_boxes=name == "save_boxes")

    def _follow_from_menu(self, link: Link) -> None:
        self.follow(link, self._menu_at)

    def _on_bar_text_wanted(self) -> None:
        if self._canvas.region is not None:
            self._text.copy_in(self._canvas.region)
