"""What the registers say of everybody in a flagged household: the review shows it beside the records."""

from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds

from engines.connection import Connection
from engines.lake import Lake
from rules.views import facts_sql
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from schemas.listed import registers_of, told_by

TABLE = "flagged_members"
PARTITION = "night"
COLUMNS = ("scheme", "household_id", "member_id", "facts")


def keep_flagged_members(
    connection: Connection, lake: Lake, catalogue: Catalogue, night: date, flags: pa.Table
) -> None:
    """Replace the night's members in the lake by those of the households of ``flags``.

    The connection holds the as-of views of the registers.
    """
    connection.register("flagged_household", flags.select(["scheme", "household_id"]))
    lines = " UNION ALL ".join(map(_flagged_sql, registers_of(catalogue)))
    members = f"SELECT *, '{night}' AS {PARTITION} FROM ({lines}) ORDER BY ALL"
    lake.replace(TABLE, {PARTITION: night.isoformat()}, connection.sql(members).to_arrow_table())
    connection.unregister("flagged_household")


def _flagged_sql(register: Contract) -> str:
    """The lines of flagged households on one register: what they say is made JSON for those alone."""
    told = told_by(register) | {"facts": f"to_json({facts_sql(register)})::VARCHAR"}
    return (
        f"SELECT {', '.join(f'{told[name]} AS {name}' for name in COLUMNS)} FROM {register.name} AS record "
        f"SEMI JOIN flagged_household AS flagged "
        f"ON flagged.scheme = {told['scheme']} AND flagged.household_id = {told['household_id']}"
    )


def read_flagged_members(lake: Lake, night: date) -> pa.Table | None:
    """The registers' lines of the night's flagged households; None for a night made before they were kept."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    return ds.dataset(files, format="parquet").to_table(columns=list(COLUMNS)) if files else None
