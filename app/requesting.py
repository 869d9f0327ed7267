"""What the model in use is asked: with which instructions, with how much room, and how long that will take. No Qt widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale

from app.chat.compose import build_request
from app.chat.parts import Plan, Room
from app.chat.prompts import PromptLanguage, conversation_language, system_prompt
from app.chat.session import Conversation, Turn
from app.model import CurrentModel
from app.settings.schema import Settings
from app.speed import Speeds
from inference.events import Finished
from inference.types import Request, Usage


class Requesting:
    """Knows the model, the settings and the speeds that were measured."""

    def __init__(self, model: CurrentModel, settings: Callable[[], Settings], speeds: Speeds) -> None:
        self._model, self._settings, self._speeds = model, settings, speeds

    def build(
        self, conversation: Conversation, earlier: Sequence[Turn], question: str, plan: Plan, thinking: bool, draft: str = ""
    ) -> Request:
        """The request. `draft` is the question as far as it is written, to know its language while the pictures are prepared."""
        model = self._model.model
        is_told = model is not None and model.system_prompt and self._settings().system_prompt
        own: PromptLanguage = "zh_CN" if QLocale().language() is QLocale.Language.Chinese else "en"
        language = conversation_language(earlier, question or draft, own)
        return build_request(
            earlier,
            question,
            plan.parts,
            thinking=thinking,
            system=system_prompt(language) if is_told and model is not None and model.capabilities.vision else None,
            naming=language if is_told else None,
            capabilities=model.capabilities if model is not None else None,
            keep_on_disk=not conversation.is_private,
        )

    def room(self, conversation: Conversation) -> Room:
        """What the model has room for after the conversation so far."""
        used = next((turn.answer.usage for turn in reversed(conversation.turns) if turn.is_answered), Usage())
        capabilities = self._model.model.capabilities if self._model.model else None
        return Room.of(capabilities, used.prompt_tokens + used.completion_tokens)

    def expected_s(self, image_tokens: int, tokens: int) -> float | None:
        """Seconds until the first word; None where that is not known."""
        name = self._model.model.capabilities.model_name if self._model.model else ""
        return self._speeds.expected_s(name, image_tokens, tokens)

    def learn(self, model_name: str, finished: Finished) -> None:
        """Take in what something took."""
        self._speeds.learn(model_name, finished.usage, finished.timings)
