"""Plain text, Markdown, code and JSON: the lines as they are."""

from __future__ import annotations

import re

from ingest.documents import Source
from ingest.text.decode import read_text
from ingest.text.extract import Extract, Heading, Sanitizer, heading_title, section_of_lines

TERMINAL_CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""ECMA-48 control sequences, which colour the logs of programs."""
_CODE_TYPES = ("text/x-code", "application/json")
_TABLE_MARK = re.compile(r"(?<=\S) {3,}\S|\+--|[│├└┌─]{2}|^\t", re.MULTILINE)
"""What columns look like, which fall apart where characters have different widths."""
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*(?:\n|\Z)")
"""What site generators put before the text; without this it would be a heading."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")


def read(source: Source) -> Extract:
    """Lines, and the headings of Markdown. Raises TooLarge."""
    text, warnings = read_text(source)
    text, coloured = TERMINAL_CODES.subn("", text) if "\x1b" in text else (text, 0)
    if coloured:
        warnings += ("Its colour codes for terminals are left out.",)
    sanitizer = Sanitizer()
    text = sanitizer.clean(text)
    is_markdown = source.media_type == "text/markdown"
    is_code = source.media_type in _CODE_TYPES or (not is_markdown and len(_TABLE_MARK.findall(text[:100_000])) >= 3)
    headings = markdown_headings(text) if is_markdown else []
    title = headings[0].title if headings else ""
    return Extract([section_of_lines(text, is_code=is_code)], title, headings, warnings + sanitizer.warnings)


def markdown_headings(text: str) -> list[Heading]:
    """Headings of CommonMark 0.31 (sections 4.2 and 4.3) outside fenced code."""
    found, at, fence, before = [], 0, "", ""
    if front := _FRONT_MATTER.match(text):
        at, text = front.end(), text[front.end() :]
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            before = ""
        elif mark:
            fence, before = mark[1], ""
        elif heading := _ATX.match(line):
            found.append(Heading(len(heading[1]), heading_title(heading[2]), 0, at))
            before = ""
        elif before and (underline := _SETEXT.match(line)):
            found.append(Heading(1 if underline[1][0] == "=" else 2, heading_title(before), 0, at - len(before) - 1))
            before = ""
        else:
            before = "" if line.startswith(("    ", "\t", ">", "- ", "* ", "+ ", "|")) else line if line.strip() else ""
        at += len(line) + 1
    return [heading for heading in found if heading.title]
