"""What each frozen screen shows while a part of it is chosen, and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, Qt

from app.capture.framing import Grip
from app.capture.models import Rect
from app.capture.scene import Frame, Label, Ornament, Scene, View, hint_label, lens, size_label
from app.capture.selecting import Phase, Selecting
from app.ui.words import size_words

CURSORS = {
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
    Grip.NOTHING: Qt.CursorShape.CrossCursor,
}


@dataclass(frozen=True, slots=True)
class Showing:
    """What a scene depends on, besides where the user points.

    Attributes:
        is_pointed: whether it is known where the pointer is.
        can_change: whether the region that was taken can still be moved.
        has_focus: whether the keys are for the region.
    """

    is_choosing: bool
    is_pointed: bool
    can_change: bool
    has_focus: bool


def compose(view: View, is_pointed_at: bool, earlier: Sequence[Rect], selecting: Selecting, showing: Showing) -> Scene:
    """The scene of one screen. `is_pointed_at`: the selecting is about it; `earlier`: other shots of it."""
    bright, label = list(earlier), None
    found: list[Ornament] = [*map(Frame, earlier)]
    if not is_pointed_at:
        return Scene(tuple(bright), tuple(found))
    region = selecting.region or (selecting.hovered.rect if selecting.hovered is not None else None)
    if region is not None:
        bright.append(region)
        is_taken = selecting.phase is Phase.TAKEN
        has_grips = is_taken and showing.can_change and (showing.has_focus or selecting.grip is not Grip.NOTHING)
        label = region_label(view, region)
        found += [Frame(region, has_grips or selecting.phase is Phase.FRAMED), label]
    if selecting.phase is Phase.DRAGGING or (showing.is_choosing and showing.is_pointed):
        found.append(lens(view, selecting.point))
    sentences = _hint(selecting) if showing.is_choosing else []
    if sentences:
        pointer = QPoint(round(selecting.point[0] / view.ratio_x), round(selecting.point[1] / view.ratio_y))
        found.append(hint_label(view, pointer, sentences, label))
    return Scene(tuple(bright), tuple(found))


def region_label(view: View, region: Rect) -> Label:
    """How large a region is."""
    return size_label(view, region, size_words(region.width, region.height))


def _hint(selecting: Selecting) -> list[str]:
    """What can be done now, as far as it can."""
    if selecting.phase is Phase.POINTING:
        drag = QCoreApplication.translate("Overlay", "Drag a region")
        click = QCoreApplication.translate("Overlay", "Drag a region, or click a window")
        again = QCoreApplication.translate("Overlay", "Space: same region again")
        return [
            click if selecting.field.windows else drag,
            QCoreApplication.translate("Overlay", "Enter: whole screen"),
            *([again] if selecting.has_last else []),
            QCoreApplication.translate("Overlay", "Esc: leave"),
        ]
    if selecting.phase is Phase.FRAMED:
        return [
            QCoreApplication.translate("Overlay", "Arrows: move"),
            QCoreApplication.translate("Overlay", "Shift and arrows: size"),
            QCoreApplication.translate("Overlay", "Ctrl: faster"),
            QCoreApplication.translate("Overlay", "Enter: take it"),
            QCoreApplication.translate("Overlay", "Esc: back"),
        ]
    return []
