"""The table of models is right, the user's own is laid over it, and every fault in it is named."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from inference.cloud.models import SHIPPED_TABLE, CloudModel, ModelTable, load_models
from inference.errors import ModelTableInvalid
from inference.types import Usage

SHIPPED = load_models()
A_MILLION_EACH = Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000)
SEES = "glm-4.6v glm-4.6v-flashx glm-4.6v-flash glm-4.5v glm-5v-turbo glm-5.3-flash glm-5.3-flashx"
SEES_IN_CHINA = "glm-4.1v-thinking-flash glm-4.1v-thinking-flashx"
READS = "glm-4-plus glm-4-air-250414 glm-4-airx glm-4-flashx-250414 glm-4-flash-250414 glm-4.5-air glm-4.6 glm-4.7 glm-5"


def load(tmp_path: Path, text: str | bytes) -> ModelTable:
    own = tmp_path / "models.toml"
    own.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_models(own)


def model(model_id: str, table: ModelTable = SHIPPED) -> CloudModel:
    found = table.find(model_id)
    assert found is not None
    return found


def test_every_model_has_what_a_question_needs_to_know() -> None:
    assert {known.id for known in SHIPPED.models} == set(f"{SEES} {SEES_IN_CHINA} {READS}".split())
    for known in SHIPPED.models:
        assert known.context_tokens is not None
        assert known.output_tokens is not None
        assert known.output_tokens < known.context_tokens
        assert known.thinking != "unknown"
        assert known.prices.keys() <= {"USD", "CNY"} and known.prices
        assert known.pictures_max == (50 if known.id in f"{SEES} {SEES_IN_CHINA}".split() else 0)
        assert ("file" in known.inputs) == (known.id in SEES.split())
    assert all(price.cached_input <= price.input for known in SHIPPED.models for price in known.prices.values())


@pytest.mark.parametrize(
    ("model_id", "context", "output", "thinking", "usd"),
    [
        ("GLM-4.6V", 128_000, 32_768, "switch", (0.30, 0.05, 0.90)),
        ("glm-4.6v-flash", 128_000, 32_768, "switch", (0, 0, 0)),
        ("glm-4.5v", 64_000, 16_384, "switch", (0.60, 0.11, 1.80)),
        ("glm-5.3-flashx", 1_000_000, 131_072, "effort", (0.37, 0.075, 1.25)),
        ("glm-5", 200_000, 131_072, "switch", (1.00, 0.20, 3.20)),
    ],
)
def test_facts_are_those_of_the_reference(
    model_id: str, context: int, output: int, thinking: str, usd: tuple[float, float, float]
) -> None:
    known = model(model_id)
    price = known.prices["USD"]
    assert (known.context_tokens, known.output_tokens, known.thinking) == (context, output, thinking)
    assert (price.input, price.cached_input, price.output) == usd


def test_each_part_of_an_answer_is_paid_at_its_own_price() -> None:
    usage = Usage(prompt_tokens=10_000, cached_tokens=4_000, completion_tokens=2_000)
    assert SHIPPED.cost("glm-4.6v", usage, "USD") == pytest.approx((6_000 * 0.30 + 4_000 * 0.05 + 2_000 * 0.90) / 1e6)
    assert SHIPPED.cost("glm-4.6v", replace(usage, cached_tokens=99_999), "USD") == pytest.approx((500 + 1_800) / 1e6)


def test_a_cost_is_shown_in_the_users_currency() -> None:
    assert SHIPPED.cost("glm-5.3-flash", A_MILLION_EACH, "CNY") == pytest.approx(3.6)  # China's own price, not converted
    assert SHIPPED.cost("glm-5", A_MILLION_EACH, "EUR") == pytest.approx(4.2 * SHIPPED.rates["EUR"])
    yuan_only = SHIPPED.cost("glm-4-plus", A_MILLION_EACH, "EUR")
    assert yuan_only == pytest.approx(10 / SHIPPED.rates["CNY"] * SHIPPED.rates["EUR"])
    assert SHIPPED.cost("GLM-4.6V-Flash", A_MILLION_EACH, "XYZ") == 0  # nothing is nothing everywhere
    assert SHIPPED.cost("glm-5", A_MILLION_EACH, "XYZ") is None
    assert SHIPPED.cost("no such model", A_MILLION_EACH, "USD") is None


def test_the_users_file_changes_single_fields_and_adds_models(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        """
        rates_as_of = 2026-10-01
        rates.SEK = 9.5
        [[model]]
        id = "GLM-4.6V"
        output_tokens = 65_536
        prices.CNY = { input = 1, output = 3 }
        [[model]]
        id = "zai-org/GLM-4.6V"
        inputs = ["text", "image"]
        extra = { mm_processor_kwargs = { size = { longest_edge = 1_000_000 } } }
        """,
    )
    changed = model("glm-4.6v", table)
    assert replace(changed, output_tokens=32_768, prices=model("glm-4.6v").prices) == model("glm-4.6v")
    assert changed.output_tokens == 65_536
    assert changed.prices["USD"] == model("glm-4.6v").prices["USD"]
    assert changed.prices["CNY"].cached_input == 1
    assert model("zai-org/glm-4.6v", table).extra == {"mm_processor_kwargs": {"size": {"longest_edge": 1_000_000}}}
    assert len(table.models) == len(SHIPPED.models) + 1
    assert table.rates == {**SHIPPED.rates, "SEK": 9.5}
    assert str(table.rates_as_of) == "2026-10-01"
    assert load_models(tmp_path / "none.toml") == SHIPPED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[model]]\nid = "a"\ncontext_tokens = "many"', ["“a”", "`context_tokens`", "above 0"]),
        ('[[model]]\nid = "a"\noutput_tokens = true', ["`output_tokens`", "above 0"]),
        ('[[model]]\nid = "a"\ninputs = ["text", "smell"]', ["`inputs`", "image, video, file"]),
        ('[[model]]\nid = "a"\nthinking = ["switch"]', ["`thinking`", "none, switch, effort, always, unknown"]),
        ('[[model]]\nid = "a"\nthinking = "effort"', ["“a”", "`efforts`"]),
        ('[[model]]\nid = "a"\nthinking = "effort"\nefforts = ["low"]\neffort = "max"', ["“a”", "`effort`"]),
        ('[[model]]\nid = "a"\nprices.USD = { input = -1, output = 1 }', ["`prices`", "from 0"]),
        ('[[model]]\nid = "a"\nprices.USD = 3', ["`prices`"]),
        ('[[model]]\nid = "a"\nprices.dollars = { input = 1, output = 1 }', ["`prices`"]),
        ('[[model]]\nid = "a"\nprices.USD = { input = nan, output = 1 }', ["`prices`"]),
        ('[[model]]\nid = "a"\nextra = { messages = [] }', ["`extra`", "messages"]),
        ('[[model]]\nid = "a"\nextra = { day = 2026-01-01 }', ["`extra`", "JSON"]),
        ('[[model]]\nid = "a"\npicture_side_px_max = 1', ["`picture_side_px_max`", "28"]),
        ('[[model]]\nid = "a"\ncolour = "red"', ["“colour”", "context_tokens"]),
        ('[[model]]\nid = "a"\n[[model]]\nid = "A"', ["“a”", "twice"]),
        ('[[model]]\nid = "a\\nb"', ["number 1", "`id`"]),
        ("[[model]]\ntools = true", ["number 1", "`id`"]),
        ("model = 3", ["[[model]]"]),
        ("[models]", ["“models”", "[[model]]"]),
        ("rates.EUR = 0", ["[rates]", "above 0"]),
        ("rates = 3", ["[rates]"]),
        ('rates_as_of = "today"', ["rates_as_of"]),
        ("[[model]]\nid = glm", ["TOML", "line 2"]),
        (b"\xff\xfe", ["UTF-8"]),
        ("x = " + "[" * 5_000, ["deeply"]),
        ("#" * 1_000_001, ["1 MB"]),
    ],
)
def test_a_fault_in_the_users_file_is_named(tmp_path: Path, text: str | bytes, said: list[str]) -> None:
    with pytest.raises(ModelTableInvalid) as caught:
        load(tmp_path, text)
    assert all(word in caught.value.message for word in ["models.toml", *said])


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelTableInvalid, match="cannot be read"):
        load_models(tmp_path)


def test_no_value_of_any_field_is_more_than_a_named_fault(tmp_path: Path) -> None:
    fields = {line.split(" ")[0] for line in SHIPPED_TABLE.read_text().splitlines() if " = " in line and line[0] != "#"}
    values = [
        "-1",
        "0",
        "inf",
        "1e400",
        "''",
        "'x'",
        "[]",
        "[1]",
        "[['text']]",
        "{}",
        "{ a = 1 }",
        "{ USD = [] }",
        "false",
        "2026-01-01",
    ]
    for line in (f"{field} = {value}" for field in sorted(fields | {"extra"}) for value in values):
        with suppress(ModelTableInvalid):
            load(tmp_path, f"[[model]]\nid = 'a'\n{line}")
