"""The invented province as tables to link: invented once, conformed by the pipeline's own code, alike for every tool.

The left table is everybody on a roster, one row a person; the right one the rows of one information type. Both carry
what cleaning can give: the number as 18 characters, upgraded where it came with 15 (and null where it was blank or a
placeholder), the name folded to one form, its toneless pinyin, and the birth date, read from the number where the
record has none. So no tool wins or loses by its cleaning. What the household register says a person was called before
is known to every tool, as it is in a night, where the register is linked first; only in the task that links the
register itself it is not.
"""

import json
import time
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.tasks import EVERY_TYPE, PROVINCE_TASKS, Task
from engines.embedded import connect, literal
from matchers.identity import id_numbers
from matchers.identity.name_book import add_names
from matchers.night.people import resolve_people
from matchers.night.prefilter import OPTIONAL_RECORD_COLUMNS
from pipelines.intake.conform import conform
from pipelines.intake.header import read_columns
from pipelines.intake.inbox import find_deliveries
from pipelines.intake.land import detect_encoding
from pipelines.intake.quarantine import DeliveryKey
from pipelines.link import MEMBERSHIP, linkable
from schemas.catalogue import load_catalogue
from schemas.contract import Contract, Identity
from schemas.listed import listed_sql, registers_of
from schemas.register import People
from synth.province import build

NIGHT = date(2020, 10, 31)
ROSTERS = registers_of(load_catalogue(), People.PROTECTED)
SQL = Path(__file__).parent / "sql"
LISTED = [name for name in MEMBERSHIP if name not in ("former_name", "phone")]
PARTS = {"former_name": "VARCHAR"} | {
    part: kind for part, kind in OPTIONAL_RECORD_COLUMNS.items() if part != "relatives"
}


def prepare(population: int, seed: int, types: list[str], work: Path) -> dict[str, Task]:
    """The tasks of these types over an invented province, from ``work`` where it was prepared before.

    ``population`` people, one night of deliveries, dirtier than the sample. Writes ``work/<population>-<seed>/``.
    """
    home = work / f"{population}-{seed}"
    if not (home / "truth" / "flags.parquet").exists():
        build(population, seed, NIGHT, 1, home, dirtier=True)
    tasks = {name: Task(name, home / "tasks" / name) for name in types}
    missing = [task for task in tasks.values() if not (task.truth.exists() and task.cleaning.exists())]
    linked = [contract.name for contract in _linked_types()] if EVERY_TYPE in tasks else []
    if missing:
        with connect(home / "spill") as con:
            con.execute("SET enable_progress_bar = false")
            for name in {*(roster.name for roster in ROSTERS), "household_register", *types, *linked} - {EVERY_TYPE}:
                _conform(con, name, home)
            _prepare_people(con)
            for task in missing:
                _prepare_task(con, task, home)
    return tasks


def conformed(home: Path, name: str) -> Path:
    """The folder where the conformed rows of a type lie, as Parquet files."""
    return home / "conformed" / name


def _conform(con: duckdb.DuckDBPyConnection, name: str, home: Path) -> None:
    """Make the view ``<name>``: the newest delivery of the type, with its ``row_key``."""
    contract = load_catalogue()[name]
    rows = conformed(home, name)
    if not rows.exists():
        found, _ = find_deliveries(home / "inbox", [contract], delivered_by=NIGHT, received_by=NIGHT)
        newest = found[-1]
        encoding = detect_encoding(newest.path)
        header = read_columns(newest.path, encoding, contract)
        key = DeliveryKey(f"{name}-{newest.delivery_date}", newest.delivery_date)
        done = conform(con, newest.path, encoding, contract, header, delivery=key, aside=home / "aside")
        rows.parent.mkdir(exist_ok=True)
        done.rows.replace(rows)
    parts = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in contract.key)
    files = literal(str(rows / "**" / "*.parquet"))
    types = "{'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}"
    con.execute(
        f"CREATE OR REPLACE VIEW {name} AS SELECT *, concat_ws('|', {parts}) AS row_key"
        f" FROM read_parquet({files}, hive_types = {types})"
    )


