"""How well a few typed letters fit to words: in order, near each other, at the beginnings of words. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

CHARACTERS_MAX = 120
"""Of a text that are looked at."""
STARTS_MAX = 8
"""Places of the first letter that are tried."""
NEXT_TO_POINTS = 4
WORD_START_POINTS = 8
FIRST_POINTS = 1
"""More for the first word."""
GAP_POINTS = -1
GAP_COUNTED_MAX = 6
WHOLE_POINTS = 6
"""For letters that stand in the text as they were typed."""


@dataclass(frozen=True, slots=True)
class Match:
    """A fit; more points are better. `places` are the indexes of the letters in the text."""

    points: int
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """The best fit, or None: letters are missing or lie too far apart. Spaces in the query and capitals do not count."""
    letters, folded = _fold("".join(query.split())), _fold(text[:CHARACTERS_MAX])
    if not letters:
        return Match(0, ())
    best: Match | None = None
    start = folded.find(letters[0])
    for _ in range(STARTS_MAX):
        if start < 0:
            break
        places = _follow(letters, folded, start)
        if places is None:
            break  # nor from any later start
        points = _points(places, folded)
        if points > 0 and (best is None or points > best.points):
            best = Match(points, places)
        start = folded.find(letters[0], start + 1)
    return best or _as_typed(letters, folded)


def _as_typed(letters: str, folded: str) -> Match | None:
    start = folded.find(letters)
    return Match(WHOLE_POINTS, tuple(range(start, start + len(letters)))) if start >= 0 else None


def _follow(letters: str, folded: str, start: int) -> tuple[int, ...] | None:
    places = [start]
    for letter in letters[1:]:
        place = folded.find(letter, places[-1] + 1)
        if place < 0:
            return None
        places.append(place)
    return tuple(places)


def _points(places: tuple[int, ...], folded: str) -> int:
    points = WHOLE_POINTS if places[-1] - places[0] == len(places) - 1 else 0
    for before, place in zip((None, *places), places, strict=False):
        if place == 0 or not folded[place - 1].isalnum():
            points += WORD_START_POINTS + (FIRST_POINTS if place == 0 else 0)
        elif before is not None and place == before + 1:
            points += NEXT_TO_POINTS
        if before is not None:
            points += GAP_POINTS * min(place - before - 1, GAP_COUNTED_MAX)
    return points


def _fold(text: str) -> str:
    """One letter for each, so that places stay what they are."""
    return "".join(folded if len(folded := letter.casefold()) == 1 else letter for letter in text)
