"""hedui's own linking on a task: the stages of the night for the province, the engine for any two tables for FEBRL."""

from pathlib import Path

import duckdb

from benchmarks.tasks import EVERY_TYPE, Task
from engines.embedded import connect, literal
from schemas.link_reasons import ACCEPTED, sql_list

BEYOND_THE_PEERS = ("phone", "household", "relatives")
"""What a record tells besides, and the tasks that stand beside the peers leave out."""
SPECS = Path(__file__).parent.parent / "specs"


def link(task: Task, mode: str, model: Path, out: Path) -> None:
    """Read the task's tables, link them, and write the links."""
    with connect(out.parent / "spill") as con:
        con.execute("SET enable_progress_bar = false")
        links = _link_records(con, task) if task.is_province else _link_tables(con, task, mode, model)
        con.execute(
            f"COPY (SELECT left_id, right_id, reason, reason IN ({sql_list(*ACCEPTED)}) AS accepted,"
            f" coalesce(probability, 1.0) AS probability FROM ({links})) TO {literal(str(out))}"
        )


def _link_records(con: duckdb.DuckDBPyConnection, task: Task) -> str:
    """The stages as the night runs them, from the places on the registers: resolving people is part of the work."""
    from matchers.night.people import resolve_people
    from matchers.night.stages import link_records
    from matchers.night.weighing import weigh_unmatched

    con.execute(f"CREATE VIEW membership AS FROM read_parquet({literal(str(task.memberships))})")
    con.execute(f"CREATE VIEW told AS FROM read_parquet({literal(str(task.right))})")
    resolve_people(con, "membership")
    found = []
    for name in _types(con):
        kept = "*" if task.name == EVERY_TYPE else f"* EXCLUDE ({', '.join(BEYOND_THE_PEERS)})"
        con.execute(f"CREATE OR REPLACE VIEW record AS SELECT {kept} FROM told WHERE type = {literal(name)}")
        found.append(link_records(con, "record", name).links)
    # The register may be asked who else is called so; the other types are given no table but their own.
    con.execute("CREATE VIEW population AS FROM told WHERE type = 'household_register'")
    asks_register = task.name in ("household_register", EVERY_TYPE)
    found.append(weigh_unmatched(con, "population" if asks_register else None).links)
    links = " UNION ALL BY NAME ".join(f"FROM {one}" for one in found)
    right_id = "concat_ws(' ', type, role, row_key)"
    return f"SELECT person_id::VARCHAR AS left_id, {right_id} AS right_id, reason, probability FROM ({links})"


def _types(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The types there are, those first that tell former names, as in a night."""
    found = con.execute("SELECT type FROM told GROUP BY type ORDER BY count(former_name) = 0, type").fetchall()
    return [name for (name,) in found]


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
        if result.model is None:
            raise ValueError(f"{task.name}: nothing could be learned: {result.warnings}")
        result.model.save(model)
    return f"FROM {result.links}"
