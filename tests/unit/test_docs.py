"""The documentation names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.ui.command_table import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "bench" / "README.md"])
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def test_shortcuts_are_those_of_the_commands() -> None:
    page = (ROOT / "docs" / "window.md").read_text(encoding="utf-8")
    table = page.partition("## Keyboard")[2].partition("Where the keyboard is")[0]
    rows = re.findall(r"^\| (\S.*?) \| (.+?) \|$", table, re.MULTILINE)
    documented = {words: keys for keys, words in rows if words.strip()}
    assert documented == {command.words: ", ".join(command.shortcuts) for command in COMMANDS if command.shortcuts}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []
