"""The one style sheet. Widgets say what they are by their object name or the property `kind`; nothing is styled elsewhere.

Names with a number follow the size of text: `$text12` is text of 12 px, `$tall30` the height of 30 px for one line of it, and
`$round26` the radius that makes such a height round. They come out as lengths, with their unit.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.theme import Theme

LINE_PX = 18
"""A line of text of 14 px."""
SCALED_NAME = re.compile(r"(text|tall|round)(\d+)")

SHEET = Template("""
* { outline: none; }
QMainWindow, #conversation, #transcript, #transcriptColumn, #hero, #modelChooser { background: $surface; }
QLabel { background: transparent; color: $text; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 8px; }

#header, #viewerHeader { border: none; border-bottom: 1px solid $line; }
#header { background: $surface; }
#viewer, #viewerHeader, #viewerTools, #viewerNotice, #boxes, #thumbnails { background: $window; }
#viewerTools, #viewerNotice, #boxes { border: none; }
#pageField {
    background: transparent; color: $text; border: 1px solid $line; border-radius: 4px; padding: 0 3px; font-size: $text12;
    min-height: $tall20; max-height: $tall20;
}
#pageField:focus { border: 2px solid $accent; padding: 0 2px; min-height: $tall18; max-height: $tall18; }
#boxRows { background: transparent; border: 1px solid transparent; border-radius: 8px; font-size: $text13; color: $text; }
#boxRows:focus { border: 1px solid $accent; }
#boxRows::item { padding: 3px 4px; border-radius: 4px; }
#boxRows::item:selected { background: $accent_soft; color: $text; }
#thumbnails { border: none; border-top: 1px solid $line; }
QSplitter::handle { background: $line; }

QLabel[kind="title"] { font-weight: 600; }
QLabel[kind="hero"] { font-size: $text24; font-weight: 600; }
QLabel[kind="quiet"] { color: $text_2; }
QLabel[kind="small"] { color: $text_3; font-size: $text12; }
QFrame[kind="badge"] { border: 1px solid $line; border-radius: $round26; min-height: $tall24; max-height: $tall24; }
QLabel[kind="badgeWords"] { color: $text_2; font-size: $text12; }
QLabel[kind="badgeWords"][tone="ok"] { color: $ok; }
QLabel[kind="badgeWords"][tone="warn"] { color: $warn; }

#sidebar { background: $window; border: none; }
#sidebarList { background: transparent; border: none; }
#searchField { border-color: $line; }
#searchField:focus { border-color: $accent; }
#titleField { padding: 0 7px; font-weight: 600; }
#sidebarList #titleField { font-weight: 400; }
QToolButton[kind="inner"] { background: transparent; border: 1px solid transparent; border-radius: 4px; }
QToolButton[kind="inner"]:hover { background: $sunken; }
QToolButton[kind="inner"]:focus { border: 2px solid $accent; }
QPushButton[kind="row"] { text-align: left; padding: 0 7px; min-height: $tall34; max-height: $tall34; }
QPushButton[kind="row"]:focus { border: 2px solid $accent; padding: 0 6px; min-height: $tall32; max-height: $tall32; }
#overlayCard { background: $surface; border: 1px solid $line; border-radius: 12px; }
#paletteList, #shortcutsArea, #shortcutsTable { background: transparent; border: none; }

QPushButton, QToolButton[kind="icon"] {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 8px; padding: 0 11px;
    min-height: $tall30; max-height: $tall30;
}
QPushButton:hover, QToolButton[kind="icon"]:hover { background: $sunken; }
QPushButton:pressed, QToolButton[kind="icon"]:pressed { background: $line; }
QPushButton:disabled, QToolButton[kind="icon"]:disabled { color: $text_3; }
QPushButton:focus, QToolButton[kind="icon"]:focus {
    border: 2px solid $accent; padding: 0 10px; min-height: $tall28; max-height: $tall28;
}
QToolButton[kind="icon"] { padding: 0; min-width: $tall30; max-width: $tall30; min-height: $tall30; max-height: $tall30; }
QToolButton[kind="icon"]:checked { background: $accent_soft; }
QToolButton[kind="icon"]:focus { padding: 0; min-width: $tall28; max-width: $tall28; min-height: $tall28; max-height: $tall28; }

QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 500; padding: 0 15px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $accent; padding: 0 14px; background-clip: padding; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $text_3; border-color: $sunken; }
QPushButton[kind="outlined"], QDialogButtonBox QPushButton { border-color: $line; }
QPushButton[kind="outlined"]:focus, QDialogButtonBox QPushButton:focus { border: 2px solid $accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton[kind="link"] {
    color: $text_2; font-size: $text12; padding: 0 4px 0 0; text-align: left; border-radius: 4px;
    min-height: $tall22; max-height: $tall22;
}
QPushButton[kind="link"]:hover { color: $text; background: transparent; }
QPushButton[kind="link"][tone="ok"] { color: $ok; }
QPushButton[kind="link"][tone="warn"] { color: $warn; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0 3px 0 0; min-height: $tall20; max-height: $tall20; }
QPushButton[kind="link"][arrow="behind"] { padding: 0 0 0 4px; }
QPushButton[kind="link"][arrow="behind"]:focus { padding: 0 0 0 3px; }
QPushButton[kind="fold"] {
    color: $text_2; font-size: $text13; padding: 0 7px 0 3px; text-align: left; min-height: $tall26; max-height: $tall26;
}
QPushButton[kind="fold"]:focus { padding: 0 6px 0 2px; min-height: $tall24; max-height: $tall24; }
QPushButton[kind="chip"] {
    border: 1px solid $line; border-radius: $round28; font-size: $text13; color: $text_2; min-height: $tall26; max-height: $tall26;
}
QPushButton[kind="chip"]:hover { color: $text; }
QPushButton[kind="chip"]:checked { background: $accent_soft; border-color: $accent_soft; color: $accent; }
QPushButton[kind="chip"]:focus { border: 2px solid $accent; padding: 0 10px; min-height: $tall24; max-height: $tall24; }

#askBar QPushButton[kind="chip"] { padding: 0 9px; }
#askBar QPushButton[kind="chip"]:focus { padding: 0 8px; }

#composerCard { background: $surface; border: 1px solid $line; border-radius: 12px; }
#composerCard[focused="true"] { border: 1px solid $accent; }
#question { background: transparent; border: none; font-size: $text14; color: $text; }

#bubble { background: $sunken; border-radius: 12px; }
#pictureCard { background: $surface; border: 1px solid $line; border-radius: 8px; }
#pictureCard:focus { border: 2px solid $accent; }
#markdown { background: transparent; border: none; }
#markdown[kind="quiet"] { color: $text_2; }
#markdown:focus { border: none; }
#codeView QScrollBar::handle:horizontal { background: $text_3; border-radius: 2px; margin: 4px 0; }
#reasoning { border: none; border-left: 2px solid $line; }

#failure { background: $surface; border: 1px solid $line; border-radius: 8px; }
#notice { background: $sunken; border-radius: 8px; }
#card { background: $surface; border: 1px solid $line; border-radius: 12px; }
#dropOverlay {
    background: $accent_soft; border: 2px dashed $accent; border-radius: 12px; color: $accent; font-size: $text17; font-weight: 600;
}

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit[kind="field"] {
    background: $surface; color: $text; border: 1px solid $text_3; border-radius: 8px; padding: 0 10px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $text_3;
}
QLineEdit, QComboBox, QAbstractSpinBox { min-height: $tall30; }
QInputDialog QLineEdit { min-width: 320px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit[kind="field"]:focus {
    border: 2px solid $accent; padding: 0 9px;
}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { min-height: $tall28; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $text_3; border-color: $line; background: $sunken; }
QAbstractSpinBox { max-height: $tall30; padding: 0; }
QAbstractSpinBox:focus { max-height: $tall28; padding: 0; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    background: transparent; border: none; padding: 0 10px; min-height: 0;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QComboBox { combobox-popup: 0; }
QComboBox:hover { background: $sunken; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: $tall28; padding: 0 8px; border-radius: 4px; color: $text; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QCheckBox, QRadioButton { color: $text; border: 2px solid transparent; border-radius: 4px; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $text_3; }
QRadioButton { spacing: 8px; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $text_3; border-radius: 8px; background: $surface; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QSlider { min-height: 28px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $text_3; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; background: $accent; }
QSlider[focused="true"]::handle:horizontal {
    width: 14px; height: 14px; margin: -8px 0; border-radius: 10px; border: 3px solid $text; background: $accent;
}

#settings, #settingsPage { background: $surface; }
#settingsSide { background: $window; border: none; border-right: 1px solid $line; }
QListWidget[kind="pages"], QListWidget[kind="list"] { background: transparent; border: 2px solid transparent; border-radius: 8px; }
QListWidget[kind="list"]::item { color: $text; min-height: $tall26; padding: 0 8px; border-radius: 4px; }
QListWidget[kind="list"]::item:selected { background: $accent_soft; color: $text; }
QListWidget[kind="list"]:focus { border-color: $accent; }
QListWidget[kind="pages"]::item { color: $text; min-height: $tall34; padding: 0 10px; border-radius: 8px; }
QListWidget[kind="pages"]::item:hover { background: $sunken; }
QListWidget[kind="pages"]::item:selected { background: $accent_soft; color: $text; font-weight: 500; }
QListWidget[kind="pages"]:focus { border-color: $accent; }
QLabel[kind="heading"] { font-size: $text17; font-weight: 600; }
QLabel[kind="section"] { color: $text_2; font-size: $text12; font-weight: 600; }
QLabel[kind="option"] { font-weight: 500; }
QLabel[kind="help"] { color: $text_2; font-size: $text13; }
QLabel[kind="danger"] { color: $danger; }
QFrame[kind="rule"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QScrollArea[kind="page"] { border: 2px solid transparent; }
QScrollArea[kind="page"]:focus { border-color: $accent; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="danger"]:focus { border-color: $text; }
QPushButton[kind="fold"]:disabled, QPushButton[kind="link"]:disabled { color: $text_3; }
QPushButton[kind="chip"]:disabled, QPushButton[kind="danger"]:disabled { color: $text_3; border-color: $line; }

QProgressBar { background: $sunken; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QMenu { background: $surface; color: $text; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text_3; }
QMenu::indicator { width: 16px; height: 16px; padding-left: 6px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollArea { border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover { background: $text_3; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def build_stylesheet(theme: Theme, text_percent: int = 100) -> str:
    """The style sheet in a theme's colours, with text of this size."""
    return SHEET.substitute(_Values(theme, text_percent))


class _Values(dict[str, str]):
    """Colours by name, and lengths that follow the size of text."""

    def __init__(self, theme: Theme, text_percent: int) -> None:
        colors = {name: getattr(theme, name) for name in theme.__slots__ if isinstance(getattr(theme, name), str)}
        super().__init__(colors, accent_hover=mix(theme.accent, theme.text, 0.15))
        self._text_percent = text_percent

    def __missing__(self, name: str) -> str:
        found = SCALED_NAME.fullmatch(name)
        if found is None:
            raise KeyError(name)
        kind, size_px = found[1], int(found[2])
        if kind == "text":
            return f"{scale_text(size_px, self._text_percent)}px"
        tall_px = scale_height(size_px, self._text_percent)
        return f"{tall_px // 2 if kind == 'round' else tall_px}px"


def scale_text(size_px: int, percent: int) -> int:
    """Text of 14 px at 150 % has 21."""
    return round(size_px * percent / 100)


def scale_height(height_px: int, percent: int) -> int:
    """The height of a control with one line of text: the line grows, the space around it stays."""
    return height_px + round(LINE_PX * (percent - 100) / 100)


def mix(first: str, second: str, share: float) -> str:
    """`first` with a share (0..1) of `second`; both ``#RRGGBB``."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
