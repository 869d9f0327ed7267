"""A model that sees nothing, in the window: what it does not get is said when it is chosen, what it gets instead when asked."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pytestqt.qtbot import QtBot

from app.chat.parts import Shown, Written
from inference.events import Finished, TextDelta
from inference.types import Capabilities
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.stills import Still
from tests.helpers.window import Start, ask, attach


def test_what_a_model_cannot_see_is_said_before_and_read_for_it(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 80), "white")
    ImageDraw.Draw(image).text((20, 20), "Platform 9731", "black", ImageFont.load_default(36))
    image.save(tmp_path / "sign.png")
    engine = ScriptedEngine([TextDelta("Nine.", "Nine."), Finished("stop")], capabilities=Capabilities("Blind", vision=False))
    controller = start(engine)
    turn = controller.conversation.start_turn("What?", [Shown(Still("cat", "cat.png"), 4, 4)], False)
    controller.conversation.apply(turn.id, [TextDelta("A cat.", "A cat."), Finished("stop")])
    controller.model.changed.emit()  # as when it was chosen just now
    assert "0 of the 1 pictures" in controller.window.strip.text
    attach(qtbot, controller, tmp_path / "sign.png")
    assert "sees no pictures" in controller.window.strip.text
    ask(qtbot, controller, "Which number?")
    assert "9731" in str(engine.requests[-1].messages[-1].parts) and not engine.requests[-1].images()
    last = controller.conversation.turns[-1]
    assert [type(part) for part in last.parts] == [Written]
    assert {lost.code for lost in last.reductions} == {"picture_as_text", "earlier_left_out"}
