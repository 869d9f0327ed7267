"""What the window says about an answer that failed, in the user's language."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.chat.answer import Failure
from app.ui.remote_words import remote_failure_words

MODEL_CODES = frozenset(
    {
        "model_file_missing", "model_file_error", "not_gguf", "gguf_truncated", "gguf_damaged", "model_unsupported",
        "projector_missing", "projector_mismatch", "too_little_memory", "out_of_memory",
    }
)  # fmt: skip
"""Failures that another model file may cure."""


@dataclass(frozen=True, slots=True)
class FailureWords:
    """What happened, and what to do about it."""

    title: str
    advice: str


def failure_words(failure: Failure) -> FailureWords:
    """For any code; the ones not known here get a general title and the engine's own sentence."""
    ask_again = QCoreApplication.translate("Failure", "What was written is kept. Ask again: the model starts anew by itself.")
    other_file = QCoreApplication.translate("Failure", "Download it again, or choose another file.")
    unfinished = QCoreApplication.translate("Failure", "The answer could not be finished")
    less = QCoreApplication.translate("Failure", "Close other programs, or choose a smaller model.")
    table = {
        "model_file_missing": (
            QCoreApplication.translate("Failure", "The model's file is gone"),
            QCoreApplication.translate("Failure", "It may have been moved. Choose it again, or choose another one."),
        ),
        "not_gguf": (
            QCoreApplication.translate("Failure", "This file is no GGUF model"),
            QCoreApplication.translate("Failure", "Choose a file that ends in .gguf and was made for llama.cpp."),
        ),
        "gguf_truncated": (QCoreApplication.translate("Failure", "The model's file is incomplete"), other_file),
        "gguf_damaged": (QCoreApplication.translate("Failure", "The model's file is damaged"), other_file),
        "model_unsupported": (
            QCoreApplication.translate("Failure", "This model cannot be run here"),
            QCoreApplication.translate("Failure", "Choose a GLM-4.6V model."),
        ),
        "projector_missing": (
            QCoreApplication.translate("Failure", "The model cannot see pictures yet"),
            QCoreApplication.translate(
                "Failure", "It needs its projector, a file named mmproj…. Choose the model again and add it."
            ),
        ),
        "projector_mismatch": (
            QCoreApplication.translate("Failure", "The projector belongs to another model"),
            QCoreApplication.translate("Failure", "Choose the mmproj file that came with this model."),
        ),
        "too_little_memory": (QCoreApplication.translate("Failure", "There is too little memory for this model"), less),
        "out_of_memory": (QCoreApplication.translate("Failure", "The memory ran out"), less),
        "context_too_long": (
            QCoreApplication.translate("Failure", "This conversation is too long for the model"),
            QCoreApplication.translate("Failure", "Start a new one, or attach fewer or smaller pictures."),
        ),
        "picture_unreadable": (
            QCoreApplication.translate("Failure", "A picture cannot be read"),
            QCoreApplication.translate("Failure", "It may be damaged. Attach it again, or attach another one."),
        ),
        "engine_crashed": (QCoreApplication.translate("Failure", "The model's process crashed"), ask_again),
        "engine_hung": (QCoreApplication.translate("Failure", "The model's process stopped responding"), ask_again),
        "engine_unavailable": (
            QCoreApplication.translate("Failure", "The part that runs models does not load"),
            QCoreApplication.translate("Failure", "Install Sightline again. The log says what is missing."),
        ),
        "answer_cut": (  # by the end of the program; in older histories also by a server
            unfinished,
            QCoreApplication.translate("Failure", "What had arrived until then is kept. Ask again for a whole one."),
        ),
        "answer_damaged": (
            QCoreApplication.translate("Failure", "A part of this answer is lost"),
            QCoreApplication.translate("Failure", "It stood in a damaged place of the history. Ask again for a whole answer."),
        ),
    }
    table |= remote_failure_words()
    general = (unfinished, QCoreApplication.translate("Failure", "Ask again. The log says more."))
    return FailureWords(*table.get(failure.code, general))
