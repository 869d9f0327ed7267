"""What options are changed with. Each has `value` and `set_value`, and tells the user's changes by `changed`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from app.ui.theme import FONT_BODY_PX, themes
from app.ui.words import percent_words

TRACK_PX = QSize(40, 24)
RING_PX = 2
KNOB_INSET_PX = 4
ARROW_PX = 8


class Switch(QCheckBox):
    """On or off. The knob's place says which, not only the colour."""

    changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggled.connect(self.changed)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()

    def set_value(self, value: bool) -> None:
        """Show this; nothing is told."""
        self.blockSignals(True)
        self.setChecked(value)
        self.blockSignals(False)

    def hitButton(self, position: Any) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(2 * RING_PX, 2 * RING_PX, -2 * RING_PX, -2 * RING_PX)
        radius = track.height() / 2
        is_on = self.isChecked()
        edge = theme.accent if is_on else theme.text_3
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(theme.accent if is_on else theme.surface))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        knob = radius - KNOB_INSET_PX
        center = QPointF(track.right() - radius if is_on else track.left() + radius, track.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.on_accent if is_on else theme.text_3))
        painter.drawEllipse(center, knob, knob)
        if self.hasFocus():
            inset = RING_PX / 2
            painter.setPen(QPen(QColor(theme.accent), RING_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)

    def _on_themes_changed(self) -> None:
        ring_px = 4 * RING_PX
        self.setFixedSize(themes().text_px(TRACK_PX.width()) + ring_px, themes().text_px(TRACK_PX.height()) + ring_px)
        self.update()


class ChoiceBox(QComboBox):
    """One of several values."""

    changed = Signal(object)

    def __init__(self, values: Sequence[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = tuple(values)
        self.addItems(["" for _ in self._values])
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(self._on_activated)

    @property
    def value(self) -> Any:
        return self._values[self.currentIndex()]

    def set_value(self, value: Any) -> None:
        """Show this; nothing is told."""
        self.setCurrentIndex(self._values.index(value))

    def set_values(self, values: Sequence[Any], value: Any) -> None:
        """Offer these instead, called as they are, and show one of them; nothing is told."""
        self._values = tuple(values)
        self.clear()
        self.addItems([str(each) for each in self._values])
        self.set_value(value)

    def set_value_words(self, words: dict[Any, str]) -> None:
        """What the values are called."""
        for index, value in enumerate(self._values):
            self.setItemText(index, words[value])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page: a value is not changed in passing."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_arrow(self)

    def _on_activated(self, index: int) -> None:
        self.changed.emit(self._values[index])


def draw_arrow(box: QComboBox) -> None:
    """At its right, while it is painted."""
    theme = themes().current
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.text_2 if box.isEnabled() else theme.text_3), 1.5))
    right, middle, half = box.width() - 12, box.height() / 2, ARROW_PX / 2
    tip = QPointF(right - half, middle + half / 2)
    painter.drawPolyline([tip - QPointF(half, half), tip, tip - QPointF(-half, half)])


class StepSlider(QWidget):
    """A percentage out of a few, with words in that size. Told when the user lets go, shown while they pull."""

    changed = Signal(int)

    def __init__(self, steps: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, len(self._steps) - 1)
        self._slider.setPageStep(1)
        self._number = QLabel()
        self._sample = QLabel()
        self._sample.setTextFormat(Qt.TextFormat.PlainText)
        self._sample.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._slider, 1)
        row.addWidget(self._number)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._sample)
        self.setFocusProxy(self._slider)
        self._slider.valueChanged.connect(self._on_slider_value_changed)
        self._slider.sliderReleased.connect(self._on_slider_released)
        themes().changed.connect(self._show)

    @property
    def value(self) -> int:
        return self._steps[self._slider.value()]

    def set_value(self, value: int) -> None:
        """Show the step that is nearest; nothing is told."""
        nearest = min(range(len(self._steps)), key=lambda index: abs(self._steps[index] - value))
        self._slider.blockSignals(True)
        self._slider.setValue(nearest)
        self._slider.blockSignals(False)
        self._show()

    def set_sample(self, words: str) -> None:
        """What is shown in the size."""
        self._sample.setText(words)
        self._show()

    def setAccessibleName(self, name: str) -> None:
        self._slider.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self._slider.setAccessibleDescription(description)

    def _show(self) -> None:
        self._number.setText(percent_words(self.value))
        # A style sheet of its own: the application's would win over a font.
        self._sample.setStyleSheet(f"font-size: {round(FONT_BODY_PX * self.value / 100)}px")

    def _on_slider_value_changed(self) -> None:
        self._show()
        if not self._slider.isSliderDown():
            self.changed.emit(self.value)

    def _on_slider_released(self) -> None:
        self.changed.emit(self.value)


class _Slider(QSlider):
    """Tells the style sheet of its focus: its handle has no pseudo-state for it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def event(self, event: QEvent) -> bool:
        is_handled = super().event(event)
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", self.hasFocus())
            self.style().unpolish(self)
            self.style().polish(self)
        return is_handled


class NamedNumber(QWidget):
    """A number of which some have names; the name of None goes before all others."""

    changed = Signal(int)

    def __init__(self, names: Sequence[int | None], limits: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._choice = ChoiceBox(self._names)
        self._number = QSpinBox()
        self._number.setRange(max(name for name in self._names if name is not None) + 1, limits[1])
        self._number.setKeyboardTracking(False)
        self._number.lineEdit().setTextMargins(8, 0, 8, 0)  # the style sheet does not reach it
        self._number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._number.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._choice)
        layout.addWidget(self._number)
        self.setFocusProxy(self._choice)
        self._choice.changed.connect(self._on_choice_changed)
        self._number.valueChanged.connect(self.changed)

    @property
    def value(self) -> int:
        chosen = self._choice.value
        return self._number.value() if chosen is None else int(chosen)

    def set_value(self, value: int) -> None:
        """Show this; nothing is told."""
        is_named = value in self._names
        self._choice.set_value(value if is_named else None)
        if not is_named:
            self._number.blockSignals(True)
            self._number.setValue(value)
            self._number.blockSignals(False)
        self._number.setVisible(not is_named)

    def set_value_words(self, words: dict[Any, str]) -> None:
        """What the named ones are called."""
        self._choice.set_value_words(words)

    def setAccessibleName(self, name: str) -> None:
        self._choice.setAccessibleName(name)
        self._number.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self._choice.setAccessibleDescription(description)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _on_choice_changed(self, value: int | None) -> None:
        self._number.setVisible(value is None)
        self.changed.emit(self.value)


class Amount(QSpinBox):
    """A number with its unit."""

    changed = Signal(int)

    def __init__(self, limits: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(*limits)
        self.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(8, 0, 8, 0)  # the style sheet does not reach it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.changed)

    def set_value(self, value: int) -> None:
        """Show this; nothing is told."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def set_value_words(self, words: dict[Any, str]) -> None:
        """How it is written: `{number}` and its unit."""
        before, _, after = words[None].partition("{number}")
        self.setPrefix(before)
        self.setSuffix(after)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page."""
        event.ignore()
