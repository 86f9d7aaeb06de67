"""Links explained: for some pairs, each comparison's level and its bits, which add up to the pair's weight.

Also how links fare at each threshold where the truth is known, and how full the columns are. Nothing here shows a value
of a row: only ids, levels and counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matchers.queries import query
from matchers.tables.compare_tables import prepare_pairs
from matchers.tables.sources import Source, relation_of
from matchers.weights.compare import compare_pairs
from matchers.weights.comparisons import comparisons
from matchers.weights.model import Model
from matchers.weights.spec import LinkageSpec

LEVELS = (0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
"""The thresholds that links are held against the truth at."""
SHOWN = 3
"""Links explained of each kind."""


@dataclass(frozen=True)
class Step:
    """One comparison of a pair: its field, the label of the level it is on, and the bits that adds."""

    field: str
    label: str
    bits: float


@dataclass(frozen=True)
class Explained:
    """A weighed pair: its ids and reason, and the steps from the prior (bits) to its weight.

    rarity: what the frequencies of its values add, or a household's nearness.
    """

    left_id: str
    right_id: str
    reason: str
    prior: float
    steps: tuple[Step, ...]
    rarity: float
    weight: float


def explain_links(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model) -> list[Explained]:
    """Some of the table `links` that was just made: the weakest links, the strongest, and what was not quite one."""
    con.execute(query("tables/chosen_links", shown=str(SHOWN)))
    return _explained(con, spec, model)


def explain_pair(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model, left_id: str, right_id: str
) -> Explained | None:
    """The pair of these ids out of the table `links` that was just made; none where it was not weighed."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE chosen_link AS FROM links WHERE weight IS NOT NULL"
        " AND left_id::VARCHAR = $left AND right_id::VARCHAR = $right",
        {"left": left_id, "right": right_id},
    )
    return next(iter(_explained(con, spec, model)), None)


def _explained(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model) -> list[Explained]:
    con.execute(query("tables/chosen_pairs"))
    prepare_pairs(con, spec, ["chosen_pair"])
    compared = comparisons(spec)
    compare_pairs(con, compared, "chosen_pair", "compared_chosen")
    rows = con.sql("FROM compared_chosen ORDER BY weight DESC, left_id, right_id").to_arrow_table().to_pylist()
    found = []
    for row in rows:
        steps = []
        for one, weights in zip(compared, model.weights, strict=True):
            place = row[f"g_{one.field}"]
            steps.append(Step(one.field, one.label(place, "en"), float(weights[place])))
        rest = row["weight"] - model.prior_bits - sum(step.bits for step in steps)
        found.append(
            Explained(
                str(row["left_id"]),
                str(row["right_id"]),
                row["reason"],
                model.prior_bits,
                tuple(steps),
                rest,
                row["weight"],
            )
        )
    return found


@dataclass(frozen=True)
class AtThreshold:
    """How many links there would be if the threshold were this probability, and how many of them right."""

    threshold: float
    links: int
    precision: float
    recall: float


def by_threshold(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, truth: Source) -> list[AtThreshold]:
    """The table `links` against the truth (`left_id, right_id`) at several thresholds, the certain links always in."""
    first, second = ("least", "greatest") if spec.task == "dedupe" else ("", "")
    ids = (
        f"{first}(left_id::VARCHAR, right_id::VARCHAR) AS a, {second}(left_id::VARCHAR, right_id::VARCHAR) AS b"
        if first
        else "left_id::VARCHAR AS a, right_id::VARCHAR AS b"
    )
    con.execute(query("tables/told_links", ids=ids, truth=relation_of(con, truth)))
    total = int(con.execute("SELECT count(*) FROM told_truth").fetchall()[0][0])
    found = []
    for level in LEVELS:
        links, right = con.execute(
            "SELECT count(*), count(*) FILTER (is_true) FROM told_link WHERE probability >= $level", {"level": level}
        ).fetchall()[0]
        found.append(AtThreshold(level, links, right / links if links else 1.0, right / total if total else 1.0))
    return found


def completeness(con: duckdb.DuckDBPyConnection, spec: LinkageSpec) -> dict[str, tuple[float, float]]:
    """The share of rows that have a value in each field, on the left and on the right."""
    filled = ", ".join(f"count(nullif(trim({name}), '')) / greatest(count(*), 1)" for name in spec.fields)
    left, right = (con.execute(f"SELECT {filled} FROM raw_{side}").fetchall()[0] for side in ("left", "right"))
    return {name: (float(one), float(other)) for name, one, other in zip(spec.fields, left, right, strict=True)}
