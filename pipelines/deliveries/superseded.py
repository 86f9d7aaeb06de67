"""Which rows of an increment a later delivery has superseded: found once for its deliveries, and kept in the lake.

Mostly they are few, or none. Whoever reads the type leaves them out, and need not put all its rows in order to do so.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engines.embedded import Limits, connect, identifier, literal
from engines.lake import Lake, written_in_one_step
from schemas.contract import Contract

SQL = Path(__file__).parent / "sql" / "superseded.sql"
MADE_OF = b"made_of"
ROOM = 0.25
"""The share of the memory to find them in: the night's own connection is open beside it, but does nothing meanwhile."""


def superseded_rows(lake: Lake, contract: Contract, deliveries: Sequence[str], rows: str) -> pa.Table:
    """Delivery and row number of every row that another of ``deliveries``, oldest first, has superseded.

    ``rows``: SQL for all their rows. Of a key that is given twice, the row that came last stands.
    """
    file = lake.root / "superseded" / f"{contract.name}.parquet"
    made_of = json.dumps({"deliveries": list(deliveries), "key": contract.key}).encode()
    if file.exists() and (pq.read_schema(file).metadata or {}).get(MADE_OF) == made_of:
        return pq.read_table(file)
    found = _find(lake, contract, deliveries, rows).replace_schema_metadata({MADE_OF: made_of})
    content = io.BytesIO()
    pq.write_table(found, content)
    written_in_one_step(file, content.getvalue())
    return found


def key_known(contract: Contract) -> str:
    """SQL for the rows that have the whole key, as those do that were read since it was in the contract."""
    return " AND ".join(f"{identifier(name)} IS NOT NULL" for name in contract.key)


def _find(lake: Lake, contract: Contract, deliveries: Sequence[str], rows: str) -> pa.Table:
    statement = SQL.read_text(encoding="utf-8").format(
        key=", ".join(identifier(name) for name in contract.key),
        key_known=key_known(contract),
        rank=", ".join(f"{literal(name)}: {position}" for position, name in enumerate(deliveries)),
        rows=rows,
    )
    limits = replace(Limits().part(ROOM), threads=Limits().threads)
    with connect(lake.root / "spill", limits) as connection:
        return connection.sql(statement).to_arrow_table()
