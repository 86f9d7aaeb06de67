"""Two small tables linked from end to end: by number first, by weight what numbers leave over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matchers.columns import MissingColumnsError
from matchers.identity.id_numbers import CHECK_CHARACTERS, WEIGHTS
from matchers.tables.evaluate import evaluate
from matchers.tables.link_tables import link_tables, train
from matchers.weights.model import Model, ModelError, drift
from matchers.weights.spec import LinkageSpec, parse_spec
from schemas.link_reasons import LinkReason

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "芳伟敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文辉志玉萍红飞玲"
PEOPLE = 600


def number_of(row: int) -> str:
    """A sound number with an issuing code that no county has."""
    digits = f"{529901 + row % 80}{1950 + row % 60}{1 + row % 12:02d}{1 + row % 28:02d}{100 + row:03d}"
    total = sum(int(digit) * int(weight) for digit, weight in zip(digits, WEIGHTS, strict=False))
    return digits + chr(CHECK_CHARACTERS[total % 11])


def people() -> list[dict[str, Any]]:
    rng = np.random.default_rng(20201031)
    rows = []
    for row in range(PEOPLE):
        name = SURNAMES[rng.integers(len(SURNAMES))] + "".join(GIVEN[one] for one in rng.integers(len(GIVEN), size=2))
        village = f"5201020{rng.integers(10, 40)}{rng.integers(100, 999)}"
        rows.append(
            {
                "id": f"p{row:03d}",
                "id_number": number_of(row),
                "name": name,
                "division": village,
                "address": f"幸福路{village[-3:]}社区{rng.integers(1, 20)}组{rng.integers(1, 200)}号",
            }
        )
    return rows


def records(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every second person has a record; of these, 40 lost their number, 20 have one digit of it wrong."""
    made = [row | {"id": row["id"].replace("p", "r")} for row in rows[::2]]
    for record in made[:40]:
        record["id_number"] = None
    for record in made[40:60]:
        record["id_number"] = (
            record["id_number"][:-2] + str((int(record["id_number"][-2]) + 1) % 10) + record["id_number"][-1]
        )
    return made


def spec(**changes: Any) -> LinkageSpec:
    return parse_spec(
        {
            "id": "id",
            "cardinality": "many_to_one",
            "fields": {
                "id_number": {"kind": "id_number"},
                "name": {"kind": "han_name"},
                "division": {"kind": "division"},
                "address": {"kind": "address"},
            },
            "blocking": [["name.pinyin"], ["address.door"], ["division.township", "name.surname"]],
            "comparisons": [
                {"field": "id_number"},
                {"field": "name", "term_frequency": True},
                {"field": "division"},
                {"field": "address"},
            ],
            "thresholds": {"match": 0.99, "possible": 0.2, "margin": 5},
            **changes,
        },
        "x",
    )


