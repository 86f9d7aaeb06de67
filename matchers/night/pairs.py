"""The pairs that are weighed: candidates of the blocking rules, and records with the households they are tied to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engines.connection import Connection
from matchers.night.province import LARGEST_BLOCK, RULES
from matchers.queries import number, query
from matchers.weights.blocking import RuleReport, block_sizes


def candidates_of(con: Connection) -> list[RuleReport]:
    """Make `candidate` (`left_row`, `right_row`, `rule`), never of two sound numbers, and report on each rule."""
    con.execute("CREATE OR REPLACE TEMP TABLE candidate (left_row BIGINT, right_row BIGINT, rule UTINYINT)")
    reports = []
    for place, rule in enumerate(RULES, start=1):
        sides = {"left": ("left_key", rule.left), "right": ("right_key", rule.right)}
        # A key of sound numbers on both sides is opened for neither.
        keyed = {
            side: f"SELECT row, k FROM (SELECT row, unnest({key}) AS k FROM {table}"
            + (" WHERE entry IN ('unnumbered', 'stranger', 'contradicted')" if side == "left" else "")
            + ") WHERE k IS NOT NULL"
            for side, (table, key) in sides.items()
        }
        con.execute(query("weights/block", left=keyed["left"], right=keyed["right"], pairs="nl * nr"))
        before = number(con, "SELECT count(*) FROM candidate")
        con.execute(
            query(
                "weights/candidates",
                left_row="l.row",
                right_row="r.row",
                rule=str(place),
                largest=str(LARGEST_BLOCK),
                # IS NOT TRUE: under an OR, Spark compares every row with every row for NOT IN.
                distinct="(l.row IN (SELECT row FROM left_key WHERE sound)) IS NOT TRUE"
                " OR (r.row IN (SELECT row FROM right_key WHERE sound)) IS NOT TRUE",
            )
        )
        found = number(con, "SELECT count(*) FROM candidate") - before
        sizes = block_sizes(con, LARGEST_BLOCK)
        reports.append(
            RuleReport(rule.name, sizes.open_pairs, found, sizes.largest, sizes.closed_blocks, sizes.closed_pairs)
        )
    return reports


def tie_households(con: Connection) -> None:
    """Make `tied_pair`: records of the portion with the members of the households that `tied` ties them to."""
    con.execute(query("night/ties"))


def tie_everybody(con: Connection) -> None:
    """Make `tied_pair` of all records left over and all places: for the explanation of one link."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE tied_pair AS SELECT l.row AS left_row, r.row AS right_row"
        " FROM prepared_left AS l, prepared_right AS r"
    )


def closed_blocks(reports: Sequence[RuleReport]) -> list[str]:
    """A warning for each rule that left blocks closed, over all portions."""
    blocks, pairs = Counter[str](), Counter[str]()
    for rule in reports:
        blocks[rule.rule] += rule.closed_blocks
        pairs[rule.rule] += rule.closed_pairs
    return [
        f"rule {rule}: {closed} blocks ({pairs[rule]} pairs) are over the cap of {LARGEST_BLOCK}"
        " and were left closed; records that only this rule finds stay unlinked"
        for rule, closed in blocks.items()
        if closed
    ]
