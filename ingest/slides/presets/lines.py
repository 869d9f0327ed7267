"""Lines, connectors, brackets and braces."""

from __future__ import annotations

from ingest.slides.geometry import Path
from ingest.slides.outline import Outline
from ingest.slides.presets.frame import Frame, Maker, fill_only, line_only


def line(f: Frame) -> Outline:
    return f.outline(line_only(Path.polyline((0, 0), (f.w, f.h))))


def line_inverse(f: Frame) -> Outline:
    return f.outline(line_only(Path.polyline((0, f.h), (f.w, 0))))


def bent_connector(corners: int) -> Maker:
    """At right angles, with adjustments where the middle pieces go."""

    def make(f: Frame) -> Outline:
        places = [f.share(f"adj{i + 1}", 0.5, -99, 99) for i in range(3)]
        x1, y, x2 = places[0] * f.w, places[1] * f.h, places[2] * f.w
        ways = {
            1: ((f.w, 0.0),),
            2: ((x1, 0.0), (x1, f.h)),
            3: ((x1, 0.0), (x1, y), (f.w, y)),
            4: ((x1, 0.0), (x1, y), (x2, y), (x2, f.h)),
        }
        return f.outline(line_only(Path.polyline((0, 0), *ways[corners], (f.w, f.h))))

    return make


def curved_connector(pieces: int) -> Maker:
    """As the bent ones, with the corners rounded."""

    def make(f: Frame) -> Outline:
        if pieces == 2:
            return f.outline(line_only(Path().move(0, 0).curve(f.w / 2, 0, f.w, f.h / 2, f.w, f.h)))
        x1, y1 = f.share("adj1", 0.5, -99, 99) * f.w, f.share("adj2", 0.5, -99, 99) * f.h
        path = Path().move(0, 0)
        if pieces == 3:
            path.curve(x1 / 2, 0, x1, f.h / 4, x1, f.h / 2).curve(x1, f.h * 3 / 4, (x1 + f.w) / 2, f.h, f.w, f.h)
        elif pieces == 4:
            path.curve(x1 / 2, 0, x1, y1 / 4, x1, y1 / 2).curve(x1, y1 * 3 / 4, x1, y1, (x1 + f.w) / 2, y1)
            path.curve(f.w, y1, f.w, (y1 + f.h) / 2, f.w, f.h)
        else:
            x2 = f.share("adj3", 0.5, -99, 99) * f.w
            path.curve(x1 / 2, 0, x1, y1 / 4, x1, y1 / 2).curve(x1, y1, (x1 + x2) / 2, y1, (x1 + x2) / 2, y1)
            path.curve(x2, y1, x2, y1, x2, (y1 + f.h) / 2).curve(x2, f.h, (x2 + f.w) / 2, f.h, f.w, f.h)
        return f.outline(line_only(path))

    return make


def _left_bracket(f: Frame) -> Path:
    r = f.short * f.share("adj", 0.08333, high=f.h / (f.short or 1) / 2)
    return Path().move(f.w, f.h).arc(f.w, r, 90, 90).line(0, r).arc(f.w, r, 180, 90)


def _left_brace(f: Frame) -> Path:
    r = f.short * f.share("adj1", 0.08333, high=f.h / (f.short or 1) / 4)
    y, half = f.h * f.share("adj2", 0.5), f.w / 2
    y = max(2 * r, min(y, f.h - 2 * r)) if f.h >= 4 * r else y
    path = Path().move(f.w, f.h).arc(half, r, 90, 90).line(half, y + r).arc(half, r, 0, -90)
    return path.arc(half, r, 90, -90).line(half, r).arc(half, r, 180, 90)


def _mirrored(path: Path, f: Frame) -> Path:
    from ingest.slides.geometry import Matrix

    return path.transformed(Matrix.mirroring(True, False, f.w / 2, 0))


def _closed(path: Path) -> Path:
    return Path().add(path).close()


def left_bracket(f: Frame) -> Outline:
    path = _left_bracket(f)
    return f.outline(fill_only(_closed(path)), line_only(path), text=f.shares(0.29, 0.05, 1, 0.95))


def right_bracket(f: Frame) -> Outline:
    path = _mirrored(_left_bracket(f), f)
    return f.outline(fill_only(_closed(path)), line_only(path), text=f.shares(0, 0.05, 0.71, 0.95))


def left_brace(f: Frame) -> Outline:
    path = _left_brace(f)
    return f.outline(fill_only(_closed(path)), line_only(path), text=f.shares(0.65, 0.05, 1, 0.95))


def right_brace(f: Frame) -> Outline:
    path = _mirrored(_left_brace(f), f)
    return f.outline(fill_only(_closed(path)), line_only(path), text=f.shares(0, 0.05, 0.35, 0.95))


def bracket_pair(f: Frame) -> Outline:
    r = f.short * f.share("adj", 0.16667, high=0.5)
    left = Path().move(r, f.h).arc(r, r, 90, 90).line(0, r).arc(r, r, 180, 90)
    right = _mirrored(left, f)
    body = Path.rectangle(r * 0.3, r * 0.3, f.w - r * 0.6, f.h - r * 0.6)
    return f.outline(fill_only(body), line_only(left.add(right)), text=f.box(r * 0.29, r * 0.29, f.w - r * 0.29, f.h - r * 0.29))


def brace_pair(f: Frame) -> Outline:
    r = f.short * f.share("adj", 0.08333, high=0.25)
    cy = f.h / 2
    left = (
        Path().move(2 * r, f.h).arc(r, r, 90, 90).line(r, cy + r).arc(r, r, 0, -90).arc(r, r, 90, -90).line(r, r).arc(r, r, 180, 90)
    )
    right = _mirrored(left, f)
    return f.outline(
        fill_only(Path.rectangle(r, r, f.w - 2 * r, f.h - 2 * r)),
        line_only(left.add(right)),
        text=f.box(1.3 * r, r, f.w - 1.3 * r, f.h - r),
    )


SHAPES: dict[str, Maker] = {
    **{"line": line, "straightConnector1": line, "lineInv": line_inverse},
    **{f"bentConnector{corners + 1}": bent_connector(corners) for corners in (1, 2, 3, 4)},
    **{f"curvedConnector{pieces}": curved_connector(pieces) for pieces in (2, 3, 4, 5)},
    **{"leftBracket": left_bracket, "rightBracket": right_bracket, "leftBrace": left_brace, "rightBrace": right_brace},
    **{"bracketPair": bracket_pair, "bracePair": brace_pair},
}
