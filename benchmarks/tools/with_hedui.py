"""hedui's own linking on a task: the stages of the night for the province, the engine for any two tables for FEBRL."""

from pathlib import Path

import duckdb

from benchmarks.tasks import Task
from engines.embedded import connect, literal
from matchers.reasons import LinkReason

SPECS = Path(__file__).parent.parent / "specs"


def link(task: Task, mode: str, model: Path, out: Path) -> None:
    """Read the task's tables, link them, and write the links."""
    with connect(out.parent / "spill") as con:
        con.execute("SET enable_progress_bar = false")
        links = _link_records(con, task) if task.is_province else _link_tables(con, task, mode, model)
        accepted = ", ".join(literal(reason) for reason in LinkReason if reason.accepted)
        con.execute(
            f"COPY (SELECT left_id, right_id, reason, reason IN ({accepted}) AS accepted,"
            f" coalesce(probability, 1.0) AS probability FROM ({links})) TO {literal(str(out))}"
        )


def _link_records(con: duckdb.DuckDBPyConnection, task: Task) -> str:
    """The stages as the night runs them, from the places on the registers: resolving people is part of the work."""
    from matchers.night.people import resolve_people
    from matchers.night.stages import link_records
    from matchers.night.weighing import weigh_left_over

    con.execute(f"CREATE VIEW membership AS FROM read_parquet({literal(str(task.memberships))})")
    con.execute(f"CREATE VIEW record AS FROM read_parquet({literal(str(task.right))})")
    resolve_people(con, "membership")
    linked = link_records(con, "record", task.name)
    # The register may be asked who else is called so; the other types are given no table but their own.
    weighed = weigh_left_over(con, "record" if task.name == "household_register" else None)
    links = f"(SELECT * FROM {linked.links} UNION ALL BY NAME SELECT * FROM {weighed.links})"
    return f"SELECT person_id AS left_id, concat(role, ' ', row_key) AS right_id, reason, probability FROM {links}"


def _link_tables(con: duckdb.DuckDBPyConnection, task: Task, mode: str, model: Path) -> str:
    """The engine of `hedui link`, with the data set's own spec; without a model it learns one."""
    from matchers.tables.link_tables import link_tables
    from matchers.weights.model import Model
    from matchers.weights.spec import load_spec

    files = [task.left] if task.is_deduplication else [task.left, task.right]
    for name, file in zip(("left_given", "right_given"), files, strict=False):
        given = f"SELECT * RENAME (record_id AS rec_id) FROM read_parquet({literal(str(file))})"
        con.execute(f"CREATE VIEW {name} AS {given}")
    result = link_tables(
        con,
        "left_given",
        None if task.is_deduplication else "right_given",
        load_spec(SPECS / f"{task.name}.yaml"),
        None if mode == "train" else Model.load(model),
    )
    if mode == "train":
        result.model.save(model)
    return f"FROM {result.links}"
