"""Which weighed pairs are links: likely enough, and well ahead of the next candidate.

A row that may have one partner only takes its best, if that leads the next by the margin; else its candidates are left
for a person to judge, as ambiguous. Pairs between the thresholds are possible, never links; so are those that
contradict each other in birth date and sex, and they contest nothing.
"""

from __future__ import annotations

import duckdb

from matchers.queries import number, query
from matchers.weights.spec import Cardinality, Thresholds
from schemas.link_reasons import LinkReason

EXCLUSIVE: dict[Cardinality, tuple[str, ...]] = {
    "one_to_one": ("left_row", "right_row"),
    "many_to_one": ("left_row",),
    "one_to_many": ("right_row",),
    "many_to_many": (),
}
"""The sides on which a row has one partner at most."""


def decide_pairs(
    con: duckdb.DuckDBPyConnection, cardinality: Cardinality, thresholds: Thresholds, contradicts: str = "FALSE"
) -> None:
    """Make `decided` (`left_row`, `right_row`, `reason`, `weight`, `probability`) of the table `scored`.

    contradicts: SQL for whether the prepared rows `l` and `r` cannot be one.
    """
    exclusive = EXCLUSIVE[cardinality]
    con.execute(f"CREATE OR REPLACE TEMP TABLE open_pair AS FROM scored WHERE probability >= {thresholds.possible}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE decided"
        " (left_row BIGINT, right_row BIGINT, reason VARCHAR, weight DOUBLE, probability DOUBLE)"
    )
    if contradicts != "FALSE":
        con.execute(query("tables/contradicted", contradicts=contradicts))
    leads = [
        f"weight - coalesce(max(weight) OVER (PARTITION BY {side} ORDER BY weight DESC"
        f" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW), -1e9) >= {thresholds.margin}"
        for side in exclusive
    ]
    lead = " AND ".join(leads) or "TRUE"
    taken = " OR ".join(f"{side} IN (SELECT {side} FROM accepted)" for side in exclusive)
    while _accept(con, lead, thresholds.match) and exclusive:
        con.execute(f"DELETE FROM open_pair WHERE {taken}")
    if not exclusive:
        con.execute(f"DELETE FROM open_pair WHERE probability >= {thresholds.match}")
    con.execute(query("tables/undecided", match=str(thresholds.match)))
    con.execute("DROP TABLE accepted")
    con.execute("DROP TABLE open_pair")


def _accept(con: duckdb.DuckDBPyConnection, lead: str, match: float) -> bool:
    """Accept the pairs that lead on every side; with each taken away others may lead, so it is asked again."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE accepted AS"
        f" SELECT * FROM (SELECT *, {lead} AS leads FROM open_pair) WHERE leads AND probability >= {match}"
    )
    con.execute(
        f"INSERT INTO decided SELECT left_row, right_row, '{LinkReason.PROBABILISTIC}', weight, probability"
        " FROM accepted"
    )
    return number(con, "SELECT count(*) FROM accepted") > 0
