"""Links of two tables as a person would make them: no fact counts twice, no stranger is taken for anybody."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest

from matchers.tables.link_tables import LinkResult, link_tables, train
from matchers.tables.sources import TableError, TableMissingError
from matchers.weights.model import Model, ModelError
from matchers.weights.spec import LinkageSpec, parse_spec
from tests.matchers.made_registers import number

NAMES = ("王芳", "李娜", "张敏", "刘静", "陈丽", "杨艳", "赵霞", "黄娟", "周燕", "吴玲")
FIELDS = {
    "id_number": {"kind": "id_number"},
    "name": {"kind": "han_name"},
    "birth_date": {"kind": "date", "from_number": "id_number"},
    "sex": {"kind": "code"},
    "division": {"kind": "division"},
}


def spec(**changes: Any) -> LinkageSpec:
    return parse_spec(
        {
            "id": "id",
            "fields": FIELDS,
            "blocking": [["name"], ["birth_date", "name.surname"], ["birth_date", "division.county", "sex"]],
            "comparisons": [{"field": field} for field in FIELDS],
            "thresholds": {"match": 0.99, "possible": 0.2, "margin": 5},
            **changes,
        },
        "x",
    )


def person(place: int, **changes: Any) -> dict[str, Any]:
    born = f"19{50 + place % 50}{1 + place % 12:02d}{1 + place % 28:02d}"
    told = {
        "id": f"p{place}",
        "id_number": number(born, 2 * place % 998, "529902"),
        "name": NAMES[place % 10],
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "sex": "女",
        "division": "529902001",
    }
    return told | changes


def ordinary() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Forty people in both tables; every second of them without a number on the right."""
    left = [person(place) for place in range(40)]
    right = [row | ({"id_number": None} if place % 2 else {}) for place, row in enumerate(left)]
    return left, right


def link(left: list[dict[str, Any]], right: list[dict[str, Any]], **changes: Any) -> tuple[dict[Any, str], LinkResult]:
    con = tables(left, right)
    model = changes.pop("model", None)
    result = link_tables(con, "left_rows", "right_rows", spec(**changes), model)
    rows = con.execute("SELECT left_id, right_id, reason FROM links").fetchall()
    return {(one, other): reason for one, other, reason in rows}, result


