"""The keys that other programs can do without: what each is called here, by X11, by Windows and by macOS.

Characters are looked up in the layout of the keyboard by each system; only what has no character is in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Key:
    """A key that makes no character, or the same one in every layout.

    Attributes:
        xkb_name: as xkbcommon calls it, for portals (the XDG shortcuts specification).
        keysym: of X11, from `X11/keysymdef.h`.
        windows: virtual key code, from `winuser.h`.
        macos: virtual key code, from `HIToolbox/Events.h`; None where no such keyboard has it.
    """

    xkb_name: str
    keysym: int
    windows: int
    macos: int | None


_MACOS_FUNCTION_KEYS = (
    0x7A, 0x78, 0x63, 0x76, 0x60, 0x61, 0x62, 0x64, 0x65, 0x6D, 0x67, 0x6F, 0x69, 0x6B, 0x71, 0x6A, 0x40, 0x4F, 0x50, 0x5A,
)  # fmt: skip
FUNCTION_KEYS_MAX = 24

NAMED = MappingProxyType(
    {
        "Space": Key("space", 0x20, 0x20, 0x31),
        "Tab": Key("Tab", 0xFF09, 0x09, 0x30),
        "Backspace": Key("BackSpace", 0xFF08, 0x08, 0x33),
        "Return": Key("Return", 0xFF0D, 0x0D, 0x24),
        "Esc": Key("Escape", 0xFF1B, 0x1B, 0x35),
        "Ins": Key("Insert", 0xFF63, 0x2D, 0x72),
        "Del": Key("Delete", 0xFFFF, 0x2E, 0x75),
        "Home": Key("Home", 0xFF50, 0x24, 0x73),
        "End": Key("End", 0xFF57, 0x23, 0x77),
        "PgUp": Key("Page_Up", 0xFF55, 0x21, 0x74),
        "PgDown": Key("Page_Down", 0xFF56, 0x22, 0x79),
        "Left": Key("Left", 0xFF51, 0x25, 0x7B),
        "Up": Key("Up", 0xFF52, 0x26, 0x7E),
        "Right": Key("Right", 0xFF53, 0x27, 0x7C),
        "Down": Key("Down", 0xFF54, 0x28, 0x7D),
        "Menu": Key("Menu", 0xFF67, 0x5D, None),
        "Print": Key("Print", 0xFF61, 0x2C, None),
        "Pause": Key("Pause", 0xFF13, 0x13, None),
        **{
            f"F{number}": Key(f"F{number}", 0xFFBD + number, 0x6F + number, dict(enumerate(_MACOS_FUNCTION_KEYS, 1)).get(number))
            for number in range(1, FUNCTION_KEYS_MAX + 1)
        },
    }
)
"""By the name that QKeySequence writes in English."""

ALONE = frozenset({"Print", "Pause", *(f"F{number}" for number in range(1, FUNCTION_KEYS_MAX + 1))})
"""Nothing is written with these, so that they need no modifier."""

_PUNCTUATION = dict(
    zip(
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        (
            "exclam", "quotedbl", "numbersign", "dollar", "percent", "ampersand", "apostrophe", "parenleft", "parenright",
            "asterisk", "plus", "comma", "minus", "period", "slash", "colon", "semicolon", "less", "equal", "greater",
            "question", "at", "bracketleft", "backslash", "bracketright", "asciicircum", "underscore", "grave", "braceleft",
            "bar", "braceright", "asciitilde",
        ),
        strict=True,
    )
)  # fmt: skip


def canonical(name: str) -> str | None:
    """The key as it is called here, whatever its case: a name of `NAMED`, or a character of Latin-1. None for no key of ours."""
    if len(name) == 1:
        upper = name.upper()
        character = upper if len(upper) == 1 and ord(upper) <= 0xFF else name  # not µ, ß and ÿ
        is_printed = 0x21 <= ord(character) <= 0x7E or (0xA1 <= ord(character) <= 0xFF and character != "\xad")
        return character if is_printed else None
    return _BY_FOLDED_NAME.get(name.casefold())


def keysym(key: str) -> int:
    """Of X11; that of a character of Latin-1 is its code point (`X11/keysymdef.h`)."""
    return NAMED[key].keysym if key in NAMED else ord(key.lower())


def xkb_name(key: str) -> str:
    """What xkbcommon calls it. Characters beyond ASCII are written by their code point, which it understands."""
    if key in NAMED:
        return NAMED[key].xkb_name
    if key in _PUNCTUATION:
        return _PUNCTUATION[key]
    return key.lower() if key.isascii() else f"U{ord(key.lower()):04X}"


_BY_FOLDED_NAME = {name.casefold(): name for name in NAMED}
