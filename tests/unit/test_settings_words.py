"""The settings have words for all they show, and no part of the window says words that are not translated."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from app.settings.schema import OPTIONS
from app.settings.secrets import SecretsError
from app.settings.storage import cache_folders
from app.ui.settings.words import keychain_words, option_words, storage_words

ROOT = Path(__file__).parents[2]
SAYING = frozenset(
    {
        "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setWindowTitle",
        "setTitle", "setStatusTip", "setLabelText", "setOkButtonText", "setCancelButtonText", "set_words", "show_message",
        "set_heading", "addAction", "addItem", "set_full_text",
    }
)  # fmt: skip
KEY = r"((Ctrl|Shift|Alt)\+)*(\w|F\d+|Enter|Esc|Tab|Del|Home|End|PgUp|PgDn|Space)"
UNTRANSLATED = re.compile(rf"Sightline|English|简体中文|{KEY}(, {KEY})*")
"""Names, and keys as hints on them have them: the same in every language."""


def test_every_visible_option_has_words_and_no_words_are_left_over() -> None:
    table = option_words()
    assert set(table) == set(OPTIONS)
    for name, option in OPTIONS.items():
        assert table[name].label and table[name].help.endswith("."), name
        if option.control == "choice":
            assert set(table[name].values) == set(option.offered), name
        if option.control == "number":
            assert None in table[name].values, name
        if option.control == "amount":
            assert "{number}" in table[name].values[None], name


def test_every_error_of_the_keychain_has_words_of_its_own() -> None:
    words = [keychain_words(kind.code) for kind in SecretsError.__subclasses__()]
    assert len(set(words)) == len(words) == 3


def test_every_kind_of_storage_has_a_question_before_it_is_cleared() -> None:
    table = storage_words()
    assert set(table) == {"conversations", "attachments", *cache_folders()}
    assert all(set(words.values) == {"question", "answer"} and "?" in words.values["question"] for words in table.values())


def test_no_words_are_said_without_being_translated() -> None:
    """Literals with letters that go straight into a widget."""
    found = []
    for file in sorted((ROOT / "app" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYING:
                said = [text for argument in node.args for text in literals(argument)]
                wrong = [text for text in said if any(c.isalpha() for c in text) and not UNTRANSLATED.fullmatch(text.strip())]
                found += [f"{file.relative_to(ROOT)}:{node.lineno}: {text!r}" for text in wrong]
    assert found == []


def literals(argument: ast.expr) -> list[str]:
    """The words that stand in an argument itself, also between the blanks of an f-string."""
    pieces = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return [piece.value for piece in pieces if isinstance(piece, ast.Constant) and isinstance(piece.value, str)]


def test_the_start_of_the_window_does_not_pay_for_the_settings() -> None:
    code = "import sys, app.main; print(*(name for name in sys.modules if name.startswith(('app.ui.settings.', 'keyring'))))"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == ""
