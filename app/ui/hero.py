"""What the window shows before the first question: what can be done, or how to get a model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.ui.buttons import TextButton
from app.ui.language import Translated

WIDTH_PX = 480


class Hero(Translated, QWidget):
    """The empty conversation.

    Signals:
        opening_wanted(): files are to be opened.
        model_wanted(): a model file is to be chosen.
        servers_wanted(): a model elsewhere is to be set up.
    """

    opening_wanted = Signal()
    model_wanted = Signal()
    servers_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_model = self._is_private = False
        self.setObjectName("hero")
        self._title, self._text, self._hint = centered_label("hero"), centered_label("quiet"), centered_label("small")
        self._open = TextButton("primary", "picture")
        self._open.clicked.connect(self.opening_wanted)
        self._choose = TextButton("primary", "file")
        self._choose.clicked.connect(self.model_wanted)
        self._servers = TextButton("outlined", "globe")
        self._servers.clicked.connect(self.servers_wanted)
        column = center_column(self)
        for widget in (self._title, self._text):
            column.addWidget(widget)
            column.addSpacing(8)
        column.addSpacing(8)
        for button in (self._open, self._choose, self._servers):  # below each other: large words have no room for two
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(8)
        column.addSpacing(8)
        column.addWidget(self._hint)
        self.retranslate()

    def set_has_model(self, has_model: bool) -> None:
        """Whether questions can be asked."""
        self._has_model = has_model
        self.retranslate()

    def set_private(self, is_private: bool) -> None:
        """Whether nothing of what is asked is kept."""
        self._is_private = is_private
        self.retranslate()

    def retranslate(self) -> None:
        self._open.set_words(self.tr("Open files…"))
        self._choose.set_words(self.tr("Use a GGUF file you have…"))
        self._open.setVisible(self._has_model)
        self._servers.set_words(self.tr("Use GLM or a server…"))
        for button in (self._choose, self._servers):
            button.setVisible(not self._has_model)
        if self._has_model and self._is_private:
            self._title.setText(self.tr("A private conversation"))
            self._text.setText(self.tr("Nothing you ask and nothing that is answered here is written to disk. Closed, it is gone."))
            self._hint.setText(self.tr("Drop files anywhere in the window, or paste them with Ctrl+V."))
        elif self._has_model:
            self._title.setText(self.tr("Ask about what you look at"))
            self._text.setText(
                self.tr(
                    "Pictures, documents, videos. The answer points at what it means: numbered in the text, marked in the picture."
                )
            )
            self._hint.setText(self.tr("Or drop files anywhere in the window, or paste them with Ctrl+V."))
        else:
            self._title.setText(self.tr("Choose a model to begin"))
            self._text.setText(
                self.tr("With a model on this computer, nothing you ask leaves it. The GLM cloud or a server can answer too.")
            )
            self._hint.setText(self.tr("Or drop a .gguf file anywhere in the window. Its projector (mmproj) is found beside it."))


class ProjectorChoice(Translated, QWidget):
    """Asks which projector belongs to a model, when its folder does not say.

    Signals:
        chosen(model path, projector path): the projector is empty for a model that shall see no pictures.
        browsing_wanted(model path): the projector is somewhere else.
        dismissed(): the model stays as it was.
    """

    chosen = Signal(str, str)
    browsing_wanted = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = Path()
        self._candidates: dict[TextButton, Path] = {}
        self.setObjectName("modelChooser")
        self._title, self._text = centered_label("hero"), centered_label("quiet")
        card = QFrame()
        card.setObjectName("card")
        self._list = QVBoxLayout(card)
        self._list.setContentsMargins(16, 16, 16, 16)
        self._list.setSpacing(8)
        self._browse, self._without, self._dismiss = wide_button("outlined"), wide_button("outlined"), wide_button("plain")
        self._browse.clicked.connect(self._on_browse_clicked)
        self._without.clicked.connect(self._on_without_clicked)
        self._dismiss.clicked.connect(self.dismissed)
        for button in (self._browse, self._without, self._dismiss):
            self._list.addWidget(button)
        column = center_column(self)
        for widget, gap_px in ((self._title, 8), (self._text, 24), (card, 0)):
            column.addWidget(widget)
            column.addSpacing(gap_px)
        self.retranslate()

    def ask(self, model: Path, candidates: list[Path]) -> None:
        """Offer these projectors for the model."""
        self._model = model
        for button in self._candidates:
            button.deleteLater()
        self._candidates = {}
        for index, path in enumerate(candidates):
            button = wide_button("outlined", "file")
            button.set_words(path.name)
            button.clicked.connect(self._on_candidate_clicked)
            self._list.insertWidget(index, button)
            self._candidates[button] = path
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Which projector belongs to it?"))
        if self._candidates:
            words = self.tr("{name} needs its projector to see pictures. Several lie beside it.")
        else:
            words = self.tr("{name} needs its projector to see pictures, a file named mmproj…. None lies beside it.")
        self._text.setText(words.format(name=self._model.name))
        self._browse.set_words(self.tr("Choose another file…"))
        self._without.set_words(self.tr("Go on without pictures"))
        self._without.setVisible(not self._candidates)
        self._dismiss.set_words(self.tr("Cancel"))

    def _on_candidate_clicked(self) -> None:
        path = next(path for button, path in self._candidates.items() if button is self.sender())
        self.chosen.emit(str(self._model), str(path))

    def _on_browse_clicked(self) -> None:
        self.browsing_wanted.emit(str(self._model))

    def _on_without_clicked(self) -> None:
        self.chosen.emit(str(self._model), "")


def wide_button(kind: str, icon_name: str = "") -> TextButton:
    """One of several choices below each other."""
    button = TextButton(kind, icon_name)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


def center_column(widget: QWidget) -> QVBoxLayout:
    """A column of readable width in the middle of a page."""
    holder = QWidget()
    holder.setMaximumWidth(WIDTH_PX)
    column = QVBoxLayout(holder)
    column.setContentsMargins(16, 0, 16, 0)
    column.setSpacing(0)
    row = QHBoxLayout()  # not an alignment: that would forget the height which broken lines need
    row.addStretch()
    row.addWidget(holder, 1000)
    row.addStretch()
    page, area = QWidget(), QScrollArea()  # large text in a small window is scrolled to
    whole = QVBoxLayout(page)
    whole.addStretch(2)
    whole.addLayout(row)
    whole.addStretch(3)
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for part in (page, area.viewport()):
        part.setAutoFillBackground(False)
    outer = QVBoxLayout(widget)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    return column


def centered_label(kind: str) -> QLabel:
    """Words in the middle, broken into lines."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
