"""``hedui pull`` serves each source for itself; the doctor ticks what a pull could bring, and nothing else."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.command_line import app
from pipelines.commands.pull_sources import NoSourceError, NotPulledError
from pipelines.watching.doctor import LOOKS, examine
from tests.pipelines.sources.servers import SftpPlace, WebPlace

SOURCES = """
sources:
  motor_vehicle: {{kind: sql, url_variable: TRAFFIC_URL, query: "SELECT '贵A1' AS plate_number"}}
  medical_expense: {{kind: sql, connection: kept_by_airflow, query: SELECT 1}}
  subsidy_payment: {{kind: sftp, url_variable: FINANCE_URL, folder: /out, name: 'BT(?P<day>\\d+).csv',
    known_hosts: {known}}}
  student_enrolment: {{kind: http, url_variable: SCHOOL_URL, path: '/{{day}}.csv'}}
  unemployment_benefit: {{kind: json, url_variable: SCHOOL_URL, path: /benefit}}
  death_cancellation: {{kind: folder, folder: {folder}, name: 'S(?P<day>\\d+).csv'}}
"""
FAILING = {"motor_vehicle", "medical_expense", "unemployment_benefit"}


@pytest.fixture
def bound(tmp_path: Path, web: WebPlace, sftp: SftpPlace, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "exchange"
    folder.mkdir()
    (folder / "S20201030.csv").write_bytes(b"a\n1\n")
    (tmp_path / "sources.yaml").write_text(SOURCES.format(folder=folder, known=sftp.known_hosts), encoding="utf-8")
    web.answers["/20201031.csv"] = lambda _: (200, {}, b"a\n1\n")
    web.answers["/benefit"] = lambda _: (200, {}, b'{"code": 401}')
    monkeypatch.setenv("HEDUI_SOURCES", str(tmp_path / "sources.yaml"))
    monkeypatch.setenv("HEDUI_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("HEDUI_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("TRAFFIC_URL", "dameng://hedui:topsecret@127.0.0.1:1/traffic")
    monkeypatch.setenv("SCHOOL_URL", web.address)
    monkeypatch.setenv("FINANCE_URL", sftp.address)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["pull", *arguments])


def test_a_source_that_fails_is_told_and_the_others_go_on(bound: Path) -> None:
    done = run("--date", "2020-10-31", "--json")
    assert isinstance(done.exception, NotPulledError)
    assert done.exception.exit_code == 1
    outcomes = {one["type_name"]: one for one in json.loads(done.stdout)}
    assert {name for name, one in outcomes.items() if one["state"] == "failed"} == FAILING
    assert "the driver for 达梦 DM" in outcomes["motor_vehicle"]["problem"]
    assert "hedui[dameng]" in outcomes["motor_vehicle"]["fix"]
    assert "its DAG nightly pulls it" in outcomes["medical_expense"]["fix"]
    assert outcomes["student_enrolment"]["files"] == ["student_enrolment_20201031.csv"]
    assert outcomes["death_cancellation"]["files"] == ["death_cancellation_20201030.csv"]
    assert outcomes["subsidy_payment"]["state"] == "nothing_new"
    assert "topsecret" not in f"{done.output}{done.exception}"
    assert (bound / "inbox" / "education" / "student_enrolment" / "2020-10-31").is_dir()


def test_one_type_is_pulled_again_as_the_next_delivery_of_its_day(bound: Path) -> None:
    assert bound
    one = ("--date", "2020-10-31", "--type", "death_cancellation")
    assert run(*one).stdout == "death_cancellation (folder): death_cancellation_20201030.csv\n"
    assert run(*one).stdout == "death_cancellation (folder): nothing new\n"
    again = run(*one, "--again", "--day", "2020-10-30")
    assert (again.exit_code, again.stdout) == (0, "death_cancellation (folder): death_cancellation_20201030_2.csv\n")


@pytest.mark.parametrize(
    "arguments", [("--again",), ("--type", "motor_vehicle", "--day", "2020-10-01"), ("--type", "spaceship")]
)
def test_what_cannot_be_meant_is_refused(bound: Path, arguments: tuple[str, ...]) -> None:
    done = run("--date", "2020-10-31", *arguments)
    assert done.exit_code == 2 or isinstance(done.exception, NoSourceError)
    assert not (bound / "inbox").exists()


def test_the_doctor_tries_each_source(bound: Path, web: WebPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen() -> dict[str, tuple[bool, str]]:
        findings = examine(look for look in LOOKS if look.__name__ == "_sources")
        return {one.subject.removeprefix("source of "): (one.ok, f"{one.seen}: {one.advice}") for one in findings}

    found = seen()
    assert {name for name, (ok, _) in found.items() if not ok} == FAILING | {"student_enrolment"}
    assert "has no file of the last" in found["student_enrolment"][1]
    assert "code" in found["unemployment_benefit"][1]
    assert found["death_cancellation"] == (True, "answers; 1 of its 1 files are deliveries: ")
    (bound / "exchange" / "S20201030.csv").rename(bound / "exchange" / "D20201030.csv")
    web.answers["/benefit"] = lambda _: (200, {}, json.dumps([{"姓名": "张三"}]).encode())
    monkeypatch.setenv("TRAFFIC_URL", f"sqlite:///{bound / 'nowhere'}")
    found = seen()
    assert "none of its 1 files is called so" in found["death_cancellation"][1]
    assert "has no column" in found["unemployment_benefit"][1]
    assert "there is no such SQLite file" in found["motor_vehicle"][1]
    assert not (bound / "inbox").exists()
