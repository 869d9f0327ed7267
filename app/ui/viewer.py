"""The right side of the window: pictures, pages, slides and frames, with the boxes of one answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.chat.pictures import Crop, place_of
from app.ui.announcing import announce
from app.ui.picture_levels import PictureCache, PictureLevels
from app.ui.picture_words import picture_words
from app.ui.viewer_actions import ViewerActions
from app.ui.viewer_detail import ViewerDetail
from app.ui.viewer_frame import ViewerFrame
from app.ui.viewer_marks import find_marks
from app.ui.viewer_paging import Paging
from app.ui.viewer_requests import FindPages, OpenPicture, Request, SavePicture
from app.ui.viewer_text import ViewerText
from app.ui.words import refusal_words
from ingest.attachment import Attachment, Frame, Page, Picture
from ingest.errors import FileUnreadable, IngestError
from ingest.types import Area


class Viewer(ViewerFrame):
    """Shows what the conversation and the composer hold, all pages of each document, and marks places in them.

    Attributes:
        paging: where the reader is.
        commands: what can be done with the picture in view.

    Signals:
        box_hovered(number): in the picture or in the list of boxes; 0 when left. box_clicked(number).
        region_asked(picture, area, words): the user framed a part of a whole page or frame to ask about, and has begun with words.
        text_asked(text): the user selected text to ask about.
        link_activated(address, point of the screen): a link that leads out of the document.
        wanted(request): to be done out of the window's thread, and answered by `take` or `refuse` (`app.viewing`).
    """

    box_hovered = Signal(int)
    box_clicked = Signal(int)
    region_asked = Signal(object, object, str)
    text_asked = Signal(str)
    link_activated = Signal(str, QPoint)
    wanted = Signal(object)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(cache, parent)
        self._cache = cache
        self._given: tuple[tuple[Picture, ...], tuple[Attachment, ...]] = ((), ())
        self._shown: Picture | None = None
        self._awaited: tuple[str, int] = ("", 0)
        self._references: tuple[Reference, ...] = ()
        self.paging = Paging(self._want, self)
        self._text = ViewerText(self.canvas, self.notice, self._want, self)
        self._detail = ViewerDetail(self.canvas, self._want, self)
        self.commands = ViewerActions(self.canvas, self._text, self.notice, self._want, self)
        self._connect()
        self.retranslate()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures that were given; their documents' other pages are not among them."""
        return self._given[0]

    @property
    def shown_picture(self) -> Picture | None:
        """The picture in view."""
        return self._shown

    def set_pictures(self, pictures: Sequence[Picture], attachments: Sequence[Attachment] = ()) -> None:
        """Offer these, and all pages of the documents among them and among `attachments`.

        The one in view stays when it is still there, else the last picture comes up, or the first page of the last document.
        """
        given = (tuple(pictures), tuple(attachments))
        if given != self._given:
            self._given = given
            self._follow(self.paging.replace(*given))

    def show_picture(self, picture_id: str | None) -> None:
        """Bring a picture into view, whole; of a part, the page with the part in view. None shows nothing."""
        self._awaited = ("", 0)
        spot = self.paging.subjects.find(picture_id) if picture_id is not None else None
        kept = self.paging.subjects.unopened(picture_id) if picture_id is not None else None
        if picture_id is None:
            self.paging.leave()
        elif spot is not None:
            self.paging.leap_to(spot.subject, spot.index)
            if spot.area is not None:
                self.canvas.reveal_rect(self.canvas.rect_of(spot.area))
        elif kept is not None:
            self._awaited = (picture_id, 0)
            self._want(OpenPicture(kept))

    def show_references(self, references: Sequence[Reference]) -> None:
        """Mark the places of one answer; those on other pages wait until these are shown."""
        self._references = tuple(references)
        self._show_marks()

    def show_reference(self, reference: Reference) -> None:
        """Bring the picture of this reference into view, and its box."""
        if reference.picture_id is not None:
            self.show_picture(reference.picture_id)
            self._awaited = (self._awaited[0], reference.number)
            if not self._awaited[0]:
                self._reveal(reference.number)

    def set_current(self, number: int) -> None:
        """Highlight a box; 0 for none."""
        self.canvas.set_current(number)
        self.boxes.set_current(number)

    def take(self, request: Request, result: object) -> None:
        """The answer to something `wanted`."""
        if isinstance(request, OpenPicture) and isinstance(result, Page | Frame | Crop):
            self._take_opened(request.picture.id, result)
        for part in (self.paging, self._text, self._detail, self.commands):
            part.take(request, result)

    def refuse(self, request: Request, error: IngestError) -> None:
        """Something `wanted` cannot be had."""
        self.paging.refuse(request)
        if isinstance(request, SavePicture) and isinstance(error, FileUnreadable):
            words = self.tr("{name} cannot be saved there. Choose another folder.")
            self.notice.show_message(words.format(name=request.path.name))
        elif not self._text.refuse(request, error):
            name = request.subject.name if isinstance(request, FindPages) else picture_words(request.picture)
            self.notice.show_message(refusal_words(error.code, name, error.message))

    def retranslate(self) -> None:
        super().retranslate()
        self._show_place(self._shown, self.paging.subject, self.paging.index)
        self._show_marks()

    def _connect(self) -> None:
        canvas, paging, commands = self.canvas, self.paging, self.commands
        canvas.box_hovered.connect(self.box_hovered)
        canvas.box_clicked.connect(self.box_clicked)
        canvas.page_turned.connect(paging.turn)
        canvas.end_wanted.connect(paging.go_to_end)
        paging.moved.connect(self._on_paging_moved)
        paging.learned.connect(self.row.refresh)
        self.boxes.pointed.connect(self._on_boxes_pointed)
        self.boxes.chosen.connect(self._on_boxes_chosen)
        self.row.chosen.connect(paging.go_to)
        self.row.wanted.connect(paging.find_page)
        self.header.page_entered.connect(paging.go_to)
        self.header.subject_chosen.connect(paging.switch_to)
        self.tools.page_wanted.connect(paging.turn)
        self.tools.reading_wanted.connect(self._text.read)
        self._text.changed.connect(self._on_text_changed)
        commands.region_asked.connect(self._on_actions_region_asked)
        commands.text_asked.connect(self.text_asked)
        commands.page_linked.connect(paging.go_to)
        commands.address_linked.connect(self.link_activated)
        self._cache.loaded.connect(self._on_cache_loaded)
        self._cache.failed.connect(self._on_cache_failed)
        self.switch_wanted.connect(paging.switch)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self._text.copy)

    def _want(self, request: Request) -> None:
        self.wanted.emit(request)

    def _follow(self, has_stayed: bool) -> None:
        """What is on offer has changed."""
        self.header.set_subjects(self.paging.subjects.all)
        if not has_stayed:
            self.show_picture(_newest(self.pictures))

    def _take_opened(self, picture_id: str, picture: Picture) -> None:
        awaited, number = self._awaited
        self._follow(self.paging.put_opened(picture_id, picture))
        if awaited == picture_id:
            self.show_picture(picture_id)
            self._reveal(number)

    def _reveal(self, number: int) -> None:
        """The focus stays where it is; those who do not see the picture hear which one it is."""
        self.canvas.reveal(number)
        announce(self.canvas, self.canvas.accessibleDescription())

    def _show_pixels(self, picture: Picture | None, is_turn: bool) -> None:
        levels = self._cache.request(picture, is_urgent=True) if picture is not None else None
        thumbnail = self._cache.thumbnail(picture.id) if picture is not None and levels is None else None
        size = (picture.width, picture.height) if picture is not None else (0, 0)
        shown = PictureLevels(thumbnail) if thumbnail is not None else levels  # blurred is better than nothing
        if is_turn:
            self.canvas.turn_to(shown, *size, self.paging.direction > 0)
        else:
            self.canvas.show_picture(shown, *size)
        self._detail.set_picture(picture if levels is not None else None)

    def _show_marks(self) -> None:
        marks = find_marks(self._references, self.paging.subjects, self.paging.subject, self.paging.index)
        self._place_marks(marks)
        self.commands.set_picture(self._shown, marks.here)

    def _on_paging_moved(self, is_turn: bool) -> None:
        before, self._shown = self._shown, self.paging.picture
        is_same = self._shown is not None and before is not None and self._shown.id == before.id
        if not is_same:
            self._show_pixels(self._shown, is_turn)
            self._text.set_picture(self._shown)
        self._show_place(self._shown, self.paging.subject, self.paging.index)
        self._show_marks()

    def _on_boxes_pointed(self, number: int) -> None:
        self.canvas.set_current(number)
        self.box_hovered.emit(number)

    def _on_boxes_chosen(self, number: int) -> None:
        reference = next((reference for reference in self._references if reference.number == number), None)
        if reference is not None:
            self.show_reference(reference)

    def _on_text_changed(self) -> None:
        self.tools.set_can_read(self._text.can_read)

    def _on_actions_region_asked(self, picture: Picture, area: Area, words: str) -> None:
        self.tools.region.setChecked(False)
        self.region_asked.emit(picture, area, words)

    def _on_cache_loaded(self, picture_id: str) -> None:
        levels = self._cache.request(self._shown) if self._shown is not None and self._shown.id == picture_id else None
        if levels is not None:
            self.canvas.set_levels(levels)
            self._detail.set_picture(self._shown)
            if self.paging.following is not None:
                self._cache.request(self.paging.following)  # it is there when it is turned to

    def _on_cache_failed(self, picture_id: str, code: str, message: str) -> None:
        if self._shown is not None and self._shown.id == picture_id:
            self.notice.show_message(refusal_words(code, picture_words(self._shown), message))


def _newest(pictures: Sequence[Picture]) -> str | None:
    """The last picture, or the first one of the document or video that it is a page or frame of."""
    if not pictures:
        return None
    last = place_of(pictures[-1])
    for picture in pictures:
        place = place_of(picture)
        if last is not None and place is not None and last.area is place.area is None and place.source.id == last.source.id:
            return picture.id
    return pictures[-1].id