def tables(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name, rows in (("left_rows", left), ("right_rows", right)):
        con.register("rows", pa.Table.from_pylist(rows))
        con.execute(f"CREATE TABLE {name} AS FROM rows")
        con.unregister("rows")
    return con


@pytest.fixture(scope="module")
def model() -> Model:
    return train(tables(*ordinary()), "left_rows", "right_rows", spec())


def test_a_relatives_number_hides_nobody(model: Model) -> None:
    """Her row carries another's sound number, which tells another birth date than the row itself: it is weighed."""
    hers = person(1, id_number=number("19380601", 11, "529902"), id="hers")
    found, _ = link([person(1)], [hers], model=model)
    assert found == {("p1", "hers"): "probabilistic"}


def test_two_sound_numbers_that_agree_with_their_rows_are_two_people(model: Model) -> None:
    twin = person(1, id_number=number("19510202", 501, "529902"), id="twin")
    assert link([person(1)], [twin], model=model)[0] == {}


@pytest.mark.parametrize("changes", [{"id_number": None}, {"id_number": None, "sex": None}])
def test_names_that_agree_in_no_way_are_never_linked_by_weight(model: Model, changes: dict[str, Any]) -> None:
    other = person(1, name="欧阳慕白", id="other", **changes)
    found, _ = link([person(1)], [other], model=model)
    assert found in ({}, {("p1", "other"): "possible"})


def test_a_former_name_is_a_name() -> None:
    fields = FIELDS | {"name": {"kind": "han_name", "former": "former_name"}}
    left, right = ordinary()
    left[0] |= {"former_name": "司马青"}
    hers = person(0, name="司马青", id="hers")
    found, _ = link(left, [*right[1:], hers], fields=fields)
    assert found["p0", "hers"] == "exact"
    found, _ = link(left, [*right[1:], hers | {"id_number": None}], fields=fields)
    assert found["p0", "hers"] == "probabilistic"


def test_of_a_household_the_other_members_need_less() -> None:
    left, right = ordinary()
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        one["home"], other["home"] = f"h{place // 2}", f"g{place // 2}"
    # Her brother is linked by number; of herself only name and sex are left, and her name is common.
    right[1] |= {"birth_date": None, "division": None, "id_number": None}
    limits = {"match": 0.8, "possible": 0.2, "margin": 1}
    alone, _ = link(left, right, thresholds=limits)
    found, _ = link(left, right, thresholds=limits, household={"left": "home", "right": "home"})
    assert alone["p0", "p0"] == "exact"
    assert alone.get(("p1", "p1"), "possible") in ("possible", "ambiguous")
    assert found["p1", "p1"] == "household"


def test_name_and_number_in_each_others_columns_are_put_back() -> None:
    left, right = ordinary()
    right[0] |= {"name": right[0]["id_number"], "id_number": right[0]["name"]}
    found, result = link(left, right)
    assert found["p0", "p0"] == "exact"
    assert "1 rows have the name and the number in each other's columns" in result.warnings[0]


def test_another_city_is_no_evidence_for_a_model_of_one_city(model: Model) -> None:
    """Nor for one that an earlier version trained, which gave such levels whatever the rounding left."""
    division = model.comparisons[-1]
    assert division.field == "division"
    unseen = next(level for level in division.levels if level.name == "same_city")
    assert (unseen.weight, unseen.share) == (0, 0)
    earlier = division.model_copy(
        update={
            "levels": tuple(
                one.model_copy(update={"weight": 3.25}) if one is unseen else one for one in division.levels
            )
        }
    )
    spoilt = model.model_copy(update={"comparisons": (*model.comparisons[:-1], earlier)})
    left, right = ordinary()
    _, result = link(left, right, model=spoilt)
    assert result.model is not None
    assert result.model.comparisons == model.comparisons


def test_a_model_without_a_level_that_is_asked_for_is_refused(model: Model) -> None:
    shorter = model.comparisons[1].model_copy(update={"levels": model.comparisons[1].levels[:-1]})
    cut = model.model_copy(update={"comparisons": (model.comparisons[0], shorter, *model.comparisons[2:])})
    with pytest.raises(ModelError, match="name: the model has no weight for else"):
        link(*ordinary(), model=cut)


def test_training_that_takes_chance_for_matches_says_so() -> None:
    """Every row agrees with every other on all there is: more matches than one-to-one allows."""
    rows = [{"id": f"r{place}", "street": f"road {place % 3}", "town": f"t{place % 3}"} for place in range(60)]
    changes: dict[str, Any] = {
        "fields": {"street": {"kind": "text"}, "town": {"kind": "code"}},
        "blocking": [["street"], ["town"], ["street.first_word"]],
        "comparisons": [{"field": "street"}, {"field": "town"}],
        "training_pairs": 1000,  # too few to look at the pairs singly, and see that they exclude each other
    }
    _, result = link(rows, rows, **changes)
    assert result.model is not None
    assert result.model.report.expected_matches <= 60
    assert any("the cardinality allows 60" in warning for warning in result.warnings)


def test_a_number_as_a_float_is_refused_and_a_whole_that_is_a_float_is_read() -> None:
    left, right = ordinary()
    with pytest.raises(TableError, match="floating-point numbers, which lose the last digits"):
        link([row | {"id_number": float(row["id_number"][:17])} for row in left], right)
    found, _ = link([row | {"division": float(row["division"])} for row in left], right)
    assert found == link(left, right)[0]


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(TableMissingError, match="nobody: there is no such table"):
        link_tables(duckdb.connect(), "nobody", "nobody", spec())
