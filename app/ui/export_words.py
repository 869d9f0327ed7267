"""The words of our own in what is exported, in the user's language. No widgets: the command line uses them too."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.answer import Failure
from app.chat.export.options import Words
from app.ui.failure_words import failure_words
from app.ui.picture_words import locator_words, picture_words
from app.ui.words import is_translated, notice_words


def export_words() -> Words:
    """In the language that is installed now. What it calls may be called in any thread."""
    return Words(
        language=QLocale().name(),
        you=QCoreApplication.translate("Export", "You"),
        answer=QCoreApplication.translate("Export", "Answer"),
        attached=QCoreApplication.translate("Export", "Attached"),
        reasoning=QCoreApplication.translate("Export", "Reasoning"),
        places=QCoreApplication.translate("Export", "Places in the pictures"),
        tool_call=QCoreApplication.translate("Export", "Tool call"),
        untitled=QCoreApplication.translate("Export", "Conversation"),
        unreadable=QCoreApplication.translate("Export", "The picture {name} cannot be read any more."),
        no_such_picture=QCoreApplication.translate("Export", "The answer names a picture that does not exist."),
        stopped=QCoreApplication.translate("Export", "The answer was stopped here."),
        cut=QCoreApplication.translate("Export", "The answer ended here because it reached its greatest length."),
        page_of=QCoreApplication.translate("Export", "{page} / {total}"),
        picture_name=picture_words,
        locator=locator_words,
        failure=_failure_words,
        notice=notice_words,
    )


def _failure_words(failure: Failure) -> str:
    """The engine's own sentence, which says more, where that is the language."""
    if not is_translated():
        return failure.message
    words = failure_words(failure)
    return QCoreApplication.translate("Export", "{title}. {advice}").format(title=words.title, advice=words.advice)
