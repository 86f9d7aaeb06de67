"""The lake: Delta tables on a file system, each partition replaced in one step or not at all."""

import json
import os
import re
import shutil
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

GROUP = 1 << 17
"""Rows of a group: few enough that who asks for a few, as for the links of one type, reads little beside them."""


MISREAD = re.compile(r"%[0-9A-Fa-f]{2}|\\")
"""What delta-rs takes for something else where it stands in the path of a table: it would look in another folder."""


class LakePathError(ValueError):
    """A lake cannot lie there. The message says what to do."""

    exit_code = 4


@dataclass(frozen=True)
class Lake:
    """A folder of Delta tables under ``tables/``, beside the bytes as they landed and the receipts.

    Raises LakePathError for the few paths at which tables would be looked for elsewhere.
    """

    root: Path

    def __post_init__(self) -> None:
        if MISREAD.search(os.path.realpath(self.root)):
            raise LakePathError(
                f"a lake cannot lie at {self.root}: choose a path without a backslash, and without a percent sign "
                "before two hexadecimal digits"
            )

    def folder(self, *parts: str) -> Path:
        """A folder of the lake, made when it is not there."""
        path = self.root.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def replace(self, table: str, partition: Mapping[str, str], rows: pa.RecordBatchReader | pa.Table) -> None:
        """Make ``rows`` the whole content of one partition, in one commit.

        ``partition`` gives each partition column, in their order (ASCII values); ``rows`` may hold them too. A reader
        sees the partition as it was before, or as it is after; a process killed in between leaves it as it was.
        """
        aside = self.root.joinpath("aside", table, *partition.values())
        shutil.rmtree(aside, ignore_errors=True)
        folder = aside.joinpath(*(f"{column}={value}" for column, value in partition.items()))
        folder.mkdir(parents=True)
        try:
            _write(rows, folder / "part-00000.parquet", leave_out=partition)
            self.adopt(table, partition, aside)
        finally:
            shutil.rmtree(aside)

    def adopt(self, table: str, partition: Mapping[str, str], aside: Path) -> None:
        """Make the Parquet files below ``aside`` the whole content of one partition, in one commit.

        The files, of which there is at least one, are moved and not written again: they lie on the lake's file system,
        in a folder for each partition column, as ``delivery_id=...``, and do not hold those columns. See ``replace``.
        """
        location = self._location(table)
        found = sorted(aside.rglob("*.parquet"))
        # The next delivery's columns may hold a NULL where this one's happen to hold none.
        held = [field.with_nullable(True) for field in pq.read_schema(found[0])]
        schema = pa.schema([*held, *((column, pa.string()) for column in partition)])
        if DeltaTable.is_deltatable(str(location)):
            schema = _grown(DeltaTable(location), schema)
        else:
            location.mkdir(parents=True, exist_ok=True)
            DeltaTable.create(location, schema, partition_by=list(partition))
        adopted: list[AddAction | RemoveAction] = []
        for file in found:
            path = file.relative_to(aside).with_name(f"{file.stem}-{uuid4()}{file.suffix}")
            place = location / path
            place.parent.mkdir(parents=True, exist_ok=True)
            file.rename(place)
            facts = json.dumps({"numRecords": pq.read_metadata(place).num_rows})
            size, now = place.stat().st_size, int(time.time() * 1000)
            adopted.append(AddAction(str(path), size, dict(partition), now, data_change=True, stats=facts))
        DeltaTable(location).create_write_transaction(
            adopted,
            mode="overwrite",
            schema=schema,
            partition_by=list(partition),
            partition_filters=[(column, "=", value) for column, value in partition.items()],
        )

    def files(self, table: str, column: str, values: list[str]) -> list[str]:
        """The Parquet files of the partitions whose ``column`` is one of ``values``; none where there is no table."""
        location = self._location(table)
        if not values or not DeltaTable.is_deltatable(str(location)):
            return []
        listed = DeltaTable(location).file_uris(file_pruning_predicate=[(column, "in", values)])
        # They are percent-encoded, as addresses are.
        return sorted(unquote(file) for file in listed)

    def rows(self, table: str, column: str, value: str) -> int:
        """How many rows the partitions whose ``column`` is ``value`` hold, by their files; a lost file holds none."""
        held = [Path(file) for file in self.files(table, column, [value])]
        return sum(int(pq.read_metadata(file).num_rows) for file in held if file.exists())

    def prove_writable(self) -> None:
        """Write a small table and take it away. Raises whatever keeps this lake from being written."""
        try:
            self.replace("proof", {"part": "1"}, pa.table({"row": [1]}))
        finally:
            shutil.rmtree(self._location("proof"), ignore_errors=True)

    def drop(self, table: str, column: str, value: str) -> None:
        """Drop a partition; the files go when the table is vacuumed."""
        location = self._location(table)
        if DeltaTable.is_deltatable(str(location)):
            table_of = DeltaTable(location)
            table_of.create_write_transaction(
                [],
                mode="overwrite",
                schema=table_of.schema(),
                partition_by=table_of.metadata().partition_columns,
                partition_filters=[(column, "=", value)],
            )

    def vacuum(self, table: str, *, dry_run: bool = False) -> int:
        """Remove files that no version of the last seven days uses, Delta's own term; returns how many."""
        location = self._location(table)
        if not DeltaTable.is_deltatable(str(location)):
            return 0
        return len(DeltaTable(location).vacuum(dry_run=dry_run))

    def _location(self, table: str) -> Path:
        return self.root / "tables" / table


def _grown(table: DeltaTable, schema: pa.Schema) -> pa.Schema:
    """The table's columns and those it gains by ``schema``; none is lost, as other partitions hold it."""
    known = pa.schema(table.schema())
    now = [schema.field(name) if name in schema.names else known.field(name) for name in known.names]
    return pa.schema([*now, *(field for field in schema if field.name not in known.names)])


def _write(rows: pa.RecordBatchReader | pa.Table, file: Path, *, leave_out: Collection[str]) -> None:
    """Write rows to a Parquet file as they come, a group in memory at a time."""
    batches = rows if isinstance(rows, pa.RecordBatchReader) else rows.to_reader(GROUP)
    kept = [name for name in batches.schema.names if name not in leave_out]
    schema = pa.schema([batches.schema.field(name) for name in kept])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in batches:
            waiting.append(batch.select(kept))
            if sum(one.num_rows for one in waiting) >= GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema), row_group_size=GROUP)
                waiting.clear()
        writer.write_table(pa.Table.from_batches(waiting, schema), row_group_size=GROUP)


def written_in_one_step(path: Path, content: bytes) -> None:
    """Write a small file aside and rename it, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    aside.write_bytes(content)
    aside.replace(path)
