"""Linking any two tables, or one with itself: prepare, settle by number, find pairs, compare, weigh, decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import duckdb

from matchers.queries import query
from matchers.tables.cluster import close_links
from matchers.tables.compare_tables import Found, find_candidates, find_pairs
from matchers.tables.contradiction import cannot_be_one
from matchers.tables.decide import decide_pairs
from matchers.tables.households import link_households
from matchers.tables.sources import Source
from matchers.weights.blocking import RuleReport
from matchers.weights.compare import compare_pairs, pattern_counts
from matchers.weights.comparisons import Comparison
from matchers.weights.estimate import Estimate, estimate
from matchers.weights.field_kinds import Kind
from matchers.weights.model import Model, RuleModel, TrainingReport, drift, frozen
from matchers.weights.score import score_pairs
from matchers.weights.spec import LinkageSpec
from matchers.weights.two_classes import NotLearnedError
from schemas.link_reasons import ACCEPTED, LinkReason, sql_list

TOO_MANY = 1.2
"""Times as many pairs as can be matches, from which training is doubted."""


@dataclass(frozen=True)
class LinkResult:
    """What linking gave.

    links: name of the table `left_id, right_id, reason, weight, probability`; weight in bits, both null where no model
    was needed. counts: links by reason. model: none where there was nothing to learn. warnings: what a person should
    look at.
    """

    links: str
    counts: dict[LinkReason, int]
    model: Model | None
    rules: list[RuleReport]
    warnings: list[str]


def train(con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec) -> Model:
    """Learn a model from two tables without labels (`right` is None when deduplicating one)."""
    return _learn(spec, find_pairs(con, left, right, spec, learn=True))[0]


def count_pairs(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec
) -> list[RuleReport]:
    """How many pairs each blocking rule gives, before anything is compared."""
    return find_candidates(con, left, right, spec).rules


def link_tables(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec, model: Model | None = None
) -> LinkResult:
    """Link two tables, or one with itself, into the table `links`; without a model, one is learned on the way.

    Sources are CSV or Parquet files or names of relations. Accepted are the reasons with `LinkReason.accepted`; the
    others (conflict, ambiguous, possible, unnamed) are for a person to judge. Where numbers leave nothing to learn
    from, the links are what numbers settle, and a warning says so. Raises NotLearnedError where the tables have no
    numbers and the pairs that there are teach nothing; TableError, MissingColumnsError, ModelError where a table or the
    model cannot be used.
    """
    if model is not None:
        model.require_spec(spec.digest)
    found = find_pairs(con, left, right, spec, learn=model is None)
    warnings = list(found.warnings)
    if model is not None:
        model = model.fitted_to(found.compared)
        warnings += drift(model, *found.patterns)
    else:
        try:
            model, doubts = _learn(spec, found)
            warnings += doubts
        except NotLearnedError as error:
            warnings.append(_unweighed(spec, found, error))
    warnings += [
        f"rule {rule.rule}: {rule.closed_blocks} blocks ({rule.closed_pairs} pairs) are over the cap of"
        f" {spec.largest_block} and were left out; add a second key under when_large"
        for rule in found.rules
        if rule.closed_blocks
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_row AS"
        " SELECT left_row, right_row, reason, NULL::DOUBLE AS weight, NULL::DOUBLE AS probability FROM certain"
    )
    if model is not None:
        warnings += _weigh(con, spec, model, found)
    con.execute(query("tables/links"))
    counted = con.execute("SELECT reason, count(*) FROM links GROUP BY reason").fetchall()
    return LinkResult("links", {LinkReason(reason): count for reason, count in counted}, model, found.rules, warnings)


def _weigh(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model, found: Found) -> list[str]:
    """Add to `link_row` what the model says of the candidate pairs; gives warnings."""
    dedupe = spec.task == "dedupe"
    score_pairs(con, model, found.compared, found.patterns, "compared")
    decide_pairs(con, "many_to_many" if dedupe else spec.cardinality, spec.thresholds, cannot_be_one(spec))
    con.execute("INSERT INTO link_row FROM decided")
    if dedupe:
        return _close(con, spec, model, found.compared)
    if spec.household is not None:
        link_households(con, spec, model, found.compared)
    return []


def _unweighed(spec: LinkageSpec, found: Found, error: NotLearnedError) -> str:
    """What to tell where nothing was learned. Raises the error where nothing is left to tell."""
    pairs = int(found.patterns[1].sum())
    if not pairs:
        return "there was nothing to weigh: no candidate pair is left over. Written is what numbers settle."
    if spec.first_of(Kind.ID_NUMBER) is None:
        raise error
    return f"{pairs} candidate pairs were not weighed; written is what numbers settle. No model was learned: {error}"


def _learn(spec: LinkageSpec, found: Found) -> tuple[Model, list[str]]:
    """The model, and what there is to doubt in it."""
    sizes = [len(one.level_names) for one in found.compared]
    learned = estimate(
        found.patterns,
        found.random,
        found.known,
        sizes,
        found.pairs,
        spec.training_pairs,
        spec.seed,
        most_matches=found.most_matches,
        floors=found.floors,
        rivals=found.rivals,
    )
    patterns, counts = found.patterns
    report = TrainingReport(
        left_rows=found.left_rows,
        right_rows=found.right_rows,
        rules=tuple(RuleModel(**asdict(rule)) for rule in found.rules),
        candidate_pairs=int(counts.sum()),
        random_pairs=int(found.random[1].sum()),
        known_pairs=int(found.known[1].sum()),
        patterns=len(patterns),
        expected_matches=round(learned.matches, 1),
        ecm_starts=learned.fit.starts,
        ecm_settled_starts=learned.fit.settled_starts,
        ecm_agreeing_starts=learned.fit.agreeing_starts,
        ecm_log_likelihood=round(learned.fit.log_likelihood, 3),
        iterations=learned.iterations,
        converged=learned.converged,
    )
    limits = spec.thresholds
    model = frozen(
        spec.digest, found.compared, learned, found.patterns, (limits.match, limits.possible, limits.margin), report
    )
    return model, _doubts(learned, found)


def _doubts(learned: Estimate, found: Found) -> list[str]:
    """What a person should know before trusting the weights."""
    offer = (
        "Compare another field, say term_frequency: true where some values are common, take out a blocking rule that"
        " lets through chance, or train on other tables and give the model with --model"
    )
    doubts = []
    if learned.alone > TOO_MANY * found.most_matches:
        doubts.append(
            f"{learned.alone:,.0f} pairs look like matches, and the cardinality allows {found.most_matches:,.0f}:"
            f" agreement by chance passes for a match, and the weights are not to be trusted. {offer}."
        )
    if not learned.fit.settled_starts or not learned.converged:
        doubts.append(f"training did not settle, so the weights are not to be trusted. {offer}.")
    return doubts


def _close(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model, compared: tuple[Comparison, ...]
) -> list[str]:
    """Close accepted links into clusters and weigh the pairs that this adds.

    A conflict stays one, and a pair that cannot be one is possible: no third joins two who are not one.
    """
    con.execute(f"CREATE OR REPLACE TEMP VIEW accepted_link AS FROM link_row WHERE reason IN ({sql_list(*ACCEPTED)})")
    left_open = close_links(con, "accepted_link", spec.largest_cluster)
    con.execute(
        "DELETE FROM implied USING link_row AS k WHERE implied.left_row = k.left_row"
        f" AND implied.right_row = k.right_row AND k.reason = '{LinkReason.CONFLICT}'"
    )
    compare_pairs(con, compared, "implied", "compared_implied")
    patterns = pattern_counts(con, compared, "compared_implied")
    score_pairs(con, model, compared, patterns, "compared_implied")
    con.execute(
        "DELETE FROM link_row USING implied AS i"
        " WHERE link_row.left_row = i.left_row AND link_row.right_row = i.right_row"
    )
    con.execute(
        "INSERT INTO link_row SELECT s.left_row, s.right_row,"
        f" CASE WHEN {cannot_be_one(spec)} THEN '{LinkReason.POSSIBLE}' ELSE '{LinkReason.PROBABILISTIC}' END,"
        " s.weight, s.probability FROM scored AS s"
        " JOIN prepared_left AS l ON l.row = s.left_row JOIN prepared_right AS r ON r.row = s.right_row"
    )
    if not left_open:
        return []
    return [f"{left_open} clusters are over {spec.largest_cluster} rows and were not closed; raise thresholds.match"]
