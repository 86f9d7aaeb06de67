"""hedui and Splink on the public sets, in one run: `python -m benchmarks.run_public COPIES --out FILE.json`.

COPIES is a folder with copies of the repositories that public.md names. Splink counts at its default (probability 0.5)
and at its best threshold, which only somebody who knows the truth could choose; hedui by its specs in `specs/public`.
"""

from __future__ import annotations

import argparse
import json
import resource
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.public import PUBLIC_TASKS, SETS, prepare
from benchmarks.tasks import Task

SPECS = Path(__file__).parent / "specs" / "public"
SAME_SPEC = {"febrl2": "febrl1"}


def main() -> None:
    """Read the command line, run each tool on each set in a process of its own, write and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run_public", description=__doc__)
    parser.add_argument("copies", type=Path, help="copies of the repositories, named owner+name")
    parser.add_argument("--sets", default=",".join(PUBLIC_TASKS))
    parser.add_argument("--work", type=Path, default=Path("var/bench"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    results: dict[str, Any] = {}
    for name in options.sets.split(","):
        task = prepare(name, options.copies, options.work)
        results[name] = {"not at hand": True} if task is None else {"rows": task.rows()}
        for tool in ("hedui", "splink") if task is not None else ():
            with get_context("spawn").Pool(1) as pool:
                results[name][tool] = pool.apply(run, (tool, task))
        print(name, json.dumps(results[name]), flush=True)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def run(tool: str, task: Task) -> dict[str, Any]:
    """One tool on one set: what it found, how right it is, and its processor seconds."""
    out = task.folder / f"{tool}.parquet"
    try:
        link_by(tool, task, out)
        quality = score(task, out, tool)
    except Exception as error:  # noqa: BLE001 - one set that fails does not end the others; the results say that it did
        return {"failed": f"{type(error).__name__}: {error}".splitlines()[0]}
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {**quality, "processor_seconds": round(used.ru_utime + used.ru_stime, 1)}


def link_by(tool: str, task: Task, out: Path) -> None:
    """Write the links of a tool: ids, probability, weight, and for hedui the reason."""
    if tool == "splink":
        from benchmarks.public_splink import link

        link(task, out)
        return
    from matchers.tables.link_tables import link_tables
    from matchers.weights.spec import load_spec

    con = duckdb.connect()
    spec = load_spec(SPECS / f"{SAME_SPEC.get(task.name, task.name)}.yaml")
    right = task.right if task.right.exists() else None
    result = link_tables(con, task.left, right, spec)
    con.execute(f"COPY {result.links} TO '{out}'")


def score(task: Task, links: Path, tool: str) -> dict[str, Any]:
    """Precision, recall and F1 as the tool decides, and the best F1 at any threshold on its weights."""
    one_table = not task.right.exists()
    one_to_one = task.name in SETS and SETS[task.name].one_to_one
    ids = "least(left_id::VARCHAR, right_id::VARCHAR) AS a, greatest(left_id::VARCHAR, right_id::VARCHAR) AS b"
    ids = ids if one_table else "left_id::VARCHAR AS a, right_id::VARCHAR AS b"
    accepted = "reason IN ('probabilistic', 'exact')" if tool == "hedui" else "probability >= 0.5"
    con = duckdb.connect()
    con.execute(f"CREATE TABLE truth AS SELECT DISTINCT {ids} FROM '{task.truth}'")
    con.execute(
        f"CREATE TABLE claimed AS SELECT {ids}, max(weight) AS weight, bool_or({accepted}) AS accepted FROM '{links}'"
        " GROUP BY ALL"
    )
    if tool == "splink" and one_to_one:
        best_of_row = "row_number() OVER (PARTITION BY b ORDER BY weight DESC, a) = 1"
        con.execute(f"CREATE OR REPLACE TABLE claimed AS FROM claimed QUALIFY {best_of_row}")
    con.execute(
        "CREATE TABLE judged AS SELECT c.*, t.a IS NOT NULL AS is_true"
        " FROM claimed AS c LEFT JOIN truth AS t ON t.a = c.a AND t.b = c.b"
    )
    total = con.execute("SELECT count(*) FROM truth").fetchall()[0][0]
    right, wrong = con.execute(
        "SELECT count(*) FILTER (is_true), count(*) FILTER (NOT is_true) FROM judged WHERE accepted"
    ).fetchall()[0]
    best = con.execute(
        "SELECT max(2 * found / (claims + $total)) FROM"
        " (SELECT sum(is_true::INTEGER) OVER (ORDER BY weight DESC) AS found,"
        " count(*) OVER (ORDER BY weight DESC) AS claims FROM judged WHERE weight IS NOT NULL)",
        {"total": total},
    ).fetchall()[0][0]
    return {
        "precision": round(right / max(right + wrong, 1), 4),
        "recall": round(right / total, 4),
        "f1": round(2 * right / (2 * right + wrong + total - right), 4),
        "best_f1_in_hindsight": round(float(best or 0), 4),
    }


if __name__ == "__main__":
    main()
