"""Every refusal becomes the right error with a sentence that helps, and only what may be repeated is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.cloud.fault_table import BY_CODE, BY_STATUS
from inference.cloud.faults import QUOTE_LENGTH_MAX, quote, read_fault, stream_fault
from inference.errors import InferenceError

KEY = "0123456789abcdef0123456789abcdef.SecretSecret1234"
JSON = {"content-type": "application/json"}

# (HTTP status, code, error, whether it may be repeated), after the providers' tables of error codes
DOCUMENTED = [
    (500, "500", "server_failed", True),
    *((401, code, "key_refused", False) for code in ("1000", "1001", "1002", "1003", "1004", "1005", "401")),
    *((401, code, "account_blocked", False) for code in ("1110", "1111", "1112", "1120", "1121")),
    (429, "1113", "account_blocked", False),
    *((500, code, "server_failed", True) for code in ("1200", "1230", "1234")),
    *((400, code, "request_refused", False) for code in ("1210", "1212", "1213", "1214", "1215", "1221", "1222")),
    (400, "1211", "model_unknown", False),
    (403, "1220", "account_blocked", False),
    (400, "1231", "request_refused", True),
    (400, "1261", "context_too_long", False),
    (400, "1301", "content_refused", False),
    *((429, code, "server_busy", True) for code in ("1302", "1303", "1305", "1312")),
    *((429, code, "quota_used_up", False) for code in ("1304", "1308", "1310", "1314", "1321")),
    *((429, code, "account_blocked", False) for code in ("1309", "1311", "1313")),
]


@pytest.mark.parametrize(("status", "code", "error", "may_repeat"), DOCUMENTED)
def test_documented_codes_decide_whatever_the_status(status: int, code: str, error: str, may_repeat: bool) -> None:
    for value in (code, int(code)):
        fault = read_fault(status, JSON, json.dumps({"error": {"code": value, "message": "reset at 18:00"}}).encode())
        assert (fault.error.code, fault.retry is not None) == (error, may_repeat)
        assert fault.error.message.endswith("The server said: “reset at 18:00”")
        if len(code) == 4:
            assert stream_fault({"code": value, "message": ""}).code == error


def test_the_rules_of_repeating() -> None:
    def rule(code: str, **headers: str) -> tuple[int, float, bool]:
        retry = read_fault(429, JSON | headers, json.dumps({"error": {"code": code}}).encode()).retry
        assert retry is not None
        return retry.tries, retry.pause_s, retry.needs_new_id

    assert rule("1302") == (4, 1.0, False) and rule("1303")[1] > 1.0
    assert rule("1231") == (2, 1.0, True)
    assert rule("1302", **{"retry-after": "7"})[1] == 7.0
    assert rule("1302", **{"retry-after": "60"})[1] == 60.0
    for nonsense in ("-1", "soon", "²", "9" * 50):
        assert rule("1302", **{"retry-after": nonsense})[1] == 1.0
    later = read_fault(429, JSON | {"retry-after": "3600"}, b"{}")
    assert later.retry is None and "wait 60 minutes" in later.error.message  # to ask before that would only be refused again


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": {"code": 400, "message": "too big", "type": "exceed_context_size_error"}}, "context_too_long"),  # llama.cpp
        (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, "server_busy"),
        (404, {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}, "address_invalid"),
        (
            400,
            {"object": "error", "message": "This model's maximum context length is 8192", "code": 400},
            "context_too_long",
        ),  # vLLM
        (404, {"error": {"message": "The model `x` does not exist.", "type": "NotFoundError", "code": 404}}, "model_unknown"),
        (400, {"object": "error", "message": "longer than the model's context length (5 tokens)"}, "context_too_long"),  # SGLang
        (401, {"error": "Unauthorized"}, "key_refused"),
        (404, {"detail": "Not Found"}, "address_invalid"),
        (401, {"error": {"code": "invalid_api_key", "message": "Incorrect API key"}}, "key_refused"),  # OpenAI
        (429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota"}}, "account_blocked"),
        (529, {"type": "error", "error": {"type": "overloaded_error"}}, "server_busy"),
    ],
)
def test_the_ways_of_other_servers(status: int, body: object, error: str) -> None:
    assert read_fault(status, JSON, json.dumps(body).encode()).error.code == error


@pytest.mark.parametrize(
    ("status", "error", "may_repeat"),
    [
        (400, "request_refused", False),
        (402, "account_blocked", False),
        (403, "key_refused", False),
        (407, "proxy_refused", False),
        (413, "request_refused", False),
        (418, "request_refused", False),
        (429, "server_busy", True),
        (435, "request_refused", False),
        (500, "server_failed", True),
        (502, "server_failed", False),  # here and in the next: the gateway passed the question on, and it may be answered and paid
        (504, "server_silent", False),
        (524, "server_silent", False),
        (599, "server_failed", False),
        (503, "server_busy", True),
        (204, "reply_not_understood", False),
    ],
)
def test_the_status_decides_where_nothing_else_tells(status: int, error: str, may_repeat: bool) -> None:
    fault = read_fault(status, {"content-type": "text/html"}, b"<html>Bad Gateway")
    assert (fault.error.code, fault.retry is not None) == (error, may_repeat)
    assert "<" not in fault.error.message


def test_a_redirect_names_the_new_place_without_its_query() -> None:
    fault = read_fault(308, {"location": "https://me:pw@new.example:8443/v2/chat?key=1"}, b"")
    assert fault.error.code == "address_invalid" and fault.retry is None
    assert "https://new.example:8443/v2/chat." in fault.error.message
    assert "pw" not in fault.error.message and "key=1" not in fault.error.message
    for location in ("", "//[", "https://h:99999999/"):
        assert read_fault(302, {"location": location}, b"").error.code == "address_invalid"


def test_quotes_are_short_and_hold_neither_keys_nor_control_characters() -> None:
    other = "fedcba9876543210fedcba9876543210.abcdefghijklmnop"
    said = quote(
        f"wrong key my-own-key, {KEY}, {other}, Bearer abc.def, sk-12345678\x1b[31m\u202e\nand on" + "x" * 900, "my-own-key"
    )
    assert len(said) == QUOTE_LENGTH_MAX and "\x1b" not in said and "\u202e" not in said and "\n" not in said
    assert not any(secret in said for secret in ("my-own-key", KEY, other, "abc.def", "12345678"))
    assert KEY not in read_fault(401, JSON, json.dumps({"error": {"message": f"no: {KEY}"}}).encode()).error.message


@pytest.mark.parametrize("padding", ["", " ", "\n"])
def test_the_own_key_is_in_no_quote_whatever_its_form_and_place(padding: str) -> None:
    own = "plain-key.Of-no-known-shape"
    key = f"{padding}{own}{padding}"  # as it may lie in a keychain; without the spaces it goes out
    for words in (f"no: {own}", f"no: {key}!", " " * 5_980 + own, "the secret Of-no-known-shape", f"no: {own.upper()}"):
        said = read_fault(401, JSON, json.dumps({"error": {"message": words}}).encode(), key).error.message
        assert "plain" not in said.lower() and "no-known" not in said.lower()
    assert own not in read_fault(302, {"location": f"https://other.example/{own}/x"}, b"", key).error.message


def test_every_sentence_is_one() -> None:
    for entry in [*BY_CODE.values(), *BY_STATUS.values()]:
        assert entry.sentence[0].isupper() and entry.sentence.endswith(".") and issubclass(entry.error, InferenceError)


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "code", "message", "type", "detail"]), inner, max_size=4)
    ),
    max_leaves=9,
)


@given(st.integers(100, 999), _JSON_VALUES.map(json.dumps).map(str.encode) | st.binary(max_size=60), st.sampled_from([JSON, {}]))
def test_no_refusal_raises(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert read_fault(status, headers, body, "k").error.message
    assert read_fault(400, JSON, b"[" * 100_000).error.code == "request_refused"
