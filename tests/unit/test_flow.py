"""Pictures stand between the paragraphs of an answer, and never tear apart what belongs together."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.answer import Answer, PictureBlock, TextBlock, ToolBlock
from app.chat.blocks import LOST
from inference.events import Event, Finished, TextDelta, ToolCall, ToolCallDelta
from inference.markup import MarkupParser
from inference.types import ToolUse

PICTURE = "![it](1)"


def outline(answer: Answer) -> list[str]:
    """Text blocks as they are, pictures as "#"."""
    return [block.markdown() if isinstance(block, TextBlock) else "#" for block in answer.blocks]


def shown(*pieces: str) -> list[str]:
    """The outline of an answer that arrives in these pieces."""
    parser, answer = MarkupParser(("a",)), Answer(("a",))
    for event in [event for piece in pieces for event in parser.feed(piece)] + parser.finish() + [Finished("stop")]:
        answer.apply(event)
    return outline(answer)


@pytest.mark.parametrize(
    ("written", "blocks"),
    [
        (f"A {PICTURE} b.\n\nC.", ["A [1] b.\n\n", "#", "C."]),
        (f"A {PICTURE} b.\nStill b.\n\n\nC.", ["A [1] b.\nStill b.\n\n", "#", "C."]),
        (f"A {PICTURE}", ["A [1]", "#"]),
        (f"{PICTURE}\n\n", ["[1]\n\n", "#"]),
        (f"A {PICTURE}\n# Title\nB", ["A [1]\n", "#", "# Title\nB"]),
        (f"# Title {PICTURE}\nB", ["# Title [1]\n", "#", "B"]),
        (f"A {PICTURE}\n#5 is B", ["A [1]\n#5 is B", "#"]),
        (f"A {PICTURE}\n```\nx\n\ny\n```\nB", ["A [1]\n", "#", "```\nx\n\ny\n```\nB"]),
        (f"A {PICTURE}\n- one\n- two\n\nB", ["A [1]\n", "#", "- one\n- two\n\nB"]),
        (f"A {PICTURE}\n> said\n> he\n\nB", ["A [1]\n", "#", "> said\n> he\n\nB"]),
        (f"> A {PICTURE}\n> he\n\nB", ["> A [1]\n> he\n\n", "#", "B"]),
    ],
)
def test_a_picture_follows_its_paragraph(written: str, blocks: list[str]) -> None:
    assert shown(written) == blocks


@pytest.mark.parametrize(
    ("written", "blocks"),
    [
        (f"- A {PICTURE}\n- B\n\nC", ["- A [1]\n- B\n\n", "#", "C"]),
        (f"1. A {PICTURE}\n\n2. B\n\nC", ["1. A [1]\n\n2. B\n\n", "#", "C"]),
        (f"- A {PICTURE}\n\n  more of A\n\nC", ["- A [1]\n\n  more of A\n\n", "#", "C"]),
        (f"- A {PICTURE}\n  - B\n\n    C\n\n**D**", ["- A [1]\n  - B\n\n    C\n\n", "#", "**D**"]),
        (f"- A {PICTURE}\nlazy\n- B", ["- A [1]\nlazy\n- B", "#"]),
        (f"- A {PICTURE}\n# Title", ["- A [1]\n", "#", "# Title"]),
        (f"- A {PICTURE}\n\n  ```\n  x\n\n  y\n  ```\n\nB", ["- A [1]\n\n  ```\n  x\n\n  y\n  ```\n\n", "#", "B"]),
    ],
)
def test_a_picture_in_a_list_follows_the_list(written: str, blocks: list[str]) -> None:
    assert shown(written) == blocks


@pytest.mark.parametrize(
    ("written", "blocks"),
    [
        (
            f"| a | b |\n|---|---|\n| {PICTURE} | 2 |\n| 3 | 4 |\n\nC",
            ["| a | b |\n|---|---|\n| [1] | 2 |\n| 3 | 4 |\n\n", "#", "C"],
        ),
        (f"a|b\n-|-\n{PICTURE}|2\n3|4", ["a|b\n-|-\n[1]|2\n3|4", "#"]),
    ],
)
def test_a_picture_in_a_table_follows_the_table(written: str, blocks: list[str]) -> None:
    assert shown(written) == blocks


def test_several_pictures_keep_their_order() -> None:
    parser, answer = MarkupParser(("a", "b")), Answer(("a", "b"))
    for event in parser.feed("A ![x](1) and ![y](2).\n\nB") + parser.finish():
        answer.apply(event)
    assert [block.caption for block in answer.blocks if isinstance(block, PictureBlock)] == ["x", "y"]
    assert outline(answer) == ["A [1] and [2].\n\n", "#", "#", "B"]


def test_a_tool_call_comes_after_the_picture_that_was_mentioned_before_it() -> None:
    answer = Answer(("a",))
    for event in [*MarkupParser(("a",)).feed(f"A {PICTURE}"), ToolCallDelta(0, "<t>"), ToolCall(ToolUse("1", "crop", {}), "")]:
        answer.apply(event)
    assert [type(block) for block in answer.blocks] == [TextBlock, PictureBlock, ToolBlock]


def test_without_a_waiting_picture_every_character_is_shown_at_once() -> None:
    answer = Answer(("a",))
    for character, said in (("4", "4"), ("2", "42"), ("\n", "42\n"), ("-", "42\n-"), (" ", "42\n- ")):
        answer.apply(TextDelta(character, character))
        assert outline(answer) == [said]


LINES = (
    "A line.", "", "", "   ", "- item", "  inside", "    deep", "1. first", "12", "#5", "# Title", "> said", "```", "```py",
    "~~~~", "``x``",
    "| a | b |", "|---|---|", "***", "---", "**Bold** text", f"See {PICTURE} here.", PICTURE, f"- {PICTURE}",
    "Image 2: [[1,2,3,4]]",
    '!<image_ref>[2, [[1,2,30,40]], "c"]</image_ref>', "![gone](nowhere.png)", "[[5,6,70,80]]", " " * 60 + "x", "\t- t",
)  # fmt: skip
written = st.lists(st.one_of(st.sampled_from(LINES), st.text("ab-#`> 1.\n![]()", max_size=12)), max_size=14).map("\n".join)


@given(written, st.data())
def test_blocks_do_not_depend_on_how_the_answer_arrived_and_only_grow(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    outcomes = []
    for arrival in ([text], pieces, list(text)):
        parser, answer = MarkupParser(("a", "b")), Answer(("a", "b"))
        earlier: list[object] = []
        for event in [event for piece in arrival for event in parser.feed(piece)] + [*parser.finish(), Finished("stop")]:
            answer.apply(event)
            assert answer.blocks[: len(earlier) - 1] == earlier[:-1]
            if earlier:
                assert _extends(answer.blocks[len(earlier) - 1], earlier[-1])
            earlier = copy.deepcopy(answer.blocks)
        assert answer.said == text
        outcomes.append(answer.blocks)
    assert outcomes[0] == outcomes[1] == outcomes[2]


@given(written)
def test_no_word_of_the_answer_is_lost(text: str) -> None:
    parser, answer = MarkupParser(("a", "b")), Answer(("a", "b"))
    events: list[Event] = [*parser.feed(text), *parser.finish()]
    for event in [*events, Finished("stop")]:
        answer.apply(event)
    plain = "".join(event.text for event in events if isinstance(event, TextDelta))
    pieces = [piece for block in answer.blocks if isinstance(block, TextBlock) for piece in block.pieces]
    assert "".join(piece for piece in pieces if isinstance(piece, str)).split() == plain.split() or any(
        not isinstance(piece, str)
        for piece in pieces  # words on both sides of a mark are not joined
    )
    assert "".join("".join(piece for piece in pieces if isinstance(piece, str)).split()) == "".join(plain.split())
    numbers = {piece.number for piece in pieces if not isinstance(piece, str)}
    assert numbers == {reference.number for reference in answer.references}
    shown, lost = sorted(number for number in numbers if number < LOST), sorted(number for number in numbers if number >= LOST)
    assert shown == [*range(1, len(shown) + 1)] and lost == [*range(LOST, LOST + len(lost))]
    assert not any(isinstance(block, TextBlock) and not block.markdown().strip() for block in answer.blocks)


def _extends(now: object, before: object) -> bool:
    """Whether a block has only grown."""
    if isinstance(now, TextBlock) and isinstance(before, TextBlock):
        return now.markdown().startswith(before.markdown())
    return now == before