def _prepare_people(con: duckdb.DuckDBPyConnection) -> None:
    for roster in ROSTERS:
        add_names(con, f"SELECT name FROM ({listed_sql([roster], ['name'])})")
    told = "FROM household_register WHERE former_name IS NOT NULL"
    add_names(con, f"SELECT name {told} UNION ALL SELECT former_name {told}")
    con.execute((SQL / "places.sql").read_text(encoding="utf-8").format(listed=listed_sql(ROSTERS, LISTED)))
    resolve_people(con, "place")
    con.execute((SQL / "people_found.sql").read_text(encoding="utf-8"))


def _linked_types() -> list[Contract]:
    """The types that a night links to the people on the rosters, in its order."""
    return [contract for contract in linkable(load_catalogue()) if contract not in ROSTERS]


def _prepare_task(con: duckdb.DuckDBPyConnection, task: Task, home: Path) -> None:
    contracts = _linked_types() if task.name == EVERY_TYPE else [load_catalogue()[task.name]]
    task.folder.mkdir(parents=True, exist_ok=True)
    con.execute(f"CREATE OR REPLACE TEMP VIEW found_record AS {' UNION ALL '.join(map(records, contracts))}")
    started = time.perf_counter()
    con.execute("DROP TABLE IF EXISTS name_keys")
    # What the register declares cannot be known before the register is linked.
    alone = task.name in PROVINCE_TASKS and task.name != "household_register"
    untold = "" if alone else " REPLACE (NULL::VARCHAR AS former_name)"
    _write_tidied(con, f"(SELECT *{untold} FROM found_person)", task.left)
    _write_tidied(con, "found_record", task.right)
    task.cleaning.write_text(json.dumps({"seconds": round(time.perf_counter() - started, 2)}), encoding="utf-8")
    _write(con, f"SELECT *{untold} FROM place", task.memberships)
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW true_link AS FROM read_parquet({literal(str(home / 'truth' / 'links.parquet'))})"
        f" WHERE type IN ({', '.join(literal(contract.name) for contract in contracts)})"
    )
    for name, path in (("left_row", task.left), ("right_row", task.right)):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM read_parquet({literal(str(path))})")
    _write(con, (SQL / "province_truth.sql").read_text(encoding="utf-8"), task.truth)


def records(contract: Contract) -> str:
    """SQL for the records of a type: a row for each role of each row, with all that the type says of a person."""

    def part(identity: Identity, name: str) -> str:
        column = identity.columns().get(name)
        return f"{column or 'NULL'}::{PARTS[name]} AS {name}"

    return " UNION ALL ".join(
        f"SELECT concat_ws(' ', {literal(contract.name)}, {literal(identity.role)}, row_key) AS record_id,"
        f" {literal(contract.name)} AS type, {literal(identity.role)} AS role,"
        f" row_key, delivery_id, {identity.id_number} AS id_number,"
        f" {contract.verdict_columns[identity.id_number]} AS id_verdict,"
        f" {identity.name} AS name, {', '.join(part(identity, name) for name in PARTS)},"
        f" [{', '.join(identity.relatives)}]::VARCHAR[] AS relatives FROM {contract.name}"
        for identity in contract.identity
    )


def _write_tidied(con: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write the relation with the cleaned columns that every tool is given."""
    numbers = con.sql(f"SELECT DISTINCT id_number FROM {relation} WHERE id_verdict LIKE 'sound%'").to_arrow_table()
    sound = pa.table(
        {
            "id_number": numbers["id_number"],
            "upgraded": id_numbers.upgrade(numbers["id_number"]),
            "birth": id_numbers.birth_date_of(numbers["id_number"]),
        }
    )
    con.register("sound_number", sound)
    add_names(con, f"SELECT name FROM {relation} UNION ALL SELECT former_name FROM {relation}")
    _write(con, (SQL / "tidied.sql").read_text(encoding="utf-8").format(relation=relation), path)
    con.unregister("sound_number")


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    query = query.strip().rstrip(";")
    con.execute(f"COPY ({query}) TO {literal(str(path))} (COMPRESSION zstd)")
