"""Every hard pair, in one run: what the stages say of it and how the names agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from schemas.declaration import LOADER
from tests.matchers.made_registers import link, membership, person_of, record, resolve

FILE = Path(__file__).parent / "pairs.yaml"
PAIRS: list[dict[str, Any]] = yaml.load(FILE.read_text(encoding="utf-8"), LOADER)  # noqa: S506 (a safe loader)
Found = dict[str, list[tuple[str, int, str | None]]]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    resolve(
        connection,
        [
            membership(f"{index}-{place}", *person)
            for index, pair in enumerate(PAIRS)
            for place, person in enumerate(pair["roster"])
        ],
    )
    return connection


@pytest.fixture(scope="module")
def found(con: duckdb.DuckDBPyConnection) -> Found:
    linked = link(con, [record(str(index), *pair["record"]) for index, pair in enumerate(PAIRS)])
    rows = con.execute(
        f"SELECT row_key, reason, person_id, name_level FROM (FROM {linked.links} UNION ALL FROM {linked.possible})"
    ).fetchall()
    verdicts: Found = {}
    for row_key, *verdict in rows:
        verdicts.setdefault(row_key, []).append((verdict[0], verdict[1], verdict[2]))
    return verdicts


def _title(pair: dict[str, Any]) -> str:
    return f"{pair['kind']}: {pair['roster'][0][1]}/{pair['record'][1]}"


@pytest.mark.parametrize("index", range(len(PAIRS)), ids=[_title(pair) for pair in PAIRS])
def test_pair(index: int, con: duckdb.DuckDBPyConnection, found: Found) -> None:
    pair = PAIRS[index]
    verdicts = found.get(str(index), [])
    assert {verdict[0] for verdict in verdicts} == ({pair["expect"]} - {"none"}), pair["why"]
    if "person" in pair:
        expected = person_of(con, f"{index}-{pair['person']}")
        assert [verdict[1] for verdict in verdicts] == [expected], pair["why"]
    if "level" in pair:
        assert [verdict[2] for verdict in verdicts] == [pair["level"]], pair["why"]


def test_there_are_enough_pairs_of_every_kind() -> None:
    kinds = Counter(pair["kind"] for pair in PAIRS)
    assert len(PAIRS) >= 150
    wanted = {
        "homophone",
        "look-alike",
        "own numbers",
        "relative's number",
        "masked",
        "variant",
        "minority",
        "former name",
        "15 digits",
        "repaired",
        "duplicated number",
        "contradicted",
    }
    assert wanted <= set(kinds)


def test_every_number_is_kept_for_invented_data() -> None:
    numbers = [person[0] for pair in PAIRS for person in pair["roster"] if pair["expect"] == "exact"]
    assert all("529901" <= number[:6] <= "529988" for number in numbers)
