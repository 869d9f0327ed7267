"""`sightline export` and `sightline import` as a person or a script runs them: the real program, the real history."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from app import paths
from app.chat.export.answer_record import events_of
from app.chat.history.store import History
from app.chat.parts import Shown
from app.chat.pictures import place_of
from app.chat.session import Conversation
from app.reading import Reading
from app.settings.store import SettingsStore
from app.shelf import Shelf
from inference.events import Failed, TextDelta
from ingest.attachment import open_attachment
from tests.helpers.conversations import ask, draw_chart, open_chart, rich_conversation
from tests.helpers.documents import make_pdf


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def fill_history(folder: Path) -> Conversation:
    """A conversation about a chart; the file is gone afterwards, so that only its kept copy is left."""
    attachment = open_chart(folder)
    conversation = rich_conversation(attachment)
    with closing(History(paths.data_dir() / "history")) as history:
        for turn in conversation.all_turns:
            for part in turn.parts:
                if part.place is not None:
                    history.keep_file(part.place.source, attachment.data)
            history.start_turn(conversation, turn)
            history.journal(turn.key, events_of(turn.answer), 0.0)
            history.finish_turn(turn)
        history.save(conversation)
    for path in folder.glob("*.png"):
        path.unlink()
    return conversation


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    return fill_history(tmp_path)


def test_formats_are_written(conversation: Conversation, tmp_path: Path) -> None:
    for format, ending, start in [
        ("md", "md", b"# Quarterly"),
        ("pdf", "pdf", b"%PDF-"),
        ("sharegpt", "json", b'[{"conversations":'),
    ]:
        path = tmp_path / f"x-{format}.{ending}"
        done = run("export", conversation.key[:8], "--format", format, "--out", path)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{path}\n", "")
        assert path.read_bytes().startswith(start)


def test_words_of_our_own_are_in_the_chosen_language(conversation: Conversation, tmp_path: Path) -> None:
    """Names of pages and what is said of a failure too; what people and models wrote stays as it is."""
    second = open_attachment(make_pdf(tmp_path / "report.pdf")).pages()[1]
    part = Shown(second, 600, 800, second.name, None, place_of(second))
    failed = ask(conversation, "Why?", [part], [TextDelta("Well", "Well"), Failed("engine_crashed", "It broke.")])
    with closing(History(paths.data_dir() / "history")) as history:
        history.start_turn(conversation, failed)
        history.journal(failed.key, events_of(failed.answer), 0.0)
        history.finish_turn(failed)
    english, chinese = tmp_path / "en.md", tmp_path / "zh.md"
    assert run("export", "--last", "--out", english).returncode == 0
    SettingsStore(paths.config_dir() / "settings.json").change(language="zh_CN")
    assert run("export", "--last", "--out", chinese).returncode == 0
    read, translated = english.read_text(encoding="utf-8"), chinese.read_text(encoding="utf-8")
    ours = ("## You", "## Answer", "Attached:", "Places in the pictures", "page 2", "It broke.", "stopped here")
    assert not [words for words in ours if words not in read]
    assert not [words for words in ours if words in translated]
    assert all(words in translated for words in ("## 你", "## 回答", "附件: ", "第 2 页", "模型进程崩溃了", "Which quarter fell?"))


def test_what_was_exported_is_imported_with_its_files(conversation: Conversation, tmp_path: Path) -> None:
    path = tmp_path / "x.sightline"
    assert run("export", "--last", "--format", "sightline", "--out", path).returncode == 0
    elsewhere = tmp_path / "elsewhere"
    done = run("import", path, "--json", "--data-dir", elsewhere)
    assert done.returncode == 0
    (imported,) = json.loads(done.stdout)["imported"]
    assert imported["title"] == conversation.title and imported["warnings"] == []
    paths.use_data_dir(elsewhere)
    with closing(History(paths.data_dir() / "history")) as history, closing(Reading()) as reading:
        again = history.load(imported["conversation"], Shelf(reading, history.file_of).open)
        assert [turn.question for turn in again.turns] == [turn.question for turn in conversation.turns]
        assert [turn.answer.blocks for turn in again.turns] == [turn.answer.blocks for turn in conversation.turns]
        chart = again.turns[0].parts[0].picture
        pixels = chart.render(1280, 720)
        assert pixels.rgb[(500 * 1280 + 750) * 3 :][:3] == bytes((0xC2, 0x41, 0x0C))  # the orange bar


def test_importing_twice_gives_two(conversation: Conversation, tmp_path: Path) -> None:
    path = tmp_path / "x.sightline.json"
    run("export", "--last", "--format", "json", "--out", path)
    keys = [run("import", path).stdout.split()[0] for _ in range(2)]
    listed = json.loads(run("export", "--list", "--json").stdout)["conversations"]
    assert {summary["key"] for summary in listed} == {conversation.key, *keys}
    assert len(listed) == 3


def test_all_go_into_a_folder_under_names_of_their_own(conversation: Conversation, tmp_path: Path) -> None:
    path = tmp_path / "x.sightline.json"
    run("export", "--last", "--format", "json", "--out", path)
    run("import", path)
    done = run("export", "--all", "--format", "html", "--out", tmp_path / "all", "--json")
    assert done.returncode == 0
    made = [Path(each["path"]).name for each in json.loads(done.stdout)["exported"]]
    title = "Quarterly sales 季度销售 & more"
    assert sorted(made) == [f"{title} 2.html", f"{title}.html"]
    assert sorted(entry.name for entry in (tmp_path / "all").iterdir()) == sorted(made)


def test_what_is_not_right_ends_with_two_and_a_sentence(conversation: Conversation, tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("mine")
    bad = tmp_path / "bad.sightline"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../evil", "x")
    for arguments, code in [
        (("export", "nothing of this name"), "not_kept"),
        (("export",), "nothing_to_export"),
        (("export", "--last", "--format", "html", "--out", tmp_path / "there.html"), "target_exists"),
        (("export", "--last", "--out", tmp_path / "missing" / "x.md"), "export_cannot_write"),
        (("import", bad), "not_a_conversation"),
        (("import", draw_chart(tmp_path / "chart.png")), "not_a_conversation"),
    ]:
        done = run(*arguments, "--json")
        assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, code)
        assert json.loads(done.stdout)["error"]["message"].endswith(".")
    assert (tmp_path / "there.html").read_text() == "mine"


def test_an_empty_history() -> None:
    done = run("export", "--last")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There are no conversations in the history yet.\n"
