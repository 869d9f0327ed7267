"""The hotkeys of the settings, listened for by the best handler there is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import get_args

from PySide6.QtCore import QObject, Signal

from app.hotkey import select
from app.hotkey.errors import HotkeyError, HotkeyInvalid, HotkeyTaken, HotkeyUnavailable
from app.hotkey.models import HotkeyHandler, HotkeyId, HotkeyState, KeyCombination
from app.settings.schema import Settings

log = logging.getLogger(__name__)

SHOWN_CHARACTERS_MAX = 40
"""Of what stands in the settings and is no combination of keys."""


class Hotkeys(QObject):
    """Attributes:
        states: how each hotkey stands, by its id; empty before `apply`.

    Signals:
        pressed(id, activation token): a hotkey of `HotkeyId`. The token is Wayland's, empty where there is none.
        diverted(id): the same while they are recorded in the settings; nothing else is to happen then.
        state_changed(): look at `states`.
    """

    pressed = Signal(str, str)
    diverted = Signal(str)
    state_changed = Signal()

    def __init__(self, parent: QObject | None = None, usable: Callable[[str], list[HotkeyHandler]] = select.usable) -> None:
        super().__init__(parent)
        self._usable = usable
        self._applied: tuple[str, ...] | None = None
        self._handler: HotkeyHandler | None = None
        self._others: list[HotkeyHandler] = []
        self._wanted: dict[str, KeyCombination] = {}
        self._reason = ""
        self._is_diverted = False
        self._is_closed = False
        self.states: dict[str, HotkeyState] = {}

    def apply(self, settings: Settings) -> None:
        """Listen for what the settings say, if that has changed."""
        texts = {hotkey_id: str(getattr(settings, f"hotkey_{hotkey_id}")) for hotkey_id in get_args(HotkeyId)}
        applied = (settings.hotkey_handler, *texts.values())
        if applied == self._applied or self._is_closed:
            return
        is_other_handler = self._applied is None or self._applied[0] != applied[0]
        self._applied = applied
        self._wanted, self.states = _read(texts)
        if is_other_handler or self._handler is None:
            self._choose(settings.hotkey_handler)
        else:
            self._bind()

    def try_again(self) -> None:
        """Listen anew, after something outside was put right."""
        if self._applied is not None and not self._is_closed:
            self._choose(self._applied[0])

    def divert(self, is_diverted: bool) -> None:
        """Presses are told by `diverted` alone while this is on."""
        self._is_diverted = is_diverted

    def close(self) -> None:
        """Give every key back, for good."""
        self._is_closed = True
        self._leave()

    def _choose(self, forced: str) -> None:
        self._leave()
        try:
            self._others = self._usable(forced)
        except HotkeyUnavailable as error:
            for hotkey_id in self._wanted:
                self._set_failed(hotkey_id, forced, error.code, error.message)
            self.state_changed.emit()
        else:
            self._use_next()

    def _use_next(self) -> None:
        self._handler = handler = self._others.pop(0)
        log.info("keys are listened for by %s", handler.name)
        handler.setParent(self)
        handler.pressed.connect(self._on_handler_pressed)
        handler.bound.connect(self._on_handler_bound)
        handler.failed.connect(self._on_handler_failed)
        self._bind()

    def _bind(self) -> None:
        for hotkey_id, combination in self._wanted.items():
            self.states[hotkey_id] = HotkeyState(combination, code="hotkey_pending")
        assert self._handler is not None
        self._handler.bind(self._wanted)
        self.state_changed.emit()

    def _leave(self) -> None:
        self._others, self._reason = [], ""
        if self._handler is not None:
            self._handler.close()
            self._handler.deleteLater()
            self._handler = None

    def _set_failed(self, hotkey_id: str, handler: str, code: str, message: str) -> None:
        self.states[hotkey_id] = HotkeyState(self._wanted[hotkey_id], handler=handler, code=code, message=message)

    def _is_current(self, hotkey_id: str) -> bool:
        """Not of a handler that was left, nor of a hotkey that nobody wants any more."""
        return self.sender() is self._handler and hotkey_id in self._wanted

    def _on_handler_pressed(self, hotkey_id: str, token: str) -> None:
        if not self._is_current(hotkey_id):
            return
        if self._is_diverted:
            self.diverted.emit(hotkey_id)
        else:
            self.pressed.emit(hotkey_id, token)

    def _on_handler_bound(self, hotkey_id: str, shown: str) -> None:
        if self._handler is not None and self._is_current(hotkey_id):
            self.states[hotkey_id] = HotkeyState(self._wanted[hotkey_id], shown, self._handler.name)
            self.state_changed.emit()

    def _on_handler_failed(self, hotkey_id: str, code: str, message: str) -> None:
        handler = self._handler
        if handler is None or not self._is_current(hotkey_id):
            return
        log.info("the hotkey %s is not listened for by %s: %s", hotkey_id, handler.name, code)
        if code == HotkeyUnavailable.code and self._others:
            reason, others = message, self._others
            self._leave()
            self._others, self._reason = others, reason
            self._use_next()
            return
        self._set_failed(hotkey_id, handler.name, code, f"{self._reason} {message}".strip())
        self.state_changed.emit()


def _read(texts: dict[str, str]) -> tuple[dict[str, KeyCombination], dict[str, HotkeyState]]:
    """What is to be listened for, and the states of what is not: no keys, no sense, or the keys of another hotkey."""
    wanted: dict[str, KeyCombination] = {}
    states: dict[str, HotkeyState] = {}
    for hotkey_id, text in texts.items():
        combination = KeyCombination.parse(text)
        if not text:
            states[hotkey_id] = HotkeyState(None, code="hotkey_off")
        elif combination is None:
            error: HotkeyError = HotkeyInvalid(f"“{text[:SHOWN_CHARACTERS_MAX]}”")
            states[hotkey_id] = HotkeyState(None, code=error.code, message=error.message)
        elif combination in wanted.values():
            error = HotkeyTaken(str(combination))
            states[hotkey_id] = HotkeyState(combination, code=error.code, message=error.message)
        else:
            wanted[hotkey_id] = combination
    return wanted, states
