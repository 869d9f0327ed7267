"""Turns a model's output into events while it streams.

The same output gives the same events however it is split, once neighbouring deltas of one kind are joined, and the joined `raw` of
the events is the output. To that end every decision rests on the characters alone: text is held back while it may become a marker,
and no longer; `markup_patterns` and `markup_scan` tell. Work is linear in the output, and what is held back is bounded.

The formats are those of the docs.z.ai GLM-4.6V guide, the GLM-V README and the GLM chat template. Tags of reasoning, boxes and
answers never show; whatever else is malformed or left open shows as text:

    <think>...</think>                 reasoning, with one line break before and after; left open, it stays reasoning
    <|begin_of_box|>...<|end_of_box|>  boxes in any style of `grounding`; any other content is read as ordinary text
    [[x1,y1,x2,y2], ...]               bare boxes; single brackets, points and boxes without area are left alone: prose has them too
    {"bbox_2d": ...} and lists of it   bare, between box tokens, or as the whole of a json code fence
    <bbox>...</bbox>                   boxes
    !<image_ref>[...]</image_ref>      and table_ref: references to pictures
    ![caption](id), ![..](Image 2)     references, unless they name an address or a path
    <tool_call>...</tool_call>         a call, written in either way of `markup_tools`
    <answer>...</answer>               the tags are dropped; GLM-4.1V only

In Markdown code nothing counts but box tokens, which are single tokens of the vocabulary. A box belongs to the only picture there
is; with several, it has what its ``image`` field says, and which one is meant otherwise has to be read out of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from inference import grounding
from inference.events import BoxFound, Event, ImageRef, TextDelta, ToolCall
from inference.markup_code import CodeTracker
from inference.markup_output import Output
from inference.markup_pictures import markdown_target, parse_reference
from inference.markup_rules import (
    ANSWER_RULES,
    BACKTICKS,
    BEGIN_OF_BOX,
    BOX_RULES,
    PLAIN_ANSWER,
    PLAIN_CODE,
    PLAIN_REASONING,
    REASONING_RULES,
    Meaning,
    Rules,
)
from inference.markup_scan import StructureScan
from inference.markup_tools import CLOSE, OPEN, parse_tool_call
from inference.types import Box

MAX_TOOL_CALL = 262_144  # characters; a page of HTML fits

_Mode = Literal["answer", "reasoning", "tool call"]


def visible_text(events: Iterable[Event]) -> str:
    """The answer as the model meant it to be read: no tags, reasoning or tool calls; boxes and references as they were written."""
    shown = []
    for event in events:
        match event:
            case TextDelta():
                shown.append(event.text)
            case BoxFound():
                shown.append(grounding.BOX_MARKERS.sub("", event.raw))
            case ImageRef():
                shown.append(event.raw)
    return "".join(shown)


class MarkupParser:
    """Parses one answer: `feed` what arrives, then `finish` once. Neither raises, whatever the text.

    `image_ids` are the request's pictures in order; `starts_in_reasoning` when the prompt ended with ``<think>``.

    The events give each character of the output once in `raw`: of several boxes in a row the first has it all; of a tool call the
    deltas have it, `ToolCall` and the text that shows a malformed or unfinished call have none.
    """

    def __init__(self, image_ids: Sequence[str], starts_in_reasoning: bool = False) -> None:
        self._image_ids = tuple(image_ids)
        self._code = CodeTracker()
        self._output = Output()
        self._mode: _Mode = "reasoning" if starts_in_reasoning else "answer"
        self._buffer = ""  # undecided from `_position` on
        self._position = 0
        self._is_final = False
        self._scan: StructureScan | None = None
        self._drops_newline = False
        self._tool_index = 0
        self._tool_parts: list[str] = []
        self._tool_length = 0

    def feed(self, text: str) -> list[Event]:
        """The events that are certain now that `text` has arrived."""
        self._buffer += text
        while self._position < len(self._buffer) and self._step():
            pass
        self._buffer = self._buffer[self._position :]
        self._position = 0
        return self._output.take()

    def finish(self) -> list[Event]:
        """The events of what was held back, now that nothing more comes."""
        self._is_final = True
        events = self.feed("")
        self._is_final = False
        if self._mode == "tool call":
            self._end_tool_call("")
        return events + self._output.take()

    def _step(self) -> bool:
        """Take some of the buffer, or return False when more must arrive first."""
        if self._mode == "tool call":
            return self._read_tool_call()
        if self._scan is not None:
            return self._continue_scan(self._scan)
        if self._drops_newline:
            self._drops_newline = False
            if self._buffer[self._position] == "\n":
                self._output.reasoning("", self._take(1))
                return True
        if self._mode == "reasoning":
            return self._show_match(PLAIN_REASONING) or self._apply(REASONING_RULES)
        return self._read_answer()

    def _read_answer(self) -> bool:
        if self._show_match(PLAIN_ANSWER) or (self._code.ends_in_backticks and self._show_match(BACKTICKS)):
            return True
        if self._code.in_code():
            return self._show_match(PLAIN_CODE) or self._apply(BOX_RULES)
        start = self._buffer[self._position : self._position + 2]
        if len(start) == 1 and not self._is_final:
            return False  # every character that PLAIN_ANSWER leaves may begin something
        return self._apply(ANSWER_RULES.get(start) or ANSWER_RULES.get(start[0], ()))

    def _apply(self, rules: Rules) -> bool:
        """Act on the first rule that matches; when none ever can, one character is text."""
        for pattern, meaning in rules:
            match = pattern.match(self._buffer, self._position)
            if match == "more" and not self._is_final:
                return False
            if not isinstance(match, str) and self._act(meaning, match):
                return True
        self._show(1)
        return True

    def _act(self, meaning: Meaning, match: re.Match[str]) -> bool:
        """Whether the text means that after all; if not, it is untouched."""
        match meaning:
            case "begin reasoning":
                self._mode = "reasoning"
                self._output.reasoning("", self._take(len(match.group())))
            case "end reasoning":
                self._mode = "answer"
                self._drops_newline = True
                self._output.reasoning("", self._take(len(match.group())))
            case "tag":
                self._drop(match.group())
            case "fence" | "box":
                self._scan = StructureScan(meaning, opener=len(match.group()) - 1)
            case "brackets" | "json":
                self._scan = StructureScan(meaning, opener=0)
            case "boxes":
                boxes = grounding.parse_boxes(match.group(), self._image_ids)
                return self._add_boxes(boxes, len(match.group()))
            case "reference":
                return self._add_reference(match)
            case "picture":
                return self._add_picture(match)
            case "tool call":
                self._mode = "tool call"
        return True

    def _continue_scan(self, scan: StructureScan) -> bool:
        outcome = scan.advance(self._buffer, self._position)
        if outcome == "more" and not self._is_final:
            return False
        self._scan = None
        if outcome == "whole" and self._add_boxes(self._boxes_of(scan), scan.length):
            return True
        if scan.kind == "box":
            self._drop(BEGIN_OF_BOX)
        else:
            self._show(scan.length)
        return True

    def _boxes_of(self, scan: StructureScan) -> tuple[Box, ...]:
        text = self._buffer[self._position + scan.opener : self._position + scan.length]
        if scan.kind == "box":
            return grounding.parse_boxes(text, self._image_ids)
        if scan.kind != "brackets":
            return grounding.parse_json_boxes(text.rstrip("`"), self._image_ids)
        boxes = grounding.parse_bracket_boxes(text, grounding.owner(None, self._image_ids))
        return boxes if all(box.x0 < box.x1 and box.y0 < box.y1 and not box.polygon for box in boxes) else ()

    def _add_boxes(self, boxes: Sequence[Box], length: int) -> bool:
        if not boxes:
            return False
        self._output.add(BoxFound(boxes[0], self._take(length)))
        for box in boxes[1:]:
            self._output.add(BoxFound(box, ""))
        return True

    def _add_reference(self, match: re.Match[str]) -> bool:
        reference = parse_reference(match.group(1), self._image_ids)
        if reference is None:
            return False
        target, boxes, caption = reference
        kind: Literal["image", "table"] = "table" if match.group().endswith("</table_ref>") else "image"
        self._output.add(ImageRef(target, boxes, caption, self._take(len(match.group())), kind))
        return True

    def _add_picture(self, match: re.Match[str]) -> bool:
        target = markdown_target(match.group(2))
        if target is None:
            return False
        self._output.add(ImageRef(target, (), match.group(1), self._take(len(match.group()))))
        return True

    def _read_tool_call(self) -> bool:
        start, arrived = self._position, len(self._buffer) - self._position
        room = MAX_TOOL_CALL - self._tool_length
        close = self._buffer.find(CLOSE, start, start + room)
        if close >= 0:
            self._take_tool_call(close + len(CLOSE) - start)
            self._end_tool_call(CLOSE)
        elif arrived >= room:
            self._take_tool_call(room)
            self._end_tool_call("")
        else:
            certain = arrived if self._is_final else arrived - _overlap(self._buffer, CLOSE)
            if not certain:
                return False
            self._take_tool_call(certain)
        return True

    def _take_tool_call(self, length: int) -> None:
        piece = self._take(length)
        self._output.tool_call(self._tool_index, piece)
        self._tool_parts.append(piece)
        self._tool_length += length

    def _end_tool_call(self, close: str) -> None:
        """End it as a call, or as text when there is no closing tag or no sense in it."""
        text = "".join(self._tool_parts)
        call = parse_tool_call(text[len(OPEN) : -len(close)], f"call_{self._tool_index}") if close else None
        if call is None:
            self._put_text(text, "")
        else:
            self._output.add(ToolCall(call, ""))
        self._mode = "answer"
        self._tool_index += 1
        self._tool_parts, self._tool_length = [], 0

    def _take(self, length: int) -> str:
        piece = self._buffer[self._position : self._position + length]
        self._position += length
        return piece

    def _drop(self, tag: str) -> None:
        put = self._output.reasoning if self._mode == "reasoning" else self._output.text
        put("", self._take(len(tag)))

    def _show_match(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self._buffer, self._position)
        if match is None:
            return False
        self._show(len(match.group()))
        return True

    def _show(self, length: int) -> None:
        piece = self._take(length)
        if self._mode == "reasoning":
            self._output.reasoning(piece, piece)
        else:
            self._put_text(piece, piece)

    def _put_text(self, text: str, raw: str) -> None:
        self._output.text(text, raw)
        self._code.feed(text)


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may begin `tag`."""
    return next((length for length in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:length])), 0)
