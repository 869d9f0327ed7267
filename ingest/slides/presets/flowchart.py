"""Flowchart symbols and action buttons."""

from __future__ import annotations

from ingest.slides.geometry import Path
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.frame import Frame, Maker, fill_only, line_only


def data(f: Frame) -> Outline:
    return f.polygon((0, 1), (0.2, 0), (1, 0), (0.8, 1), text=f.shares(0.2, 0, 0.8, 1))


def predefined(f: Frame) -> Outline:
    lines = Path.polyline((f.w / 8, 0), (f.w / 8, f.h)).add(Path.polyline((f.w * 7 / 8, 0), (f.w * 7 / 8, f.h)))
    return f.outline(Path.rectangle(0, 0, f.w, f.h), line_only(lines), text=f.shares(0.125, 0, 0.875, 1))


def internal_storage(f: Frame) -> Outline:
    lines = Path.polyline((f.w / 8, 0), (f.w / 8, f.h)).add(Path.polyline((0, f.h / 8), (f.w, f.h / 8)))
    return f.outline(Path.rectangle(0, 0, f.w, f.h), line_only(lines), text=f.shares(0.125, 0.125, 1, 1))


def _sheet(f: Frame, left: float, top: float, right: float, bottom: float, width: int, height: int) -> Path:
    """A page with a wavy lower side; the numbers are those of a frame of `width` x `height`."""
    x0, y0, x1, y1 = left / width * f.w, top / height * f.h, right / width * f.w, bottom / height * f.h
    middle, dip = (x0 + x1) / 2, (y1 - y0) * 0.17
    path = Path().move(x0, y0).line(x1, y0).line(x1, y1)
    return path.curve(middle, y1, middle, y1 + dip * 1.45, x0, y1 + dip).close()


def document(f: Frame) -> Outline:
    path = Path().move(0, 0).line(f.w, 0).line(f.w, f.h * 17322 / 21600)
    path.curve(f.w / 2, f.h * 17322 / 21600, f.w / 2, f.h * 23922 / 21600, 0, f.h * 20172 / 21600)
    return f.outline(path.close(), text=f.shares(0, 0, 1, 17322 / 21600))


def multi_document(f: Frame) -> Outline:
    sheets = [Part(_sheet(f, 2972, 0, 21600, 14000, 21600, 21600)), Part(_sheet(f, 1532, 1815, 20000, 16000, 21600, 21600))]
    return f.outline(*sheets, Part(_sheet(f, 0, 3675, 18595, 18022, 21600, 21600)), text=f.shares(0, 0.17, 0.861, 0.834))


def terminator(f: Frame) -> Outline:
    rx, ry = f.w * 3475 / 21600, f.h / 2
    path = Path().move(rx, 0).line(f.w - rx, 0).arc(rx, ry, 270, 180).line(rx, f.h).arc(rx, ry, 90, 180)
    return f.outline(path.close(), text=f.shares(0.047, 0.146, 0.953, 0.854))


def manual_input(f: Frame) -> Outline:
    return f.polygon((0, 0.2), (1, 0), (1, 1), (0, 1), text=f.shares(0, 0.2, 1, 1))


def summing_junction(f: Frame) -> Outline:
    d = 0.1464
    cross = Path.polyline((f.w * d, f.h * d), (f.w * (1 - d), f.h * (1 - d)))
    cross.add(Path.polyline((f.w * (1 - d), f.h * d), (f.w * d, f.h * (1 - d))))
    return f.outline(Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2), line_only(cross))


def or_junction(f: Frame) -> Outline:
    cross = Path.polyline((f.w / 2, 0), (f.w / 2, f.h)).add(Path.polyline((0, f.h / 2), (f.w, f.h / 2)))
    return f.outline(Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2), line_only(cross))


def sort(f: Frame) -> Outline:
    diamond = Path.polygon((0, f.h / 2), (f.w / 2, 0), (f.w, f.h / 2), (f.w / 2, f.h))
    return f.outline(diamond, line_only(Path.polyline((0, f.h / 2), (f.w, f.h / 2))), text=f.shares(0.25, 0.25, 0.75, 0.75))


def punched_tape(f: Frame) -> Outline:
    tenth, quarter = f.h / 10, f.w / 4
    path = Path().move(0, tenth).arc(quarter, tenth, 180, -180).arc(quarter, tenth, 180, 180)
    path.line(f.w, f.h - tenth).arc(quarter, tenth, 0, -180).arc(quarter, tenth, 0, 180)
    return f.outline(path.close(), text=f.shares(0, 0.2, 1, 0.8))


def online_storage(f: Frame) -> Outline:
    rx, ry = f.w / 6, f.h / 2
    path = Path().move(rx, 0).line(f.w, 0).arc(rx, ry, 270, -180).line(rx, f.h).arc(rx, ry, 90, 180)
    return f.outline(path.close(), text=f.shares(1 / 6, 0, 5 / 6, 1))


def delay(f: Frame) -> Outline:
    path = Path().move(0, 0).line(f.w / 2, 0).arc(f.w / 2, f.h / 2, 270, 180).line(0, f.h)
    return f.outline(path.close(), text=f.shares(0, 0.146, 0.854, 0.854))


