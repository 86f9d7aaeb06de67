"""Flag: every rule over the night's linked records and the policy of its date; the flags are kept in the lake."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from engines.lake import Lake
from pipelines.progress import Progress
from rules.declaration import RuleBookError
from rules.policy import load_policy
from rules.rule import Direction, Rule, load_rules
from rules.run import FLAGS, flag_night

TABLE = "flags"
PARTITION = "night"


def flag(
    connection: duckdb.DuckDBPyConnection, lake: Lake, night: date, progress: Progress, only: Sequence[str] = ()
) -> dict[str, int]:
    """Run the rule book for ``night`` and replace its flags in the lake; returns how many by rule.

    With ``only``, the flags of all other rules stand as they were. The connection holds the as-of views of every type
    and the night's links (see pipelines.link). Raises RuleBookError where ``only`` cannot be run alone.
    """
    rules = load_rules()
    with progress.stage("flag"):
        if only:
            flags = _of_some_rules(connection, lake, night, rules, only)
        else:
            flags = flag_night(connection, night, rules, load_policy())
        counted = Counter(flags["rule"].to_pylist())
        counts = {rule.id: counted[rule.id] for rule in rules}
        dated = flags.append_column(PARTITION, pa.array([night.isoformat()] * flags.num_rows, pa.string()))
        lake.replace(TABLE, {PARTITION: night.isoformat()}, dated)
        progress.step("flag", f"rules={len(rules)}", {"flags": flags.num_rows})
    return counts


def _of_some_rules(
    connection: duckdb.DuckDBPyConnection, lake: Lake, night: date, rules: Sequence[Rule], only: Sequence[str]
) -> pa.Table:
    by_name = {rule.id: rule for rule in rules}
    if unknown := sorted(set(only) - by_name.keys()):
        raise RuleBookError(f"there are no rules {unknown}: run hedui rules for those there are")
    if drawn := sorted(name for name in only if by_name[name].direction is Direction.CONTROL):
        raise RuleBookError(f"{drawn} draw from what all other rules leave: run all rules")
    standing = read_flags(lake, night)
    if standing.num_rows == 0:
        raise RuleBookError(f"the night of {night} has no flags yet: run all rules first, or the others' would be lost")
    found = flag_night(connection, night, [by_name[name] for name in sorted(set(only))], load_policy())
    kept = standing.filter(pc.invert(pc.is_in(standing["rule"], pa.array(only, pa.string()))))
    return pa.concat_tables([kept, found]).sort_by("rule")


def rule_book_versions() -> dict[str, str]:
    """The version of the policy and of each rule, as they stand now."""
    return {"policy": load_policy().version} | {rule.id: rule.version for rule in load_rules()}


def read_flags(lake: Lake, night: date) -> pa.Table:
    """The flags of a night as the lake keeps them, in the schema ``rules.run.FLAGS``."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    if not files:
        return FLAGS.empty_table()
    return ds.dataset(files, format="parquet").to_table(columns=FLAGS.names).cast(FLAGS)
