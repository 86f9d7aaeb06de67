"""Households: where one member of each is linked, less weight is enough for the others, among themselves."""

from __future__ import annotations

import duckdb

from matchers.queries import number, query
from matchers.tables.compare_tables import prepare_pairs
from matchers.tables.contradiction import cannot_be_one
from matchers.tables.decide import decide_pairs
from matchers.weights.compare import compare_pairs, pattern_counts
from matchers.weights.comparisons import Comparison
from matchers.weights.field_kinds import Kind
from matchers.weights.model import Model
from matchers.weights.score import score_pairs
from matchers.weights.spec import LinkageSpec
from schemas.link_reasons import ACCEPTED, sql_list


def link_households(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model, compared: tuple[Comparison, ...]
) -> None:
    """Add to `link_row` the links among the members of households that a link already joins, as `household`.

    The model's weights stand; only the prior is another: a member is one of the other household's members or none of
    them. Rows that are linked, and two sound numbers that differ, stay as they are.
    """
    members = {f"{side}_member": _members(spec, side) for side in ("left", "right")}
    con.execute(query("tables/household_pairs", accepted=sql_list(*ACCEPTED), **members))
    pairs = number(con, "SELECT count(*) FROM household_pair")
    if not pairs:
        return
    prepare_pairs(con, spec, ["household_pair"])
    compare_pairs(con, compared, "household_pair", "compared_household")
    rows = number(con, "SELECT count(DISTINCT left_row) FROM household_pair")
    prior = rows / (pairs + rows)
    patterns = pattern_counts(con, compared, "compared_household")
    score_pairs(con, model.model_copy(update={"prior": prior}), compared, patterns, "compared_household")
    decide_pairs(con, spec.cardinality, spec.thresholds, cannot_be_one(spec))
    con.execute(query("tables/household_links"))


def _members(spec: LinkageSpec, side: str) -> str:
    """SQL for (`row`, `household`, `number`): the rows of one side that are of a household."""
    name = spec.first_of(Kind.ID_NUMBER)
    if name is None:
        return f"SELECT row, household, NULL::VARCHAR AS number FROM raw_{side} WHERE household IS NOT NULL"
    return (
        f"SELECT t.row, t.household, n.upgraded AS number FROM raw_{side} AS t"
        f" LEFT JOIN numbers_{side}_{name} AS n ON n.raw = t.{name} WHERE t.household IS NOT NULL"
    )
