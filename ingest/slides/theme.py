"""What a theme decides: colours by role, fonts by role, and the fills and lines that shapes refer to by number.

ECMA-376 part 1, 20.1.6 (themes) and 20.1.2.3 (colours). Tint and shade work on linear light, as PowerPoint and LibreOffice do.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import ImageColor

from ingest.slides.canvas import BLACK, Colour
from ingest.slides.xml import Element, child, elements, fraction, integer, local_name

_OFFICE_COLOURS = {
    **{"dk1": "000000", "lt1": "FFFFFF", "dk2": "44546A", "lt2": "E7E6E6", "accent1": "4472C4", "accent2": "ED7D31"},
    **{"accent3": "A5A5A5", "accent4": "FFC000", "accent5": "5B9BD5", "accent6": "70AD47", "hlink": "0563C1", "folHlink": "954F72"},
}
_OFFICE_MAP = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_SHORT = {"dk": "dark", "lt": "light", "med": "medium"}
_GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme.

    Attributes:
        colours: by role: dk1, lt1, dk2, lt2, accent1 .. accent6, hlink, folHlink.
        fonts: family by role: "+mj-lt", "+mn-lt", "+mj-ea", "+mn-ea", "+mj-cs", "+mn-cs"; "" where it names none.
        formats: its `a:fmtScheme`, None without.
    """

    colours: Mapping[str, Colour]
    fonts: Mapping[str, str]
    formats: Element | None = field(default=None, repr=False)

    @staticmethod
    def read(root: Element | None) -> Theme:
        """Of a theme part's root; what it lacks is Office's."""
        scheme = child(root, "a:themeElements", "a:clrScheme")
        colours = {role: _from_hex(digits) for role, digits in _OFFICE_COLOURS.items()}
        for item in elements(scheme):
            colours[local_name(item)] = Palette({}, {}).inside(item) or BLACK
        fonts = {}
        for role, name in (("+mj", "a:majorFont"), ("+mn", "a:minorFont")):
            group = child(root, "a:themeElements", "a:fontScheme", name)
            for suffix, script in (("lt", "a:latin"), ("ea", "a:ea"), ("cs", "a:cs")):
                item = child(group, script)
                fonts[f"{role}-{suffix}"] = (item.get("typeface") or "") if item is not None else ""
            fonts[f"{role}-lt"] = fonts[f"{role}-lt"] or "Calibri"
        return Theme(colours, fonts, child(root, "a:themeElements", "a:fmtScheme"))

    def family(self, typeface: str | None) -> str:
        """A font's family, with a role such as "+mn-lt" looked up."""
        if not typeface:
            return ""
        return self.fonts.get(typeface, "") if typeface.startswith("+") else typeface

    def format(self, kind: str, index: int) -> Element | None:
        """The fill, background fill or line number `index` (from 1) of `fillStyleLst`, `bgFillStyleLst` or `lnStyleLst`."""
        if index < 1:
            return None
        items = list(elements(child(self.formats, f"a:{kind}")))
        return items[min(index, len(items)) - 1] if items else None


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as one slide sees them: the theme's through the master's or the slide's colour map."""

    colours: Mapping[str, Colour]
    mapping: Mapping[str, str]

    @staticmethod
    def of(theme: Theme, colour_map: Element | None) -> Palette:
        """`colour_map` is a `p:clrMap` or `a:overrideClrMapping`; None means the usual one."""
        mapping = dict(_OFFICE_MAP)
        if colour_map is not None:
            mapping.update({str(key): str(value) for key, value in colour_map.attrib.items()})
        return Palette(theme.colours, mapping)

    def role(self, name: str) -> Colour:
        """A colour by its role: tx1, bg1, accent3, hlink, dk1 ..."""
        return self.colours.get(self.mapping.get(name, name), BLACK)

    def inside(self, parent: Element | None, placeholder: Colour | None = None) -> Colour | None:
        """The colour that an element such as `a:solidFill` contains; None without one. `placeholder` stands in for phClr."""
        for item in elements(parent):
            colour = self.resolve(item, placeholder)
            if colour is not None:
                return colour
        return None

    def resolve(self, item: Element, placeholder: Colour | None = None) -> Colour | None:
        """An `a:srgbClr`, `a:schemeClr` or other colour with its changes applied; None when it is no colour."""
        kind, value = local_name(item), item.get("val") or ""
        colour: Colour | None
        if kind == "srgbClr":
            colour = _from_hex(value)
        elif kind == "schemeClr":
            colour = placeholder or BLACK if value == "phClr" else self.role(value)
        elif kind == "sysClr":
            colour = _from_hex(item.get("lastClr") or ("FFFFFF" if value == "window" else "000000"))
        elif kind == "prstClr":
            colour = _named(value)
        elif kind == "hslClr":
            red, green, blue = colorsys.hls_to_rgb(
                integer(item, "hue") / 21_600_000 % 1, _unit(fraction(item, "lum")), _unit(fraction(item, "sat"))
            )
            colour = Colour(red, green, blue)
        elif kind == "scrgbClr":
            colour = Colour(*(_to_display(_unit(fraction(item, name))) for name in "rgb"))
        else:
            return None
        for change in elements(item):
            colour = _changed(colour, local_name(change), fraction(change, "val"))
        return colour


def _changed(colour: Colour, change: str, value: float) -> Colour:
    red, green, blue, alpha = colour
    if change.startswith("alpha"):
        alpha = {"alpha": value, "alphaMod": alpha * value, "alphaOff": alpha + value}.get(change, alpha)
        return Colour(red, green, blue, _unit(alpha))
    if change in ("tint", "shade"):
        white = 1.0 if change == "tint" else 0.0
        linear = (white + (_to_linear(part) - white) * value for part in (red, green, blue))
        red, green, blue = (_to_display(_unit(part)) for part in linear)
        return Colour(red, green, blue, alpha)
    if change in ("gray", "inv", "comp"):
        if change == "gray":
            red = green = blue = 0.3 * red + 0.59 * green + 0.11 * blue
            return Colour(red, green, blue, alpha)
        if change == "inv":
            return Colour(1 - red, 1 - green, 1 - blue, alpha)
        hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
        return Colour(*colorsys.hls_to_rgb((hue + 0.5) % 1, light, saturation), alpha)
    if change[:3] in ("lum", "sat", "hue"):
        parts = dict(zip(("hue", "lum", "sat"), colorsys.rgb_to_hls(red, green, blue), strict=True))
        name, how = change[:3], change[3:]
        if name == "hue" and how != "Mod":
            value /= 216  # an angle in 1/60,000 degree that was read as 1/1,000 percent
        parts[name] = {"Mod": parts[name] * value, "Off": parts[name] + value}.get(how, value)
        return Colour(*colorsys.hls_to_rgb(parts["hue"] % 1, _unit(parts["lum"]), _unit(parts["sat"])), alpha)
    return colour


def _from_hex(digits: str) -> Colour:
    try:
        number = int(digits[:6], 16)
    except ValueError:
        return BLACK
    return Colour((number >> 16 & 255) / 255, (number >> 8 & 255) / 255, (number & 255) / 255)


def _named(name: str) -> Colour:
    for short, long in _SHORT.items():
        if name.startswith(short) and not name.startswith(long):
            name = long + name.removeprefix(short)
    return _from_hex(ImageColor.colormap.get(name.lower(), "#000000").lstrip("#"))  # type: ignore[union-attr]


def _to_linear(value: float) -> float:
    return float(value**_GAMMA)


def _to_display(value: float) -> float:
    return float(value ** (1 / _GAMMA))


def _unit(value: float) -> float:
    return max(0.0, min(value, 1.0))
