"""How right a tool's links are, against the truth.

In the province a record is one person's at most: each record's best accepted link is right when it names a person the
record truly belongs to. A record of a stranger that is linked is a false positive; a record linked to the wrong person
is a false positive and a false negative. In FEBRL a pair of records is what is counted; where two tables are linked,
each right record keeps its best pair.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.tasks import Task
from engines.embedded import literal

SQL = Path(__file__).parent / "sql"
THRESHOLD = 0.5
"""The probability from which a peer's pair counts as a link: as likely as not."""


@dataclass(frozen=True)
class Score:
    """Counts of links, and what follows from them."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float:
        """The share of the links that are right; 1 where there are none."""
        found = self.true_positives + self.false_positives
        return self.true_positives / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is true that was found; 1 where nothing is true."""
        true = self.true_positives + self.false_negatives
        return self.true_positives / true if true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / both if both else 1.0

    def as_dict(self) -> dict[str, float]:
        """For the report."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**asdict(self), **{name: round(share, 6) for name, share in shares.items()}}


def score(task: Task, links: Path) -> dict[str, Any]:
    """The score of a tool's links on a task, in parts."""
    with duckdb.connect() as con:
        for name, path in (("left_row", task.left), ("right_row", task.right), ("true_pair", task.truth)):
            if path.exists():
                con.execute(f"CREATE VIEW {name} AS FROM read_parquet({literal(str(path))})")
        con.execute(f"CREATE VIEW proposed AS FROM read_parquet({literal(str(links))})")
        return _score_records(con, task) if task.is_province else _score_pairs(con, task)


def _score_records(con: duckdb.DuckDBPyConnection, task: Task) -> dict[str, Any]:
    telling = task.folder / "telling.parquet"
    if not telling.exists():
        _tell(con, task, telling)
    con.execute(f"CREATE TEMP TABLE telling AS FROM read_parquet({literal(str(telling))})")
    con.execute(
        "CREATE VIEW pair AS SELECT left_id, right_id FROM proposed UNION SELECT left_id, right_id FROM true_pair"
    )
    con.execute(_sql("number_state"))
    con.execute(
        "CREATE TEMP VIEW truth AS SELECT * FROM true_pair JOIN number_state USING (left_id, right_id)"
        " LEFT JOIN (SELECT left_id, right_id, telling FROM telling) USING (left_id, right_id)"
    )
    con.execute(f"CREATE TEMP VIEW found AS FROM proposed WHERE probability >= {THRESHOLD}")
    con.execute(_sql("judged_records"))
    result: dict[str, Any] = {"all": _count(con).as_dict()}
    result["by_reason"] = {
        reason: {"links": links, "wrong": wrong}
        for reason, links, wrong in con.execute(
            "SELECT coalesce(reason, '-'), count(*), count(*) FILTER (NOT is_right) FROM judged"
            " WHERE left_id IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    }
    damaged = "coalesce(true_numbers, linked_numbers) <> 'equal'"
    result["number_missing_or_damaged"] = _count(con, damaged).as_dict()
    enough = f"{damaged} AND coalesce(telling, 'enough') NOT LIKE 'not enough%'"
    result["number_missing_or_damaged_but_enough_to_tell"] = _count(con, enough).as_dict()
    result["by_telling"] = {
        telling: {"true": true, "found": found}
        for telling, true, found in con.execute(
            "SELECT telling, count(*) FILTER (is_true), count(*) FILTER (is_right) FROM judged"
            " WHERE telling IS NOT NULL AND true_numbers <> 'equal' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    }
    result["number_equal"] = _count(con, "coalesce(true_numbers, linked_numbers) = 'equal'").as_dict()
    result["best_with_hindsight"] = _best_threshold(con)
    return result


def _tell(con: duckdb.DuckDBPyConnection, task: Task, out: Path) -> None:
    register = Task("household_register", task.folder.parent / "household_register")
    con.execute(f"CREATE TEMP VIEW population AS FROM read_parquet({literal(str(register.right))})")
    con.execute(f"CREATE TEMP VIEW own_entry AS FROM read_parquet({literal(str(register.truth))})")
    con.execute("CREATE TEMP VIEW pair AS FROM true_pair")
    con.execute(_sql("number_state"))
    con.execute(_sql("telling"))
    con.execute(f"COPY telling TO {literal(str(out))}")
    con.execute("DROP VIEW pair; DROP TABLE number_state; DROP TABLE telling")


def _count(con: duckdb.DuckDBPyConnection, condition: str = "true") -> Score:
    counts = con.execute(
        "SELECT count(*) FILTER (is_right), count(*) FILTER (left_id IS NOT NULL AND NOT is_right),"
        f" count(*) FILTER (is_true AND is_right IS NOT TRUE) FROM judged WHERE {condition}"
    ).fetchall()
    return Score(*counts[0])


def _best_threshold(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The threshold with the best F1, which only somebody who knows the truth could have chosen."""
    found = con.execute(_sql("best_threshold")).fetchall()
    return dict(zip(("probability", "precision", "recall", "f1"), found[0], strict=True)) if found else {}


def _score_pairs(con: duckdb.DuckDBPyConnection, task: Task) -> dict[str, Any]:
    con.execute("CREATE TEMP VIEW found AS FROM proposed WHERE accepted")
    con.execute(
        "CREATE TEMP VIEW truth AS SELECT DISTINCT least(left_id, right_id) AS left_id,"
        " greatest(left_id, right_id) AS right_id FROM true_pair"
    )
    best = (
        ""
        if task.is_deduplication
        else (" QUALIFY row_number() OVER (PARTITION BY right_id ORDER BY probability DESC, left_id) = 1")
    )
    con.execute(
        "CREATE TEMP TABLE best AS SELECT DISTINCT least(left_id, right_id) AS left_id,"
        f" greatest(left_id, right_id) AS right_id, probability FROM (FROM found{best})"
    )
    con.execute(
        "CREATE TEMP TABLE judged AS SELECT coalesce(b.right_id, t.right_id) AS right_id, b.left_id, b.probability,"
        " CASE WHEN b.left_id IS NOT NULL THEN t.left_id IS NOT NULL END AS is_right, t.left_id IS NOT NULL AS is_true"
        " FROM best AS b FULL JOIN truth AS t ON t.left_id = b.left_id AND t.right_id = b.right_id"
    )
    result = {"best_with_hindsight": _best_threshold(con)}
    con.execute(f"UPDATE judged SET left_id = NULL, is_right = NULL WHERE probability < {THRESHOLD}")
    con.execute("DELETE FROM judged WHERE left_id IS NULL AND NOT is_true")
    return {"all": _count(con).as_dict(), **result}


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
