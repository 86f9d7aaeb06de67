"""Which pairs become links, how clusters close, and what the truth says of them."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.columns import MissingColumnsError
from matchers.tables.cluster import close_links
from matchers.tables.decide import decide_pairs
from matchers.tables.evaluate import evaluate
from matchers.weights.spec import Cardinality, Thresholds
from schemas.link_reasons import LinkReason

LIMITS = Thresholds(match=0.95, possible=0.5, margin=3)


def decided(pairs: list[tuple[int, int, float]], cardinality: Cardinality) -> dict[tuple[int, int], str]:
    con = duckdb.connect()
    con.execute("CREATE TABLE scored (left_row BIGINT, right_row BIGINT, weight DOUBLE, probability DOUBLE)")
    for left, right, weight in pairs:
        con.execute(
            "INSERT INTO scored VALUES ($a, $b, $w, 1 / (1 + pow(2, -$w)))", {"a": left, "b": right, "w": weight}
        )
    decide_pairs(con, cardinality, LIMITS)
    return {
        (left, right): reason
        for left, right, reason in con.execute("SELECT left_row, right_row, reason FROM decided").fetchall()
    }


def test_the_best_wins_only_by_a_margin() -> None:
    assert decided([(1, 1, 20), (1, 2, 16)], "many_to_one") == {(1, 1): "probabilistic"}
    assert decided([(1, 1, 20), (1, 2, 18)], "many_to_one") == {(1, 1): "ambiguous", (1, 2): "ambiguous"}


def test_between_the_thresholds_a_pair_is_possible_and_below_nothing() -> None:
    assert decided([(1, 1, 2), (2, 2, -1)], "many_to_one") == {(1, 1): "possible"}


def test_the_side_that_may_share() -> None:
    pairs = [(1, 1, 20.0), (2, 1, 20.0)]
    assert decided(pairs, "many_to_one") == {(1, 1): "probabilistic", (2, 1): "probabilistic"}
    assert decided(pairs, "one_to_many") == {(1, 1): "ambiguous", (2, 1): "ambiguous"}
    assert decided(pairs, "one_to_one") == {(1, 1): "ambiguous", (2, 1): "ambiguous"}
    assert decided(pairs, "many_to_many") == {(1, 1): "probabilistic", (2, 1): "probabilistic"}


def test_once_the_best_is_taken_the_next_may_lead() -> None:
    pairs = [(1, 1, 40.0), (2, 1, 20.0), (2, 2, 19.0)]
    assert decided(pairs, "one_to_one") == {(1, 1): "probabilistic", (2, 2): "probabilistic"}


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 5), st.integers(1, 5)), st.floats(-5, 40, allow_nan=False), min_size=1, max_size=12
    )
)
def test_one_to_one_never_gives_a_row_two_partners(weights: dict[tuple[int, int], float]) -> None:
    found = decided([(left, right, weight) for (left, right), weight in weights.items()], "one_to_one")
    accepted = [pair for pair, reason in found.items() if reason == "probabilistic"]
    assert len({left for left, _ in accepted}) == len({right for _, right in accepted}) == len(accepted)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] < pair[1]), max_size=14))
def test_clusters_are_the_connected_components(pairs: set[tuple[int, int]]) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE given_link (left_row BIGINT, right_row BIGINT)")
    for pair in pairs:
        con.execute("INSERT INTO given_link VALUES (?, ?)", pair)
    assert close_links(con, "given_link", 50) == 0
    groups: list[set[int]] = []
    for pair in pairs:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching] + [set(pair).union(*touching)]
    expected = {row: min(group) for group in groups for row in group}
    assert dict(con.execute("SELECT row, cluster FROM cluster_row").fetchall()) == expected
    implied = set(con.execute("SELECT left_row, right_row FROM implied").fetchall())
    everything = {(a, b) for group in groups for a in group for b in group if a < b}
    assert implied == everything - pairs


def test_a_long_chain_closes() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE chain AS SELECT range AS left_row, range + 1 AS right_row FROM range(1, 200)")
    assert close_links(con, "chain", 50) == 1
    assert con.execute("SELECT DISTINCT cluster FROM cluster_row").fetchall() == [(1,)]
    assert con.execute("SELECT count(*) FROM implied").fetchall() == [(0,)]


def judged(links: list[tuple[Any, ...]], truth: list[tuple[str, str]], *, undirected: bool = False) -> Any:
    con = duckdb.connect()
    con.execute("CREATE TABLE l (left_id VARCHAR, right_id VARCHAR, reason VARCHAR, weight DOUBLE, probability DOUBLE)")
    con.execute("CREATE TABLE t (left_id VARCHAR, right_id VARCHAR)")
    for link in links:
        con.execute("INSERT INTO l VALUES (?, ?, ?, ?, ?)", link)
    for pair in truth:
        con.execute("INSERT INTO t VALUES (?, ?)", pair)
    return evaluate(con, "l", "t", undirected=undirected)


def test_quality_counts_accepted_links_only() -> None:
    found = judged(
        [
            ("a", "x", "exact", None, None),
            ("b", "y", "probabilistic", 9.0, 0.99),
            ("c", "x", "probabilistic", 12.0, 0.999),
            ("d", "z", "possible", 1.0, 0.6),
        ],
        [("a", "x"), ("b", "y"), ("d", "z"), ("e", "w")],
    )
    assert (found.accepted.right, found.accepted.wrong, found.accepted.missed) == (2, 1, 2)
    assert found.accepted.precision == pytest.approx(2 / 3)
    assert found.accepted.recall == pytest.approx(1 / 2)
    assert found.accepted.f1 == pytest.approx(4 / 7)
    assert (found.by_reason[LinkReason.POSSIBLE].right, found.by_reason[LinkReason.PROBABILISTIC].wrong) == (1, 1)
    assert [(row["error"], row["left_id"]) for row in found.worst.to_pylist()] == [
        ("wrong", "c"),
        ("missed", "d"),
        ("missed", "e"),
    ]


def test_a_pair_counts_once_and_either_way_round_if_asked() -> None:
    links = [("b", "a", "exact", None, None), ("a", "b", "probabilistic", 5.0, 0.97)]
    assert judged(links, [("a", "b")], undirected=True).accepted.f1 == 1.0
    assert judged(links, [("a", "b")]).accepted.wrong == 1


def test_nothing_to_find_is_found() -> None:
    quality = judged([], []).accepted
    assert (quality.precision, quality.recall, quality.f1) == (1.0, 1.0, 1.0)


def test_a_table_of_links_without_its_columns_is_refused() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE l (left_id VARCHAR, right_id VARCHAR)")
    with pytest.raises(MissingColumnsError, match="reason, weight, probability"):
        evaluate(con, "l", "l")
