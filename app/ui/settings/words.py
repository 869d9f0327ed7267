"""What the settings are called and what they do: the words of every visible option of `app.settings.schema`, once."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.ui.settings.option_words import OptionWords
from app.ui.settings.quick_words import quick_option_words
from app.ui.settings.server_words import server_option_words


def option_words() -> dict[str, OptionWords]:
    """By the option's name, in the language of now."""
    return {
        "theme": OptionWords(
            QCoreApplication.translate("Settings", "Theme"),
            QCoreApplication.translate("Settings", "Light or dark, or whichever the desktop uses."),
            {
                "system": QCoreApplication.translate("Settings", "As on the desktop"),
                "light": QCoreApplication.translate("Settings", "Light"),
                "dark": QCoreApplication.translate("Settings", "Dark"),
            },
        ),
        "language": OptionWords(
            QCoreApplication.translate("Settings", "Language"),
            QCoreApplication.translate("Settings", "Of the window. The model answers in the language you ask in."),
            {"system": QCoreApplication.translate("Settings", "As on the desktop"), "en": "English", "zh_CN": "简体中文"},
        ),
        "text_percent": OptionWords(
            QCoreApplication.translate("Settings", "Text size"),
            QCoreApplication.translate("Settings", "For everything in the window, answers included."),
        ),
        "thinking": OptionWords(
            QCoreApplication.translate("Settings", "Think before answering"),
            QCoreApplication.translate("Settings", "Better with hard questions, and slower. You can change it for each question."),
        ),
        **quick_option_words(),
        "model": OptionWords(
            QCoreApplication.translate("Settings", "Model"),
            QCoreApplication.translate("Settings", "The GGUF file that answers."),
        ),
        "mmproj": OptionWords(
            QCoreApplication.translate("Settings", "Projector"),
            QCoreApplication.translate("Settings", "The mmproj file that lets the model see pictures."),
        ),
        "models": OptionWords(
            QCoreApplication.translate("Settings", "Models used lately"),
            QCoreApplication.translate("Settings", "Removing one from this list leaves its file where it is."),
        ),
        "gpu_layers": OptionWords(
            QCoreApplication.translate("Settings", "Layers on the graphics card"),
            QCoreApplication.translate("Settings", "More are faster and take more of the card's memory. The model is loaded anew."),
            {
                -1: QCoreApplication.translate("Settings", "As many as fit"),
                0: QCoreApplication.translate("Settings", "None"),
                None: QCoreApplication.translate("Settings", "This many:"),
            },
        ),
        "system_prompt": OptionWords(
            QCoreApplication.translate("Settings", "Ask the model to point"),
            QCoreApplication.translate(
                "Settings", "Tells it what the pictures are called and how to mark what it means. Off, it gets your words alone."
            ),
        ),
        **server_option_words(),
        "keeps_history": OptionWords(
            QCoreApplication.translate("Settings", "Keep conversations"),
            QCoreApplication.translate(
                "Settings", "On this computer only. Off, every new conversation is private and gone when it is closed."
            ),
        ),
        "recognises_for_search": OptionWords(
            QCoreApplication.translate("Settings", "Find conversations by the text in their pictures"),
            QCoreApplication.translate("Settings", "Reads the text in pictures you asked about, on this computer."),
        ),
    }


def storage_words() -> dict[str, OptionWords]:
    """What lies on the disk, by its kind; `values` has the question before it is cleared, and what the answer is called."""
    return {
        "conversations": OptionWords(
            QCoreApplication.translate("Settings", "Conversations"),
            QCoreApplication.translate("Settings", "Questions, answers, and the text by which they are found."),
            {
                "question": QCoreApplication.translate(
                    "Settings",
                    "Delete all conversations, with the files attached and what was read of them? They cannot be brought back.",
                ),
                "answer": QCoreApplication.translate("Settings", "Delete all"),
            },
        ),
        "attachments": OptionWords(
            QCoreApplication.translate("Settings", "Attachments"),
            QCoreApplication.translate("Settings", "Copies of the pictures and documents you asked about."),
            {
                "question": QCoreApplication.translate(
                    "Settings", "Delete these copies? The conversations stay, but can no longer show their pictures and pages."
                ),
                "answer": QCoreApplication.translate("Settings", "Delete copies"),
            },
        ),
        "reading": OptionWords(
            QCoreApplication.translate("Settings", "Drawn pages and recognised text"),
            QCoreApplication.translate("Settings", "Saves drawing and reading them again."),
            {
                "question": QCoreApplication.translate("Settings", "Clear them? They are made again when they are needed."),
                "answer": QCoreApplication.translate("Settings", "Clear"),
            },
        ),
        "engine": OptionWords(
            QCoreApplication.translate("Settings", "What models have read"),
            QCoreApplication.translate("Settings", "Pictures and conversations that a model need not read again."),
            {
                "question": QCoreApplication.translate("Settings", "Clear it? The next answer to an old question takes longer."),
                "answer": QCoreApplication.translate("Settings", "Clear"),
            },
        ),
        "logs": OptionWords(
            QCoreApplication.translate("Settings", "Logs"),
            QCoreApplication.translate("Settings", "What went wrong lately. They hold no questions, answers or keys."),
            {
                "question": QCoreApplication.translate("Settings", "Clear the logs? They help to find out about a problem."),
                "answer": QCoreApplication.translate("Settings", "Clear"),
            },
        ),
    }


def keychain_words(code: str) -> str:
    """What an error of the keychain means and what to do; `code` as in `app.settings.secrets`."""
    return {
        "no_keychain": QCoreApplication.translate(
            "Settings",
            "Keys are kept in the system's keychain only, and there is none here. On Linux, install GNOME Keyring or KWallet (a "
            "Secret Service) and start Sightline again; on Windows and macOS, see whether Python was told to use another keyring.",
        ),
        "keychain_locked": QCoreApplication.translate("Settings", "The keychain is locked. Unlock it, then try again."),
        "key_refused": QCoreApplication.translate("Settings", "This is too long for a key, or not plain text. Copy it anew."),
    }.get(
        code,
        QCoreApplication.translate("Settings", "The keychain did not do what it was asked. See whether other programs can use it."),
    )


def bytes_words(size_bytes: int) -> str:
    """So many bytes, in units of 1,000 as most file managers have them."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
