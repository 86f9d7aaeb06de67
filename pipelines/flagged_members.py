"""What the registers say of everybody in a flagged household: the review shows it beside the records."""

from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds

from engines.connection import Connection
from engines.lake import Lake
from rules.views import facts_sql
from schemas.catalogue import Catalogue

TABLE = "flagged_members"
PARTITION = "night"
COLUMNS = ("scheme", "household_id", "member_id", "facts")
REGISTERS = {
    "dibao_roster": ("dibao", "household_no", "member_no"),
    "tekun_roster": ("tekun", "person_no", "person_no"),
    "registered_poor": ("registered_poor", "household_no", "person_no"),
}
"""The registers a household may be on: the scheme, and the columns that hold household and member."""


def keep_flagged_members(
    connection: Connection, lake: Lake, catalogue: Catalogue, night: date, flags: pa.Table
) -> None:
    """Replace the night's members in the lake by those of the households of ``flags``.

    The connection holds the as-of views of the registers.
    """
    connection.register("flagged_household", flags.select(["scheme", "household_id"]))
    parts = [
        f"SELECT '{scheme}' AS scheme, {household} AS household_id, {member} AS member_id, "
        f"to_json({facts_sql(catalogue[name])})::VARCHAR AS facts FROM {name} AS record "
        f"SEMI JOIN flagged_household AS f ON f.scheme = '{scheme}' AND f.household_id = record.{household}"
        for name, (scheme, household, member) in REGISTERS.items()
    ]
    members = f"SELECT *, '{night}' AS {PARTITION} FROM ({' UNION ALL '.join(parts)}) ORDER BY ALL"
    lake.replace(TABLE, {PARTITION: night.isoformat()}, connection.sql(members).to_arrow_table())
    connection.unregister("flagged_household")


def read_flagged_members(lake: Lake, night: date) -> pa.Table | None:
    """The registers' lines of the night's flagged households; None for a night made before they were kept."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    return ds.dataset(files, format="parquet").to_table(columns=list(COLUMNS)) if files else None
