"""From two tables to compared pairs: read, settle what numbers settle, find candidate pairs, compare them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np

from matchers.queries import number, query
from matchers.tables.certain import link_by_number, open_sides
from matchers.tables.contradiction import cannot_be_one
from matchers.tables.decide import EXCLUSIVE
from matchers.tables.prepare_tables import Wanted, count_words, keys_read, prepare_rows, together
from matchers.tables.read_tables import read_table
from matchers.tables.sources import Source, TableError
from matchers.weights.blocking import RuleReport, Side, candidate_pairs, keys_of_rules
from matchers.weights.compare import Counts, Patterns, compare_pairs, pattern_counts
from matchers.weights.comparisons import Comparison, comparisons, wants_rarity
from matchers.weights.estimate import Floors, Rivals
from matchers.weights.field_kinds import Kind
from matchers.weights.frequencies import count_frequencies, frequency_keys
from matchers.weights.spec import LinkageSpec, SpecError
from schemas.link_reasons import Claim, sql_list

RANDOM_PAIRS = 200_000
"""Pairs of rows drawn at random, on which the levels of non-matches are counted."""
RANDOM_ROWS = 10_000
"""Rows of each side that random pairs are drawn of."""
KNOWN_PAIRS = 10_000
"""Pairs linked by number, from which more is learned of how matches look."""


@dataclass(frozen=True)
class Found:
    """The compared candidate pairs: table `compared`, its patterns, and how they came about.

    pairs: how many pairs there are to look among. most_matches: so many can be matches, by the cardinality. known,
    random: the patterns of pairs linked by number and of pairs drawn at random; nothing where a model is given. floors:
    what the values' frequencies say of u. warnings: what a person should know of the tables.
    """

    compared: tuple[Comparison, ...]
    rules: list[RuleReport]
    patterns: tuple[Patterns, Counts]
    known: tuple[Patterns, Counts]
    random: tuple[Patterns, Counts]
    floors: Floors
    rivals: Rivals | None
    left_rows: int
    right_rows: int
    pairs: int
    most_matches: float
    warnings: list[str]


def read_both(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec
) -> tuple[int, int, list[str]]:
    """Make `raw_left` and `raw_right`; returns their rows and warnings."""
    one = read_table(con, left, spec, "left")
    if spec.task == "dedupe":
        con.execute("CREATE OR REPLACE TEMP VIEW raw_right AS FROM raw_left")
        for name, field in spec.fields.items():
            if field.kind is Kind.ID_NUMBER:
                con.execute(f"CREATE OR REPLACE TEMP VIEW numbers_right_{name} AS FROM numbers_left_{name}")
        return one.rows, one.rows, one.warnings
    if right is None:
        raise TableError("linking needs two tables, and one was given; nothing was linked. Give both, or task: dedupe.")
    other = read_table(con, right, spec, "right")
    return one.rows, other.rows, one.warnings + other.warnings


@dataclass(frozen=True)
class Candidates:
    """The table `candidate`, and how it came about. sizes: the rows of each two sides."""

    rules: list[RuleReport]
    sides: list[Side]
    sizes: list[tuple[int, int]]
    left_rows: int
    right_rows: int
    warnings: list[str]


def find_candidates(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec
) -> Candidates:
    """Read the tables, settle what numbers settle (`certain`), find the candidate pairs of the rest (`candidate`)."""
    left_rows, right_rows, warnings = read_both(con, left, right, spec)
    link_by_number(con, spec)
    sides = open_sides(con, spec, together(spec, keys_of_rules(spec)))
    sizes = [(_rows(con, side.left), _rows(con, side.right)) for side in sides]
    return Candidates(candidate_pairs(con, spec, sides), sides, sizes, left_rows, right_rows, warnings)


def find_pairs(
    con: duckdb.DuckDBPyConnection, left: Source, right: Source | None, spec: LinkageSpec, *, learn: bool
) -> Found:
    """Find the candidate pairs (`candidate`) and compare them (`compared`).

    learn: whether to compare random and known pairs too. Leaves `prepared_left` and `prepared_right` with the rows of
    all these pairs.
    """
    compared = comparisons(spec)
    started = find_candidates(con, left, right, spec)
    left_rows, right_rows = started.left_rows, started.right_rows
    pairs = sum(one * other for one, other in started.sizes)
    relations = ["candidate"]
    if learn:
        _draw_known(con, spec)
        _draw_random(con, spec, started.sides, started.sizes)
        relations += ["known_pair", "random_pair"]
    prepare_pairs(con, spec, [*relations, *(["certain"] if spec.task == "dedupe" else [])])
    floors = _count_values(con, spec, compared, "left" if left_rows > right_rows else "right")
    try:
        compare_pairs(con, compared, "candidate", "compared")
    except duckdb.BinderException as error:
        reason = str(error).splitlines()[0]
        raise SpecError(
            f"comparisons: a level's own sql cannot be read ({reason}); nothing was linked. Write it over"
            " l.<field>.<key> and r.<field>.<key>."
        ) from error
    nothing = np.zeros((0, len(compared)), dtype=np.int64), np.zeros(0)
    known = random = nothing
    if learn:
        known = _known_patterns(con, spec, compared)
        compare_pairs(con, compared, "random_pair", "compared_random")
        random = pattern_counts(con, compared, "compared_random")
    return Found(
        compared=compared,
        rules=started.rules,
        patterns=pattern_counts(con, compared, "compared"),
        known=known,
        random=random,
        floors=floors,
        rivals=_rivals(con, spec, compared) if learn else None,
        left_rows=left_rows,
        right_rows=right_rows,
        pairs=max(pairs // 2 if spec.task == "dedupe" else pairs, 1),
        most_matches=_most_matches(spec, left_rows, right_rows),
        warnings=started.warnings,
    )


def prepare_pairs(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, pairs: Iterable[str]) -> None:
    """Make `prepared_left` and `prepared_right`: the rows of these relations of pairs, as comparing needs them."""
    pairs = list(pairs)
    for name in wants_rarity(spec):
        count_words(con, spec, name, ("left",) if spec.task == "dedupe" else ("left", "right"))
    wanted = _compared_keys(spec)
    ends = {side: [f"SELECT {side}_row FROM {one}" for one in pairs] for side in ("left", "right")}
    if spec.task == "dedupe":
        prepare_rows(
            con, spec, "left", "prepared_left", rows=" UNION ".join(ends["left"] + ends["right"]), wanted=wanted
        )
        con.execute("CREATE OR REPLACE TEMP TABLE prepared_right AS FROM prepared_left")
        return
    for side in ("left", "right"):
        prepare_rows(con, spec, side, f"prepared_{side}", rows=" UNION ".join(ends[side]), wanted=wanted)


def _compared_keys(spec: LinkageSpec) -> Wanted:
    compared = comparisons(spec)
    texts = [cannot_be_one(spec)]
    for one in compared:
        texts += [one.sql(), one.missing]
    frequent: dict[str, set[str]] = {}
    for field, key in frequency_keys(compared):
        frequent.setdefault(field, set()).add(key)
    return together(spec, keys_read(spec, texts), frequent)


def _count_values(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, compared: tuple[Comparison, ...], side: str
) -> Floors:
    """Count the values that weigh by their frequency, in the larger table, all its rows."""
    wanted: dict[str, set[str]] = {}
    for field, key in frequency_keys(compared):
        wanted.setdefault(field, set()).add(key)
    if wanted:
        prepare_rows(con, spec, side, "counted_row", wanted=together(spec, wanted))
    return count_frequencies(con, compared, dict.fromkeys(wanted, "counted_row"))


def _rivals(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, compared: tuple[Comparison, ...]) -> Rivals | None:
    """Which candidate pairs exclude each other; none where nothing does, or where there are too many to look at."""
    sides = () if spec.task == "dedupe" else EXCLUSIVE[spec.cardinality]
    if not sides or number(con, "SELECT count(*) FROM compared") > spec.training_pairs:
        return None
    places = ", ".join(f"g_{one.field}" for one in compared)
    found = con.execute(
        f"SELECT dense_rank() OVER (ORDER BY {places}) - 1 AS pattern, left_row, right_row FROM compared"
    ).fetchnumpy()
    rows = tuple(np.unique(np.asarray(found[side]), return_inverse=True)[1].astype(np.int64) for side in sides)
    return Rivals(np.asarray(found["pattern"], dtype=np.int64), rows)


def _most_matches(spec: LinkageSpec, left_rows: int, right_rows: int) -> float:
    if spec.task == "dedupe":
        return float("inf")
    most = {
        "one_to_one": min(left_rows, right_rows),
        "many_to_one": left_rows,
        "one_to_many": right_rows,
        "many_to_many": float("inf"),
    }
    return float(most[spec.cardinality])


def _rows(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return number(con, f"SELECT count(*) FROM {relation}")


def _draw_known(con: duckdb.DuckDBPyConnection, spec: LinkageSpec) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE known_pair AS SELECT left_row, right_row FROM certain"
        f" WHERE reason IN ({sql_list(Claim.CERTAIN)})"
        f" ORDER BY hash(left_row, right_row, {spec.seed}) LIMIT {KNOWN_PAIRS}"
    )


def _known_patterns(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, compared: tuple[Comparison, ...]
) -> tuple[Patterns, Counts]:
    """Patterns of a sample of the pairs that numbers link; the number's own comparison is taken out, as missing.

    So is what only the number told: a birth date that it makes silent is compared here by itself.
    """
    number_field = spec.first_of(Kind.ID_NUMBER)
    alone = spec.model_copy(update={"comparisons": tuple(one for one in spec.comparisons if one.field != number_field)})
    others = comparisons(alone) if alone.comparisons else ()
    kept = tuple(one for one in others if one.field != number_field)
    if not kept:
        return np.zeros((0, len(compared)), dtype=np.int64), np.zeros(0)
    compare_pairs(con, kept, "known_pair", "compared_known")
    patterns, counts = pattern_counts(con, kept, "compared_known")
    places = np.zeros((len(patterns), len(compared)), dtype=np.int64)
    names = [one.field for one in compared]
    for column, one in enumerate(kept):
        places[:, names.index(one.field)] = patterns[:, column]
    return places, counts


def _draw_random(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, sides: list[Side], sizes: list[tuple[int, int]]
) -> None:
    """Make `random_pair`, drawn from each two sides by how many pairs they make; the same pairs for one seed."""
    con.execute("CREATE OR REPLACE TEMP TABLE random_pair (left_row BIGINT, right_row BIGINT)")
    total = sum(left_rows * right_rows for left_rows, right_rows in sizes)
    for place, (side, (left_rows, right_rows)) in enumerate(zip(sides, sizes, strict=True)):
        if not left_rows or not right_rows:
            continue
        some = f"(SELECT row FROM {{}} ORDER BY hash(row, {spec.seed}), row LIMIT {RANDOM_ROWS})"
        con.execute(
            query(
                "weights/random_pairs",
                left=some.format(side.left),
                right=some.format(side.right),
                wanted=str(int(np.ceil(RANDOM_PAIRS * left_rows * right_rows / total))),
                left_rows=str(min(left_rows, RANDOM_ROWS)),
                right_rows=str(min(right_rows, RANDOM_ROWS)),
                seed=str(spec.seed * 1_000_003 + place),
                distinct="l.row <> r.row" if spec.task == "dedupe" else "TRUE",
            )
        )
