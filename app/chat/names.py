"""Which picture an answer means: by its id, its number, its name, its page or its time, in the ways in which models write them.

Names are compared without regard to case, spaces and commas. A name that fits several pictures names none of them, unless only one
of those is part of the latest question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest.measures import parse_time

SECONDS_OFF_MAX = 1.0
"""How far from a frame a time may be that means it."""
NAME_CHARACTERS_MAX = 400

_NUMERALS = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}
_LOCATED = re.compile(r"(?P<file>.+), (?P<locator>[^,]*\d)")
_IMAGE = re.compile(r"(?:image|picture|img|图片?|第)?[_#-]{0,3}(\d{1,6})(?:张图?片?|幅图?)?", re.ASCII)
_PAGE = re.compile(r"(?:page|slide)(\d{1,6})", re.ASCII)
_CHINESE_PAGE = re.compile(r"(?:幻灯片)?第(\d{1,6}|[一二两三四五六七八九十])页(?:幻灯片)?")
_WRITTEN_PAGE = re.compile(r"\b(?:pages?[ .#_-]{0,2}|p\.? ?)(?=\d)")
_WRITTEN_SLIDE = re.compile(r"\bslides?[ .#_-]{0,2}(?=\d)|幻灯片 ?(?=\d)")
_TIME = re.compile(r"(?:at|@)?((?:\d{1,3}:){0,2}\d{1,6}(?:\.\d{1,6})?)(?:seconds?|sec|s|秒)?", re.ASCII)
_IGNORED = re.compile(r"[\s,、;\"'“”‘’「」]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PART = "partof"
_MENTIONS = (
    r"(?<![A-Za-z])(?:image|picture)[ _#-]{0,3}(?P<image>\d{1,4})(?!\d)"
    r"|图片?\s?(?P<picture>\d{1,4})(?!\d)|第\s?(?P<sheet>\d{1,4}|[一二两三四五六七八九十])\s?[张幅]"
    r"|(?<![A-Za-z])(?P<page>(?:page|slide)[ _#-]{0,3}\d{1,5}(?!\d)|p\.\s?\d{1,5}(?!\d))"
    r"|(?P<chinese>第\s?(?:\d{1,5}|[一二两三四五六七八九十])\s?页)"
    r"|(?<![\d:])(?P<time>(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d{1,6})?)(?![\d:])"
    r"|(?<![\d.])(?P<seconds>\d{1,5}(?:\.\d{1,6})? ?(?:seconds|s(?![a-z])|秒))"
)


class PictureNames:
    """The pictures of a conversation, and the one that the answer has named last."""

    def __init__(
        self, picture_ids: Sequence[str], latest_ids: Sequence[str], sent_as: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        """`picture_ids` are numbered from 1, `latest_ids` are those of the question, `names` has the picture for each full name."""
        self._ids = tuple(picture_ids)
        self._latest = tuple(latest_ids) or self._ids
        self._sent_as = {picture_id: picture_id for picture_id in names.values()} | dict(sent_as)
        self._known: dict[str, dict[str, None]] = defaultdict(dict)  # by name, by file alone, and by page alone
        self._files: dict[str, str] = {}
        self._times: dict[str, tuple[str, float]] = {}
        for name, picture_id in names.items():
            self._learn(name, picture_id)
        for part in [name for name in self._known if _PART in name]:  # it goes by the name of the whole where that is not there
            self._known.setdefault(part.replace(_PART, "", 1), self._known[part])
        self._has_pages = any(_PAGE.fullmatch(name) for name in self._known)
        self._mentions: re.Pattern[str] | None = None
        self._unread: list[str] = []
        self._last: str | None = None
        self._last_file = ""
        self._doubtful: tuple[str, ...] = ()

    def find(self, target: str) -> str | None:
        """The id of the picture that a model calls `target`; None when there is no such picture, or several."""
        if target in self._sent_as or target in self._ids:
            return self._sent_as.get(target, target)
        name = _key(target[:NAME_CHARACTERS_MAX])
        if found := self._by_name(name):
            return found
        if number := _IMAGE.fullmatch(name):
            return self._by_number(number[1])
        if not self._has_pages and (number := _PAGE.fullmatch(name)):
            return self._by_number(number[1])
        file = next((of for of, _ in self._times.values() if name.startswith(of)), "")
        time = _TIME.fullmatch(name.removeprefix(file))
        return self.at_time(parse_time(time[1]), file) if time else None

    def at_time(self, time_s: float, file: str = "") -> str | None:
        """The frame shown nearest to a time; None when none is near, or when it could be of several videos."""
        times = {id: seconds for id, (of, seconds) in self._times.items() if not file or of == file}
        latest = {id: seconds for id, seconds in times.items() if id in self._latest}
        times = latest or times
        if len({self._times[id][0] for id in times}) != 1:
            return None
        nearest = min(times, key=lambda id: abs(times[id] - time_s))
        return nearest if abs(times[nearest] - time_s) <= SECONDS_OFF_MAX else None

    def note(self, text: str) -> None:
        """Take in visible text of the answer."""
        if len(set(self._ids)) > 1:
            self._unread.append(text)

    def note_picture(self, picture_id: str | None) -> None:
        """Take in that the answer has shown or marked this one."""
        self.current()
        self._last = picture_id or self._last

    def current(self) -> str | None:
        """The picture named last; the first that the question is about while none was. What comes later is not joined to it."""
        text = "".join(self._unread)
        self._unread.clear()
        if text:
            if self._mentions is None:
                self._mentions = self._compile_mentions()
            for match in self._mentions.finditer(text):
                self._read(match)
        return self._last or next(iter(self._latest), None)

    def _learn(self, name: str, picture_id: str) -> None:
        self._known[_key(name)][picture_id] = None
        located = _LOCATED.fullmatch(name)
        file = located["file"] if located else name
        self._files[_key(file)] = file
        if located is None:
            return
        self._known[_key(file)][picture_id] = None
        locator = _key(located["locator"])
        self._known[locator][picture_id] = None
        if re.fullmatch(r"slide\d+", locator):
            for alias in (locator.replace("slide", "page"), _key(file) + locator.replace("slide", "page")):
                self._known[alias][picture_id] = None
        if re.fullmatch(r"[\d:]+:\d\d(\.\d+)?", locator):
            self._times[picture_id] = (_key(file), parse_time(locator))

    def _by_name(self, name: str) -> str | None:
        first, of, second = name.partition("of")
        for tried in (name, second + first) if of else (name,):
            if found := self._only(self._known.get(tried, ())):
                return found
        return None

    def _only(self, ids: Iterable[str]) -> str | None:
        found = tuple(ids)
        latest = tuple(id for id in found if id in self._latest)
        return found[0] if len(found) == 1 else latest[0] if len(latest) == 1 else None

    def _by_number(self, number: str) -> str | None:
        return self._ids[int(number) - 1] if 1 <= int(number) <= len(self._ids) else None

    def _compile_mentions(self) -> re.Pattern[str]:
        files = "|".join(re.escape(file) for file in sorted(self._files.values(), key=len, reverse=True) if len(file) > 2)
        return re.compile(rf"(?P<file>{files})|{_MENTIONS}" if files else f"(?P<file>(?!))|{_MENTIONS}", re.IGNORECASE)

    def _read(self, mention: re.Match[str]) -> None:
        """A page that several files have is known once its file is named, before it or right after it."""
        kind = mention.lastgroup or ""
        doubtful, self._doubtful = self._doubtful, ()
        if kind == "file":
            self._last_file = _key(mention["file"])
            found = self._only(id for id in doubtful if id in self._known[self._last_file])
            found = found or self._only(self._known[self._last_file])
        elif kind in ("image", "picture", "sheet"):
            number = mention[kind]
            found = self._by_number(_NUMERALS.get(number, number))
        else:
            found = self.find(f"{self._last_file} {mention[kind]}") if self._last_file else None
            found = found or self.find(mention[kind])
            self._doubtful = () if found else tuple(self._known.get(_key(mention[kind]), ()))
        self._last = found or self._last


def _key(name: str) -> str:
    """A name as it is compared."""
    plain = name.translate(_FULL_WIDTH).casefold()
    plain = _WRITTEN_SLIDE.sub("slide", _WRITTEN_PAGE.sub("page", plain))
    plain = _IGNORED.sub("", plain)
    return _CHINESE_PAGE.sub(lambda match: "page" + _NUMERALS.get(match[1], match[1]), plain)
