"""Colours, sizes and fonts from `resources/themes/tokens.json`, for light and dark, and the switch between them.

Widgets ask `themes().current` when they paint, and connect to `themes().changed` when they keep something coloured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.settings.schema import ThemeChoice
from app.ui.style import build_stylesheet, scale_height, scale_text

SPACE_PX = 4
"""Every distance is a multiple of this."""
RADIUS_PX = 8
FONT_BODY_PX = 14
FONT_ANSWER_PX = 15
LINE_HEIGHT = 1.55
BOX_STROKE_PX = 2

NO_SYSTEM_FONT = frozenset({"", "Sans Serif", "Sans", "sans-serif", "DejaVu Sans", "Bitstream Vera Sans", "Helvetica"})
"""What Qt answers on Linux where no desktop says what its font is."""
HAN_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC", "WenQuanYi Micro Hei")


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as ``#RRGGBB``; the names are those of tokens.json."""

    name: str
    window: str
    surface: str
    sunken: str
    line: str
    text: str
    text_2: str
    text_3: str
    accent: str
    accent_soft: str
    on_accent: str
    ok: str
    warn: str
    danger: str
    boxes: tuple[str, ...]
    box_fill_alpha: float

    def box_color(self, number: int) -> QColor:
        """Of the reference with this number, from 1."""
        return QColor(self.boxes[(number - 1) % len(self.boxes)])

    def is_box_dashed(self, number: int) -> bool:
        """Whether the colours were used up before this number, every second time round."""
        return (number - 1) // len(self.boxes) % 2 == 1

    def with_more_contrast(self) -> Theme:
        """For desktops that ask for it: quiet words as strong as the rest, lines that are seen."""
        return replace(self, line=self.text_2, text_2=self.text, text_3=self.text)


@cache
def load_theme(name: str) -> Theme:
    """The theme called "light" or "dark"."""
    tokens: dict[str, Any] = json.loads((files("resources") / "themes" / "tokens.json").read_text(encoding="utf-8"))
    boxes = tokens["boxes"]
    return Theme(name=name, boxes=tuple(boxes[name]), box_fill_alpha=boxes["fill_alpha"], **tokens[name])


class Themes(QObject):
    """Applies a theme to the application and follows the desktop when asked to.

    Attributes:
        current: the theme in use.
        text_percent: how large text is.

    Signals:
        changed(): after the new theme was applied.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.current = load_theme("light")
        self.text_percent = 100
        self._choice: ThemeChoice = "system"
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_style_hints_color_scheme_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_accessibility_contrast_preference_changed)

    def choose(self, choice: ThemeChoice) -> None:
        """Use a theme, or the desktop's."""
        self._choice = choice
        self._apply()

    def choose_text_size(self, percent: int) -> None:
        """Make all text larger or smaller."""
        if percent != self.text_percent:
            self.text_percent = percent
            self._apply()

    def text_px(self, size_px: int) -> int:
        """A size of text from tokens.json as the user wants it. Ask again when `changed`."""
        return scale_text(size_px, self.text_percent)

    def tall_px(self, height_px: int) -> int:
        """The height of something that holds one line of text. Ask again when `changed`."""
        return scale_height(height_px, self.text_percent)

    def _on_style_hints_color_scheme_changed(self) -> None:
        if self._choice == "system":
            self._apply()

    def _on_accessibility_contrast_preference_changed(self) -> None:
        self._apply()

    def _apply(self) -> None:
        name: str = self._choice
        hints = QGuiApplication.styleHints()
        if name == "system":
            name = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
        self.current = load_theme(name)
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            self.current = self.current.with_more_contrast()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        # Replacing a style sheet polishes every widget once for each of its ancestors, taking it away and setting another only
        # twice: 0.4 s instead of 1.4 s with all pages of the settings (Qt 6.11, `updateObjects` in qstylesheetstyle.cpp).
        sheet, palette, font = (
            build_stylesheet(self.current, self.text_percent),
            build_palette(self.current),
            ui_font(self.text_px(FONT_BODY_PX)),
        )
        if (sheet, palette, font) != (app.styleSheet(), app.palette(), app.font()):
            app.setStyleSheet("")
            app.setPalette(palette)
            if font != app.font():
                app.setFont(font)
            app.setStyleSheet(sheet)
        self.changed.emit()


@cache
def themes() -> Themes:
    """The one switch of this process; made on first use, after the application."""
    return Themes()


def build_palette(theme: Theme) -> QPalette:
    """For what no style sheet reaches: menus, dialogs, selections, placeholder text."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(theme.window))
    for target, color in {
        role.Window: theme.surface, role.Base: theme.surface, role.AlternateBase: theme.sunken, role.Button: theme.surface,
        role.WindowText: theme.text, role.Text: theme.text, role.ButtonText: theme.text, role.BrightText: theme.danger,
        role.Highlight: theme.accent, role.HighlightedText: theme.on_accent, role.PlaceholderText: theme.text_3,
        role.Link: theme.accent, role.LinkVisited: theme.accent, role.ToolTipBase: theme.surface, role.ToolTipText: theme.text,
        role.Mid: theme.line, role.Midlight: theme.sunken, role.Light: theme.surface, role.Dark: theme.line,
        role.Accent: theme.accent,
    }.items():  # fmt: skip
        palette.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.text_3))
    return palette


def ui_font(size_px: int = FONT_BODY_PX) -> QFont:
    """The desktop's font at this size; Inter where the desktop names none. Han characters come in their simplified shapes."""
    font = QFont(QGuiApplication.font())
    family = font.family()
    if family in NO_SYSTEM_FONT and QFontDatabase.hasFamily("Inter"):
        family = "Inter"
    font.setFamilies([family, *(name for name in HAN_FONTS if QFontDatabase.hasFamily(name))])
    font.setPixelSize(size_px)
    return font


@cache
def mono_font(size_px: int) -> QFont:
    """For code; not to be changed by whoever gets it."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if QFontDatabase.hasFamily("JetBrains Mono"):
        font.setFamily("JetBrains Mono")
    font.setPixelSize(size_px)
    return font
