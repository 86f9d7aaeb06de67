"""Flag: every rule over the night's linked records and the policy of its date; the flags are kept in the lake."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds

from engines.connection import Connection
from engines.lake import Lake
from pipelines.deliveries.kept_contracts import keep_contracts
from pipelines.progress import LOG, Progress
from pipelines.provenance.kept_rule_books import keep_rule_book
from pipelines.provenance.made_of import Inputs, Provenance, not_delivered
from pipelines.seen_by_night import seen_by_night
from rules.book import RuleBook
from rules.claims import NOT_CHECKABLE
from rules.declaration import RuleBookError
from rules.run import FLAGS, judge_night
from schemas.catalogue import Catalogue

TABLE = "flags"
NOT_CHECKED = "not_checkable"
PARTITION = "night"
IN_ORDER = [(name, "ascending") for name in ("rule", "scheme", "household_id", "member_id", "record_key", "period")]


@dataclass(frozen=True)
class Flagged:
    """What the rules of a night found."""

    flags: pa.Table
    """In the schema ``rules.run.FLAGS``."""
    not_checkable: pa.Table
    """Findings that could not be checked, in the schema ``rules.claims.NOT_CHECKABLE``."""
    failed: dict[str, str]
    """The rules that could not be run, each with why: what they would have found is not known."""


def flag(
    connection: Connection,
    night: date,
    book: RuleBook,
    catalogue: Catalogue,
    progress: Progress,
    lake: Lake,
    inputs: Inputs,
) -> Flagged:
    """Run the rule book for ``night`` on its ``inputs``.

    The connection holds the as-of views of every type and the night's links (see pipelines.link). Rules that cannot
    speak without types that were not delivered are not run. One that does not fit its contracts, or fails, ends no
    night.
    """
    failed: dict[str, RuleBookError] = {}
    with progress.stage("flag"):
        judged = judge_night(
            connection,
            night,
            book.rules,
            book.policy,
            catalogue,
            missing=not_delivered(inputs),
            seen=seen_by_night(connection, lake, catalogue, inputs, book.rules),
            failed=failed,
        )
        for name, error in failed.items():
            LOG.error("stage=flag rule=%s could not be run: %s", name, _in_short(error))
        progress.step("flag", f"rules={len(book.rules) - len(failed)}", {"flags": judged.flags.num_rows})
    return Flagged(
        judged.flags, judged.not_checkable, {name: _in_short(error) for name, error in sorted(failed.items())}
    )


def _in_short(error: RuleBookError) -> str:
    """What is wrong, without the lines of SQL that DuckDB shows."""
    return str(error).partition("\n")[0]


def keep_flags(
    lake: Lake,
    flags: pa.Table,
    book: RuleBook,
    catalogue: Catalogue,
    provenance: Provenance,
    not_checkable: pa.Table | None = None,
) -> None:
    """Replace the night's flags in the lake, and what is ``not_checkable``; keep what they were made of."""
    night = provenance.night.isoformat()
    keep_rule_book(lake, book)
    keep_contracts(lake, catalogue)
    dated = flags.sort_by(IN_ORDER).append_column(PARTITION, pa.array([night] * flags.num_rows, pa.string()))
    lake.replace(TABLE, {PARTITION: night}, dated)
    silent = NOT_CHECKABLE.empty_table() if not_checkable is None else not_checkable
    of_night = silent.append_column(PARTITION, pa.array([night] * silent.num_rows, pa.string()))
    lake.replace(NOT_CHECKED, {PARTITION: night}, of_night)
    provenance.keep(lake)


def flags_by_rule(flags: pa.Table, provenance: Provenance) -> dict[str, int]:
    """How many flags each of the night's rules found; one that was not run is not there: its number is not known."""
    counted = Counter(flags["rule"].to_pylist())
    return {name: counted[name] for name in sorted(provenance.rules) if not provenance.rules[name].lacked}


def read_flags(lake: Lake, night: date) -> pa.Table:
    """The flags of a night as the lake keeps them, in the schema ``rules.run.FLAGS``."""
    files = lake.files(TABLE, PARTITION, [night.isoformat()])
    if not files:
        return FLAGS.empty_table()
    # Nights of before the basis was kept have no such column.
    return ds.dataset(files, format="parquet", schema=FLAGS).to_table().cast(FLAGS)


def read_not_checkable(lake: Lake, night: date) -> pa.Table:
    """What could not be checked on a night, in the schema ``rules.claims.NOT_CHECKABLE``."""
    files = lake.files(NOT_CHECKED, PARTITION, [night.isoformat()])
    if not files:
        return NOT_CHECKABLE.empty_table()
    return ds.dataset(files, format="parquet", schema=NOT_CHECKABLE).to_table().cast(NOT_CHECKABLE)
