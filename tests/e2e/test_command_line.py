"""`sightline ask` as a person or a script runs it: the real program, its real engine, the tiny model."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.helpers.boxes import iou
from tests.helpers.scenes import sample, to_pil

RED, BLUE = (220, 40, 40), (50, 80, 220)
CIRCLE, SQUARE = (80, 100, 300, 320), (400, 200, 580, 380)
USAGE = {"prompt_tokens", "cached_tokens", "image_tokens", "completion_tokens"}
TIMINGS = {"load_ms", "encode_ms", "time_to_first_token_ms", "decode_tokens_per_s"}


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """640 x 480: a red circle on the left, a blue square on the right."""
    image = Image.new("RGB", (640, 480), (245, 245, 245))
    draw = ImageDraw.Draw(image)
    draw.ellipse(CIRCLE, fill=RED)
    draw.rectangle(SQUARE, fill=BLUE)
    path = tmp_path / "scene.png"
    image.save(path)
    return path


def command(tiny_model: tuple[Path, Path] | None, *arguments: str | Path) -> list[str]:
    model = ["--model", str(tiny_model[0]), "--threads", "1"] if tiny_model else []
    return [sys.executable, "-P", "-m", "app", "ask", *map(str, arguments), *model]


def ask(tiny_model: tuple[Path, Path] | None, *arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(tiny_model, *arguments), input=stdin, capture_output=True, timeout=120, check=False)


def ask_json(tiny_model: tuple[Path, Path] | None, *arguments: str | Path, stdin: bytes = b"") -> tuple[int, Any]:
    done = ask(tiny_model, *arguments, "--json", "--temperature", "0", stdin=stdin)
    assert done.stdout.count(b"\n") == 1, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def test_the_answer_is_printed_with_its_places(tiny_model: tuple[Path, Path], scene: Path) -> None:
    done = ask(tiny_model, scene, "Locate the red circle.", "--temperature", "0")
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert lines[0] == "The red circle is here: [1]."
    assert lines[1].startswith("[1] scene.png: ")
    assert lines[1].endswith("of 640 x 480 px")
    assert b"test model" in done.stderr


def test_json_holds_text_boxes_in_pixels_of_the_file_usage_and_timings(tiny_model: tuple[Path, Path], scene: Path) -> None:
    code, answer = ask_json(tiny_model, scene, "Locate the red circle.")
    assert code == 0
    fields = {"text", "reasoning", "boxes", "tool_calls", "usage", "timings", "finish_reason", "sent", "reductions"}
    assert set(answer) == fields
    assert set(answer["usage"]) == USAGE
    assert set(answer["timings"]) == TIMINGS
    (box,) = answer["boxes"]
    assert box["image"] == 0
    assert box["label"] is None
    assert iou(box["bbox"], CIRCLE) > 0.7
    assert answer["text"].startswith("The red circle is here: [[")
    assert answer["reasoning"] == ""
    assert answer["finish_reason"] == "stop"
    assert answer["usage"]["image_tokens"] == 30


def test_boxes_land_on_the_pixels_of_pictures_of_many_shapes(tiny_model: tuple[Path, Path], tmp_path: Path) -> None:
    rng = random.Random("command line")
    right = 0
    for number, size in enumerate([(150, 133), (500, 375), (240, 320)]):
        asked = sample("locate", rng, size)
        path = tmp_path / f"{number}.png"
        to_pil(asked.images[0]).save(path)
        _, answer = ask_json(tiny_model, path, asked.question)
        expected = [edge * side / 1000 for edge, side in zip(asked.expected_boxes[0], size * 2, strict=True)]
        right += len(answer["boxes"]) == 1 and iou(answer["boxes"][0]["bbox"], expected) > 0.5
    assert right >= 2


def test_a_picture_that_lies_on_its_side_is_turned_upright_first(
    tiny_model: tuple[Path, Path], scene: Path, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    Image.open(scene).transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95)
    _, answer = ask_json(tiny_model, path, "Locate the blue square.")
    assert iou(answer["boxes"][0]["bbox"], SQUARE) > 0.5


def test_the_index_of_the_path_is_given_and_options_may_stand_anywhere(tiny_model: tuple[Path, Path], scene: Path) -> None:
    code, answer = ask_json(tiny_model, scene, "--seed", "3", "--max-tokens", "40", scene, "Locate the red circle.")
    assert code == 0
    assert answer["usage"]["image_tokens"] == 30  # the same picture twice is one picture
    assert all(box["image"] == 0 for box in answer["boxes"])


def test_reasoning_is_told_apart_from_the_answer(tiny_model: tuple[Path, Path], scene: Path) -> None:
    _, answer = ask_json(tiny_model, scene, "Locate the blue square.", "--think")
    assert answer["reasoning"] == "I look for the blue square."
    assert "think" not in answer["text"]
    _, answer = ask_json(tiny_model, scene, "Locate the blue square.", "--think", "--thinking-budget", "2")
    assert answer["reasoning"] == "I look"
    assert answer["text"].startswith("The blue square is here")


def test_a_picture_comes_from_stdin(tiny_model: tuple[Path, Path], scene: Path) -> None:
    _, answer = ask_json(tiny_model, "-", "How many shapes are there?", stdin=scene.read_bytes())
    assert answer["text"] == "There are 2 shapes."


def test_the_annotated_picture_is_the_picture_with_a_box_around_the_right_pixels(
    tiny_model: tuple[Path, Path], scene: Path, tmp_path: Path
) -> None:
    target = tmp_path / "marked.png"
    _, answer = ask_json(tiny_model, scene, "Locate the red circle.", "--annotate", target)
    x0, y0, x1, _ = answer["boxes"][0]["bbox"]
    marked = Image.open(target)
    assert marked.format == "PNG"
    assert marked.size == (640, 480)
    stroke = marked.getpixel(((x0 + x1) // 2, y0))
    assert stroke == (0x2F, 0x5B, 0xEA)
    assert marked.getpixel((5, 5)) == (245, 245, 245)


def test_a_grammar_binds_the_answer_but_not_the_reasoning(tiny_model: tuple[Path, Path], scene: Path, tmp_path: Path) -> None:
    grammar = tmp_path / "answer.gbnf"
    grammar.write_text('root ::= "yes" | "no"\n')
    _, answer = ask_json(tiny_model, scene, "How many shapes are there?", "--grammar", grammar, "--think")
    assert answer["text"] in ("yes", "no")
    assert answer["reasoning"] == "I count the shapes."


def test_the_same_seed_gives_the_same_answer(tiny_model: tuple[Path, Path], scene: Path) -> None:
    texts = {ask(tiny_model, scene, "Locate all the shapes.", "--temperature", "1.5", "--seed", "7").stdout for _ in range(3)}
    assert len(texts) == 1


def test_asking_again_later_costs_no_encoding(tiny_model: tuple[Path, Path], scene: Path) -> None:
    ask_json(tiny_model, scene, "Locate the red circle.")
    _, answer = ask_json(tiny_model, scene, "Locate the blue square.")
    assert answer["timings"]["encode_ms"] == 0
    assert answer["usage"]["cached_tokens"] >= answer["usage"]["image_tokens"]


def test_private_leaves_nothing_of_the_picture_on_disk(tiny_model: tuple[Path, Path], scene: Path) -> None:
    ask_json(tiny_model, scene, "Locate the red circle.", "--private")
    data_dir = Path(os.environ["SIGHTLINE_DATA_DIR"])
    assert [path for path in data_dir.rglob("*") if path.is_file() and path.suffix in (".embd", ".kv")] == []


@pytest.mark.parametrize(
    ("make", "code", "exit_code"),
    [
        (lambda folder: folder / "nothing.png", "file_missing", 2),
        (lambda folder: write(folder / "noise.png", bytes(range(32)) * 9), "format_unknown", 2),
        (lambda folder: folder, "file_unreadable", 2),
    ],
)
def test_a_wrong_picture_gets_a_sentence_and_a_code(
    tiny_model: tuple[Path, Path], tmp_path: Path, make: Any, code: str, exit_code: int
) -> None:
    path = make(tmp_path)
    returned, answer = ask_json(tiny_model, path, "What is this?")
    assert (returned, answer["error"]["code"]) == (exit_code, code)
    done = ask(tiny_model, path, "What is this?")
    assert done.returncode == exit_code
    assert done.stdout == b""
    assert done.stderr.decode().strip() == answer["error"]["message"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder, model: folder / "nothing.gguf", "model_file_missing"),
        (lambda folder, model: write(folder / "m.gguf", b"not a model"), "not_gguf"),
        (lambda folder, model: write(folder / "m.gguf", model[0].read_bytes()[:900_000]), "gguf_truncated"),
        (lambda folder, model: model[1], "model_unsupported"),
    ],
)
def test_a_wrong_model_gets_a_sentence_and_a_code(
    tiny_model: tuple[Path, Path], scene: Path, tmp_path: Path, make: Any, code: str
) -> None:
    model = make(tmp_path, tiny_model)
    returned, answer = ask_json(None, scene, "What is this?", "--model", model)
    assert (returned, answer["error"]["code"]) == (3, code)


def test_without_a_model_it_says_how_to_choose_one(scene: Path) -> None:
    done = ask(None, scene, "What is this?")
    assert done.returncode == 3
    assert b"--model" in done.stderr


def test_a_question_that_is_too_long_is_refused_with_the_numbers(tiny_model: tuple[Path, Path], scene: Path) -> None:
    returned, answer = ask_json(tiny_model, scene, "word " * 600, "--context", "256")
    assert (returned, answer["error"]["code"]) == (4, "context_too_long")
    assert "256" in answer["error"]["message"]


def test_ctrl_c_keeps_what_came(tiny_model: tuple[Path, Path], scene: Path, tmp_path: Path) -> None:
    grammar = tmp_path / "endless.gbnf"
    grammar.write_text('root ::= "shape " root\n')
    endless = command(tiny_model, scene, "Describe the image.", "--grammar", grammar)
    process = subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    assert process.stdout is not None
    first = process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (b"shape " * 10_000).startswith(first + rest.removesuffix(b"\n"))


def test_ctrl_c_before_the_question_is_asked_ends_it_without_a_word(tiny_model: tuple[Path, Path], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never.gbnf")
    waiting = command(tiny_model, "What?", "--grammar", tmp_path / "never.gbnf")
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, it would be so by who is started, too
    process = subprocess.Popen(waiting, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(signal.SIGINT, usual)
    with (tmp_path / "never.gbnf").open("wb"):  # it is read now; a signal just before a read is heard after it
        process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"") and b"Traceback" not in said


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
