"""Links compared with the truth: precision, recall and F1, by reason, and the worst errors."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from matchers.columns import require_columns
from matchers.queries import number, query
from matchers.tables.sources import Source, relation_of
from schemas.link_reasons import ACCEPTED, LinkReason, sql_list

WORST = 50
"""Errors shown of each kind."""


@dataclass(frozen=True)
class Quality:
    """How good a set of links is; a measure is 1.0 where there was nothing to find or claim."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of links that are true."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of true pairs that were linked."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return (
            2 * self.right / (2 * self.right + self.wrong + self.missed)
            if self.right + self.wrong + self.missed
            else 1.0
        )


@dataclass(frozen=True)
class Evaluation:
    """accepted: all reasons that claim a link. by_reason: right and wrong of every reason, `missed` being all the truth
    it does not have. worst: `error, left_id, right_id, reason, weight, probability`: the heaviest wrong links, then the
    missed pairs, those a person would be shown (with a reason) first.
    """

    accepted: Quality
    by_reason: dict[LinkReason, Quality]
    worst: pa.Table


def evaluate(con: duckdb.DuckDBPyConnection, links: Source, truth: Source, *, undirected: bool = False) -> Evaluation:
    """Hold `links` (`left_id, right_id, reason, weight, probability`) against `truth` (`left_id, right_id`).

    undirected: a pair counts either way round, as in one table deduplicated.
    """
    for source, columns in (
        (links, ("left_id", "right_id", "reason", "weight", "probability")),
        (truth, ("left_id", "right_id")),
    ):
        require_columns(con, relation_of(con, source), columns)
    con.execute(
        query(
            "tables/evaluate",
            links=relation_of(con, links),
            truth=relation_of(con, truth),
            first="least(left_id::VARCHAR, right_id::VARCHAR)" if undirected else "left_id::VARCHAR",
            second="greatest(left_id::VARCHAR, right_id::VARCHAR)" if undirected else "right_id::VARCHAR",
            accepted=sql_list(*ACCEPTED),
        )
    )
    total = number(con, "SELECT count(*) FROM true_pair")
    right = number(con, "SELECT count(*) FROM judged WHERE accepted AND is_true")
    wrong = number(con, "SELECT count(*) FROM judged WHERE accepted AND NOT is_true")
    rows = con.execute(
        "SELECT reason, count(*) FILTER (is_true), count(*) FILTER (NOT is_true) FROM judged"
        " GROUP BY reason ORDER BY reason"
    ).fetchall()
    by_reason = {LinkReason(reason): Quality(true, false, total - true) for reason, true, false in rows}
    worst = con.sql(query("tables/worst_errors", most=str(WORST))).to_arrow_table()
    for table in ("true_pair", "judged"):
        con.execute(f"DROP TABLE {table}")
    return Evaluation(Quality(right, wrong, total - right), by_reason, worst)
