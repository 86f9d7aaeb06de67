"""The floor of a night: DuckDB reading the night's CSV files into Parquet, every column as text, and the bare joins.

Nothing is checked, typed, kept or linked: no night can be faster that reads the same files. DuckDB cannot read GB18030
(the extension would be a download, and its latin-1 refuses the bytes 80 to 9F), so it is given a twin of such a file in
UTF-8, made beforehand and not on its clock.
"""

import codecs
import gzip
import multiprocessing
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from engines.embedded import Limits, connect, identifier, literal
from pipelines.intake.inbox import InboxFile
from schemas.catalogue import load_catalogue
from schemas.listed import registers_of
from schemas.register import People
from synth.deliveries import opened
from synth.shipping import encoding_of

BLOCK = 1 << 22


@dataclass(frozen=True)
class Twin:
    """A file to be written again in UTF-8."""

    source: Path
    target: Path
    encoding: str


def readable(files: Sequence[InboxFile], aside: Path) -> dict[str, list[str]]:
    """Paths by type that DuckDB can read: a file itself, or its twin in ``aside``."""
    catalogue = load_catalogue()
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    paths: dict[str, list[str]] = {}
    twins = []
    for file in files:
        path, encoding = file.path, encoding_of(catalogue[file.type_name])
        if encoding == "gb18030":
            path = aside / file.path.name
            twins.append(Twin(file.path, path, encoding))
        paths.setdefault(file.type_name, []).append(str(path))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_write_twin, sorted(twins, key=lambda one: -one.source.stat().st_size)))
    return paths


def _write_twin(twin: Twin) -> None:
    packed = twin.source.suffix == ".gz"
    decoder = codecs.getincrementaldecoder(twin.encoding)()
    with (
        gzip.open(twin.source, "rb") if packed else twin.source.open("rb") as source,
        opened(twin.target, compressed=packed) as target,
    ):
        while block := source.read(BLOCK):
            target.write(decoder.decode(block).encode())


def measure_floor(asked: dict[str, Any]) -> dict[str, Any]:
    """Read ``files`` (paths by type) into Parquet under ``out``, as many at once as threads, and join; seconds of both.

    The largest files go first, so that no core waits for the last one longer than it must.
    """
    out, files = Path(asked["out"]), asked["files"]
    limits = Limits()
    with connect(out / "spill", limits) as connection:
        began = time.time()
        jobs = sorted(
            ((name, Path(path)) for name, paths in files.items() for path in paths),
            key=lambda job: -job[1].stat().st_size,
        )
        with ThreadPoolExecutor(limits.threads) as pool:
            read = list(pool.map(lambda job: _read(connection.cursor(), job[0], job[1], out), jobs))
        joining = time.time()
        joined = _join(connection, out, list(files))
        ended = time.time()
    rows: dict[str, int] = {}
    for (name, _), count in zip(jobs, read, strict=True):
        rows[name] = rows.get(name, 0) + count
    return {
        "rows": sum(rows.values()),
        "rows_by_type": rows,
        "joined": joined,
        "parquet_bytes": sum(file.stat().st_size for file in out.rglob("*.parquet")),
        "stages": [
            {"stage": "read", "steps": len(jobs), "began": began, "ended": joining},
            {"stage": "join", "steps": len(joined), "began": joining, "ended": ended},
        ],
    }


def _read(connection: duckdb.DuckDBPyConnection, name: str, path: Path, out: Path) -> int:
    """Copy one file into Parquet under the names of the contract; returns its rows."""
    contract = load_catalogue()[name]
    spelled = {spelling: one.name for one in contract.columns for spelling in (one.header, *one.aliases)}
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        headers = file.readline().decode("utf-8-sig").strip().split(",")
    columns = ", ".join(f"{literal(spelled[header])}: 'VARCHAR'" for header in headers)
    target = out / name / f"{path.name.split('.')[0]}.parquet"
    target.parent.mkdir(exist_ok=True)
    copied = connection.execute(
        f"COPY (FROM read_csv({literal(str(path))}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', strict_mode = false, null_padding = true, parallel = true, columns = {{{columns}}})) "
        f"TO {literal(str(target))} (FORMAT parquet)"
    ).fetchone()
    return int(copied[0]) if copied else 0


def _join(connection: duckdb.DuckDBPyConnection, out: Path, names: Sequence[str]) -> dict[str, int]:
    """The recipients' numbers joined with every number of every type; returns how many rows met."""
    catalogue = load_catalogue()
    numbers = " UNION ".join(
        f"SELECT {identifier(roster.identity[0].id_number)} AS number "
        f"FROM read_parquet({literal(str(out / roster.name / '*.parquet'))})"
        for roster in registers_of(catalogue, People.PROTECTED)
    )
    connection.execute(f"CREATE TABLE recipient AS {numbers}")
    met = {}
    for name in names:
        for identity in catalogue[name].identity:
            found = connection.execute(
                f"SELECT count(*) FROM read_parquet({literal(str(out / name / '*.parquet'))}) AS record "
                f"JOIN recipient ON record.{identifier(identity.id_number)} = recipient.number"
            ).fetchone()
            met[f"{name}.{identity.role}"] = int(found[0]) if found else 0
    return met