def connection(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name, rows in (("given_left", left), ("given_right", right)):
        con.register("rows", pa.Table.from_pylist(rows))
        con.execute(f"CREATE TABLE {name} AS FROM rows")
        con.unregister("rows")
    return con


@pytest.fixture(scope="module")
def model() -> Model:
    rows = people()
    return train(connection(records(rows), rows), "given_left", "given_right", spec())


def links(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    return {
        left: (right, reason)
        for left, right, reason in con.execute("SELECT left_id, right_id, reason FROM links").fetchall()
    }


def test_every_record_finds_its_person(model: Model) -> None:
    rows = people()
    con = connection(records(rows), rows)
    result = link_tables(con, "given_left", "given_right", spec(), model)
    con.execute("CREATE TABLE truth AS SELECT id AS left_id, replace(id, 'r', 'p') AS right_id FROM given_left")
    quality = evaluate(con, "links", "truth")
    assert quality.accepted.wrong == 0
    assert quality.accepted.recall >= 0.99
    assert result.counts[LinkReason.EXACT] == PEOPLE // 2 - 60
    assert result.counts[LinkReason.REPAIRED] + result.counts[LinkReason.PROBABILISTIC] >= 58
    assert quality.by_reason[LinkReason.PROBABILISTIC].right >= 38
    assert result.warnings == []


def test_it_can_learn_on_the_way_and_gives_the_same_each_time() -> None:
    rows = people()
    con = connection(records(rows), rows)
    first = link_tables(con, "given_left", "given_right", spec())
    before = con.execute("FROM links").fetchall()
    shuffled = connection(records(rows)[::-1], rows[::-1])
    second = link_tables(shuffled, "given_left", "given_right", spec())
    assert shuffled.execute("FROM links").fetchall() == before
    assert first.model == second.model


def test_two_sound_numbers_are_two_people_however_alike(model: Model) -> None:
    rows = people()
    twin = rows[0] | {"id": "r", "id_number": number_of(PEOPLE + 5)}
    con = connection([twin], rows)
    link_tables(con, "given_left", "given_right", spec(), model)
    assert links(con) == {}


def test_a_number_with_another_name_is_a_conflict_and_not_weighed(model: Model) -> None:
    rows = people()
    other = rows[0] | {"id": "r", "name": "欧阳慕白"}
    con = connection([other], rows)
    link_tables(con, "given_left", "given_right", spec(), model)
    assert links(con) == {"r": ("p000", "conflict")}


def test_a_number_without_a_name_is_left_to_a_person(model: Model) -> None:
    rows = people()
    con = connection([rows[0] | {"id": "r", "name": None}], rows)
    link_tables(con, "given_left", "given_right", spec(), model)
    assert links(con) == {"r": ("p000", "unnamed")}


def test_an_old_number_and_a_masked_name(model: Model) -> None:
    rows = people()
    number = rows[0]["id_number"]
    old = rows[0] | {"id": "r1", "id_number": number[:6] + number[8:17]}
    masked = rows[7] | {"id": "r2", "id_number": None, "name": rows[7]["name"][0] + "*" + rows[7]["name"][2]}
    con = connection([old, masked], rows)
    link_tables(con, "given_left", "given_right", spec(), model)
    assert links(con) == {"r1": ("p000", "upgraded"), "r2": ("p007", "probabilistic")}


def test_two_people_who_fit_alike_are_ambiguous(model: Model) -> None:
    rows = people()
    right = [*rows, rows[4] | {"id": "p999", "id_number": number_of(PEOPLE + 9)}]
    con = connection([rows[4] | {"id": "r", "id_number": None}], right)
    result = link_tables(con, "given_left", "given_right", spec(), model)
    assert result.counts == {LinkReason.AMBIGUOUS: 2}


def test_a_name_that_two_people_bear_links_neither(model: Model) -> None:
    rows = people()
    namesake = rows[5] | {"id": "p999", "name": rows[3]["name"], "id_number": number_of(PEOPLE + 9)}
    con = connection([rows[3] | {"id": "r", "id_number": None, "division": None, "address": None}], [*rows, namesake])
    result = link_tables(con, "given_left", "given_right", spec(), model)
    assert result.counts
    assert all(reason.possible for reason in result.counts)


def test_one_to_one_gives_nobody_away_twice(model: Model) -> None:
    rows = people()
    one, other = rows[4] | {"id": "r1", "id_number": None}, rows[4] | {"id": "r2", "id_number": None}
    con = connection([one, other], rows)
    result = link_tables(con, "given_left", "given_right", spec(cardinality="one_to_one"), model)
    assert result.counts == {LinkReason.AMBIGUOUS: 2}


def test_empty_tables_link_nothing(model: Model) -> None:
    rows = people()
    con = connection(rows[:1], rows)
    con.execute("DELETE FROM given_left")
    assert link_tables(con, "given_left", "given_right", spec(), model).counts == {}


def test_files_in_both_encodings_and_parquet(model: Model, tmp_path: Path) -> None:
    rows = people()
    made = records(rows)
    text = "id,id_number,name,division,address\n" + "".join(
        f"{row['id']},{row['id_number'] or ''},{row['name']},{row['division']},{row['address']}\n" for row in made
    )
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "right.parquet")
    counts = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(text, encoding=encoding)
        counts.append(link_tables(duckdb.connect(), path, tmp_path / "right.parquet", spec(), model).counts)
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][LinkReason.EXACT] == PEOPLE // 2 - 60


def test_a_table_without_a_column_or_with_repeated_ids_is_refused() -> None:
    rows = people()
    con = connection([{"id": "r", "name": "王芳"}], rows)
    with pytest.raises(MissingColumnsError, match="id_number, division, address"):
        link_tables(con, "given_left", "given_right", spec())
    con = connection(rows[:1] * 2, rows)
    with pytest.raises(ValueError, match="repeated in 1 rows"):
        link_tables(con, "given_left", "given_right", spec())
    with pytest.raises(FileNotFoundError, match="no such file"):
        link_tables(con, Path("none.csv"), "given_right", spec())
    with pytest.raises(ValueError, match="two tables"):
        link_tables(connection(rows, rows), "given_left", None, spec())


def test_a_model_is_kept_readable_and_belongs_to_its_spec(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "model.json"
    model.save(path)
    assert Model.load(path) == model
    text = path.read_text(encoding="utf-8")
    assert '"homophone"' in text
    assert "同音字" in text
    assert not list(path.parent.glob("*.aside"))
    changed = spec(blocking=[["name"]])
    with pytest.raises(ModelError, match="another spec"):
        link_tables(connection(people(), people()), "given_left", "given_right", changed, model)
    with pytest.raises(ModelError, match="no such model"):
        Model.load(tmp_path / "none.json")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="train it again"):
        Model.load(path)


def test_drift_is_warned_of_and_its_absence_is_not(model: Model) -> None:
    sizes = [len(one.levels) for one in model.comparisons]
    alike = np.column_stack([np.full(100, size - 1) for size in sizes])
    assert any(warning.startswith("name: levels drifted by") for warning in drift(model, alike, np.ones(100)))
    assert drift(model, alike[:0], np.zeros(0)) == []
    rows = people()
    con = connection(records(rows), rows)
    assert link_tables(con, "given_left", "given_right", spec(), model).warnings == []


def test_one_table_is_closed_into_clusters_up_to_a_size() -> None:
    rows = people()
    copies = [rows[0] | {"id": f"c{place}", "id_number": None} for place in range(3)]
    con = connection([*rows, *copies], rows)
    result = link_tables(con, "given_left", None, spec(task="dedupe"))
    found = con.execute("SELECT left_id, right_id FROM links WHERE left_id IN ('c0', 'c1', 'c2', 'p000')").fetchall()
    assert {frozenset(pair) for pair in found} >= {
        frozenset(pair) for pair in (("c0", "c1"), ("c0", "c2"), ("c1", "c2"), ("c0", "p000"))
    }
    assert result.warnings == []
    capped = link_tables(con, "given_left", None, spec(task="dedupe", largest_cluster=3))
    assert any("were not closed" in warning for warning in capped.warnings)
