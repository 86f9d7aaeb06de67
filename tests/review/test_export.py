"""The export: what is in it, what is not, and what the audit log keeps of it."""

import csv
import hashlib
import io
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from review.export import ExportError, ExportReceipt, export_flags
from review.export_row import Titles
from review.filters import WorkFilter
from review.models import AuditEntry, Case, CaseState, Decision, Flag
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SECOND, SUMMARY, THIRD, digest, flag, table

pytestmark = pytest.mark.usefixtures("database")

TITLES = Titles(
    divisions={"520102001001": "新华社区"},
    rules={"vehicle_owned": {"zh": "名下有车", "en": "Owns a vehicle"}},
    types={"motor_vehicle": {"zh": "机动车登记", "en": "Motor vehicles"}},
)
SECRETS = ("529901199001011234", "李四", "张三")


def publish(night: date, *flags: dict[str, Any]) -> None:
    publish_night(night, table(*flags), SUMMARY)


def exported(lang: str = "zh", **asked: Any) -> list[dict[str, str]]:
    file = io.BytesIO()
    export_flags(file, WorkFilter(**asked), actor="officer", titles=TITLES, lang=lang)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


def close(household: str) -> None:
    case = Case.objects.get(household_id=household)
    case.state = CaseState.CLOSED_BY_PROVINCE
    case.save()
    decided_at = datetime(2020, 11, 1, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    Decision.objects.create(case=case, outcome="legitimate", decided_by="county officer", decided_at=decided_at)


def three_states() -> None:
    publish(FIRST, flag("H1"), flag("H2", division="520103001001"), flag("H3", rule="property_over_limit"))
    publish(SECOND, flag("H1"), flag("H3", rule="property_over_limit"), flag("H4"))
    close("H3")


def test_one_flag_in_chinese() -> None:
    publish(FIRST, flag("H1", reason_zh="李四（529901199001011234）名下有车，户主张三"))
    publish(SECOND, flag("H1", reason_zh="李四（529901199001011234）名下有车，户主张三"))
    close("H1")
    assert exported() == [
        {
            "案件编号": "2020-520102-000001",
            "区划代码": "520102001001\t",
            "区划": "新华社区",
            "家庭编号": "H1",
            "救助类别": "低保",
            "规则": "vehicle_owned",
            "规则名称": "名下有车",
            "方向": "存疑：可能不应享受",
            "严重程度": "2",
            "优先级": "优先级 4.47 = 严重度 2 × 可信度 1.00 × (1 + 每月 1234.50 元 ÷ 1000 元)",
            "成员": "李*",
            "身份证号": "529901************",
            "所属期": "",
            "金额（元）": "1234.50",
            "理由": "李*（529901************）名下有车，户主张*",
            "依据": "机动车登记 2020-10-28 号码相同，姓名相符",
            "比对方式": "号码相同，姓名相符",
            "首次发现": "2020-10-29",
            "最近发现": "2020-10-30",
            "状态": "省级已销号",
            "处理结果": "符合条件 2020-11-01",
            "版本": "1",
            "数据截至": "机动车登记:截至 2020-10-28",
        }
    ]


def test_one_flag_in_english() -> None:
    publish(FIRST, flag("H1"))
    publish(SECOND)
    (row,) = exported(lang="en")
    assert row["Rule title"] == "Owns a vehicle"
    assert row["Evidence"] == "Motor vehicles 2020-10-28 same number, compatible name"
    assert row["Reason"] == "holds a vehicle (as first seen)"
    assert (row["Last night"], row["State"]) == ("2020-10-29", "cleared by the night of 2020-10-30")
    assert not any("\u4e00" <= sign <= "\u9fff" for title in row for sign in title)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_unmasked_leaves(lang: str) -> None:
    sentence = {"reason_zh": "、".join(SECRETS), "reason_en": ", ".join(SECRETS)}
    publish(FIRST, flag("H1", **sentence), flag("H2", **sentence, member_name=None, member_id_number=None))
    file = io.BytesIO()
    assert export_flags(file, actor="officer", lang=lang).rows == 2
    first = next(line for line in file.getvalue().decode().splitlines() if "H1" in line)
    assert not [secret for secret in SECRETS if secret in first]
    assert SECRETS[0] not in file.getvalue().decode()


@pytest.mark.parametrize(
    ("asked", "households"),
    [
        ({}, {"H1", "H2", "H3", "H4"}),
        ({"division": "520103"}, {"H2"}),
        ({"division": "5201"}, {"H1", "H2", "H3", "H4"}),
        ({"rule": "property_over_limit"}, {"H3"}),
        ({"status": "open"}, {"H1", "H4"}),
        ({"status": "closed"}, {"H3"}),
        ({"status": "cleared"}, {"H2"}),
        ({"since": SECOND}, {"H2", "H4"}),
        ({"since": THIRD}, set()),
        ({"since": SECOND, "status": "open"}, {"H4"}),
    ],
)
def test_each_filter(asked: dict[str, Any], households: set[str]) -> None:
    three_states()
    assert {row["家庭编号"] for row in exported(**asked)} == households


@pytest.mark.parametrize("asked", [{"lang": "fr"}, {"kind": "xls"}, {"actor": ""}])
def test_what_is_not_understood_writes_nothing(asked: dict[str, Any], tmp_path: Path) -> None:
    publish(FIRST, flag("H1"))
    with pytest.raises(ExportError):
        export_flags(tmp_path / "flags.csv", **({"actor": "officer"} | asked))
    assert list(tmp_path.iterdir()) == []
    assert not AuditEntry.objects.filter(action="flags.exported").exists()


def test_the_receipt_and_the_audit_log_agree_with_the_file(tmp_path: Path) -> None:
    three_states()
    out = tmp_path / "new folder" / "flags.csv"
    receipt = export_flags(out, WorkFilter(status="open", since=FIRST), actor="officer")
    assert receipt == ExportReceipt(2, hashlib.sha256(out.read_bytes()).hexdigest(), out)
    entry = AuditEntry.objects.get(action="flags.exported")
    assert entry.actor == "officer"
    assert entry.detail == {
        "filter": {"status": "open", "since": str(FIRST)},
        "kind": "csv",
        "lang": "zh",
        "masked": True,
        "rows": 2,
        "sha256": receipt.sha256,
    }
    assert [file.name for file in out.parent.iterdir()] == ["flags.csv"]


def test_the_same_flags_give_the_same_bytes_in_order_of_division(tmp_path: Path) -> None:
    three_states()
    first, second = (export_flags(tmp_path / name, actor="officer") for name in ("a.csv", "b.csv"))
    assert first.sha256 == second.sha256
    assert [row["区划代码"] for row in exported()] == ["520102001001\t"] * 3 + ["520103001001\t"]


def test_a_failed_export_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(FIRST, flag("H1"))
    out = tmp_path / "flags.csv"
    out.write_text("yesterday's")

    def fails(*_arguments: object, **_options: object) -> list[object]:
        raise InterruptedError

    monkeypatch.setattr("review.export.row", fails)
    with pytest.raises(InterruptedError):
        export_flags(out, actor="officer")
    assert [file.name for file in tmp_path.iterdir()] == ["flags.csv"]
    assert out.read_text() == "yesterday's"
    assert not connection.in_atomic_block
    publish(SECOND, flag("H1"))


@pytest.mark.slow
def test_a_night_published_during_an_export_is_not_half_in_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process publishes new evidence after the first row; every later row still shows the night before."""
    publish(FIRST, *(flag(f"H{number}", row="before") for number in range(30)))
    seen: list[tuple[date | None, list[str]]] = []

    def row_then_publish(each: Flag, newest: date | None, *_rest: object, **_options: object) -> list[object]:
        if not seen:
            publish_elsewhere(database)
        seen.append((newest, [record.row_hash for record in each.evidence.all()]))
        return [each.flag_id]

    monkeypatch.setattr("review.export.row", row_then_publish)
    monkeypatch.setattr("review.export.FLAGS_A_CHUNK", 10)
    export_flags(io.BytesIO(), actor="officer")
    assert seen == [(FIRST, [digest("before")])] * 30
    export_flags(io.BytesIO(), actor="officer")
    assert seen[30:] == [(SECOND, [digest("after")])] * 30


def publish_elsewhere(database: str) -> None:
    code = (
        "import sys; from review.configure import configure; configure(sys.argv[1])\n"
        "from tests.review.made_nights import SECOND, SUMMARY, flag, table\n"
        "from review.publishing import publish_night\n"
        "publish_night(SECOND, table(*(flag(f'H{number}', row='after') for number in range(30))), SUMMARY)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, database], check=True, cwd=root, timeout=120)


def test_a_flag_that_rests_on_a_stale_type_says_so_until_a_good_delivery_comes() -> None:
    stale = {**SUMMARY, "types": {"motor_vehicle": {"freshness": "stale"}}}
    publish_night(FIRST, table(flag()), stale)
    (line,) = exported(lang="en")
    assert line["Evidence"].endswith("(stale: a newer delivery is late or was refused)")
    (line,) = exported(lang="zh")
    assert "数据滞后" in line["依据"]
    publish_night(SECOND, table(flag()), SUMMARY)
    (line,) = exported(lang="en")
    assert "stale" not in line["Evidence"]