def magnetic_tape(f: Frame) -> Outline:
    path = Path().move(f.w / 2, f.h).arc(f.w / 2, f.h / 2, 90, 315)
    path.line(f.w, f.h * 0.8536).line(f.w, f.h)
    return f.outline(path.close(), text=f.shares(0.146, 0.146, 0.854, 0.854))


def magnetic_drum(f: Frame) -> Outline:
    rx, ry = f.w / 6, f.h / 2
    body = Path().move(rx, 0).line(f.w - rx, 0).arc(rx, ry, 270, 180).line(rx, f.h).arc(rx, ry, 90, 180).close()
    inner = Path().move(f.w - rx, f.h).arc(rx, ry, 90, 180)
    return f.outline(body, line_only(inner), text=f.shares(1 / 6, 0, 2 / 3, 1))


def display(f: Frame) -> Outline:
    path = Path().move(0, f.h / 2).line(f.w / 6, 0).line(f.w * 5 / 6, 0).arc(f.w / 6, f.h / 2, 270, 180).line(f.w / 6, f.h)
    return f.outline(path.close(), text=f.shares(1 / 6, 0, 5 / 6, 1))


def button(sign: tuple[tuple[float, float], ...] = ()) -> Maker:
    """A button; its sign is a polygon around the middle, in shares of half the shorter side."""

    def make(f: Frame) -> Outline:
        parts = [Part(Path.rectangle(0, 0, f.w, f.h))]
        if sign:
            r = f.short * 3 / 8
            parts.append(fill_only(Path.polygon(*((f.w / 2 + x * r, f.h / 2 + y * r) for x, y in sign)), -0.4))
        return f.outline(*parts)

    return make


_NEXT = ((-1.0, -1.0), (1.0, 0.0), (-1.0, 1.0))
_BACK = ((1.0, -1.0), (-1.0, 0.0), (1.0, 1.0))
_HOME = ((0.0, -1.0), (1.0, 0.0), (0.75, 0.0), (0.75, 1.0), (-0.75, 1.0), (-0.75, 0.0), (-1.0, 0.0))
_SHEET = ((-0.75, -1.0), (0.3, -1.0), (0.75, -0.5), (0.75, 1.0), (-0.75, 1.0))
_DOT = ((-0.2, -0.2), (0.2, -0.2), (0.2, 0.9), (-0.2, 0.9))

SHAPES: dict[str, Maker] = {
    **{"flowChartInputOutput": data, "flowChartPredefinedProcess": predefined, "flowChartInternalStorage": internal_storage},
    **{"flowChartDocument": document, "flowChartMultidocument": multi_document, "flowChartTerminator": terminator},
    "flowChartAlternateProcess": lambda f: _rounded(f),
    "flowChartPreparation": lambda f: f.polygon(
        (0, 0.5), (0.2, 0), (0.8, 0), (1, 0.5), (0.8, 1), (0.2, 1), text=f.shares(0.2, 0, 0.8, 1)
    ),
    "flowChartManualOperation": lambda f: f.polygon((0, 0), (1, 0), (0.8, 1), (0.2, 1), text=f.shares(0.2, 0, 0.8, 1)),
    "flowChartOffpageConnector": lambda f: f.polygon((0, 0), (1, 0), (1, 0.8), (0.5, 1), (0, 0.8), text=f.shares(0, 0, 1, 0.8)),
    "flowChartPunchedCard": lambda f: f.polygon((0, 0.2), (0.2, 0), (1, 0), (1, 1), (0, 1), text=f.shares(0, 0.2, 1, 1)),
    "flowChartCollate": lambda f: f.polygon(
        (0, 0), (1, 0), (0.5, 0.5), (1, 1), (0, 1), (0.5, 0.5), text=f.shares(0.25, 0.25, 0.75, 0.75)
    ),
    "flowChartExtract": lambda f: f.polygon((0, 1), (0.5, 0), (1, 1), text=f.shares(0.25, 0.5, 0.75, 1)),
    "flowChartMerge": lambda f: f.polygon((0, 0), (1, 0), (0.5, 1), text=f.shares(0.25, 0, 0.75, 0.5)),
    **{"flowChartManualInput": manual_input, "flowChartSummingJunction": summing_junction, "flowChartOr": or_junction},
    **{"flowChartSort": sort, "flowChartPunchedTape": punched_tape, "flowChartOnlineStorage": online_storage},
    **{"flowChartDelay": delay, "flowChartMagneticTape": magnetic_tape, "flowChartMagneticDrum": magnetic_drum},
    **{"flowChartDisplay": display, "actionButtonBlank": button(), "actionButtonForwardNext": button(_NEXT)},
    **{"actionButtonBackPrevious": button(_BACK), "actionButtonHome": button(_HOME), "actionButtonDocument": button(_SHEET)},
    **{"actionButtonEnd": button(_NEXT), "actionButtonBeginning": button(_BACK), "actionButtonReturn": button(_BACK)},
    **{"actionButtonInformation": button(_DOT), "actionButtonHelp": button(_DOT), "actionButtonMovie": button(_SHEET)},
    "actionButtonSound": button(_NEXT),
}


def _rounded(f: Frame) -> Outline:
    from ingest.slides.presets.basic import cornered

    return cornered(f, [f.short / 6] * 4, ["round"] * 4)
