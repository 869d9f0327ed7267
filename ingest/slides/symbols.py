"""Characters of symbol fonts (Wingdings, Symbol), which decks use for bullets, as the Unicode characters that look the same.

The tables are the published mappings of the Unicode Consortium for Symbol (SYMBOL.TXT) and of Wingdings (L2/11-052), as far as
they are met in decks.
"""

from __future__ import annotations

_WINGDINGS = {
    **{0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆"},
    **{0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "◻", 0xAB: "★"},
    **{0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩"},
    **{0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x4A: "☺", 0x4C: "☹", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x45: "☜"},
    **{0x22: "✂", 0x36: "⌛", 0x3F: "✍", 0x41: "✌", 0x4E: "☠", 0x54: "❄", 0x52: "☼", 0x53: "●", 0xFA: "■", 0x20: " "},
}
_SYMBOL = {
    **{0xB7: "•", 0xA8: "♦", 0xA7: "♣", 0xA9: "♥", 0xAA: "♠", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓"},
    **{0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xA5: "∞"},
    **{0xDE: "⇒", 0xDB: "⇔", 0xDC: "⇐", 0xE5: "∑", 0xF2: "∫", 0xD6: "√", 0xC6: "∅", 0xCE: "∈", 0xD1: "∇", 0xB6: "∂"},
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
}
_TABLES = {"wingdings": _WINGDINGS, "symbol": _SYMBOL}


def is_symbol_font(family: str) -> bool:
    """Whether its letters are pictures."""
    return family.lower() in _TABLES


def as_unicode(text: str, family: str) -> str:
    """What a text in a family shows. Other families' texts stay, but for private characters, which are symbol fonts'."""
    table = _TABLES.get(family.lower())
    if table is None and not any("\uf000" <= character <= "\uf0ff" for character in text):
        return text
    return "".join(_one(character, table) for character in text)


def _one(character: str, table: dict[int, str] | None) -> str:
    code = ord(character)
    if 0xF000 <= code <= 0xF0FF:
        return (table or _WINGDINGS).get(code - 0xF000, chr(code - 0xF000) if 0xF020 <= code < 0xF07F else "•")
    return table.get(code, character) if table is not None else character
