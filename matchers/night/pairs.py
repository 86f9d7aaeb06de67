"""The pairs that are weighed: candidates of the blocking rules, and records with the households they may belong to."""

from __future__ import annotations

from collections.abc import Sequence

from engines.connection import Connection
from matchers.night.comparisons import LARGEST_BLOCK, RULES
from matchers.night.fingerprints import fingerprint
from matchers.night.watched_numbers import RELATIVE_BODY, watch_numbers
from matchers.queries import number, query
from matchers.weights.blocking import RuleReport, block_sizes


def start_blocks(con: Connection) -> None:
    """Make, empty, the tables of the keys of records: `left_block`, and `left_sound`, the rows whose number is sound.

    A key is kept as its fingerprint.
    """
    con.execute("CREATE OR REPLACE TABLE left_block (rule UTINYINT, row BIGINT, k BIGINT)")
    con.execute("CREATE OR REPLACE TABLE left_sound (row BIGINT)")


def block_records(con: Connection) -> None:
    """Add the keys of the portion in `left_key`: what is kept of it until the pairs of all portions are known."""
    compared = "FROM left_key WHERE entry IN ('unnumbered', 'unregistered', 'contradicted')"
    for place, rule in enumerate(RULES, start=1):
        keyed = f"SELECT {place} AS rule, row, unnest({rule.left}) AS k {compared}"
        con.execute(f"INSERT INTO left_block SELECT rule, row, {fingerprint('k')} FROM ({keyed}) WHERE k IS NOT NULL")
    con.execute("INSERT INTO left_sound SELECT row FROM left_key WHERE sound")


def candidates_of(con: Connection) -> list[RuleReport]:
    """Make `candidate` (`left_row`, `right_row`, `rule`), never of two sound numbers, and report on each rule."""
    con.execute("CREATE OR REPLACE TABLE candidate (left_row BIGINT, right_row BIGINT, rule UTINYINT)")
    reports = []
    for place, rule in enumerate(RULES, start=1):
        right = f"SELECT row, k FROM right_block WHERE rule = {place}"
        left = f"SELECT row, k FROM left_block AS l SEMI JOIN ({right}) AS r USING (k) WHERE rule = {place}"
        con.execute(query("weights/block", left=left, right=right, pairs="nl * nr"))
        before = number(con, "SELECT count(*) FROM candidate")
        con.execute(
            query(
                "weights/candidates",
                left_row="l.row",
                right_row="r.row",
                rule=str(place),
                largest=str(LARGEST_BLOCK),
                # A key of sound numbers on both sides is opened for neither.
                # IS NOT TRUE: under an OR, Spark compares every row with every row for NOT IN.
                distinct="(l.row IN (SELECT row FROM left_sound)) IS NOT TRUE"
                " OR (r.row IN (SELECT row FROM right_key WHERE sound)) IS NOT TRUE",
            )
        )
        found = number(con, "SELECT count(*) FROM candidate") - before
        sizes = block_sizes(con, LARGEST_BLOCK)
        reports.append(
            RuleReport(rule.name, sizes.open_pairs, found, sizes.largest, sizes.closed_blocks, sizes.closed_pairs)
        )
    con.execute("DROP TABLE left_block; DROP TABLE right_block; DROP TABLE left_sound")
    return reports


def take_pairs(con: Connection, records: range) -> None:
    """Make `portion_pair`: the candidates of the unmatched records with these numbers."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE portion_pair AS SELECT * FROM candidate"
        f" WHERE left_row >= {2 * records.start} AND left_row < {2 * records.stop}"
    )


def find_households(con: Connection) -> None:
    """Make `record_household`: the unmatched records with the households that they may belong to."""
    con.execute(query("night/settled_household_links"))
    named = "SELECT unnest(relatives) AS number FROM unmatched UNION ALL SELECT id_number FROM unmatched"
    watch_numbers(con, f"SELECT {RELATIVE_BODY} AS body FROM ({named}) AS named")
    con.execute(query("night/record_households"))


def take_household_pairs(con: Connection) -> None:
    """Make `household_pair`: the records in `left_key` with the members of the households they may belong to."""
    con.execute(query("night/household_pairs"))


def pair_everybody(con: Connection) -> None:
    """Make `explained_pair`: all unmatched records with all places, of which there is one each."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE explained_pair AS SELECT l.row AS left_row, r.row AS right_row"
        " FROM prepared_left AS l, prepared_right AS r"
    )


def closed_blocks(reports: Sequence[RuleReport]) -> list[str]:
    """A warning for each rule that left blocks closed."""
    return [
        f"rule {rule.rule}: {rule.closed_blocks} blocks ({rule.closed_pairs} pairs) are over the cap of {LARGEST_BLOCK}"
        " and were left closed; records that only this rule finds stay unlinked"
        for rule in reports
        if rule.closed_blocks
    ]
