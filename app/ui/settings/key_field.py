"""A field that takes a combination of keys as it is pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.hotkey.models import KeyCombination
from app.ui.buttons import TextButton
from app.ui.language import Translated

_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: "Ctrl",
    Qt.KeyboardModifier.AltModifier: "Alt",
    Qt.KeyboardModifier.ShiftModifier: "Shift",
    Qt.KeyboardModifier.MetaModifier: "Meta",
}
_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
    }
)


class KeyField(Translated, TextButton):
    """Shows keys. Pressed, it takes the next combination; Esc, or leaving it, keeps what was there.

    Signals:
        changed(text): another combination, as `KeyCombination` writes it.
        refused(): keys that cannot be used were pressed; it goes on listening.
        recording_changed(bool): whether it listens.
    """

    changed = Signal(str)
    refused = Signal()
    recording_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._value = ""
        self._name = ""
        self._is_recording = False
        super().__init__("outlined", parent=parent)
        self.clicked.connect(self._on_clicked)
        self.retranslate()

    @property
    def is_recording(self) -> bool:
        """Whether the next keys are taken."""
        return self._is_recording

    def set_value(self, value: str) -> None:
        """Show these keys, or none; nothing is told."""
        self._value = value
        self.retranslate()

    def take(self, value: str) -> None:
        """These were pressed."""
        if self._is_recording:
            self._stop()
            if value != self._value:
                self.set_value(value)
                self.changed.emit(value)

    def retranslate(self) -> None:
        self._say(self.tr("Press the keys…") if self._is_recording else keys_text(self._value) or self.tr("No keys"))
        self.setToolTip(self.tr("Press to change; Esc keeps the keys") if self._is_recording else self.tr("Press to change"))

    def setAccessibleName(self, name: str) -> None:
        self._name = name or self._name
        super().setAccessibleName(f"{self._name}: {self.text()}" if self._name else self.text())

    def event(self, event: QEvent) -> bool:
        """While it listens, no key belongs to a shortcut of the window or moves the focus."""
        if self._is_recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._on_key(event)
                return True
            if event.type() == QEvent.Type.KeyRelease:
                self._show_modifiers(event.modifiers())
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()

    def _on_clicked(self) -> None:
        if self._is_recording:
            self._stop()
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_recording = True
        if QGuiApplication.platformName() == "xcb":  # else keys that the desktop or another program grabbed would do nothing here
            self.grabKeyboard()
        self.retranslate()
        self.recording_changed.emit(True)

    def _stop(self) -> None:
        if self._is_recording:
            self._is_recording = False
            self.releaseKeyboard()
            self.retranslate()
            self.recording_changed.emit(False)

    def _on_key(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        key, modifiers = event.key(), event.modifiers()
        if key in _MODIFIER_KEYS:
            self._show_modifiers(modifiers)
        elif key == Qt.Key.Key_Escape and not _names(modifiers):
            self._stop()
        elif (combination := _combination(key, modifiers)) is None:
            self._show_modifiers(modifiers)
            self.refused.emit()
        else:
            self.take(str(combination))

    def _show_modifiers(self, modifiers: Qt.KeyboardModifier) -> None:
        """What is held so far."""
        held = "".join(f"{name}+" for name in _names(modifiers))
        self._say(f"{held}…" if held else self.tr("Press the keys…"))

    def _say(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName("")


def keys_text(value: str) -> str:
    """Keys as this system writes them: "Ctrl+Shift+Space", or "⇧⌘Space"."""
    return QKeySequence(value).toString(QKeySequence.SequenceFormat.NativeText)


def _names(modifiers: Qt.KeyboardModifier) -> list[str]:
    return [name for flag, name in _MODIFIERS.items() if modifiers & flag]


def _combination(key: int, modifiers: Qt.KeyboardModifier) -> KeyCombination | None:
    """None for what `KeyCombination` cannot be, and for characters of the number pad: they lie on other keys too."""
    names = _names(modifiers)
    text = "Tab" if key == Qt.Key.Key_Backtab else QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    if modifiers & Qt.KeyboardModifier.KeypadModifier and len(text) == 1:
        return None
    return KeyCombination.parse("+".join((*names, text)))
