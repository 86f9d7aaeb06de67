"""Scoring: what counts as right, wrong and missed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.scoring import Score, score
from benchmarks.tasks import Task

FIELDS = ("record_id", "id_verdict", "number", "normal", "pinyin", "birth_date", "division", "address")
TEXT = pa.string()


def person(record_id: str, number: str | None, name: str, verdict: str = "sound", village: str = "1") -> dict[str, Any]:
    return {
        "record_id": record_id,
        "id_verdict": verdict,
        "number": number,
        "normal": name,
        "pinyin": name,
        "birth_date": None,
        "division": f"52010101010{village}",
        "address": f"{village}-{record_id[0]}",
    }


def write(path: Path, rows: list[dict[str, Any]], fields: tuple[str, ...] = FIELDS) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({field: pa.array([row.get(field) for row in rows], TEXT) for field in fields}), path)


def write_links(path: Path, links: list[tuple[str, str, str, bool, float]]) -> None:
    names = ["left_id", "right_id", "reason", "accepted", "probability"]
    pq.write_table(pa.table([list(column) for column in zip(*links, strict=True)], names=names), path)


@pytest.fixture
def vehicles(tmp_path: Path) -> Task:
    """Two people on the rosters; four vehicles: one sound, two without a number, one of a stranger."""
    task = Task("motor_vehicle", tmp_path / "motor_vehicle")
    write(task.left, [person("a", "A", "王芳"), person("b", "B", "李娜", village="2")])
    write(
        task.right,
        [
            person("a1", "A", "王芳"),
            person("a2", None, "王芳", "blank"),
            person("b1", None, "李娜", "blank", village="2"),
            person("c1", "C", "王芳"),
        ],
    )
    pairs = [("a", "a1"), ("a", "a2"), ("b", "b1")]
    write(
        task.truth,
        [{"left_id": left, "right_id": right, "identity": "sound"} for left, right in pairs],
        ("left_id", "right_id", "identity"),
    )
    register = Task("household_register", tmp_path / "household_register")
    write(
        register.right,
        [person("a0", "A", "王芳"), person("b0", "B", "李娜", village="2"), person("bn", "N", "李娜", village="2")],
    )
    write(
        register.truth,
        [{"left_id": "a", "right_id": "a0"}, {"left_id": "b", "right_id": "b0"}],
        ("left_id", "right_id"),
    )
    return task


def test_a_record_counts_once_by_its_best_accepted_link(vehicles: Task, tmp_path: Path) -> None:
    links = tmp_path / "links.parquet"
    write_links(
        links,
        [
            ("a", "a1", "exact", True, 1.0),
            ("b", "a2", "probabilistic", True, 0.9),
            ("a", "a2", "probabilistic", True, 0.8),
            ("a", "c1", "probabilistic", True, 0.7),
            ("b", "b1", "conflict", False, 1.0),
        ],
    )
    found = score(vehicles, links)
    # a1 is right; a2 goes to the wrong person and misses the right one; c1 is a stranger's; b1 is only a conflict.
    assert found["all"] == Score(1, 2, 2).as_dict()
    assert found["by_reason"] == {"exact": {"links": 1, "wrong": 0}, "probabilistic": {"links": 2, "wrong": 2}}
    assert found["number_equal"] == Score(1, 0, 0).as_dict()
    assert found["number_missing_or_damaged"] == Score(0, 2, 2).as_dict()


def test_pairs_with_a_namesake_as_near_cannot_be_told(vehicles: Task, tmp_path: Path) -> None:
    links = tmp_path / "links.parquet"
    write_links(links, [("a", "a1", "exact", True, 1.0), ("a", "a2", "probabilistic", True, 0.9)])
    found = score(vehicles, links)
    assert found["by_telling"] == {
        "enough: the only one of that name in the village": {"true": 1, "found": 1},
        "not enough: nobody can tell the namesakes apart": {"true": 1, "found": 0},
    }
    assert found["number_missing_or_damaged_but_enough_to_tell"] == Score(1, 0, 0).as_dict()
    assert found["number_missing_or_damaged"] == Score(1, 0, 1).as_dict()


def test_pairs_of_a_deduplication_have_no_direction(tmp_path: Path) -> None:
    task = Task("febrl3", tmp_path)
    write(task.left, [{"record_id": one} for one in "abcd"], ("record_id",))
    write(
        task.truth,
        [{"left_id": "b", "right_id": "a"}, {"left_id": "a", "right_id": "c"}],
        ("left_id", "right_id"),
    )
    links = tmp_path / "links.parquet"
    write_links(links, [("a", "b", "", True, 0.9), ("c", "a", "", True, 0.4), ("d", "a", "", True, 0.6)])
    found = score(task, links)
    assert found["all"] == Score(1, 1, 1).as_dict()
    assert found["best_with_hindsight"] == {
        "probability": 0.4,
        "precision": round(2 / 3, 6),
        "recall": 1.0,
        "f1": 0.8,
    }
