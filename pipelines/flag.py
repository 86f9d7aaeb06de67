"""Flag: every rule over the night's linked records and the policy of its date; the flags are kept in the lake."""

from collections import Counter
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from engines.lake import Lake
from pipelines.progress import Progress
from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import FLAGS, flag_night

TABLE = "flags"
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
        progress.step("flag", f"rules={len(rules)}", {"flags": flags.num_rows})
    return counts


def rule_book_versions() -> dict[str, str]:
    """The version of the policy and of each rule, as they stand now."""
    return {"policy": load_policy().version} | {rule.id: rule.version for rule in load_rules()}


def read_flags(lake: Lake, night: date) -> pa.Table:
    """The flags of a night as the lake keeps them, in the schema ``rules.run.FLAGS``."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    if not files:
        return FLAGS.empty_table()
    return ds.dataset(files, format="parquet").to_table(columns=FLAGS.names).cast(FLAGS)
