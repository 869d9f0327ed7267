"""The one style sheet. Widgets say what they are by their object name or the property `kind`; nothing is styled elsewhere."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.theme import Theme

SHEET = Template("""
* { outline: none; }
QMainWindow, #conversation, #transcript, #transcriptColumn, #hero, #modelChooser { background: $surface; }
QLabel { background: transparent; color: $text; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 8px; }

#header, #viewerHeader { border: none; border-bottom: 1px solid $line; }
#header { background: $surface; }
#viewer, #viewerHeader, #thumbnails, #thumbnailRow { background: $window; }
#thumbnails { border: none; border-top: 1px solid $line; }
QSplitter::handle { background: $line; }

QLabel[kind="title"] { font-weight: 600; }
QLabel[kind="hero"] { font-size: 24px; font-weight: 600; }
QLabel[kind="quiet"] { color: $text_2; }
QLabel[kind="small"] { color: $text_3; font-size: 12px; }
QLabel[kind="badge"] {
    color: $ok; font-size: 12px; border: 1px solid $line; border-radius: 13px; padding: 0 11px;
    min-height: 24px; max-height: 24px;
}
QLabel[kind="badge"][remote="true"] { color: $warn; }

QPushButton, QToolButton[kind="icon"] {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 8px; padding: 0 11px;
    min-height: 30px; max-height: 30px;
}
QPushButton:hover, QToolButton[kind="icon"]:hover { background: $sunken; }
QPushButton:pressed, QToolButton[kind="icon"]:pressed { background: $line; }
QPushButton:disabled, QToolButton[kind="icon"]:disabled { color: $text_3; }
QPushButton:focus, QToolButton[kind="icon"]:focus {
    border: 2px solid $accent; padding: 0 10px; min-height: 28px; max-height: 28px;
}
QToolButton[kind="icon"] { padding: 0; min-width: 30px; max-width: 30px; }
QToolButton[kind="icon"]:focus { min-width: 28px; max-width: 28px; }

QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 500; padding: 0 15px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 0 14px; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $text_3; border-color: $sunken; }
QPushButton[kind="outlined"] { border-color: $line; }
QPushButton[kind="outlined"]:focus { border: 2px solid $accent; }
QPushButton[kind="link"] {
    color: $text_2; font-size: 12px; padding: 0 4px 0 0; text-align: left; border-radius: 4px; min-height: 22px; max-height: 22px;
}
QPushButton[kind="link"]:hover { color: $text; background: transparent; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0 3px 0 0; min-height: 20px; max-height: 20px; }
QPushButton[kind="fold"] {
    color: $text_2; font-size: 13px; padding: 0 7px 0 3px; text-align: left; min-height: 26px; max-height: 26px;
}
QPushButton[kind="fold"]:focus { padding: 0 6px 0 2px; min-height: 24px; max-height: 24px; }
QPushButton[kind="chip"] {
    border: 1px solid $line; border-radius: 14px; font-size: 13px; color: $text_2; min-height: 26px; max-height: 26px;
}
QPushButton[kind="chip"]:hover { color: $text; }
QPushButton[kind="chip"]:checked { background: $accent_soft; border-color: $accent_soft; color: $accent; }
QPushButton[kind="chip"]:focus { border: 2px solid $accent; padding: 0 10px; min-height: 24px; max-height: 24px; }

#composerCard { background: $surface; border: 1px solid $line; border-radius: 12px; }
#composerCard[focused="true"] { border: 1px solid $accent; }
#question { background: transparent; border: none; font-size: 14px; color: $text; }

#bubble { background: $sunken; border-radius: 12px; }
#pictureCard { background: $surface; border: 1px solid $line; border-radius: 8px; }
#pictureCard:focus { border: 2px solid $accent; }
#markdown { background: transparent; border: none; }
#markdown[kind="quiet"] { color: $text_2; }
#markdown:focus { border: none; }
#reasoning { border: none; border-left: 2px solid $line; }

#failure { background: $surface; border: 1px solid $line; border-radius: 8px; }
#notice { background: $sunken; border-radius: 8px; }
#card { background: $surface; border: 1px solid $line; border-radius: 12px; }
#dropOverlay {
    background: $accent_soft; border: 2px dashed $accent; border-radius: 12px; color: $accent; font-size: 17px; font-weight: 600;
}

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


def build_stylesheet(theme: Theme) -> str:
    """The style sheet in a theme's colours."""
    colors = {name: getattr(theme, name) for name in theme.__slots__ if isinstance(getattr(theme, name), str)}
    return SHEET.substitute(colors, accent_hover=mix(theme.accent, theme.text, 0.15))


def mix(first: str, second: str, share: float) -> str:
    """`first` with a share (0..1) of `second`; both ``#RRGGBB``."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
