"""The rows of deliveries as a contract has them now, whichever contract they were read under.

A contract gains, loses and renames columns between deliveries, and rows are not written again for it: a column that a
delivery was read without is NULL there, one that the contract no longer has is not shown, and a value whose type has
changed since is cast, or NULL where it cannot be.
"""

from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath

import pyarrow as pa
import pyarrow.parquet as pq

from engines.embedded import file_list, identifier, sql_type
from engines.lake import Lake
from schemas.contract import Contract

PARTITION_TYPES = "{'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}"


def rows_of(lake: Lake, contract: Contract, deliveries: Sequence[str]) -> str:
    """SQL for the rows of these deliveries, in brackets; without any, for the same columns without rows.

    The columns: those of the contract, the verdict on each ID number that tells who a row speaks of, row_number,
    delivery_date and delivery_id.
    """
    files = lake.files(contract.name, "delivery_id", list(deliveries))
    read_alike: dict[str, list[str]] = {}
    for _, of_delivery in groupby(files, key=lambda file: PurePath(file).parent):
        listed = list(of_delivery)
        # The files of a delivery are written together, so one of them tells for all.
        read_alike.setdefault(_columns(contract, pq.read_schema(listed[0])), []).extend(listed)
    parts = [
        f"SELECT {columns}, delivery_date, delivery_id FROM read_parquet({file_list(alike)}, "
        f"hive_partitioning = true, hive_types = {PARTITION_TYPES})"
        for columns, alike in read_alike.items()
    ]
    without = f"SELECT {_columns(contract, pa.schema([]))}, NULL::DATE AS delivery_date, NULL::VARCHAR AS delivery_id"
    return f"({' UNION ALL '.join(parts) or f'{without} WHERE false'})"


def _columns(contract: Contract, read: pa.Schema) -> str:
    """SQL for the columns that every row has, of files with the columns ``read``."""
    wanted = {column.name: sql_type(column.arrow_type) for column in contract.columns} | {"row_number": "BIGINT"}
    columns = [_column(name, kind, read) for name, kind in wanted.items()]
    for number, verdict in contract.verdict_columns.items():
        if verdict in read.names:
            columns.append(identifier(verdict))
        else:
            # Nobody has judged the number yet; where there is none, that much is known.
            blank = f"CASE WHEN {identifier(number)} IS NULL THEN 'blank' END" if number in read.names else "'blank'"
            columns.append(f"CAST({blank} AS VARCHAR) AS {identifier(verdict)}")
    return ", ".join(columns)


def _column(name: str, kind: str, read: pa.Schema) -> str:
    if name not in read.names:
        return f"CAST(NULL AS {kind}) AS {identifier(name)}"
    if sql_type(read.field(name).type) != kind:
        return f"TRY_CAST({identifier(name)} AS {kind}) AS {identifier(name)}"
    return identifier(name)
