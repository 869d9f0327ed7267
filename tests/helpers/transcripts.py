"""Conversations as they are in use, made without a model: questions, answers with code, tables and figures, in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.chat.parts import Shown
from app.chat.session import Conversation, Turn
from inference.events import Event, Finished, ReasoningDelta, TextDelta
from inference.types import Timings, Usage
from ingest.attachment import Picture
from ingest.errors import FileUnreadable
from ingest.types import Pixels

REALISTIC = """Revenue fell in **Q3**, by 8 % against Q2. Every other quarter grew, although the *margin* did not, and the \
report says so only in a footnote on the last page, where nobody looks for it.

## What the figures say

The plant in Lyon stood still for three weeks, and copper rose by 19 %. The table puts the first at 5.1 points and the second \
at 2.9, which together is all of it:

| Quarter | Revenue | Change |
|---------|--------:|-------:|
| Q1 | 41.2 | +3 % |
| Q2 | 44.0 | +7 % |
| Q3 | 40.5 | -8 % |

- The first cause is over; the plant has worked again since October.
- The second is not, and `hedging` covers only half of it.

```python
def change(before: float, after: float) -> float:
    return (after - before) / before

print(f"{change(44.0, 40.5):.1%}")
```

So the fourth quarter should recover, unless copper goes on rising. Turn number {number} ends here.
"""
CHINESE = """第三季度的收入比第二季度**下降了 8 %**，其他季度都有增长。报告列出了两个原因：里昂的工厂停产三周，铜价上涨 19 %。

1. 停产造成 5.1 个百分点的下降；
2. 铜价造成 2.9 个百分点的下降。
"""


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture that is drawn as it is asked for: each pixel's red and green say where in the picture it is.

    `is_gone` makes it fail as a file does that was moved.
    """

    id: str = "drawn"
    name: str = "report-2026.pdf, page 12"
    width: int = 1600
    height: int = 1200
    is_gone: bool = False

    def render(self, width: int, height: int) -> Pixels:
        if self.is_gone:
            raise FileUnreadable(f"{self.name} cannot be read.")
        row = b"".join(bytes((255 * x // width, 0, 128)) for x in range(width))
        rows = []
        for y in range(height):
            line = bytearray(row)
            line[1::3] = bytes((255 * y // height,)) * width
            rows.append(bytes(line))
        return Pixels(width, height, b"".join(rows))


def add_turn(
    conversation: Conversation,
    question: str,
    events: Sequence[Event],
    pictures: Sequence[Picture] = (),
    before: str | None = None,
) -> Turn:
    """A turn whose answer is what these events make it; running when none of them ends it."""
    parts = [Shown(picture, picture.width, picture.height) for picture in pictures]
    turn = conversation.start_turn(question, parts, False, before=before, model_name="GLM-4.6V-Flash")
    conversation.apply(turn.id, events)
    return turn


def said(markdown: str) -> list[Event]:
    """The events of an answer that says just this."""
    return [TextDelta(markdown, markdown), Finished("stop", Usage(900, 0, 0, 220), Timings(0, 0, 300, 31))]


def long_conversation(turns: int) -> Conversation:
    """So many turns with realistic answers; every fourth is in Chinese, every third has reasoning."""
    conversation = Conversation()
    for number in range(1, turns + 1):
        text = CHINESE if number % 4 == 0 else REALISTIC.replace("{number}", str(number))
        thoughts: list[Event] = [ReasoningDelta(f"Hidden thought {number}.", "x")] if number % 3 == 0 else []
        add_turn(conversation, f"Question {number}: which quarter fell, and why?", [*thoughts, *said(text)])
    return conversation
