"""The words of the page "Quick Ask": of its options, and of how a hotkey stands."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.hotkey.models import HotkeyState
from app.ui.settings.option_words import OptionWords


def quick_option_words() -> dict[str, OptionWords]:
    """By the option's name, in the language of now."""
    return {**_hotkey_words(), **_capture_words(), **_recording_words()}


def hotkey_problem_words(state: HotkeyState) -> str:
    """Why a hotkey is not listened for and what to do; `state.code` is of `app.hotkey.errors`."""
    if state.code == "hotkey_taken":
        if not state.handler:
            return QCoreApplication.translate("Settings", "Another hotkey of Sightline has these keys. Choose others.")
        return QCoreApplication.translate(
            "Settings", "Another program or the desktop has these keys. Choose others, or free them there."
        )
    if state.code == "hotkey_invalid":
        return QCoreApplication.translate("Settings", "No key of this keyboard makes that. Choose other keys.")
    if state.code == "hotkey_refused" and state.handler == "portal":
        return QCoreApplication.translate(
            "Settings", "The desktop did not allow it. Allow it in the desktop's settings of shortcuts, or press “Try again”."
        )
    if state.code == "hotkey_unavailable" and state.handler == "external":
        return QCoreApplication.translate(
            "Settings", "Here, no program can listen for keys. Bind a command below to a key of the desktop, or use the tray."
        )
    return state.message


def _hotkey_words() -> dict[str, OptionWords]:
    return {
        "hotkey_capture": OptionWords(
            QCoreApplication.translate("Settings", "Ask about the screen"),
            QCoreApplication.translate("Settings", "These keys, pressed in any program, let you choose a part of the screen."),
        ),
        "hotkey_selection": OptionWords(
            QCoreApplication.translate("Settings", "Ask about what is selected"),
            QCoreApplication.translate("Settings", "Or about what was copied last: text, a picture, or files."),
        ),
        "hotkey_record": OptionWords(
            QCoreApplication.translate("Settings", "Record the screen"),
            QCoreApplication.translate("Settings", "Begins a recording, and ends it."),
        ),
        "hotkey_handler": OptionWords(
            QCoreApplication.translate("Settings", "Listen for keys through"),
            QCoreApplication.translate("Settings", "Change it only if keys do nothing."),
            {
                "": QCoreApplication.translate("Settings", "What works best here"),
                "windows": "Windows",
                "macos": "macOS",
                "x11": "X11",
                "portal": QCoreApplication.translate("Settings", "The desktop's portal"),
                "external": QCoreApplication.translate("Settings", "The desktop's own shortcuts"),
            },
        ),
        "quick_prompts": OptionWords(
            QCoreApplication.translate("Settings", "Quick actions"),
            QCoreApplication.translate("Settings", "What the buttons below the question ask for. The words are yours to change."),
        ),
    }


def _capture_words() -> dict[str, OptionWords]:
    return {
        "capture_handler": OptionWords(
            QCoreApplication.translate("Settings", "Take pictures of the screen with"),
            QCoreApplication.translate("Settings", "Change it only if pictures are missing or wrong."),
            {
                "": QCoreApplication.translate("Settings", "What works best here"),
                "mss": QCoreApplication.translate("Settings", "The screen itself (mss)"),
                "portal": QCoreApplication.translate("Settings", "The desktop's portal"),
                "grim": "grim",
                "spectacle": "Spectacle",
                "gnome_screenshot": "GNOME Screenshot",
            },
        ),
        "capture_delay_s": OptionWords(
            QCoreApplication.translate("Settings", "Wait before the picture is taken"),
            QCoreApplication.translate("Settings", "Time to open a menu that is to be on it."),
            {None: QCoreApplication.translate("Settings", "{number} s")},
        ),
        "keeps_in_tray": OptionWords(
            QCoreApplication.translate("Settings", "Stay in the tray when the window is closed"),
            QCoreApplication.translate("Settings", "So that the keys go on working. Without a tray, closing the window quits."),
        ),
        "starts_at_login": OptionWords(
            QCoreApplication.translate("Settings", "Start when you log in"),
            QCoreApplication.translate("Settings", "Without its window, so that the keys work from the beginning."),
        ),
    }


def _recording_words() -> dict[str, OptionWords]:
    return {
        "recording_fps": OptionWords(
            QCoreApplication.translate("Settings", "Pictures a second in recordings"),
            QCoreApplication.translate("Settings", "More look smoother, and make the computer work more."),
            {None: "{number}"},
        ),
        "recording_limit_mb": OptionWords(
            QCoreApplication.translate("Settings", "Largest recording"),
            QCoreApplication.translate("Settings", "A recording ends by itself there, and is kept."),
            {None: "{number} MB"},
        ),
        "recording_codec": OptionWords(
            QCoreApplication.translate("Settings", "How recordings are written"),
            QCoreApplication.translate("Settings", "H.264 opens everywhere. VP9 makes the computer work more."),
            {"h264": "H.264", "vp9": "VP9"},
        ),
    }
