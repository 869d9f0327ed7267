"""A question in the transcript: what was asked and what went along, and how to put it in other words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QEvent, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QEnterEvent, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.chat.session import Source, Turn
from app.ui.answer_footer import CHANGING, ActionMenu
from app.ui.language import Translated
from app.ui.message_parts import QuestionEditor, QuietButton, VersionBar
from app.ui.message_text import QuestionText, QuestionWords
from app.ui.picture_card import PictureCard
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript_stack import Stack, fit_part
from app.ui.words import reduction_words, source_words

BUBBLE_WIDTH_SHARE = 0.8
"""Of the column; a question that takes all of it would look like an answer."""
BUBBLE_MARGINS_PX = (14, 10, 14, 10)
RADIUS_PX = 12
GAP_PX = 4
MENU = ("copy_selection", "copy", "", "edit", "delete")


class Bubble(Stack):
    """The sunken surface with everything that was sent, as wide as that needs."""

    def __init__(self, turn: Turn, parent: QWidget, *, is_open: bool) -> None:
        super().__init__(8, BUBBLE_MARGINS_PX, parent)
        self.setObjectName("bubble")
        self.cards: list[PictureCard] = []
        self.words = self.adopt(QuestionWords(turn.question, self, is_open=is_open))
        self.reduced = self.adopt(QLabel())
        self.reduced.setProperty("kind", "small")
        self.reduced.setTextFormat(Qt.TextFormat.PlainText)
        self.reduced.setWordWrap(True)
        self.reduced.setVisible(bool(turn.reductions))
        self.editor: QuestionEditor | None = None

    def parts(self) -> Sequence[QWidget]:
        editor = (self.editor,) if self.editor is not None else ()
        return (*self.cards, self.words, *editor, self.reduced)

    def width_for(self, room_px: int) -> int:
        room_px = int(room_px * BUBBLE_WIDTH_SHARE)
        if self.editor is not None or not self.reduced.isHidden():
            return room_px
        sides_px = self.margins[0] + self.margins[2]
        wanted_px = max([self.words.text.natural_width(), *(card.sizeHint().width() for card in self.cards)])
        return min(room_px, wanted_px + sides_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.editor is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(themes().current.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            painter.end()


class QuestionView(Translated, Stack):
    """The user's words and what went along, in a bubble on the right.

    Signals:
        picture_activated(picture id): a card was clicked.
        edited(turn id, text): the question is to be put in these words.
        action_wanted(turn id, name): "delete", from the menu.
        version_wanted(turn key): another version of this turn is to be shown.
        unfolded(turn id): a long question is shown whole.
    """

    picture_activated = Signal(str)
    edited = Signal(int, str)
    action_wanted = Signal(int, str)
    version_wanted = Signal(str)
    unfolded = Signal(int)

    def __init__(self, turn: Turn, cache: PictureCache, parent: QWidget, *, is_open: bool = False) -> None:
        super().__init__(parent=parent)
        self._turn = turn
        self._cache = cache
        self._is_locked = False
        self._sources: dict[QWidget, Source] = {}
        self._bubble = self.adopt(Bubble(turn, self, is_open=is_open))
        self._bubble.words.unfolded.connect(self._on_words_unfolded)
        self._waiting: dict[PictureCard, Source] = {}
        for source in turn.sources:
            self._add_card(source)
        self._buttons = self.adopt(QWidget(self))
        self._copy, self._edit = QuietButton("copy"), QuietButton("edit")
        self._copy.clicked.connect(self._copy_all)
        self._edit.clicked.connect(self.edit)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._copy)
        row.addWidget(self._edit)
        self._versions: VersionBar | None = None
        cache.thumbnail_loaded.connect(self._on_cache_thumbnail_loaded)
        self.retranslate()

    @property
    def words(self) -> QuestionText:
        """The question as it is read."""
        return self._bubble.words.text

    @property
    def versions(self) -> VersionBar | None:
        """The way to other versions, where there are some."""
        return self._versions

    def unfold(self) -> None:
        """Show all of a long question."""
        self._bubble.words.unfold()

    @property
    def is_editing(self) -> bool:
        """Whether it is being put in other words."""
        return self._bubble.editor is not None

    def parts(self) -> Sequence[QWidget]:
        return (self._bubble,)

    def fit(self, width_px: int) -> int:
        """To the right; the buttons find their place beside the bubble, so that they never move anything."""
        bubble_px, height = fit_part(self._bubble, width_px)
        self._bubble.setGeometry(width_px - bubble_px, 0, bubble_px, height)
        buttons = self._buttons.sizeHint()
        left = width_px - bubble_px - GAP_PX - buttons.width()
        self._buttons.setGeometry(left, height - buttons.height() - GAP_PX, buttons.width(), buttons.height())
        if self._versions is not None:
            hint = self._versions.sizeHint()
            self._versions.setGeometry(width_px - hint.width(), height + GAP_PX, hint.width(), hint.height())
            height += GAP_PX + hint.height()
        return height

    def set_versions(self, keys: Sequence[str]) -> None:
        """The keys of the turns that stand at this place, this one among them."""
        if len(keys) > 1:
            if self._versions is None:
                self._versions = self.adopt(VersionBar())
                self._versions.wanted.connect(self.version_wanted)
            self._versions.set_versions(keys, self._turn.key)
            self._versions.setEnabled(not self._is_locked)
        elif self._versions is not None:
            self._versions.hide()
            self._versions.deleteLater()
            self._versions = None

    def set_locked(self, is_locked: bool) -> None:
        """Whether an answer is running, so that nothing can be asked again."""
        self._is_locked = is_locked
        self._edit.setEnabled(not is_locked)
        if self._versions is not None:
            self._versions.setEnabled(not is_locked)

    def edit(self) -> None:
        """Turn the words into a field."""
        if self.is_editing or self._is_locked:
            return
        editor = self._bubble.editor = self._bubble.adopt(QuestionEditor(self._turn.question))
        editor.submitted.connect(self._on_editor_submitted)
        editor.cancelled.connect(self._close_editor)
        self._bubble.words.hide()
        self._buttons.hide()
        self.announce_change()
        editor.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self._bubble.reduced.setText("\n".join(reduction_words(reduction) for reduction in self._turn.reductions))
        self._copy.set_words(self.tr("Copy the question"))
        self._edit.set_words(self.tr("Edit the question"))
        time = QDateTime.fromSecsSinceEpoch(int(self._turn.created_at)).time()
        self.setAccessibleName(self.tr("You, {time}").format(time=QLocale().toString(time, QLocale.FormatType.ShortFormat)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.is_editing:
            return
        has_selection = self.words.textCursor().hasSelection()
        menu = ActionMenu(MENU if has_selection else MENU[1:], CHANGING if self._is_locked else frozenset(), self)
        menu.setProperty("selection", self.words.textCursor().selection().toPlainText())
        menu.action_wanted.connect(self._on_menu_action_wanted)
        menu.popup(event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(False)

    def _add_card(self, source: Source) -> None:
        card = PictureCard(source.name)
        image = self._cache.request_thumbnail(source.first)
        card.set_picture(image, source_words(source))
        card.clicked.connect(self._on_card_clicked)
        self._sources[card] = source
        if image is None:
            self._waiting[card] = source
        self._bubble.cards.append(self._bubble.adopt(card))

    def _set_hovered(self, is_hovered: bool) -> None:
        for button in (self._copy, self._edit):
            button.set_shown(is_hovered)

    def _close_editor(self) -> None:
        editor, self._bubble.editor = self._bubble.editor, None
        if editor is not None:
            had_focus = editor.isAncestorOf(self.focusWidget() or self)
            editor.hide()
            editor.deleteLater()
            self._bubble.words.show()
            self._buttons.show()
            self.announce_change()
            if had_focus:
                self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._turn.question)

    def _on_words_unfolded(self) -> None:
        self.unfolded.emit(self._turn.id)

    def _on_card_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self.picture_activated.emit(self._sources[sender].first.id)

    def _on_editor_submitted(self, text: str) -> None:
        self._close_editor()
        self.edited.emit(self._turn.id, text)

    def _on_menu_action_wanted(self, name: str) -> None:
        sender = self.sender()
        if name == "copy":
            self._copy_all()
        elif name == "copy_selection" and sender is not None:
            QGuiApplication.clipboard().setText(str(sender.property("selection")))
        elif name == "edit":
            self.edit()
        else:
            self.action_wanted.emit(self._turn.id, name)

    def _on_cache_thumbnail_loaded(self) -> None:
        for card, source in list(self._waiting.items()):
            image = self._cache.thumbnail(source.first.id)
            if image is not None:
                card.set_picture(image, source_words(source))
                del self._waiting[card]
