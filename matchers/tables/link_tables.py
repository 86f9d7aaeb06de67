"""Linking any two tables, or one with itself: prepare, settle by number, find pairs, compare, weigh, decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import duckdb
import numpy as np

from matchers.queries import number, query
from matchers.tables.certain import link_by_number, open_sides
from matchers.tables.cluster import close_links
from matchers.tables.contradiction import contradicts
from matchers.tables.decide import decide_pairs
from matchers.tables.prepare_tables import prepare
from matchers.tables.sources import Source
from matchers.weights.blocking import RuleReport, Side, candidate_pairs
from matchers.weights.compare import Counts, Patterns, compare_pairs, pattern_counts
from matchers.weights.comparisons import Comparison, comparisons
from matchers.weights.estimate import NotLearnedError, estimate
from matchers.weights.field_kinds import Kind
from matchers.weights.frequencies import count_frequencies
from matchers.weights.model import Model, RuleModel, TrainingReport, drift, frozen
from matchers.weights.score import score_pairs
from matchers.weights.spec import LinkageSpec
from schemas.link_reasons import ACCEPTED, Claim, LinkReason, sql_list

RANDOM_PAIRS = 200_000
"""Pairs of rows drawn at random, on which the levels of non-matches are counted."""
KNOWN_PAIRS = 100_000
"""Pairs linked by number, from which more is learned of how matches look."""


@dataclass(frozen=True)
class Found:
    """The compared candidate pairs: table `compared`, its patterns, and how they came about."""

    compared: tuple[Comparison, ...]
    sides: list[Side]
    rules: list[RuleReport]
    patterns: tuple[Patterns, Counts]
    left_rows: int
    right_rows: int
    pairs: int


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
    return _learn(con, spec, _find(con, left, right, spec))


def link_tables(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec, model: Model | None = None
) -> LinkResult:
    """Link two tables, or one with itself, into the table `links`; without a model, one is learned on the way.

    Sources are CSV or Parquet files or names of relations. Accepted are the reasons with `LinkReason.accepted`; the
    others (conflict, ambiguous, possible, unnamed) are for a person to judge. Where numbers leave nothing to learn
    from, the links are what numbers settle, and a warning says so. Raises NotLearnedError where the tables have no
    numbers and the pairs that there are teach nothing.
    """
    if model is not None:
        model.require_spec(spec.digest)
    found = _find(con, left, right, spec)
    warnings = [] if model is None else drift(model, *found.patterns)
    if model is None:
        try:
            model = _learn(con, spec, found)
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
    larger = "prepared_left" if dedupe or found.left_rows > found.right_rows else "prepared_right"
    count_frequencies(con, found.compared, {one.field: larger for one in found.compared})
    score_pairs(con, model, found.compared, found.patterns, "compared")
    decide_pairs(con, "many_to_many" if dedupe else spec.cardinality, spec.thresholds, contradicts(spec))
    con.execute("INSERT INTO link_row FROM decided")
    return _close(con, spec, model, found.compared) if dedupe else []


def _unweighed(spec: LinkageSpec, found: Found, error: NotLearnedError) -> str:
    """What to tell where nothing was learned. Raises the error where nothing is left to tell."""
    pairs = int(found.patterns[1].sum())
    if not pairs:
        return "there was nothing to weigh: no candidate pair is left over. Written is what numbers settle."
    if spec.first_of(Kind.ID_NUMBER) is None:
        raise error
    return f"{pairs} candidate pairs were not weighed; written is what numbers settle. No model was learned: {error}"


def _find(con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec) -> Found:
    """Prepare the tables, settle what numbers settle, and compare the candidate pairs of the rest."""
    prepare(con, left, spec, "left")
    if spec.task == "dedupe":
        con.execute("CREATE OR REPLACE TEMP TABLE prepared_right AS FROM prepared_left")
    elif right is None:
        raise ValueError("linking needs two tables, and one was given; nothing was linked. Give both, or task: dedupe.")
    else:
        prepare(con, right, spec, "right")
    link_by_number(con, spec)
    sides = open_sides(con, spec)
    compared = comparisons(spec)
    rules = candidate_pairs(con, spec, sides)
    compare_pairs(con, compared, "candidate", "compared")
    sizes = [(_rows(con, side.left), _rows(con, side.right)) for side in sides]
    pairs = sum(left_rows * right_rows for left_rows, right_rows in sizes)
    left_rows, right_rows = _rows(con, "prepared_left"), _rows(con, "prepared_right")
    if spec.task == "dedupe":
        pairs = max(pairs // 2, 1)
    return Found(
        compared, sides, rules, pattern_counts(con, compared, "compared"), left_rows, right_rows, max(pairs, 1)
    )


def _rows(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return number(con, f"SELECT count(*) FROM {relation}")


def _learn(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, found: Found) -> Model:
    random = _random_patterns(con, spec, found)
    sizes = [len(one.level_names) for one in found.compared]
    known = _known_patterns(con, spec, found.compared)
    learned = estimate(found.patterns, random, known, sizes, found.pairs, spec.training_pairs, spec.seed)
    patterns, counts = found.patterns
    report = TrainingReport(
        left_rows=found.left_rows,
        right_rows=found.right_rows,
        rules=tuple(RuleModel(**asdict(rule)) for rule in found.rules),
        candidate_pairs=int(counts.sum()),
        random_pairs=int(random[1].sum()),
        known_pairs=int(known[1].sum()),
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
    return frozen(
        spec.digest, found.compared, learned, found.patterns, (limits.match, limits.possible, limits.margin), report
    )


def _known_patterns(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, compared: tuple[Comparison, ...]
) -> tuple[Patterns, Counts]:
    """Patterns of a sample of the pairs that numbers link; the number's own comparison is taken out, as missing."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE known_pair AS SELECT left_row, right_row FROM certain"
        f" WHERE reason IN ({sql_list(Claim.CERTAIN)})"
        f" ORDER BY hash(left_row, right_row, {spec.seed}) LIMIT {KNOWN_PAIRS}"
    )
    compare_pairs(con, compared, "known_pair", "compared_known")
    patterns, counts = pattern_counts(con, compared, "compared_known")
    number_field = spec.first_of(Kind.ID_NUMBER)
    for column, one in enumerate(compared):
        if one.field == number_field:
            patterns[:, column] = 0
    return patterns, counts


