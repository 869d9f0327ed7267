"""Conversations that have everything in them, about real files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from app.chat.parts import Part, Shown, Written
from app.chat.pictures import KeptPicture, Place, SourceInfo
from app.chat.session import Conversation, Turn
from inference.events import BoxFound, Event, Finished, ImageRef, ReasoningDelta, TextDelta
from inference.types import Box, Timings, Usage
from ingest.attachment import Attachment, open_attachment
from tests.helpers.stills import Still

BAR = Box(None, 0.54, 0.44, 0.66, 0.84, "the falling bar 下降的柱")
"""Of the orange bar in `draw_chart`."""

RICH_TEXT = """

## Result 结果

第三季度下降了百分之八，原因是交货延迟；mixed text 混排 must look right.

1. First `code` item
   - nested 子项 with $x_1^2 + \\frac{a}{b}$
2. Second **bold**, *italic*, ~~struck~~

| Quarter 季度 | Sales | Change |
|:--|--:|:-:|
| Q1 | 1,200 | +4 % |
| Q3 第三 | 980 | −8 % |

> A quotation 引用一句话。

$$
\\int_0^1 x^2\\,dx = \\frac{1}{3}
$$

```python
def total(rows):  # 求和
    return sum(row.value for row in rows if row.quarter == "Q3" and row.country in ("DE", "FR", "CN", "US") and row.is_final)
```

<script>alert(1)</script> and ![x](http://evil.example/x.png) and [a link](https://example.org/a?b=c&d).
"""


def draw_chart(path: Path) -> Path:
    """A bar chart of 1280 x 720 px; its third bar is orange."""
    image = Image.new("RGB", (1280, 720), "white")
    draw = ImageDraw.Draw(image)
    for index, height in enumerate((300, 380, 280, 420)):
        draw.rectangle((150 + index * 270, 600 - height, 300 + index * 270, 600), fill="#C2410C" if index == 2 else "#2F5BEA")
    image.save(path)
    return path


def open_chart(folder: Path) -> Attachment:
    """The chart as an attachment; its name has what file names have."""
    return open_attachment(draw_chart(folder / "Sales (2026) 销售.png"))


def shown(attachment: Attachment) -> Shown:
    """Its first page, a little smaller than it is, as part of a question."""
    page = attachment.pages()[0]
    return Shown(page, 1260, 700, attachment.name, None, Place(SourceInfo.of(attachment), page.locator))


def kept(part: Shown, attachment: Attachment) -> Shown:
    """The same part as it is after the conversation was opened again."""
    assert part.place is not None
    picture = part.picture
    again = KeptPicture(part.place, picture.id, picture.name, picture.width, picture.height, lambda _source: attachment)
    return Shown(again, part.width, part.height, part.name, part.time_s, part.place)


def ask(
    conversation: Conversation, question: str, parts: Sequence[Part], events: Sequence[Event], before: str | None = None
) -> Turn:
    """A whole turn."""
    turn = conversation.start_turn(question, parts, True, before=before, model_name="GLM-4.6V-Flash")
    conversation.apply(turn.id, events)
    return turn


def rich_conversation(attachment: Attachment) -> Conversation:
    """Two questions: about a chart, with everything that an answer can have; about that again, stopped."""
    conversation = Conversation()
    conversation.own_title = "Quarterly sales 季度销售 & <more>"
    written = Written(Still("notes", "notes.txt, page 1"), "notes.txt, page 1", "Deliveries were late.")
    ask(
        conversation,
        "Which quarter fell?\n哪个季度下降了？\n\n* no list <b>",
        [shown(attachment), written],
        [
            ReasoningDelta("I look at the bars. 第三个最低。", "I look at the bars. 第三个最低。"),
            TextDelta("Q3 fell ", "Q3 fell "),
            BoxFound(BAR, "<|begin_of_box|>[[540,440,660,840]]<|end_of_box|>"),
            TextDelta(", see ", ", see "),
            ImageRef(
                "1",
                (Box(None, 0.1, 0.2, 0.25, 0.85),),
                "First 第一",
                '!<image_ref>[1, [[100,200,250,850]], "First 第一"]</image_ref>',
            ),
            TextDelta(" and ", " and "),
            ImageRef("nothing.png", (), "", "![](nothing.png)"),
            TextDelta(RICH_TEXT, RICH_TEXT),
            Finished("stop", Usage(10, 2, 3, 4), Timings(1.0, 2.0, 3.0, 4.5)),
        ],
    )
    ask(conversation, "And the second?", [], [TextDelta("It rose", "It rose"), Finished("cancelled")])
    return conversation
