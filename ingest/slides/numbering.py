"""Automatic numbers of paragraphs: ECMA-376 part 1, 20.1.10.61 (ST_TextAutonumberScheme)."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_UNITS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE_DIGITS = "〇一二三四五六七八九"


def numbered(scheme: str, number: int) -> str:
    """The number as a scheme such as "arabicPeriod", "alphaLcParenR" or "ea1ChsPeriod" writes it."""
    number = max(1, min(number, 32_767))
    if scheme.startswith("circleNum"):
        return circled(number)
    if scheme.startswith("ea1"):
        return chinese(number) + ("." if scheme.endswith("Period") else "")
    if scheme.startswith("alpha"):
        text = letters(number)
    elif scheme.startswith("roman"):
        text = roman(number)
    else:
        text = str(number)
    if scheme[5:7] == "Uc":
        text = text.upper()
    if scheme.startswith("arabicDb"):
        text = "".join(chr(ord(digit) + 0xFEE0) for digit in text)
    if scheme.endswith("ParenBoth"):
        return f"({text})"
    if scheme.endswith("ParenR"):
        return f"{text})"
    if scheme.endswith("Minus"):
        return f"{text}-"
    return f"{text}." if scheme.endswith("Period") else text


def letters(number: int) -> str:
    """a, b ... z, aa, bb ... as PowerPoint counts."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 20 + 1)


def roman(number: int) -> str:
    """i, ii, iii, iv ..."""
    text = ""
    for value, digits in (*_ROMAN, *_ROMAN_UNITS):
        while number >= value:
            text += digits
            number -= value
    return text


def circled(number: int) -> str:
    """① to ⑳, then plain."""
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def chinese(number: int) -> str:
    """一 to 九十九, then digit by digit."""
    if number >= 100:
        return "".join(_CHINESE_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    text = "" if tens == 0 else "十" if tens == 1 else _CHINESE_DIGITS[tens] + "十"
    return text + (_CHINESE_DIGITS[ones] if ones else "")
