"""What the ask bar offers to do with a picture: names and prompts, the built-in ones until the user changes them.

They are kept as text, in JSON: a list with the name of a built-in action that is as it was, or an object with `id`, `name` and
`prompt` for one that was changed or added. An empty text stands for the built-in ones. So what was not changed follows the
language of the window.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

EXTRACT = "extract"
"""No prompt but recognition: it works without a model."""
BLANK = "…"
"""Stands in a prompt where the user's own words go."""
TEXT_CHARACTERS_MAX = 300_000
"""More than all actions take, however they are escaped."""
ACTIONS_MAX = 24
NAME_CHARACTERS_MAX = 40
PROMPT_CHARACTERS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class QuickAction:
    """A button of the bar.

    Attributes:
        id: names it for ever.
        name: what the button says.
        prompt: what the model is asked; empty for recognition.
    """

    id: str
    name: str
    prompt: str

    @property
    def needs_model(self) -> bool:
        """Whether it is a question to a model."""
        return self.id != EXTRACT

    @property
    def needs_words(self) -> bool:
        """Whether it says nothing without words of the user's own."""
        return BLANK in self.prompt

    def question(self, words: str) -> str:
        """What is asked, with the words that are in the bar."""
        words = words.strip()
        if self.needs_words:
            return self.prompt.replace(BLANK, words)
        return f"{self.prompt}\n\n{words}" if words else self.prompt


def built_in() -> tuple[QuickAction, ...]:
    """Those that come along, in the window's language."""
    prompts = _prompts("zh_CN" if QLocale().language() is QLocale.Language.Chinese else "en")
    names = {
        "explain": QCoreApplication.translate("QuickAction", "Explain"),
        EXTRACT: QCoreApplication.translate("QuickAction", "Extract text"),
        "translate": QCoreApplication.translate("QuickAction", "Translate"),
        "find": QCoreApplication.translate("QuickAction", "Find…"),
        "table": QCoreApplication.translate("QuickAction", "To table"),
        "code": QCoreApplication.translate("QuickAction", "To code"),
    }
    return tuple(QuickAction(name, words, prompts.get(name, "")) for name, words in names.items())


def read_actions(text: str) -> tuple[QuickAction, ...]:
    """Those that are kept; the built-in ones where the text cannot be understood. Single entries that cannot are left out."""
    own = {action.id: action for action in built_in()}
    try:
        entries = json.loads(text) if text and len(text) <= TEXT_CHARACTERS_MAX else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        return tuple(own.values())
    found: dict[str, QuickAction] = {}
    for entry in entries[:ACTIONS_MAX]:
        action = own.get(entry) if isinstance(entry, str) else _action(entry)
        if action is not None:
            found.setdefault(action.id, action)
    return tuple(found.values())


def write_actions(actions: Sequence[QuickAction]) -> str:
    """As text; those that are as they were built in are only named."""
    own = built_in()
    if tuple(actions) == own:
        return ""
    entries = [
        action.id if action in own else {"id": action.id, "name": action.name, "prompt": action.prompt} for action in actions
    ]
    return json.dumps(entries, ensure_ascii=False)


def new_id(actions: Sequence[QuickAction]) -> str:
    """For one that is added."""
    taken = {action.id for action in actions}
    return next(name for number in range(1, len(taken) + 2) if (name := f"own-{number}") not in taken)


def tidy_name(name: str) -> str:
    """In one line, and short enough for a button."""
    return " ".join(name.split())[:NAME_CHARACTERS_MAX].rstrip()


def _action(entry: Any) -> QuickAction | None:
    if not isinstance(entry, dict):
        return None
    values = [value for key in ("id", "name", "prompt") if isinstance(value := entry.get(key), str)]
    if len(values) < 3:
        return None
    identity, name, prompt = values[0][:NAME_CHARACTERS_MAX], tidy_name(values[1]), values[2][:PROMPT_CHARACTERS_MAX]
    action = QuickAction(identity, name, prompt if identity != EXTRACT else "")
    return action if identity and name and (prompt.strip() or not action.needs_model) else None


@cache
def _prompts(language: str) -> dict[str, str]:
    """Of `resources/prompts/quick.*.toml`, by the name of the action."""
    text = (files("resources") / "prompts" / f"quick.{language}.toml").read_text(encoding="utf-8")
    return {name: prompt.strip() for name, prompt in tomllib.loads(text).items()}
