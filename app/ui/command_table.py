"""Every command once: what menus, shortcuts, tooltips and the palette are made from. And the menus, which name commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Condition = Literal["has_model", "has_turns", "has_answer", "is_kept", "is_running", "is_idle", "has_pictures", "can_undo"]
"""What must hold for a command to be possible.

has_model: something answers. has_turns, has_answer: the conversation in the window has a question, an ended answer. is_kept: it is
in the history. is_running, is_idle: one of its answers runs, none does. has_pictures: there is something for the viewer.
can_undo: something was deleted just now.
"""


def QT_TRANSLATE_NOOP(context: str, words: str) -> str:
    """The words as they are. The name tells lupdate that they are translated elsewhere; Qt's own function loses their type."""
    return words


@dataclass(frozen=True, slots=True)
class Command:
    """What the user can have done.

    Attributes:
        words: in English, to be translated in the context `Command`; names of languages are said in themselves.
        icon: a file of `resources/icons`, drawn where the command stands alone; menus are calmer without.
        shortcuts: as QKeySequence reads them; Ctrl is Cmd on macOS. The first one is shown.
        when: all of these must hold.
        is_switch: it is on or off.
        group: it is one of several choices, of which one holds; its id is then `<group>.<value>`.
    """

    id: str
    words: str
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    is_switch: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands below each other.

    Attributes:
        entries: ids of commands and of other menus; an empty one is a line.
        names_entries: whether its words go before those of its commands where they stand alone ("Theme: Dark").
    """

    id: str
    words: str
    entries: tuple[str, ...]
    names_entries: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("conversation.new", QT_TRANSLATE_NOOP("Command", "New conversation"), "plus", ("Ctrl+N",)),
    Command("conversation.new_private", QT_TRANSLATE_NOOP("Command", "New private conversation"), "private", ("Ctrl+Shift+N",)),
    Command("conversation.find", QT_TRANSLATE_NOOP("Command", "Find in the conversation"), "search", ("Ctrl+F",), ("has_turns",)),
    Command("conversation.search", QT_TRANSLATE_NOOP("Command", "Search all conversations"), "search", ("Ctrl+Shift+F",)),
    Command("conversation.rename", QT_TRANSLATE_NOOP("Command", "Rename"), "edit", ("F2",), ("has_turns",)),
    Command("conversation.pin", QT_TRANSLATE_NOOP("Command", "Pin"), "pin", ("Ctrl+D",), ("is_kept",), is_switch=True),
    Command("conversation.delete", QT_TRANSLATE_NOOP("Command", "Delete"), "trash", ("Ctrl+Shift+Backspace",), ("has_turns",)),
    Command("conversation.export", QT_TRANSLATE_NOOP("Command", "Export…"), "export", ("Ctrl+Shift+S",), ("has_turns",)),
    Command("export.md", QT_TRANSLATE_NOOP("Command", "Markdown with pictures…"), "export", when=("has_turns",)),
    Command("export.html", QT_TRANSLATE_NOOP("Command", "Web page (HTML)…"), "export", when=("has_turns",)),
    Command("export.pdf", QT_TRANSLATE_NOOP("Command", "PDF…"), "export", when=("has_turns",)),
    Command("export.docx", QT_TRANSLATE_NOOP("Command", "Word (DOCX)…"), "export", when=("has_turns",)),
    Command("export.sightline", QT_TRANSLATE_NOOP("Command", "To be imported again…"), "export", when=("has_turns",)),
    Command("export.sharegpt", QT_TRANSLATE_NOOP("Command", "Training data (ShareGPT)…"), "export", when=("has_turns",)),
    Command("conversation.import", QT_TRANSLATE_NOOP("Command", "Import conversations…"), "import"),
    Command("conversation.next", QT_TRANSLATE_NOOP("Command", "Next conversation"), "arrow-down", ("Ctrl+PgDown", "Ctrl+Tab")),
    Command(
        "conversation.previous", QT_TRANSLATE_NOOP("Command", "Previous conversation"), "arrow-up", ("Ctrl+PgUp", "Ctrl+Shift+Tab")
    ),
    Command("edit.undo_delete", QT_TRANSLATE_NOOP("Command", "Undo the deletion"), "redo", ("Ctrl+Shift+D",), ("can_undo",)),
    Command("file.open", QT_TRANSLATE_NOOP("Command", "Attach files…"), "attach", ("Ctrl+O",)),
    Command("file.paste", QT_TRANSLATE_NOOP("Command", "Attach what was copied"), "copy", ("Ctrl+V",)),
    Command("capture.ask", QT_TRANSLATE_NOOP("Command", "Ask about the screen"), "capture"),
    Command("capture.selection", QT_TRANSLATE_NOOP("Command", "Ask about what is selected"), "text-select"),
    Command("capture.attach", QT_TRANSLATE_NOOP("Command", "Attach a picture of the screen"), "capture", ("Ctrl+Shift+A",)),
    Command("record.start", QT_TRANSLATE_NOOP("Command", "Record the screen"), "record", is_switch=True),
    Command("focus.composer", QT_TRANSLATE_NOOP("Command", "Write a question"), "edit", ("Ctrl+L",)),
    Command("answer.stop", QT_TRANSLATE_NOOP("Command", "Stop the answer"), "stop", ("Esc",), ("is_running",)),
    Command("answer.copy_last", QT_TRANSLATE_NOOP("Command", "Copy the last answer"), "copy", ("Ctrl+Shift+C",), ("has_answer",)),
    Command(
        "answer.redo",
        QT_TRANSLATE_NOOP("Command", "Redo the last answer"),
        "redo",
        ("Ctrl+R",),
        ("has_turns", "is_idle", "has_model"),
    ),
    Command(
        "question.edit_last",
        QT_TRANSLATE_NOOP("Command", "Edit the last question"),
        "edit",
        ("Ctrl+Up",),
        ("has_turns", "is_idle"),
    ),
    Command("view.sidebar", QT_TRANSLATE_NOOP("Command", "List of conversations"), "sidebar", ("Ctrl+B", "F9"), is_switch=True),
    Command("view.viewer", QT_TRANSLATE_NOOP("Command", "Viewer"), "viewer", ("Ctrl+J",), ("has_pictures",), is_switch=True),
    Command("view.zoom_text_in", QT_TRANSLATE_NOOP("Command", "Larger text"), "zoom-in", ("Ctrl++", "Ctrl+=")),
    Command("view.zoom_text_out", QT_TRANSLATE_NOOP("Command", "Smaller text"), "zoom-out", ("Ctrl+-",)),
    Command("view.zoom_text_reset", QT_TRANSLATE_NOOP("Command", "Normal text size"), "text-select", ("Ctrl+0",)),
    Command("theme.system", QT_TRANSLATE_NOOP("Command", "As on the desktop"), group="theme"),
    Command("theme.light", QT_TRANSLATE_NOOP("Command", "Light"), group="theme"),
    Command("theme.dark", QT_TRANSLATE_NOOP("Command", "Dark"), group="theme"),
    Command("language.system", QT_TRANSLATE_NOOP("Command", "As on the desktop"), group="language"),
    Command("language.en", "English", group="language"),
    Command("language.zh_CN", "简体中文", group="language"),
    Command("model.choose", QT_TRANSLATE_NOOP("Command", "Choose a model…"), "chip"),
    Command("palette", QT_TRANSLATE_NOOP("Command", "All commands"), "palette", ("Ctrl+K",)),
    Command("settings", QT_TRANSLATE_NOOP("Command", "Settings…"), "settings", ("Ctrl+,",)),
    Command("help.shortcuts", QT_TRANSLATE_NOOP("Command", "Keyboard shortcuts"), "keyboard", ("F1",)),
    Command("window.new", QT_TRANSLATE_NOOP("Command", "New window"), "window"),
    Command("window.close", QT_TRANSLATE_NOOP("Command", "Close the window"), "close", ("Ctrl+W",)),
    Command("quit", QT_TRANSLATE_NOOP("Command", "Quit Sightline"), "close", ("Ctrl+Q",)),
)

KEYWORDS: dict[str, tuple[str, ...]] = {
    "conversation.new": ("chat",),
    "conversation.new_private": ("incognito", "temporary"),
    "conversation.search": ("find in all", "history"),
    "conversation.pin": ("favourite", "star"),
    "conversation.delete": ("remove",),
    "conversation.export": ("save as", "download"),
    "file.open": ("upload", "add files", "picture", "document", "video"),
    "file.paste": ("clipboard",),
    "capture.ask": ("screenshot", "quick ask"),
    "capture.selection": ("clipboard", "selected text"),
    "capture.attach": ("screenshot", "snip"),
    "record.start": ("video", "screencast"),
    "answer.stop": ("cancel", "interrupt"),
    "answer.redo": ("regenerate", "retry"),
    "view.sidebar": ("side bar", "history"),
    "view.viewer": ("side panel", "pictures", "pages"),
    "view.zoom_text_in": ("bigger font", "zoom in"),
    "view.zoom_text_out": ("smaller font", "zoom out"),
    "view.zoom_text_reset": ("reset zoom", "default font"),
    "theme.system": ("automatic colours",),
    "theme.light": ("light mode", "day mode"),
    "theme.dark": ("dark mode", "night mode"),
    "language.system": ("automatic language",),
    "language.en": ("英文", "英语"),
    "language.zh_CN": ("Chinese", "Simplified Chinese", "Mandarin", "中文"),
    "model.choose": ("GGUF", "open model"),
    "settings": ("preferences", "options", "configuration"),
    "help.shortcuts": ("hotkeys", "keys", "help"),
    "quit": ("exit",),
}
"""Other names that users know commands by. They are looked for and never shown, so they are not translated."""

MENUS: tuple[Menu, ...] = (
    Menu(
        "file",
        QT_TRANSLATE_NOOP("Menu", "File"),
        (
            "conversation.new", "conversation.new_private", "window.new", "", "file.open", "file.paste", "capture.attach",
            "record.start", "", "capture.ask", "capture.selection", "", "conversation.import",
            "", "model.choose", "settings", "", "window.close", "quit",
        ),
    ),
    Menu(
        "conversation",
        QT_TRANSLATE_NOOP("Menu", "Conversation"),
        (
            "conversation.rename", "conversation.pin", "conversation.find", "export", "", "conversation.delete",
            "edit.undo_delete", "", "conversation.search", "conversation.next", "conversation.previous",
        ),
    ),
    Menu(
        "export",
        QT_TRANSLATE_NOOP("Menu", "Export"),
        (
            "export.md", "export.html", "export.pdf", "export.docx", "", "export.sightline", "export.sharegpt", "",
            "conversation.export",
        ),
        names_entries=True,
    ),
    Menu(
        "answer",
        QT_TRANSLATE_NOOP("Menu", "Answer"),
        ("answer.stop", "answer.redo", "answer.copy_last", "question.edit_last", "focus.composer"),
    ),
    Menu(
        "view",
        QT_TRANSLATE_NOOP("Menu", "View"),
        (
            "view.sidebar", "view.viewer", "", "view.zoom_text_in", "view.zoom_text_out", "view.zoom_text_reset", "", "theme",
            "language", "", "palette",
        ),
    ),
    Menu("theme", QT_TRANSLATE_NOOP("Menu", "Theme"), ("theme.system", "theme.light", "theme.dark"), names_entries=True),
    Menu(
        "language",
        QT_TRANSLATE_NOOP("Menu", "Language"),
        ("language.system", "language.en", "language.zh_CN"),
        names_entries=True,
    ),
    Menu("help", QT_TRANSLATE_NOOP("Menu", "Help"), ("help.shortcuts",)),
    Menu(
        "more",
        QT_TRANSLATE_NOOP("Menu", "Menu"),
        (
            "conversation.rename", "conversation.pin", "conversation.find", "export", "conversation.delete", "",
            "conversation.new_private", "window.new", "conversation.import", "", "view", "model.choose", "settings", "", "palette",
            "help.shortcuts", "quit",
        ),
    ),
    Menu("row", "", ("conversation.rename", "conversation.pin", "export", "", "conversation.delete")),
)  # fmt: skip
"""`more` is opened in the header, `row` in the list of conversations; macOS has those of `MENU_BAR` at the top of the screen."""

MENU_BAR = ("file", "conversation", "answer", "view", "help")
