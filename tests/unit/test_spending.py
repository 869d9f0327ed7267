"""What remote models used is counted once, by whichever process, and costs what the table says."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from app.settings.schema import Settings
from app.spending import Spending, SpendingFailed, Used, cost_of, month_of, priced
from inference.cloud.models import CloudModel, ModelTable, Price
from inference.types import Usage

ROOT = Path(__file__).parents[2]
MILLION = 1_000_000
TABLE = ModelTable(
    (CloudModel("glm-x", prices={"USD": Price("USD", 2.0, 0.5, 4.0)}), CloudModel("free", prices={"USD": Price("USD", 0, 0, 0)})),
    {"EUR": 0.5},
    date(2026, 1, 1),
)
WRITE = """
import sys
from pathlib import Path
from app.spending import Spending
from inference.types import Usage
for _ in range(60):
    Spending(Path(sys.argv[1])).record("api.z.ai", "glm-x", Usage(3, 1, 0, 2), 1_700_000_000)
"""


def test_several_processes_lose_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "spending.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(path)], cwd=ROOT) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert Spending(path).month("2023-11") == (Used("api.z.ai", "glm-x", 180, Usage(540, 180, 0, 360)),)
    assert Spending(path).month() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has one time zone for all")
def test_a_month_is_that_of_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        assert month_of(1_709_222_400) == "2024-03"  # 2024-02-29 16:00 UTC
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        assert month_of(1_709_222_399) == "2024-02"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_cost_is_told_in_the_users_currency_and_only_where_it_is_known(tmp_path: Path) -> None:
    usage = Usage(prompt_tokens=MILLION, cached_tokens=MILLION // 2, completion_tokens=MILLION)
    settings = Settings(currency="EUR")
    assert cost_of("api.z.ai", "GLM-X", usage, TABLE, settings) == pytest.approx((1.0 + 0.25 + 4.0) / 2)
    assert cost_of("api.z.ai", "free", usage, TABLE, settings) == 0
    assert cost_of("api.z.ai", "unknown", usage, TABLE, settings) is None
    assert cost_of("gpu.local", "glm-x", usage, TABLE, settings) is None
    assert cost_of(None, "glm-x", usage, TABLE, settings) is None
    for plan in ("", "https://api.z.ai/api/coding/paas/v4", "https://API.z.ai/api/coding/paas/v4/"):
        planned = Settings(glm_address="own" if plan else "international_coding", glm_own_address=plan)
        assert cost_of("api.z.ai", "glm-x", usage, TABLE, planned) is None  # a Coding Plan is paid by the month
    books = Spending(tmp_path / "spending.sqlite")
    books.record("api.z.ai", "unknown", usage)
    books.record("api.z.ai", "glm-x", usage)
    books.record("api.z.ai", "glm-x", Usage())  # stopped before anything was told
    spent = priced(books.month(), TABLE, settings)
    assert [(each.model, each.answers, each.tokens) for each in spent] == [("glm-x", 1, 2 * MILLION), ("unknown", 1, 2 * MILLION)]
    assert (spent[0].cost, spent[1].cost, spent[0].currency) == (pytest.approx(2.625), None, "EUR")


def test_each_cloud_charges_by_its_own_list_of_prices() -> None:
    model = CloudModel("glm-y", prices={"USD": Price("USD", 1.0, 1.0, 1.0), "CNY": Price("CNY", 5.0, 5.0, 5.0)})
    table, usage = ModelTable((model,), {"CNY": 10.0, "EUR": 0.5}, date(2026, 1, 1)), Usage(prompt_tokens=MILLION)
    for host, costs in (("api.z.ai", (1.0, 10.0, 0.5)), ("open.bigmodel.cn", (0.5, 5.0, 0.25))):
        assert tuple(cost_of(host, "glm-y", usage, table, Settings(currency=each)) for each in ("USD", "CNY", "EUR")) == costs


def test_a_damaged_file_is_kept_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "spending.sqlite"
    path.write_bytes(b"no database at all" * 1_000)
    Spending(path).record("api.z.ai", "glm-x", Usage(1, 0, 0, 1))
    assert len(Spending(path).month()) == 1
    assert path.with_suffix(".damaged.sqlite").read_bytes().startswith(b"no database")


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpendingFailed, match="gone"):
        Spending(tmp_path / "gone" / "spending.sqlite").record("api.z.ai", "glm-x", Usage(1, 0, 0, 1))
