"""What is asked of two numbers before their faults are counted never leaves out a pair that is so few faults apart."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from matchers.night.comparisons import COMPARED, _perhaps_one_fault, _perhaps_two_faults

NEEDED = {1: _perhaps_one_fault, 2: _perhaps_two_faults}


def digits(random: np.random.Generator, count: int) -> str:
    return "".join(map(str, random.integers(10, size=count)))


def with_a_fault(random: np.random.Generator, number: str) -> str:
    """One digit wrong, lost, put in, or swapped with the next."""
    at = random.integers(len(number))
    before, after = number[:at], number[at + 1 :]
    match random.choice(("wrong", "lost", "put in", "swapped")):
        case "wrong":
            return before + digits(random, 1) + after
        case "lost":
            return before + after
        case "put in":
            return before + digits(random, 1) + number[at:]
        case _:
            return before + after[:1] + number[at] + after[1:]


def faulty_pairs(random: np.random.Generator, count: int) -> Iterator[tuple[str, str]]:
    for _ in range(count):
        number = other = digits(random, int(random.integers(17, 19)))
        for _ in range(random.integers(1, 4)):
            other = with_a_fault(random, other)
        if len(other) >= 17:
            yield number, other


def as_numbers(pairs: list[tuple[str, str]]) -> pa.Table:
    left, right = zip(*pairs, strict=True)
    return pa.table({"l": [{"read": one} for one in left], "r": [{"read": one} for one in right]})


@pytest.mark.parametrize("most", NEEDED)
def test_what_is_asked_first_holds_of_every_pair_so_few_faults_apart(most: int) -> None:
    with duckdb.connect() as con:
        con.register("pair", as_numbers(list(faulty_pairs(np.random.default_rng(most), 100_000))))
        apart = f"FROM pair WHERE damerau_levenshtein(l.read, r.read) <= {most}"
        assert con.execute(f"SELECT count(*) {apart}").fetchall() > [(10_000,)]
        assert con.execute(f"SELECT l.read, r.read {apart} AND NOT ({NEEDED[most]('l', 'r')})").fetchall() == []


@pytest.mark.parametrize(("most", "share"), [(1, 0.01), (2, 0.25)])
def test_of_most_neighbours_numbers_the_faults_are_not_counted(most: int, share: float) -> None:
    random = np.random.default_rng(most)
    pairs = [("52010219" + digits(random, 10), "52010219" + digits(random, 10)) for _ in range(20_000)]
    with duckdb.connect() as con:
        con.register("pair", as_numbers(pairs))
        asked = con.execute(f"SELECT count(*) FILTER ({NEEDED[most]('l', 'r')}) FROM pair").fetchall()
    assert asked < [(share * len(pairs),)]


def test_it_is_asked_before_the_faults_are_counted() -> None:
    number = next(one for one in COMPARED if one.field == "number")
    for most, needed in NEEDED.items():
        asked = needed("l.number", "r.number")
        assert number.sql().index(asked) < number.sql().index(f"r.number.read) <= {most}")
