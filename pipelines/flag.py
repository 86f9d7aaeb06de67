"""Flag: every rule over the night's linked records and the policy of its date; the flags are kept in the lake."""

from collections import Counter
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from engines.lake import Lake
from pipelines.progress import Progress
from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import FLAGS, flag_night
from rules.views import facts_sql
from schemas.catalogue import load_catalogue

TABLE = "flags"
MEMBERS = "flagged_members"
MEMBER_COLUMNS = ("scheme", "household_id", "member_id", "facts")
REGISTERS = {
    "dibao_roster": ("dibao", "household_no", "member_no"),
    "tekun_roster": ("tekun", "person_no", "person_no"),
    "registered_poor": ("registered_poor", "household_no", "person_no"),
}
"""The registers a household may be on: the scheme, and the columns that hold household and member."""
PARTITION = "night"


def flag(connection: duckdb.DuckDBPyConnection, lake: Lake, night: date, progress: Progress) -> dict[str, int]:
    """Run the rule book for ``night`` and replace its flags in the lake; returns how many by rule.

    The connection holds the as-of views of every type and the night's links (see pipelines.link).
    """
    rules = load_rules()
    with progress.stage("flag"):
        flags = flag_night(connection, night, rules, load_policy())
        counted = Counter(flags["rule"].to_pylist())
        counts = {rule.id: counted[rule.id] for rule in rules}
        dated = flags.append_column(PARTITION, pa.array([night.isoformat()] * flags.num_rows, pa.string()))
        lake.replace(TABLE, {PARTITION: night.isoformat()}, dated)
        _keep_members(connection, lake, night, flags)
        progress.step("flag", f"rules={len(rules)}", {"flags": flags.num_rows})
    return counts


def _keep_members(connection: duckdb.DuckDBPyConnection, lake: Lake, night: date, flags: pa.Table) -> None:
    """Keep what the registers say of everybody in a flagged household: the review shows it beside the records."""
    catalogue = load_catalogue()
    connection.register("flagged_household", flags.select(["scheme", "household_id"]))
    parts = [
        f"SELECT '{scheme}' AS scheme, {household} AS household_id, {member} AS member_id, "
        f"to_json({facts_sql(catalogue[name])})::VARCHAR AS facts FROM {name} AS record "
        f"SEMI JOIN flagged_household AS f ON f.scheme = '{scheme}' AND f.household_id = record.{household}"
        for name, (scheme, household, member) in REGISTERS.items()
    ]
    members = connection.sql(f"SELECT *, '{night}' AS {PARTITION} FROM ({' UNION ALL '.join(parts)})").to_arrow_table()
    connection.unregister("flagged_household")
    lake.replace(MEMBERS, {PARTITION: night.isoformat()}, members)


def rule_book_texts() -> list[dict[str, Any]]:
    """What each rule says of itself, with its version."""
    said = {"id", "version", "direction", "title", "legal_basis", "check_on_visit", "can_be_wrong"}
    return [rule.model_dump(mode="json", include=said) for rule in load_rules()]


def read_members(lake: Lake, night: date) -> pa.Table | None:
    """The registers' lines of the night's flagged households; None for a night made before they were kept."""
    files = lake.files(MEMBERS, PARTITION, [night.isoformat()])
    return ds.dataset(files, format="parquet").to_table(columns=list(MEMBER_COLUMNS)) if files else None


def rule_book_versions() -> dict[str, str]:
    """The version of the policy and of each rule, as they stand now."""
    return {"policy": load_policy().version} | {rule.id: rule.version for rule in load_rules()}


def read_flags(lake: Lake, night: date) -> pa.Table:
    """The flags of a night as the lake keeps them, in the schema ``rules.run.FLAGS``."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    if not files:
        return FLAGS.empty_table()
    return ds.dataset(files, format="parquet").to_table(columns=FLAGS.names).cast(FLAGS)
