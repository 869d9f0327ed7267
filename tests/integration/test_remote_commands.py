"""`sightline ask` and `sightline doctor` with GLM and other servers: what is sent, what is said, what is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keyring
import pytest
from PIL import Image, ImageDraw, ImageFont

from app import cli, paths
from app.addresses import host_of
from app.commands.server_checks import check_glm, check_proxy, check_server, server_checks
from app.engine_choice import own_models_file
from app.servers import GLM_KEY_NAME, Server, write_servers
from app.settings.schema import Settings
from app.settings.secrets import SERVICE
from app.settings.store import SettingsStore
from app.spending import Spending
from inference.cloud.config import Dialect
from inference.cloud.probe import probe
from tests.helpers.boxes import iou
from tests.helpers.keychains import LockedKeychain, MemoryKeychain
from tests.helpers.llama_server import running_llama_server
from tests.helpers.replay_server import ReplayServer, Script, refusal, words

KEY = "Kq7vT2xW9pLm.Z4sN8rYb"
USAGE: dict[str, Any] = {"usage": {"prompt_tokens": 20, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}}
ANSWER = Script(words("It is ", "teal.", **USAGE))


@pytest.fixture
def keychain() -> MemoryKeychain:
    keychain = MemoryKeychain()
    keyring.set_keyring(keychain)
    return keychain


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = Image.new("RGB", (400, 80), "white")
    ImageDraw.Draw(image).text((20, 20), "Platform 9731", "black", ImageFont.load_default(36))
    path = tmp_path / "sign.png"
    image.save(path)
    return path


def choose(**values: Any) -> Settings:
    store = SettingsStore(paths.config_dir() / "settings.json")
    store.change(**values)
    return store.current


def add_server(address: str, **values: Any) -> Settings:
    lab = Server("Lab", address, "tiny-vlm", **values)
    return choose(servers=write_servers([lab]), keys=(lab.key_name,))


def ask(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, str]:
    code = cli.main(["ask", *map(str, arguments), "--json"])
    out, said = capsys.readouterr()
    assert KEY not in out + said
    return code, json.loads(out), said


def test_a_server_is_asked_with_its_key_and_the_user_is_told_where_it_goes(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, picture: Path
) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    with ReplayServer(ANSWER) as server:
        add_server(server.url)
        code, answer, said = ask(capsys, picture, "Which colour?", "--engine", "server:LAB", "--threads", "2")
        (request,) = server.requests
    assert (code, answer["text"], answer["host"], answer["cost"]) == (0, "It is teal.", host_of(server.url), None)
    assert f"Goes to {host_of(server.url)} (tiny-vlm): the question, 1 picture or page." in said and "--threads" in said
    assert (request.path, request.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    sent = json.loads(request.body)
    assert sent["model"] == "tiny-vlm" and "data:image/" in json.dumps(sent["messages"])
    (used,) = Spending().month()
    assert (used.host, used.model, used.usage.prompt_tokens, used.usage.cached_tokens) == (host_of(server.url), "tiny-vlm", 20, 8)


def test_what_is_refused_before_it_goes_is_not_said_to_go(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, tmp_path: Path
) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    (tmp_path / "yes.gbnf").write_text('root ::= "yes"')
    with ReplayServer() as server:
        add_server(server.url)
        code, answer, said = ask(capsys, "Is it?", "--engine", "server:Lab", "--grammar", tmp_path / "yes.gbnf")
        assert server.requests == []
    assert code != 0 and "grammar" in answer["error"]["message"] and "Goes to" not in said


def test_what_a_server_says_commands_no_terminal(capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain) -> None:
    box = '<|begin_of_box|>[{"label": "\x1b[2Jx", "bbox_2d": [1, 2, 3, 4]}]<|end_of_box|>'
    with ReplayServer(Script(words("a\tb\n\x1b]52;c;eA==\x07\x9b2J\u202ec\ud83d.", box))) as server:
        add_server(server.url, vision=False)
        keychain.passwords[SERVICE, "server Lab"] = KEY
        assert cli.main(["ask", "Which?", "--engine", "server:Lab"]) == 0
    out, said = capsys.readouterr()
    assert "a\tb\n�]52;c;eA==��2J�c�." in out and not {"\x1b", "\x07", "\x9b", "\u202e"} & set(out + said)


def test_an_answer_that_ends_at_a_limit_is_not_shown_as_whole(capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    with ReplayServer(Script(words("Half", finish="model_context_window_exceeded")), ANSWER) as server:
        add_server(server.url)
        assert cli.main(["ask", "Which?", "--engine", "server:Lab"]) == 0
        assert "greatest length" in capsys.readouterr().err
        assert cli.main(["ask", "Which?", "--engine", "server:Lab"]) == 0
        assert "greatest length" not in capsys.readouterr().err


def test_llama_server_is_found_asked_and_points(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, tmp_path: Path
) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    image = Image.new("RGB", (640, 480), (245, 245, 245))
    ImageDraw.Draw(image).ellipse((80, 100, 300, 320), fill=(220, 40, 40))
    image.save(tmp_path / "scene.png")
    with running_llama_server(KEY) as server:
        found = probe(server.address, KEY)
        lab = Server("Lab", found.base_url, found.models[0], found.dialect, found.context_tokens, found.vision is True)
        settings = choose(servers=write_servers([lab]), keys=(lab.key_name,), system_prompt=False)
        code, answer, _ = ask(
            capsys, tmp_path / "scene.png", "Locate the red circle.", "--engine", "server:Lab", "--temperature", "0"
        )
        assert check_server(lab, settings).state == "works"
    assert code == 0 and "The red circle is here" in answer["text"]
    (box,) = answer["boxes"]
    assert iou(box["bbox"], (80, 100, 300, 320)) > 0.7


def test_a_model_that_sees_nothing_gets_the_text_and_glm_is_asked_at_the_own_address(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, picture: Path
) -> None:
    keychain.passwords[SERVICE, GLM_KEY_NAME] = KEY
    own_models_file().write_text("[[models]]\nid = 7\n")
    with ReplayServer(ANSWER) as server:
        choose(engine="glm", glm_address="own", glm_own_address=f"{server.url}/api/paas/v4/")
        code, answer, said = ask(capsys, picture, "Which number?", "--model", "GLM-4.6")
        (request,) = server.requests
    sent = json.dumps(json.loads(request.body))
    assert (code, request.path) == (0, "/api/paas/v4/chat/completions")
    assert "9731" in sent and "image_url" not in sent
    assert [lost["code"] for lost in answer["reductions"]] == ["picture_as_text"]
    assert "models.toml" in said  # its fault is told, and the table that comes along holds


@pytest.mark.parametrize(
    ("engine", "code", "exit_code"),
    [
        ("glm", "key_missing", 3),
        ("glm:gpt-5", "model_unknown", 3),
        ("server:Home", "server_not_found", 3),
        ("local", "no_model", 3),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, engine: str, code: str, exit_code: int
) -> None:
    choose(engine="glm")
    returned, answer, _ = ask(capsys, "Hello?", "--engine", engine)
    assert (returned, answer["error"]["code"]) == (exit_code, code)


def test_a_locked_keychain_and_a_refused_key_are_told_in_words(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain
) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    with ReplayServer(refusal(401, "401", f"Incorrect key: {KEY}")) as server:
        add_server(server.url)
        code, answer, _ = ask(capsys, "Hello?", "--engine", "server:Lab")
        assert (code, answer["error"]["code"]) == (3, "key_refused")
        keyring.set_keyring(LockedKeychain())
        code, answer, _ = ask(capsys, "Hello?", "--engine", "server:Lab")
        assert (code, answer["error"]["code"]) == (3, "keychain_locked")
    assert len(server.requests) == 1 and Spending().month() == ()


def test_an_address_among_the_files_is_for_models_that_fetch(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, tiny_model: tuple[Path, Path]
) -> None:
    link = "https://example.org/a%20report.pdf?x=1"
    code, answer, _ = ask(capsys, link, "What is this?", "--model", tiny_model[0])
    assert (code, answer["error"]["code"]) == (2, "link_refused")
    keychain.passwords[SERVICE, GLM_KEY_NAME] = KEY
    with ReplayServer(ANSWER) as server:
        choose(glm_address="own", glm_own_address=server.url)
        assert ask(capsys, link, "What is this?", "--engine", "glm:glm-4.6v")[0] == 0
        sent = json.loads(server.requests[0].body)
        assert {"type": "file_url", "file_url": {"url": link}} in sent["messages"][-1]["content"]
        code, answer, _ = ask(capsys, "https://name:word@example.org/x.png", "What?", "--engine", "glm:glm-4.6v")
        assert (code, answer["error"]["code"]) == (2, "link_refused") and "word@" not in answer["error"]["message"]


@pytest.mark.parametrize(("dialect", "part"), [("llama_server", "input_video"), ("vllm", "video_url"), ("openai", None)])
def test_a_server_that_fetches_videos_gets_their_address(
    capsys: pytest.CaptureFixture[str], keychain: MemoryKeychain, dialect: Dialect, part: str | None
) -> None:
    keychain.passwords[SERVICE, "server Lab"] = KEY
    link = "https://example.org/clip.mp4"
    with ReplayServer(ANSWER) as server:
        add_server(server.url, dialect=dialect)
        code, answer, _ = ask(capsys, link, "What happens?", "--engine", "server:Lab")
        if part is None:
            assert (code, answer["error"]["code"], server.requests) == (2, "link_refused", [])
        else:
            assert {"type": part, part: {"url": link}} in json.loads(server.requests[0].body)["messages"][-1]["content"]


def test_the_doctor_tells_what_is_wrong_with_a_key_or_a_server_in_one_line(keychain: MemoryKeychain) -> None:
    keychain.passwords[SERVICE, "server Lab"] = keychain.passwords[SERVICE, GLM_KEY_NAME] = KEY
    listed = Script(
        (json.dumps({"data": [{"id": "tiny-vlm", "owned_by": "vllm"}]}).encode(),), headers={"Content-Type": "application/json"}
    )
    with ReplayServer(listed, Script((b'{"version": "1.2"}',)), refusal(401, "401", f"bad {KEY}")) as server:
        settings = add_server(server.url)
        lab = Server("Lab", f"{server.url}/v1", "tiny-vlm")
        assert [part for part, _ in server_checks(settings)] == ["server Lab"]
        found = check_server(lab, settings)
        assert (found.state, "vLLM" in found.message) == ("works", True)
        refused = check_server(lab, settings)
        glm = check_glm(choose(engine="glm", glm_address="own", glm_own_address=server.url), None)
    with ReplayServer(Script((b"<html>Log in",), headers={"Content-Type": "text/html"})) as server:
        page = check_glm(choose(engine="glm", glm_address="own", glm_own_address=server.url), None)
    assert page.state == "limited" and "with no list of models" in page.message and page.advice
    gone = check_server(lab, choose(engine="server:Lab"))
    for finding, state in ((refused, "limited"), (glm, "broken"), (gone, "broken")):
        assert finding.state == state and "\n" not in finding.message and KEY not in finding.message
    keychain.passwords.clear()
    assert "no key" in check_glm(choose(engine="glm"), None).message


def test_the_doctor_tells_what_is_wrong_with_a_proxy_and_hides_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert check_proxy(Settings(), None).state == "works"
    with ReplayServer(ANSWER) as server:
        assert check_proxy(Settings(proxy=server.url), None).state == "works"
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{KEY}@127.0.0.1:{server.port}")
        found = check_proxy(Settings(), None)
        assert found.state == "works" and str(server.port) in found.message and KEY not in found.message
    monkeypatch.setenv("HTTPS_PROXY", f"socks5://me:{KEY}@127.0.0.1:9")
    for settings, state in ((Settings(), "limited"), (Settings(engine="glm"), "broken")):
        socks = check_proxy(settings, None)
        assert socks.state == state and "socks5 proxy" in socks.message and KEY not in socks.message
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{KEY}@127.0.0.1:{server.port}")
    gone = check_proxy(Settings(), None)
    assert gone.state == "broken" and KEY not in gone.message and "none" in gone.advice
    assert check_proxy(Settings(proxy="none"), None).state == "works"
    (tmp_path / "ca.pem").write_text("nothing")
    for settings in (Settings(proxy="socks://x"), Settings(ca_file="/gone.pem"), Settings(ca_file=str(tmp_path / "ca.pem"))):
        assert check_proxy(settings, None).state == "broken"
