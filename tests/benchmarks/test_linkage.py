"""The benchmark of linkage, on a province of a thousand people: the inputs, the runs, the table."""

from pathlib import Path

import duckdb
import pytest

from benchmarks import febrl, province
from benchmarks.measure import run_tool
from benchmarks.scoring import score
from benchmarks.tables import COLUMNS, as_table, reasons_table, telling_table
from benchmarks.tasks import EVERY_TYPE, PROVINCE_TASKS, Task

pytestmark = pytest.mark.slow


def count(query: str) -> int:
    with duckdb.connect() as con:
        return int(con.execute(query).fetchall()[0][0])


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return province.prepare(3000, 7, [*PROVINCE_TASKS, EVERY_TYPE], tmp_path_factory.mktemp("work"))


def test_every_true_pair_is_of_rows_that_are_there(tasks: dict[str, Task]) -> None:
    for task in tasks.values():
        rows = task.rows()
        assert rows["true pairs"] > 0
        met = count(
            f"SELECT count(*) FROM '{task.truth}' AS t JOIN '{task.left}' AS l ON l.record_id = t.left_id"
            f" JOIN '{task.right}' AS r ON r.record_id = t.right_id"
        )
        assert met == rows["true pairs"]
        for table in (task.left, task.right):
            assert count(f"SELECT count(*) - count(DISTINCT record_id) FROM '{table}'") == 0


def test_cleaning_is_given_to_every_tool(tasks: dict[str, Task]) -> None:
    broken = count(
        f"SELECT count(*) FROM '{tasks['household_register'].right}' WHERE"
        " (id_verdict LIKE 'sound%' AND length(number) <> 18) OR (id_verdict = 'blank' AND number IS NOT NULL)"
        " OR (name IS NOT NULL AND normal IS NULL)"
    )
    assert broken == 0


def test_hedui_is_run_and_scored(tasks: dict[str, Task], tmp_path: Path) -> None:
    task, out = tasks["household_register"], tmp_path / "links.parquet"
    run = run_tool("hedui", task, "train", model=tmp_path / "model.json", out=out, limit_seconds=120)
    assert run.outcome == "done"
    assert 0 < (run.work_seconds or 0) < run.wall_seconds
    assert run.peak_memory_mb > 20
    found = score(task, out)
    assert found["all"]["precision"] > 0.99
    assert found["number_equal"]["recall"] > 0.95
    report = {
        "results": [
            {"task": task.name, "tool": "hedui", "mode": "train", **vars(run), "cleaning_seconds": 0.0, "score": found}
        ]
    }
    assert as_table(report).splitlines()[-1].count("|") == len(COLUMNS) + 1


def test_every_type_is_linked_together_and_told_by_reason(tasks: dict[str, Task], tmp_path: Path) -> None:
    task, out = tasks[EVERY_TYPE], tmp_path / "links.parquet"
    run = run_tool("hedui", task, "frozen", model=tmp_path / "model.json", out=out, limit_seconds=120)
    assert run.outcome == "done"
    found = score(task, out)
    assert found["all"]["precision"] > 0.99
    assert found["all"]["recall"] > 0.98
    result = {"task": task.name, "tool": "hedui", "mode": "frozen", "score": found}
    assert "| every_type | exact |" in reasons_table({"results": [result]})
    assert "| every_type | enough" in telling_table({"results": [result]})


def test_recordlinkage_scores_the_same_with_the_model_it_left(tasks: dict[str, Task], tmp_path: Path) -> None:
    found = {}
    for mode in ("train", "frozen"):
        out = tmp_path / f"{mode}.parquet"
        run = run_tool(
            "recordlinkage", tasks["real_estate"], mode, model=tmp_path / "model.json", out=out, limit_seconds=120
        )
        assert run.outcome == "done"
        found[mode] = score(tasks["real_estate"], out)
    assert found["train"] == found["frozen"]


def test_splink_scores_the_same_with_the_model_it_left(tmp_path: Path) -> None:
    task = febrl.prepare("febrl4", tmp_path)
    found = {}
    for mode in ("train", "frozen"):
        out = tmp_path / f"{mode}.parquet"
        run = run_tool("splink", task, mode, model=tmp_path / "model.json", out=out, limit_seconds=120)
        assert run.outcome == "done"
        found[mode] = score(task, out)
    assert found["train"] == found["frozen"]
    assert found["train"]["all"]["f1"] > 0.99


def test_a_run_over_its_time_is_ended_and_said_so(tasks: dict[str, Task], tmp_path: Path) -> None:
    run = run_tool(
        "hedui",
        tasks["motor_vehicle"],
        "train",
        model=tmp_path / "model.json",
        out=tmp_path / "links.parquet",
        limit_seconds=0.05,
    )
    assert run.outcome == "out of time, after 0 s"
    result = {"task": "motor_vehicle", "tool": "hedui", "mode": "train", **vars(run), "cleaning_seconds": 0.0}
    assert "out of time" in as_table({"results": [result]})


def test_a_tool_that_fails_says_why(tasks: dict[str, Task], tmp_path: Path) -> None:
    run = run_tool(
        "recordlinkage",
        tasks["motor_vehicle"],
        "frozen",
        model=tmp_path / "no_such_model.json",
        out=tmp_path / "links.parquet",
        limit_seconds=120,
    )
    assert run.outcome.startswith("failed: FileNotFoundError")
