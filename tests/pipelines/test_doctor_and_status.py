"""The doctor names each problem and what to do; the status shows the state of every type on every night."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.command_line import app
from pipelines.commands import show_status
from pipelines.commands.show_status import FindingsError
from pipelines.watching.doctor import LOOKS, Finding, examine
from review.configure import configure, migrate
from tests.dags.airflow_home import free_port

pytestmark = pytest.mark.slow
SOURCES = """
sources:
  motor_vehicle: {{kind: sql, url_variable: TRAFFIC_URL, query: SELECT 1}}
  death_cancellation: {{kind: folder, folder: {folder}, name: 'S(?P<day>\\d+).csv'}}
"""


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything a night needs."""
    for name in [name for name in os.environ if name.startswith("HEDUI_")]:
        monkeypatch.delenv(name)
    (tmp_path / "inbox").mkdir()
    monkeypatch.setenv("HEDUI_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("HEDUI_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("HEDUI_ALERT_WEBHOOK", "http://127.0.0.1:1/hook")
    return tmp_path


def problems(findings: list[Finding]) -> dict[str, Finding]:
    return {one.subject: one for one in findings if not one.ok}


def test_the_doctor_finds_nothing_where_all_is_in_order(ready: Path) -> None:
    findings = {one.subject: one for one in examine()}
    assert problems(list(findings.values())).keys() - {"disk of the lake"} == set()  # the disk is this machine's
    assert findings["contracts, rules, policy"].seen.startswith("32 contracts")
    assert not (ready / "lake").exists()


def test_each_problem_is_named_with_what_to_do(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = ready / "sources.yaml"
    sources.write_text(SOURCES.format(folder=ready / "nowhere"), encoding="utf-8")
    port = free_port()
    monkeypatch.setenv("HEDUI_SOURCES", str(sources))
    monkeypatch.setenv("TRAFFIC_URL", f"postgresql://user:secret@127.0.0.1:{port}/traffic")
    monkeypatch.setenv("HEDUI_ALERT_WEBHOOK", "")
    monkeypatch.setenv("HEDUI_ALERT_MAIL_TO", "duty@example.org")
    monkeypatch.setenv("HEDUI_SMTP_URL", f"smtp://user:secret@127.0.0.1:{port}")
    monkeypatch.setenv("HEDUI_DATABASE_URL", f"postgresql://user:secret@127.0.0.1:{port}/review")
    monkeypatch.setenv("HEDUI_AIRFLOW_URL", f"http://127.0.0.1:{port}")
    (ready / "inbox").rmdir()
    found = problems(examine(look for look in LOOKS if look.__name__ != "_contracts"))
    assert found["inbox"].advice == "mount it, or make it readable"
    assert found["mail server"].advice == "check HEDUI_SMTP_URL"
    assert {"database", "source of motor_vehicle", "source of death_cancellation", "scheduler"} <= found.keys()
    assert "secret" not in repr(found)
    monkeypatch.delenv("HEDUI_INBOX")
    assert problems(examine(LOOKS[:1]))["HEDUI_INBOX"].advice == "set it: the folder that departments deliver into"


def test_the_doctor_ends_with_its_own_exit_code_when_there_is_a_problem(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ready / "inbox").rmdir()
    monkeypatch.setattr("pipelines.watching.doctor.LOOKS", [look for look in LOOKS if look.__name__ == "_folders"])
    done = CliRunner().invoke(app, ["doctor"])
    assert isinstance(done.exception, FindingsError)
    assert done.exception.exit_code == 4
    assert "mount it, or make it readable" in done.stdout


def test_a_package_of_somebody_elses_under_one_of_our_names_is_named(
    ready: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = [look for look in LOOKS if look.__name__ == "_own_packages"]
    assert problems(examine(looks)) == {}
    claims = {"rules": ["hedui", "rules"], "schemas": ["hedui"]}
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: claims)
    found = problems(examine(looks))["hedui's own packages"]
    assert found.seen == "rules is also rules's"
    assert found.advice.startswith("uninstall the packages named")


def test_what_is_passed_over_in_the_inbox_and_a_lake_open_to_others_are_named(ready: Path) -> None:
    stray = ready / "inbox" / "taxation" / "[red]x.csv"
    stray.parent.mkdir()
    stray.touch()
    (ready / "lake").mkdir(mode=0o755)
    found = problems(examine(look for look in LOOKS if look.__name__ in ("_inbox", "_kept_from_others")))
    assert found["passed over in the inbox"].seen == "taxation/[red]x.csv"
    assert "YYYY-MM-DD" in found["passed over in the inbox"].advice
    assert found["lake private"].seen == "mode 755"
    (ready / "lake").chmod(0o700)
    stray.unlink()
    assert problems(examine(look for look in LOOKS if look.__name__ in ("_inbox", "_kept_from_others"))) == {}


NIGHTS = {
    "2020-10-29": {
        "household_register": {"freshness": "fresh", "newest": "2020-10-02", "landed": 200, "quarantined": 5},
        "motor_vehicle": {"freshness": "missing", "newest": None},
    },
    "2020-10-30": {
        "household_register": {"freshness": "stale", "newest": "2020-10-02", "refused": ["d2"], "landed": 10},
        "motor_vehicle": {"freshness": "stale", "newest": "2020-10-01", "late": True, "waiting": "part 3 of 3"},
    },
}


UNSEEN = {"520102": {"marriage: not_delivered": 3}}
"""Households that a rule could not check, by county and want."""


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake whose review database has two nights."""
    monkeypatch.setenv("HEDUI_DATABASE_URL", "")
    monkeypatch.setattr(show_status, "SCREEN", Console(width=200))
    configure(f"sqlite:///{tmp_path / 'review.sqlite3'}")
    migrate()
    from review.models import Night

    for night, types in NIGHTS.items():
        silent = {"not_run": {"vehicle_owned": ["motor_vehicle"]}, "not_checkable": {"undeclared_spouse": UNSEEN}}
        counts = silent if night == min(NIGHTS) else {}
        Night.objects.create(date=night, published_at=datetime.now(tz=UTC), types=types, counts=counts)
    monkeypatch.setenv("HEDUI_DATABASE_URL", "")
    yield tmp_path
    configure("sqlite:///:memory:")


def test_the_status_shows_every_type_by_night(published: Path) -> None:
    shown = CliRunner().invoke(app, ["status", "--lake", str(published)]).stdout
    lines = {line.split("│")[1].strip(): line for line in shown.splitlines() if "│" in line}
    assert "refused 10 0.0%" in lines["household_register"]
    assert "fresh 200 2.5%" in lines["household_register"]
    assert "late (waiting for part 3 of 3)" in lines["motor_vehicle"]
    assert "missing" in lines["motor_vehicle"]


def test_the_status_names_what_the_newest_night_passed_over(published: Path) -> None:
    assert "passed over" not in CliRunner().invoke(app, ["status", "--lake", str(published)]).stdout
    report = published / "nights" / "2020-10-30.json"
    report.parent.mkdir()
    one = {"file": "taxation/[red]x.csv", "advice": "move it", "advice_zh": "请移走"}
    odd = {"type": "marriage", "file": "m.csv", "warning": "as many rows as a sheet", "warning_zh": "一张工作表的上限"}
    report.write_text(json.dumps({"passed_over": [one], "warnings": [odd]}), encoding="utf-8")
    shown = CliRunner().invoke(app, ["status", "--lake", str(published)]).stdout
    assert "passed over taxation/[red]x.csv: move it (请移走)" in shown
    assert "warning marriage (m.csv): as many rows as a sheet (一张工作表的上限)" in shown
    told = json.loads(CliRunner().invoke(app, ["status", "--lake", str(published), "--json"]).stdout)
    assert (told["passed_over"], told["warnings"]) == ([one], [odd])


def test_the_status_says_which_rules_were_not_run_and_why(published: Path) -> None:
    shown = CliRunner().invoke(app, ["status", "--lake", str(published)]).stdout
    assert f"{min(NIGHTS)} 未运行 not run: vehicle_owned, because motor_vehicle was not delivered" in shown
    told = json.loads(CliRunner().invoke(app, ["status", "--lake", str(published), "--json"]).stdout)
    silenced = {(one["night"], one["type_name"]): one["not_run"] for one in told["types"] if one["not_run"]}
    assert silenced == {(str(min(NIGHTS)), "motor_vehicle"): ["vehicle_owned"]}
    assert [(one["rule"], one["types"]) for one in told["not_run"]] == [("vehicle_owned", ["motor_vehicle"])]


def test_the_status_says_what_a_rule_could_not_check_county_by_county(published: Path) -> None:
    told = json.loads(CliRunner().invoke(app, ["status", "--lake", str(published), "--json"]).stdout)
    assert told["not_checkable"] == [
        {"night": str(min(NIGHTS)), "rule": "undeclared_spouse", "households": UNSEEN},
    ]


def test_the_status_is_there_for_machines(published: Path) -> None:
    shown = CliRunner().invoke(app, ["status", "--lake", str(published), "--json", "--nights", "1"]).stdout
    assert [(one["night"], one["type_name"], one["state"]) for one in json.loads(shown)["types"]] == [
        ("2020-10-30", "household_register", "refused"),
        ("2020-10-30", "motor_vehicle", "late"),
    ]
