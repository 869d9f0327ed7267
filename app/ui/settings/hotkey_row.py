"""A hotkey in the settings: its keys, how they stand, and what can be done about them."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.hotkey.models import HotkeyState
from app.ui.buttons import TextButton
from app.ui.icons import pixmap
from app.ui.settings.key_field import KeyField, keys_text
from app.ui.settings.quick_words import hotkey_problem_words
from app.ui.settings.rows import Row, label
from app.ui.theme import themes

ICON_PX = 16
TRIED_AGAIN = ("hotkey_taken", "hotkey_refused", "hotkey_unavailable")
"""What may be put right outside of Sightline."""
Look = Literal["check", "alert", ""]


class HotkeyRow(Row):
    """Attributes:
        field: takes the keys.

    Signals:
        changed(text): other keys, empty for none.
        try_again_wanted(): the desktop is to be asked once more.
    """

    changed = Signal(str)
    try_again_wanted = Signal()

    def __init__(self, default: str, parent: QWidget | None = None) -> None:
        self.field = KeyField()
        super().__init__(self.field, parent=parent)
        self._default = default
        self._value = ""
        self._state: HotkeyState | None = None
        self._is_hinting = False
        self._look: Look = ""
        self._icon, self._words = QLabel(), label("help")
        self._again, self._reset, self._clear = TextButton("link"), TextButton("link"), TextButton("link")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._icon)
        line.addWidget(self._words, 1)
        for button in (self._again, self._reset, self._clear):
            line.addWidget(button)
        self.body.addLayout(line)
        self.field.changed.connect(self.changed)
        self.field.refused.connect(self._on_field_refused)
        self.field.recording_changed.connect(self._on_field_recording_changed)
        self._again.clicked.connect(self.try_again_wanted)
        self._reset.clicked.connect(self._on_reset_clicked)
        self._clear.clicked.connect(self._on_clear_clicked)
        themes().changed.connect(self._draw)

    def set_value(self, value: str) -> None:
        """Show these keys; nothing is told."""
        self._value = value
        self.field.set_value(value)
        self._show()

    def show_state(self, state: HotkeyState | None) -> None:
        """Show how they stand; None while nothing listens."""
        self._state = state
        self._show()

    def set_words(self, words: str, help_words: str = "") -> None:
        super().set_words(words, help_words)
        self._again.set_words(self.tr("Try again"))
        self._reset.set_words(self.tr("Reset"))
        self._clear.set_words(self.tr("Clear"))
        for button in (self._again, self._reset, self._clear):
            button.setAccessibleName(f"{button.text()}: {words}")
        self._show()

    def _show(self) -> None:
        words, self._look = self._state_words()
        self._words.setText(words)
        self.field.setAccessibleDescription(words)
        state = self._state
        self._again.setVisible(state is not None and bool(state.handler) and state.code in TRIED_AGAIN)
        self._reset.setVisible(self._value != self._default)
        self._clear.setVisible(bool(self._value))
        self._draw()

    def _state_words(self) -> tuple[str, Look]:
        state = self._state
        if self._is_hinting:
            return self.tr("That key alone cannot be used. Hold Ctrl, Alt or Meta with it, or use F1 to F24."), "alert"
        if self.field.is_recording:
            return self.tr("Press the new keys. Esc keeps the old ones."), ""
        if state is None or state.code == "hotkey_off":
            return "", ""
        if state.code == "hotkey_pending":
            return self.tr("Asking the desktop…"), ""
        if state.code:
            return hotkey_problem_words(state), "alert"
        if state.handler != "portal":
            return self.tr("Works: press {keys}").format(keys=keys_text(self._value)), "check"
        if state.shown:
            return self.tr("Works, as the desktop has it: {keys}").format(keys=state.shown), "check"
        return self.tr("The desktop knows it. Choose its keys in the desktop's settings of shortcuts."), "check"

    def _draw(self) -> None:
        theme = themes().current
        self._icon.setVisible(bool(self._look))
        if self._look:
            color = theme.ok if self._look == "check" else theme.danger
            self._icon.setPixmap(pixmap(self._look, color, themes().text_px(ICON_PX), self.devicePixelRatioF()))

    def _on_field_refused(self) -> None:
        self._is_hinting = True
        self._show()

    def _on_field_recording_changed(self) -> None:
        self._is_hinting = False
        self._show()

    def _on_reset_clicked(self) -> None:
        self._choose(self._default)

    def _on_clear_clicked(self) -> None:
        self._choose("")

    def _choose(self, value: str) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.set_value(value)
        self.changed.emit(value)
