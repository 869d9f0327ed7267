"""Any event an engine could report, and many that none would, for tests of properties."""

from __future__ import annotations

from hypothesis import strategies as st

from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    Notice,
    Progress,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, Timings, ToolUse, Usage

texts = st.text() | st.text(st.characters(), max_size=5) | st.sampled_from(["", "\n", " ", "  \n", "\n\nWell", "\ud800", "图"])
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(-(2**60), 2**60)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
fractions = st.floats(0, 1)
pairs = st.tuples(fractions, fractions).map(sorted)
boxes = st.builds(
    lambda image_id, across, down, *rest: Box(image_id, across[0], down[0], across[1], down[1], *rest),
    st.none() | texts,
    pairs,
    pairs,
    st.none() | texts,
    st.none() | st.floats(0, 1e6),
    st.lists(st.tuples(fractions, fractions), max_size=4).map(tuple),
)
deltas = st.one_of(
    st.builds(TextDelta, texts, texts),
    texts.map(lambda text: TextDelta(text, text)),
    st.builds(ReasoningDelta, texts, texts),
    st.builds(ToolCallDelta, st.integers(0, 2), texts),
)
events: st.SearchStrategy[Event] = st.one_of(
    deltas,
    st.builds(BoxFound, boxes, texts),
    st.builds(ImageRef, texts, st.lists(boxes, max_size=3).map(tuple), texts, texts, st.sampled_from(["image", "table"])),
    st.builds(ToolCall, st.builds(ToolUse, texts, texts, st.dictionaries(texts, json_values, max_size=3)), texts),
    st.builds(Started, counts, counts),
    st.builds(Progress, st.sampled_from(["queued", "loading", "encoding", "prefill"]), counts, counts),
    st.builds(Notice, texts, texts),
    st.builds(
        Finished,
        st.sampled_from(["stop", "length", "tool_calls", "cancelled"]),
        st.builds(Usage, counts, counts, counts, counts),
        st.builds(Timings, numbers, numbers, numbers, numbers),
    ),
    st.builds(Failed, texts, texts, st.builds(Usage, counts, counts, counts, counts)),
)