def _random_patterns(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, found: Found) -> tuple[Patterns, Counts]:
    """Patterns of random pairs, drawn from each two sides by how many pairs they make; the same pairs for one seed."""
    con.execute("CREATE OR REPLACE TEMP TABLE random_pair (left_row BIGINT, right_row BIGINT)")
    total = sum(_rows(con, side.left) * _rows(con, side.right) for side in found.sides)
    for place, side in enumerate(found.sides):
        left_rows, right_rows = _rows(con, side.left), _rows(con, side.right)
        if not left_rows or not right_rows:
            continue
        wanted = int(np.ceil(RANDOM_PAIRS * left_rows * right_rows / total))
        con.execute(
            query(
                "weights/random_pairs",
                left=side.left,
                right=side.right,
                wanted=str(wanted),
                left_rows=str(left_rows),
                right_rows=str(right_rows),
                seed=str(spec.seed * 1_000_003 + place),
                distinct="l.row <> r.row" if spec.task == "dedupe" else "TRUE",
            )
        )
    compare_pairs(con, found.compared, "random_pair", "compared_random")
    return pattern_counts(con, found.compared, "compared_random")


def _close(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, model: Model, compared: tuple[Comparison, ...]
) -> list[str]:
    """Close accepted links into clusters and weigh the pairs that this adds.

    A conflict stays one, and a pair that contradicts each other is possible: no third joins two who are not one.
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
        f" CASE WHEN {contradicts(spec)} THEN '{LinkReason.POSSIBLE}' ELSE '{LinkReason.PROBABILISTIC}' END,"
        " s.weight, s.probability FROM scored AS s"
        " JOIN prepared_left AS l ON l.row = s.left_row JOIN prepared_right AS r ON r.row = s.right_row"
    )
    if not left_open:
        return []
    return [f"{left_open} clusters are over {spec.largest_cluster} rows and were not closed; raise thresholds.match"]
