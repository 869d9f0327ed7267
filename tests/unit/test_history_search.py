"""Words are found in any script, in whatever holds them, and nothing in a query is an operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat.history.store import PAGE_CHARACTERS_MAX, PAGES_MAX, History
from app.chat.history.terms import EXCERPT_CHARACTERS, excerpt, fold, parse
from app.chat.history.types import Found
from app.chat.session import Conversation
from inference.events import BoxFound, ImageRef, ReasoningDelta, TextDelta
from inference.types import Box
from tests.helpers.history import DONE, ask, is_sound, page, rows, said, source

REPORT = source("report.pdf", page_count=48)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path)
    yield opened
    opened.close()


def marked(found: Found) -> list[str]:
    return [found.excerpt[start:end] for start, end in found.marks]


def questions(history: History, query: str) -> list[str]:
    return [found.conversation.title for found in history.search(query)]


@pytest.mark.parametrize(
    ("text", "query", "marks"),
    [
        ("The invoice of May", "invoice", ["invoice"]),
        ("The Invoices of May", "INVOICE", ["Invoice"]),
        ("The Invoices of May", "may the", ["The", "May"]),
        ("这份报告有四十八页", "报告", ["报告"]),
        ("这份报告有四十八页", "告", ["告"]),
        ("这份报告有四十八页", "报告 八页", ["报告", "八页"]),
        ("一份PDF文件", "pdf文件", ["PDF文件"]),
        ("一份PDF文件", "PDF", ["PDF"]),
        ("日本語のテキスト", "テキスト", ["テキスト"]),
        ("한국어 문장입니다", "문장", ["문장"]),
        ("Der Übergang über die Brücke", "ubergang brucke", ["Übergang", "Brücke"]),
        ("Der Ubergang", "Übergang", ["Ubergang"]),
        ("cafe\u0301 au lait", "café", ["café"]),
        ("Счёт за май", "счёт", ["Счёт"]),
        ("Ｗｉｄｅ letters", "wide", ["Ｗｉｄｅ"]),
        ("a 3.5 % rise", "3.5", ["3.5"]),
        ("see foo-bar here", "foo-bar", ["foo-bar"]),
        ("don't do it", "don't", ["don't"]),
        ("snake_case_name", "case", ["case"]),
        ("page 12 of 48", "12", ["12"]),
        ("x is 7", "7", ["7"]),
        ("𠀋𠀌 rare", "𠀋𠀌", ["𠀋𠀌"]),
    ],
)
def test_a_word_is_found_and_marked(history: History, text: str, query: str, marks: list[str]) -> None:
    ask(history, Conversation(), text, said("Yes."))
    ask(history, Conversation(), "Something else 别的东西", said("No."))
    (found,) = history.search(query)
    assert marked(found) == marks
    assert (found.where, found.conversation.title) == ("question", text)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The invoice", "voice"),
        ("报告", "告报"),
        ("报 of 告", "报告"),
        ("one two", "one three"),
        ("12", "1"),
        ("a word", "word that"),
    ],
)
def test_what_is_not_there_is_not_found(history: History, text: str, query: str) -> None:
    ask(history, Conversation(), text, said("Yes."))
    assert history.search(query) == []


@pytest.mark.parametrize("query", ["", "  ", "+", '"', "***", "- ( ) : ^ { }", "\0", "\ud800", "。，"])
def test_a_query_without_words_finds_nothing(history: History, query: str) -> None:
    ask(history, Conversation(), "Anything", said("Yes."))
    assert history.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        '"beta',
        "beta*",
        "beta)",
        "(beta",
        "-beta",
        "^beta",
        "{beta}",
        "'beta'",
        "beta; --",
        "\0beta\0",
        "beta\ud800",
        "beta" + " +" * 999,
    ],
)
def test_signs_in_a_query_mean_nothing(history: History, query: str) -> None:
    ask(history, Conversation(), "alpha beta", said("Yes."))
    assert questions(history, query) == ["alpha beta"]


def test_operators_in_a_query_are_words(history: History) -> None:
    for text in ("alpha beta", "alpha or beta", "alpha and not beta"):
        ask(history, Conversation(), text, said("Yes."))
    assert questions(history, "alpha OR beta") == ["alpha or beta"]
    assert questions(history, "alpha NOT beta") == ["alpha and not beta"]
    assert questions(history, "NEAR(alpha beta)") == []
    assert questions(history, "text:beta") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=60))
def test_any_text_can_be_searched_and_any_query_asked(history: History, before: str, word: str, after: str) -> None:
    ask(history, Conversation(), before, said(after))
    history.search(word)
    for found in history.search(f"{before[:20]} {word}"):
        assert "\n" not in found.excerpt
        assert all(0 <= start < end <= len(found.excerpt) for start, end in found.marks)


@given(st.text(max_size=300))
def test_folding_leaves_every_character_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.sampled_from("ab 报告Ü\n.-"), max_size=400), st.text(st.sampled_from("ab报告u"), min_size=1, max_size=3))
def test_marks_hold_what_was_asked_for(text: str, word: str) -> None:
    query = parse(word)
    assert query is not None
    found = excerpt(text, query)
    assert len(found.text) <= EXCERPT_CHARACTERS + 2
    for start, end in found.marks:
        assert query.patterns[0].search(fold(found.text[start:end])) or len(query.patterns) > 1


def test_a_long_text_is_cut_around_the_word(history: History) -> None:
    ask(history, Conversation(), "?", said("many words " * 500 + "\n\nneedle\n" + "more words " * 500))
    (found,) = history.search("needle")
    assert found.excerpt.startswith("…") and found.excerpt.endswith("…")
    assert "words needle more" in found.excerpt
    assert marked(found) == ["needle"]
    assert len(found.excerpt) <= EXCERPT_CHARACTERS + 2


def test_answers_are_found_by_their_words_captions_and_reasoning(history: History) -> None:
    box = Box("1", 0, 0, 1, 1)
    pieces = [ReasoningDelta("Pondering", "Pondering"), TextDelta("Vis", "Vis"), TextDelta("ible", "ible"), BoxFound(box, "[[1]]")]
    turn = ask(history, Conversation(), "?", [*pieces, ImageRef("1", (box,), "Legend", "!<x>"), DONE])
    for word in ("pondering", "visible", "legend"):
        (found,) = history.search(word)
        assert (found.where, found.turn_key) == ("answer", turn.key)
        assert marked(found)[0].lower() == word


def test_words_may_be_spread_over_question_and_answer(history: History) -> None:
    ask(history, Conversation(), "Where is the invoice?", said("In the drawer."))
    assert questions(history, "invoice drawer") == ["Where is the invoice?"]


def test_titles_come_first_and_then_the_newest(history: History) -> None:
    conversations = [Conversation() for _ in range(3)]
    for number, conversation in enumerate(conversations):
        ask(history, conversation, f"The invoice, {number}", said("Yes."))
    history.rename(conversations[0].key, "Invoices 发票")
    places = history.search("invoice")
    assert (places[0].where, places[0].turn_key) == ("title", "")
    assert [found.excerpt for found in places] == ["Invoices 发票", "The invoice, 2", "The invoice, 1", "The invoice, 0"]
    assert marked(history.search("发票")[0]) == ["发票"]
    history.rename(conversations[0].key, "Renamed")
    assert history.search("发票") == []
    assert len(history.search("invoice", limit=2)) == 2


def test_a_question_is_found_before_it_is_answered(history: History) -> None:
    conversation = Conversation()
    turn = ask(history, conversation, "Where is the invoice?")
    assert len(history.search("invoice")) == 1
    conversation.apply(turn.id, said("Gone."))
    history.finish_turn(turn)
    assert len(history.search("invoice")) == 1


def test_documents_are_found_by_page_in_the_latest_conversation_that_used_them(history: History) -> None:
    old, new = Conversation(), Conversation()
    ask(history, old, "One", said("1"), [page(REPORT, 1)])
    turn = ask(history, new, "Two", said("2"), [page(REPORT, 2)])
    for number in range(1, 49):
        history.index_page(REPORT.id, f"page {number}", f"Seite {number}: der Umsatz fiel um {number} %")
    assert len(history.pages_indexed(REPORT.id)) == 48
    (found,) = history.search("umsatz 17")
    assert (found.where, found.source_id, found.locator) == ("document", REPORT.id, "page 17")
    assert (found.conversation.key, found.turn_key) == (new.key, turn.key)
    assert marked(found) == ["17", "Umsatz"] or marked(found) == ["17", "Umsatz", "17"]
    assert [found.locator for found in history.search("umsatz")] == ["page 1", "page 2", "page 3"]
    assert [found.locator for found in history.search("um")] == ["page 1", "page 2", "page 3"]
    history.delete(new.key)
    assert history.search("umsatz 17")[0].conversation.key == old.key


def test_a_conversation_that_was_written_to_last_comes_first_with_its_question_before_its_pages(history: History) -> None:
    old, new = Conversation(), Conversation()
    ask(history, old, "Sales", said("1"), [page(REPORT, 1)])
    ask(history, new, "Sales too", said("2"))
    ask(history, old, "And sales?", said("3"))
    for number in (12, 9, 10):  # in the order in which scans happen to be read
        history.index_page(REPORT.id, f"page {number}", "sales")
    found = [place.locator or place.excerpt for place in history.search("sales")]
    assert found == ["And sales?", "Sales", "page 9", "page 10", "page 12", "Sales too"]


def test_a_page_is_found_by_what_was_said_of_it_last(history: History, tmp_path: Path) -> None:
    ask(history, Conversation(), "One", said("1"), [page(REPORT)])
    history.index_page(REPORT.id, "page 1", "printed")
    history.index_page(REPORT.id, "page 1", "recognised")
    history.index_page(REPORT.id, "page 1", "recognised")
    assert history.search("printed") == []
    assert len(history.search("recognised")) == 1
    assert is_sound(tmp_path)


def test_a_document_that_no_conversation_uses_is_not_found(history: History) -> None:
    history.index_page(REPORT.id, "page 1", "orphan")
    assert history.search("orphan") == []


def test_too_much_text_is_cut(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(history, Conversation(), "One", said("1"), [page(REPORT)])
    history.index_page(REPORT.id, "page 1", "first " + "x" * PAGE_CHARACTERS_MAX + " last")
    assert len(history.search("first")) == 1
    assert history.search("last") == []
    monkeypatch.setattr("app.chat.history.store.PAGES_MAX", 2)
    for number in (2, 3, 1):
        history.index_page(REPORT.id, f"page {number}", f"number {number}")
    assert history.pages_indexed(REPORT.id) == {"page 1", "page 2"}
    assert PAGES_MAX == 10_000


def test_what_was_deleted_is_not_found_and_leaves_no_words_when_it_is_purged(history: History, tmp_path: Path) -> None:
    conversation, other = Conversation(), Conversation()
    conversation.own_title = "Secrettitle"
    turn = ask(history, conversation, "Secretquestion", said("Secretanswer"), [page(REPORT)])
    ask(history, conversation, "More", said("Secretmore"))
    ask(history, other, "Public", said("Public"))
    history.index_page(REPORT.id, "page 1", "Secretpage")
    words = ("secrettitle", "secretquestion", "secretanswer", "secretpage", "secretmore")
    assert all(history.search(word) for word in words)

    history.delete_turn(turn.key)
    assert [bool(history.search(word)) for word in words] == [True, False, False, False, True]
    history.delete(conversation.key)
    assert not any(history.search(word) for word in words)

    history.purge(older_than_s=0.0)
    assert rows(tmp_path, "SELECT count(*) FROM turn UNION ALL SELECT count(*) FROM page") == [(1,), (0,)]
    assert len(history.search("public")) == 1
    assert is_sound(tmp_path)
    history.close()
    for path in tmp_path.iterdir():
        assert b"secret" not in path.read_bytes().lower(), path.name
