"""What is drawn is what the theme says: words are read in every state, and focus is seen on every kind of control."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.buttons import IconButton, TextButton
from app.ui.settings.controls import ChoiceBox, StepSlider, Switch
from app.ui.settings.rows import Page
from app.ui.style import mix
from app.ui.theme import Theme, themes
from tests.helpers.contrast import contrast

RING_PIXELS_MIN = 100
"""The circumference of the smallest control, in a line of one pixel."""


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    qapp.setStyle("Fusion")
    themes().choose(request.param)
    yield themes().current
    themes().choose("light")


def button(kind: str, *, is_checked: bool = False, icon: str = "") -> TextButton:
    result = TextButton(kind, icon)
    result.set_words("Words of it")
    result.setCheckable(is_checked)
    result.setChecked(is_checked)
    return result


def switch(is_on: bool) -> Switch:
    result = Switch()
    result.set_value(is_on)
    return result


def choice() -> ChoiceBox:
    result = ChoiceBox(("a", "b"))
    result.set_value_words({"a": "The first", "b": "The second"})
    return result


def slider() -> StepSlider:
    result = StepSlider((80, 100, 120))
    result.set_value(100)
    return result


def items(kind: str) -> QListWidget:
    result = QListWidget()
    result.setProperty("kind", kind)
    result.addItems(["One", "Two"])
    return result


def field() -> QPlainTextEdit:
    result = QPlainTextEdit()
    result.setProperty("kind", "field")
    return result


CONTROLS: dict[str, Callable[[], QWidget]] = {
    **{kind: (lambda kind=kind: button(kind)) for kind in ("primary", "outlined", "link", "fold", "chip", "plain", "danger")},
    "chip that is on": lambda: button("chip", is_checked=True),
    "icon": lambda: IconButton("close"),
    "field": QLineEdit,
    "choice": choice,
    "number": QSpinBox,
    "switch": lambda: switch(False),
    "switch that is on": lambda: switch(True),
    "slider": slider,
    "check box": lambda: QCheckBox("Words"),
    "radio button": lambda: QRadioButton("Words"),
    "pages": lambda: items("pages"),
    "list": lambda: items("list"),
    "text": field,
    "page": Page,
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTROLS)
def test_focus_is_seen(qtbot: QtBot, theme: Theme, kind: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setObjectName("settings")
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    control, other = CONTROLS[kind](), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(control)
    layout.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    before = window.grab(control.geometry()).toImage()
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus() or (control.focusProxy() is not None and control.focusProxy().hasFocus())
    after = window.grab(control.geometry()).toImage()
    assert before.size() == after.size(), "a control keeps its size"
    changed = sum(contrast(*pair) >= 3 for pair in differing_pixels(before, after))
    assert changed >= RING_PIXELS_MIN, "WCAG 2.2, 2.4.13"


def test_an_icon_stays_as_it_is_inside_the_ring(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    control, other = IconButton("more"), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(control)
    layout.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    pictures = []
    for has_focus in (other, control):
        has_focus.setFocus(Qt.FocusReason.TabFocusReason)
        pictures.append(control.grab(control.rect().adjusted(4, 4, -4, -4)).toImage())
    assert len(colors_of(pictures[0])) > 1
    assert pictures[0] == pictures[1]


def differing_pixels(before: QImage, after: QImage) -> Iterator[tuple[str, str]]:
    for y in range(before.height()):
        for x in range(before.width()):
            if (first := before.pixelColor(x, y)) != (second := after.pixelColor(x, y)):
                yield first.name(), second.name()


def shown(qtbot: QtBot, control: QWidget) -> QImage:
    qtbot.addWidget(control)
    control.show()
    QApplication.processEvents()
    return control.grab().toImage()


def colors_of(image: QImage) -> list[str]:
    """All colours, the most frequent first."""
    counts: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])


def strongest_on(image: QImage, ground: str) -> str:
    """The colour that stands out most: that of the words, at the middle of a stroke."""
    return max(colors_of(image), key=lambda color: contrast(color, ground))


@pytest.mark.parametrize(
    ("kind", "words"),
    [("title", "text"), ("quiet", "text_2"), ("small", "text_3"), ("help", "text_2"), ("danger", "danger")],
)
def test_labels_are_drawn_in_their_colours(qtbot: QtBot, theme: Theme, kind: str, words: str) -> None:
    label = QLabel("██ Words")
    label.setProperty("kind", kind)
    holder = QWidget()
    holder.setObjectName("settings")
    QVBoxLayout(holder).addWidget(label)
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    image = shown(qtbot, holder)
    assert colors_of(image)[0].upper() == theme.surface
    assert strongest_on(image, theme.surface).upper() == getattr(theme, words)


def test_selected_words_are_read(qtbot: QtBot, theme: Theme) -> None:
    edit = QLineEdit("██████████ selected ██████████")
    edit.selectAll()
    with qtbot.waitActive(edit):
        image = shown(qtbot, edit)
        edit.activateWindow()
    edit.setFocus()
    image = edit.grab().toImage()
    assert {theme.accent.lower(), theme.on_accent.lower()} <= set(colors_of(image))


def test_placeholders_are_read(qtbot: QtBot, theme: Theme) -> None:
    edit = QLineEdit()
    edit.setPlaceholderText("██████ what goes here")
    edit.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no cursor
    image = shown(qtbot, edit).copy(edit.rect().adjusted(4, 4, -4, -4))
    assert strongest_on(image, theme.surface).upper() == theme.text_3


@pytest.mark.parametrize("kind", ["primary", "outlined", "chip", "plain"])
def test_what_cannot_be_pressed_is_read_all_the_same(qtbot: QtBot, theme: Theme, kind: str) -> None:
    control = button(kind)
    control.setText("████████ Words")
    control.setEnabled(False)
    image = shown(qtbot, control)
    ground = theme.sunken if kind == "primary" else theme.surface
    assert theme.text_3.lower() in colors_of(image)
    assert contrast(theme.text_3, ground) >= 4.5


@pytest.mark.parametrize("kind", ["link", "fold"])
def test_a_quiet_button_that_cannot_be_pressed_gets_no_edge(qtbot: QtBot, theme: Theme, kind: str) -> None:
    control = button(kind)
    control.setEnabled(False)
    assert theme.line.lower() not in colors_of(shown(qtbot, control))


def test_a_button_under_the_pointer_is_read(qtbot: QtBot, theme: Theme) -> None:
    control = button("primary")
    control.setText("████████ Words")
    shown(qtbot, control)
    qtbot.mouseMove(control, QPoint(1, 1))
    qtbot.mouseMove(control, control.rect().center())
    control.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    hovered = mix(theme.accent, theme.text, 0.15)
    colors = colors_of(control.grab().toImage())
    assert {hovered, theme.on_accent.lower()} <= set(colors)


def test_a_switch_says_how_it_stands_without_colours(qtbot: QtBot, theme: Theme) -> None:
    """The knob lies on one side or the other."""
    sides = []
    for is_on in (False, True):
        image = shown(qtbot, switch(is_on))
        middle = image.height() // 2
        left, right = image.pixelColor(16, middle).name(), image.pixelColor(image.width() - 17, middle).name()
        sides.append(contrast(left, right) >= 3)
        knob = (theme.on_accent if is_on else theme.text_3).lower()
        assert (right if is_on else left) == knob
    assert sides == [True, True]
