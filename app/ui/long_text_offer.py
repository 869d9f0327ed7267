"""Asks, without getting in the way, whether a long text that was pasted had better be an attachment."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated


class LongTextOffer(Translated, QFrame):
    """One line above the buttons; hidden while there is nothing to ask.

    Attributes:
        text: the one that was pasted; empty while hidden.

    Signals:
        accepted(text): it is to be an attachment.
    """

    accepted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.setObjectName("notice")
        self._words = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._attach = TextButton("link", "attach", icon_px=14)
        self._keep = IconButton("close", size_px=14)
        self._attach.clicked.connect(self._on_attach_clicked)
        self._keep.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 4, 2)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._attach)
        row.addWidget(self._keep)
        self.hide()
        self.retranslate()

    def ask(self, text: str) -> None:
        """Offer it for this text."""
        self.text = text
        self.retranslate()
        self.show()

    def dismiss(self) -> None:
        """The text stays where it is."""
        self.text = ""
        self.hide()

    def retranslate(self) -> None:
        lines = QLocale().toString(self.text.count("\n") + 1)
        self._words.set_full_text(self.tr("You pasted {lines} lines of text.").format(lines=lines))
        self._attach.set_words(self.tr("Attach them instead"), self.tr("Take the pasted text out of the question and attach it"))
        self._keep.set_words(self.tr("Leave it in the question"))

    def _on_attach_clicked(self) -> None:
        text = self.text
        self.dismiss()
        self.accepted.emit(text)
