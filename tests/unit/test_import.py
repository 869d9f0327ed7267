"""What was exported in our own format comes back the same; what is anything else is refused with a sentence."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat.answer import Answer
from app.chat.export import Format
from app.chat.export import importing as module
from app.chat.export.answer_record import events_of
from app.chat.export.errors import AttachmentLost, ImportRefused, ImportTooLarge, NotAConversation, VersionUnknown
from app.chat.export.importing import import_conversation
from app.chat.export.run import export
from app.chat.parts import Part, Reduction, Shown, Written
from app.chat.pictures import Place, SourceInfo
from app.chat.session import Conversation, Turn, answer_for
from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    Notice,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, Timings, ToolUse, Usage
from ingest.attachment import Attachment
from ingest.types import Area
from tests.helpers.conversations import ask, kept, open_chart, rich_conversation, shown
from tests.helpers.stills import Still

SOURCES = (
    SourceInfo("a" * 64, "report.pdf", "pdf", 12, None, "/home/me/report.pdf"),
    SourceInfo("b" * 64, "clip.mp4", "video", 0, 9.5),
)
PLACES = (Place(SOURCES[0], "page 3"), Place(SOURCES[1], "00:02", 2.0), Place(SOURCES[0], "page 4", None, Area(0.1, 0.2, 0.5, 0.6)))


def never(_source: SourceInfo) -> Attachment:
    raise AssertionError("nothing is opened")


def seen(part: Part) -> object:
    """A part without what only this process knows: how its picture is opened, and where its file lay."""
    picture = part.picture
    place = part.place and replace(part.place, source=replace(part.place.source, path=""))
    looks = (picture.id, picture.name, picture.width, picture.height)
    return looks, place, part.text if isinstance(part, Written) else (part.width, part.height, part.time_s), part.name


def said(answer: Answer) -> object:
    """All that an answer is."""
    how = (answer.said, answer.reasoning, answer.reasoning_s, answer.notices)
    return answer.blocks, answer.references, how, answer.state, answer.finish_reason, answer.usage, answer.timings, answer.failure


def asked(turn: Turn) -> object:
    return (
        turn.question,
        [seen(part) for part in turn.parts],
        turn.reductions,
        turn.thinking,
        turn.model_name,
        turn.created_at,
    )


def tree(conversation: Conversation) -> object:
    """A conversation without its keys, which are made anew."""
    numbers = {turn.key: number for number, turn in enumerate(conversation.all_turns)} | {"": -1}
    turns = [(numbers[turn.before], asked(turn), said(turn.answer)) for turn in conversation.all_turns]
    return conversation.title, conversation.is_pinned, conversation.created_at, numbers[conversation.leaf], turns


TEXTS = st.text(st.sampled_from("ab *`\n#-1.>|猫😀"), max_size=12) | st.sampled_from(
    ["\n\n", "```\n", "- item\n", "page 3 ", "Image 2 "]
)
EDGES = st.sampled_from([0.0, 0.25, 0.5, 1.0])
BOXES = st.builds(
    lambda image, a, b, c, d, label, time_s: Box(image, min(a, b), min(c, d), max(a, b), max(c, d), label, time_s),
    *(st.sampled_from([None, "1", "p0", "p1", "nowhere"]), EDGES, EDGES, EDGES, EDGES),
    *(st.sampled_from([None, "label"]), st.sampled_from([None, 2.0])),
)
VISIBLE = st.one_of(
    TEXTS.map(lambda text: TextDelta(text, text)),
    TEXTS.map(lambda text: TextDelta(text, f"<|{text}|>")),
    BOXES.map(lambda box: BoxFound(box, "[[1,2,3,4]]")),
    st.builds(
        lambda target, boxes, caption, raw: ImageRef(target, tuple(boxes), caption, raw or f"![{caption}]({target})"),
        *(st.sampled_from(["1", "2", "p1", "nowhere", "report.pdf"]), st.lists(BOXES, max_size=2)),
        *(st.sampled_from(["", "caption"]), st.sampled_from(["", "!<image_ref>[1]</image_ref>"])),
    ),
    st.builds(lambda index, raw: ToolCallDelta(index, raw), st.integers(0, 3), TEXTS),
    TEXTS.map(lambda raw: ToolCall(ToolUse("1", "crop", {"bbox": [1, 2]}), raw)),
)
ENDS = st.sampled_from(
    [
        Finished("stop", Usage(1, 2, 3, 4), Timings(1.5, 2.0, 3.0, 4.0)),
        Finished("cancelled"),
        Finished("length"),
        Failed("x", "It broke."),
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> list[Event]:
    reasoning = draw(st.lists(TEXTS.map(lambda text: ReasoningDelta(text, text)), max_size=2))
    notices = draw(st.lists(st.just(Notice("fewer_layers", "Fewer layers fit.")), max_size=1))
    return [*notices, *reasoning, *draw(st.lists(VISIBLE, max_size=8)), draw(ENDS)]


PARTS = st.lists(
    st.one_of(
        st.builds(
            lambda number, place, side: Shown(
                Still(f"p{number}", f"report.pdf, page {number}", 40, 30), side, 28, f"Page {number}", None, place
            ),
            *(st.integers(0, 3), st.sampled_from(PLACES), st.sampled_from([28, 40])),
        ),
        st.builds(lambda text, place: Written(Still("w", "w.txt"), "Page 9", text, place), TEXTS, st.sampled_from(PLACES)),
    ),
    max_size=3,
)
TURNS = st.lists(st.tuples(st.integers(-1, 5), TEXTS, PARTS, answers()), min_size=1, max_size=4)


def build(title: str, drawn: Iterable[tuple[int, str, list[Part], list[Event]]]) -> Conversation:
    conversation = Conversation()
    conversation.own_title = " ".join(title.split())
    for before, question, parts, events in drawn:
        keys = ["", *(turn.key for turn in conversation.all_turns)]
        turn = conversation.start_turn(
            question,
            parts,
            len(question) % 2 == 0,
            [Reduction("text_cut", "report.pdf", 1, 2)],
            before=keys[min(before + 1, len(keys) - 1)],
            host="api.example.org" if parts else None,
        )
        conversation.apply(turn.id, events)
    conversation.choose(conversation.all_turns[0].key)
    return conversation


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(PARTS, answers())
def test_an_answer_is_the_same_when_its_events_are_played_again(parts: list[Part], events: list[Event]) -> None:
    answer, again = answer_for([], parts), answer_for([], parts)
    for event in events:
        answer.apply(event)
    for event in events_of(answer):
        again.apply(event)
    again.reasoning_s = answer.reasoning_s
    assert said(again) == said(answer)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])
@given(TEXTS, TURNS)
def test_a_conversation_comes_back_the_same(
    tmp_path: Path, title: str, drawn: list[tuple[int, str, list[Part], list[Event]]]
) -> None:
    conversation = build(title, drawn)
    path = tmp_path / "x.sightline.json"
    path.unlink(missing_ok=True)
    assert export(conversation, None, "json", path) is not None
    imported = import_conversation(path, never)
    assert tree(imported.conversation) == tree(conversation)
    assert imported.conversation.key != conversation.key
    assert not {turn.key for turn in imported.conversation.all_turns} & {turn.key for turn in conversation.all_turns}


@pytest.mark.parametrize("format", ["json", "sightline"])
def test_a_rich_conversation_comes_back_the_same(format: Format, tmp_path: Path) -> None:
    conversation = rich_conversation(open_chart(tmp_path))
    path = tmp_path / "x"
    assert export(conversation, None, format, path) is not None
    assert tree(import_conversation(path, never).conversation) == tree(conversation)


def test_a_file_cannot_say_that_the_user_agreed_to_a_host(tmp_path: Path) -> None:
    part = Shown(Still("p", "report.pdf, page 1", 40, 30), 28, 28, "Page 1", None, PLACES[0])
    conversation = build("", [(-1, "What?", [part], [Finished("stop")])])
    assert conversation.turns[0].host == "api.example.org"
    export(conversation, None, "json", tmp_path / "a.sightline.json")
    assert import_conversation(tmp_path / "a.sightline.json", never).conversation.turns[0].host is None


def test_an_archive_brings_its_files_along(tmp_path: Path) -> None:
    attachment = open_chart(tmp_path)
    chart = (tmp_path / "Sales (2026) 销售.png").read_bytes()
    conversation = Conversation()
    ask(conversation, "Where?", [kept(shown(attachment), attachment)], [TextDelta("There.", "There."), Finished("stop")])
    path = tmp_path / "x.sightline"
    exported = export(conversation, None, "sightline", path)
    assert exported is not None and exported.warnings == ()
    imported = import_conversation(path, never)
    assert imported.sizes == {attachment.id: len(chart)}
    imported.copy_attachment(attachment.id, copy := io.BytesIO())
    assert copy.getvalue() == chart
    assert [source.path for source in imported.sources] == [""]


def test_a_file_that_was_changed_is_left_out_with_a_warning(tmp_path: Path) -> None:
    conversation = Conversation()
    part = Shown(Still("p", "report.pdf, page 3"), 4, 4, "", None, PLACES[0])
    ask(conversation, "Where?", [part], [TextDelta("There.", "There."), Finished("stop")])
    for found in (None, b"other bytes", tmp_path / "missing"):
        path = tmp_path / f"{type(found).__name__}.sightline"
        exported = export(conversation, None, "sightline", path, find_file=lambda _source, found=found: found)
        assert exported is not None and exported.warnings == ("The picture report.pdf cannot be read any more.",)
        assert import_conversation(path, never).sizes == {}


def test_one_message_brings_what_it_needs(tmp_path: Path) -> None:
    conversation = Conversation()
    picture = Shown(Still("p1", "cat.png", 40, 30), 28, 28)
    ask(conversation, "One?", [picture], [TextDelta("First.", "First."), Finished("stop")])
    ask(conversation, "Beside?", [], [TextDelta("Beside.", "Beside."), Finished("stop")], before="")
    conversation.choose(conversation.all_turns[0].key)
    turn = ask(conversation, "Where?", [], [BoxFound(Box(None, 0, 0, 1, 1), "x"), Finished("stop")])
    export(conversation, [turn], "json", tmp_path / "x")
    imported = import_conversation(tmp_path / "x", never).conversation
    assert [turn.question for turn in imported.turns] == ["One?", "Where?"]
    assert imported.turns[1].answer.references == turn.answer.references
    assert len(imported.all_turns) == 2


def wire_of(tmp_path: Path) -> dict[str, Any]:
    conversation = Conversation()
    part = Shown(Still("p", "report.pdf, page 3"), 4, 4, "", None, PLACES[0])
    ask(conversation, "Where?", [part], [TextDelta("There.", "There."), Finished("stop")])
    ask(conversation, "And?", [], [TextDelta("Here.", "Here."), Finished("stop")])
    export(conversation, None, "json", tmp_path / "wire.json")
    wire = json.loads((tmp_path / "wire.json").read_text())
    assert isinstance(wire, dict)
    return wire


def ring(wire: dict[str, Any]) -> None:
    wire["turns"][0]["before"] = wire["turns"][1]["key"]


def itself(wire: dict[str, Any]) -> None:
    wire["turns"][0]["before"] = wire["turns"][0]["key"]


def twin(wire: dict[str, Any]) -> None:
    wire["turns"][1]["key"] = wire["turns"][0]["key"]


DAMAGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no turns": lambda wire: wire.update(turns=[]),
    "turns are no list": lambda wire: wire.update(turns={}),
    "a turn is no object": lambda wire: wire.update(turns=[3]),
    "a ring": ring,
    "a turn after itself": itself,
    "two with one key": twin,
    "an unknown leaf": lambda wire: wire.update(leaf="elsewhere"),
    "a title that is none": lambda wire: wire.update(title=7),
    "an endless time": lambda wire: wire.update(created_at=float("inf")),
    "an event that is none": lambda wire: wire["turns"][0]["events"].append({"event": "run", "command": "x"}),
    "a part that is none": lambda wire: wire["turns"][0]["parts"]["parts"].append({"part": "shown"}),
    "a source that is none": lambda wire: wire["turns"][0]["parts"].update(sources=["../../etc/passwd"]),
    "a huge picture": lambda wire: wire["turns"][0]["parts"]["parts"][0].update(width=10**9),
    "a huge number": lambda wire: wire["turns"][0].update(reasoning_s=10**400),
    "no question": lambda wire: wire["turns"][0].pop("question"),
    "a version that never was": lambda wire: wire.update(version="one"),
    "another format": lambda wire: wire.update(format="else"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_conversation_is_refused(damage: str, tmp_path: Path) -> None:
    wire = wire_of(tmp_path)
    DAMAGES[damage](wire)
    path = tmp_path / "bad.sightline.json"
    path.write_text(json.dumps(wire))
    with pytest.raises(NotAConversation, match=r"bad\.sightline\.json"):
        import_conversation(path, never)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000, b"PK\x03\x04", b"PK\x03\x04junk"]
)
def test_any_other_file_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(NotAConversation):
        import_conversation(tmp_path / "x", never)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"x\.json cannot be read"):
        import_conversation(tmp_path / "x.json", never)


def test_a_newer_version_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(json.dumps(wire_of(tmp_path) | {"version": 2, "turns": "of another shape"}))
    with pytest.raises(VersionUnknown, match="newer Sightline"):
        import_conversation(tmp_path / "x", never)


def test_a_path_in_the_file_is_never_opened(tmp_path: Path) -> None:
    wire = wire_of(tmp_path)
    wire["turns"][0]["parts"]["sources"][0]["path"] = "/etc/passwd"
    (tmp_path / "x").write_text(json.dumps(wire))
    assert [source.path for source in import_conversation(tmp_path / "x", never).sources] == [""]


def archive_of(tmp_path: Path, entries: Iterable[tuple[str, bytes]], kind: int = zipfile.ZIP_STORED) -> Path:
    path = tmp_path / "x.sightline"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", kind) as archive:
        warnings.simplefilter("ignore")  # it warns of a name that comes twice
        for name, data in entries:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "attachments/../../evil",
        "attachments/" + "A" * 64,
        "attachments/" + "a" * 63,
        "attachments/",
        "readme.txt",
        "C:\\evil",
        "conversation.json",
    ],
)
def test_entries_that_we_never_wrote_are_refused(name: str, tmp_path: Path) -> None:
    path = archive_of(tmp_path, [("conversation.json", json.dumps(wire_of(tmp_path)).encode()), (name, b"x")])
    with pytest.raises(NotAConversation):
        import_conversation(path, never)


def test_an_archive_without_a_conversation(tmp_path: Path) -> None:
    with pytest.raises(NotAConversation):
        import_conversation(archive_of(tmp_path, [("attachments/" + "a" * 64, b"x")]), never)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    text = json.dumps(wire_of(tmp_path)).encode()
    for name in ("attachments/" + "a" * 64, "conversation.json"):
        entries = [("conversation.json", text), (name, bytes(8 << 20))][name == "conversation.json" :]
        with pytest.raises(ImportTooLarge):
            import_conversation(archive_of(tmp_path, entries, zipfile.ZIP_DEFLATED), never)


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TEXT_BYTES_MAX", 1_000)
    text = json.dumps(wire_of(tmp_path)).encode()
    (tmp_path / "x.json").write_bytes(text)
    for path in (tmp_path / "x.json", archive_of(tmp_path, [("conversation.json", text)])):
        with pytest.raises(ImportTooLarge):
            import_conversation(path, never)


def test_an_attachment_that_is_another_file_is_refused(tmp_path: Path) -> None:
    wire = wire_of(tmp_path)
    name = wire["turns"][0]["parts"]["sources"][0]["id"]
    assert name != hashlib.sha256(b"evil").hexdigest()
    path = archive_of(tmp_path, [("conversation.json", json.dumps(wire).encode()), (f"attachments/{name}", b"evil")])
    imported = import_conversation(path, never)
    with pytest.raises(AttachmentLost, match="not the file that was asked about"):
        imported.copy_attachment(name, io.BytesIO())


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "whole.sightline"
    if not path.exists():
        attachment = open_chart(tmp_path)
        conversation = Conversation()
        ask(conversation, "Where?", [kept(shown(attachment), attachment)], [TextDelta("There.", "There."), Finished("stop")])
        export(conversation, None, "sightline", path)
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    target = tmp_path / "damaged.sightline"
    target.write_bytes(damaged[: data.draw(st.sampled_from([len(damaged), len(damaged) // 2]))])
    with contextlib.suppress(ImportRefused):
        imported = import_conversation(target, never)
        for id in imported.sizes:
            imported.copy_attachment(id, copy := io.BytesIO())
            assert hashlib.sha256(copy.getvalue()).hexdigest() == id
