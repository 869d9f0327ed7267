"""The right side of the window: pictures, pages, slides and frames, with the boxes of one answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.ui.picture_levels import PictureCache, PictureLevels
from app.ui.viewer_actions import ViewerActions
from app.ui.viewer_detail import ViewerDetail
from app.ui.viewer_frame import ViewerFrame
from app.ui.viewer_header import HEADER_PX
from app.ui.viewer_marks import find_marks, marks_words
from app.ui.viewer_requests import FindPages, OpenPicture, Request
from app.ui.viewer_subjects import Subject, Subjects
from app.ui.viewer_text import ViewerText
from app.ui.words import refusal_words, size_words
from ingest.attachment import Attachment, Page, Picture
from ingest.errors import IngestError
from ingest.parts import PAGES_AT_ONCE
from ingest.types import Area

__all__ = ["HEADER_PX", "Viewer"]


class Viewer(ViewerFrame):
    """Shows what the conversation and the composer hold, all pages of each document, and marks places in them.

    Attributes:
        canvas: where the picture is drawn.

    Signals:
        box_hovered(number): in the picture or in the list of boxes; 0 when left. box_clicked(number).
        region_asked(picture, area): the user framed a part to ask about; the picture is a whole page or frame.
        text_asked(text): the user selected text to ask about.
        link_activated(address, point of the screen): a link that leads out of the document.
        wanted(request): to be done out of the window's thread, and answered by `take` or `refuse` (`app.viewing`).
    """

    box_hovered = Signal(int)
    box_clicked = Signal(int)
    region_asked = Signal(object, object)
    text_asked = Signal(str)
    link_activated = Signal(str, QPoint)
    wanted = Signal(object)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(cache, parent)
        self._cache = cache
        self._given: tuple[tuple[Picture, ...], tuple[Attachment, ...]] = ((), ())
        self._subjects = Subjects()
        self._subject: Subject | None = None
        self._index = 0
        self._shown: Picture | None = None
        self._awaited = ""
        self._revealed = 0
        self._ahead = 0
        self._places: dict[str, int] = {}
        self._refused: set[tuple[str, int]] = set()
        self._references: tuple[Reference, ...] = ()
        self._text = ViewerText(self.canvas, self.notice, self._want, self)
        self._detail = ViewerDetail(self.canvas, self._want, self)
        self._actions = ViewerActions(self.canvas, self._text, self.notice, self._want, self)
        self._connect()
        self.retranslate()
        self._show(None)

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

        The one in view stays when it is still there, else the last one of the pictures comes up.
        """
        given = (tuple(pictures), tuple(attachments))
        if given == self._given:
            return
        self._given = given
        self._subjects.replace(*given)
        self._follow_subjects()

    def show_picture(self, picture_id: str | None) -> None:
        """Bring a picture into view, whole; of a part, the page with the part in view. None shows nothing."""
        self._awaited, self._revealed, self._ahead = "", 0, 0
        if picture_id is None:
            self._subject, self._index = None, 0
            self._show(None)
            return
        spot = self._subjects.find(picture_id)
        kept = self._subjects.unopened(picture_id)
        if spot is not None:
            self._go_to(spot.subject, spot.index)
            if spot.area is not None:
                self.canvas.reveal_rect(self.canvas.rect_of(spot.area))
        elif kept is not None:
            self._awaited = picture_id
            self._want(OpenPicture(kept))

    def show_references(self, references: Sequence[Reference]) -> None:
        """Mark the places of one answer; those on other pages wait until these are shown."""
        self._references = tuple(references)
        self._show_marks()

    def show_reference(self, reference: Reference) -> None:
        """Bring the picture of this reference into view, and its box."""
        if reference.picture_id is not None:
            self.show_picture(reference.picture_id)
            self._revealed = reference.number
            self.canvas.reveal(reference.number)

    def set_current(self, number: int) -> None:
        """Highlight a box; 0 for none."""
        self.canvas.set_current(number)
        self.boxes.set_current(number)

    def take(self, request: Request, result: object) -> None:
        """The answer to something `wanted`."""
        if isinstance(request, FindPages) and isinstance(result, list):
            self._take_pages(request, result)
        elif isinstance(request, OpenPicture):
            self._subjects.put_opened(request.picture.id, result)  # type: ignore[arg-type]
            number = self._revealed
            self._follow_subjects()
            if self._awaited == request.picture.id:
                self.show_picture(self._awaited)
                self.canvas.reveal(number)
        for part in (self._text, self._detail, self._actions):
            part.take(request, result)

    def refuse(self, request: Request, error: IngestError) -> None:
        """Something `wanted` cannot be had."""
        if isinstance(request, FindPages):
            self._refused.add((request.subject.key, request.index))
        if not self._text.refuse(request, error):
            name = request.subject.name if isinstance(request, FindPages) else request.picture.name
            self.notice.show_message(refusal_words(error.code, name, error.message))

    def retranslate(self) -> None:
        super().retranslate()
        self._show_place()
        self._show_marks()

    def _connect(self) -> None:
        canvas, header = self.canvas, self.header
        canvas.box_hovered.connect(self.box_hovered)
        canvas.box_clicked.connect(self.box_clicked)
        canvas.page_turned.connect(self._turn_page)
        canvas.end_wanted.connect(self._on_canvas_end_wanted)
        self.boxes.pointed.connect(self._on_boxes_pointed)
        self.boxes.chosen.connect(self._on_boxes_chosen)
        self.row.chosen.connect(self._go_to_index)
        self.row.wanted.connect(self._on_row_wanted)
        header.page_entered.connect(self._go_to_index)
        header.subject_chosen.connect(self._on_header_subject_chosen)
        self.tools.page_wanted.connect(self._turn_page)
        self.tools.reading_wanted.connect(self._text.read)
        self._text.changed.connect(self._on_text_changed)
        self._actions.region_asked.connect(self._on_actions_region_asked)
        self._actions.text_asked.connect(self.text_asked)
        self._actions.page_linked.connect(self._go_to_index)
        self._actions.address_linked.connect(self.link_activated)
        self._cache.loaded.connect(self._on_cache_loaded)
        self._cache.failed.connect(self._on_cache_failed)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self._text.copy),
            (QKeySequence("Ctrl+PgUp"), self._on_previous_subject_activated),
            (QKeySequence("Ctrl+PgDown"), self._on_next_subject_activated),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _want(self, request: Request) -> None:
        self.wanted.emit(request)

    def _follow_subjects(self) -> None:
        """What is on offer has changed: stay at the page in view, or come to the last picture."""
        subjects = self._subjects.all
        self.header.set_subjects(subjects)
        spot = self._subjects.find(self._shown.id) if self._shown is not None else None
        waiting = next((s for s in subjects if self._subject is not None and s.key == self._subject.key), None)
        if spot is not None:
            self._go_to(spot.subject, spot.index)
        elif self._shown is None and waiting is not None and self._index < len(waiting):
            self._go_to(waiting, self._index)
        else:
            self.show_picture(self.pictures[-1].id if self.pictures else None)

    def _go_to_index(self, index: int) -> None:
        if self._subject is not None and 0 <= index < len(self._subject):
            self._refused.clear()
            self._ahead = 1 if index > self._index else -1
            self._go_to(self._subject, index)

    def _turn_page(self, by: int) -> None:
        if self._subject is not None and 0 <= self._index + by < len(self._subject):
            self._refused.clear()
            self._ahead = by
            self._go_to(self._subject, self._index + by, is_turn=True)

    def _go_to(self, subject: Subject, index: int, is_turn: bool = False) -> None:
        self._subject, self._index = subject, index
        picture = subject.picture(index)
        self._places[subject.key] = index
        if picture is None:
            self._find_pages(subject, index)
        self._show(picture, is_turn)

    def _show(self, picture: Picture | None, is_turn: bool = False) -> None:
        is_same = picture is not None and self._shown is not None and picture.id == self._shown.id
        self._shown = picture
        if not is_same:
            self._show_pixels(picture, is_turn)
            self._text.set_picture(picture)
        self._show_place()
        self._show_marks()

    def _show_pixels(self, picture: Picture | None, is_turn: bool) -> None:
        self._detail.set_picture(None)
        if picture is None:
            self.canvas.show_picture(None, 0, 0)
            return
        levels = self._cache.request(picture, is_urgent=True)
        if levels is not None:
            self._detail.set_picture(picture)
        thumbnail = self._cache.thumbnail(picture.id) if levels is None else None
        if thumbnail is not None:
            levels = PictureLevels(thumbnail)
        if is_turn:
            self.canvas.turn_to(levels, picture.width, picture.height, self._ahead > 0)
        else:
            self.canvas.show_picture(levels, picture.width, picture.height)

    def _show_place(self) -> None:
        picture, subject = self._shown, self._subject
        name = subject.name if subject is not None else ""
        is_single = subject is not None and subject.kind == "pictures"
        if is_single:
            name = picture.name if picture is not None else ""
        size = size_words(picture.width, picture.height) if picture is not None and is_single else ""
        self.header.show_place(name, size, subject, self._index)
        self.row.set_subject(subject)
        self.row.set_current(self._index)
        self.tools.set_place(self._index, len(subject) if subject is not None else 0)
        self.tools.set_has_picture(picture is not None)

    def _show_marks(self) -> None:
        marks = find_marks(self._references, self._subjects, self._subject, self._index)
        self.canvas.show_references(marks.here if self._shown is not None else ())
        self.boxes.set_boxes(marks.listed)
        self.row.set_marks(marks.sent, marks.numbers)
        self._actions.set_picture(self._shown, marks.here)
        self.canvas.setAccessibleDescription(f"{self.header.words}. {marks_words(marks.here)}".strip(". "))

    def _take_pages(self, request: FindPages, pages: list[Page]) -> None:
        subject = next((subject for subject in self._subjects.all if subject.key == request.subject.key), None)
        if subject is None:
            return
        for page in pages:
            subject.put(page.info.index, page)
        if subject.picture(request.index) is None:
            self._refused.add((subject.key, request.index))
        self.row.refresh()
        if subject is self._subject:
            self._go_to(subject, self._index)

    def _find_pages(self, subject: Subject, index: int) -> None:
        """Ask for the pages around this one, which come together, unless that went wrong before."""
        first = index - index % PAGES_AT_ONCE
        if (subject.key, first) not in self._refused:
            self._want(FindPages(subject, first))

    def _switch_subject(self, by: int) -> None:
        subjects = self._subjects.all
        if self._subject in subjects and len(subjects) > 1:
            self._on_header_subject_chosen(subjects[(subjects.index(self._subject) + by) % len(subjects)].key)

    def _on_canvas_end_wanted(self, is_last: bool) -> None:
        if self._subject is not None:
            self._go_to_index(len(self._subject) - 1 if is_last else 0)

    def _on_boxes_pointed(self, number: int) -> None:
        self.canvas.set_current(number)
        self.box_hovered.emit(number)

    def _on_boxes_chosen(self, number: int) -> None:
        reference = next((reference for reference in self._references if reference.number == number), None)
        if reference is not None:
            self.show_reference(reference)

    def _on_row_wanted(self, index: int) -> None:
        if self._subject is not None:
            self._find_pages(self._subject, index)

    def _on_header_subject_chosen(self, key: str) -> None:
        subject = next((subject for subject in self._subjects.all if subject.key == key), None)
        if subject is not None:
            self._refused.clear()
            self._go_to(subject, min(self._places.get(key, 0), len(subject) - 1))

    def _on_previous_subject_activated(self) -> None:
        self._switch_subject(-1)

    def _on_next_subject_activated(self) -> None:
        self._switch_subject(1)

    def _on_text_changed(self) -> None:
        self.tools.set_can_read(self._text.can_read)

    def _on_actions_region_asked(self, picture: Picture, area: Area) -> None:
        self.tools.region.setChecked(False)
        self.region_asked.emit(picture, area)

    def _on_cache_loaded(self, picture_id: str) -> None:
        if self._shown is None or self._shown.id != picture_id:
            return
        levels = self._cache.request(self._shown)
        if levels is not None:
            self.canvas.set_levels(levels)
            self._detail.set_picture(self._shown)
        following = self._subject.picture(self._index + self._ahead) if self._subject is not None and self._ahead else None
        if following is not None:
            self._cache.request(following)  # the next page is there when it is turned to

    def _on_cache_failed(self, picture_id: str, code: str, message: str) -> None:
        if self._shown is not None and self._shown.id == picture_id:
            self.notice.show_message(refusal_words(code, self._shown.name, message))
