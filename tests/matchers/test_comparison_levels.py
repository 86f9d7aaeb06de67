"""Two values land on the level that is meant for them."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from matchers.tables.compare_tables import prepare_pairs
from matchers.tables.read_tables import read_table
from matchers.weights.compare import compare_pairs
from matchers.weights.comparisons import comparisons
from matchers.weights.field_kinds import KINDS, Kind
from matchers.weights.levels import KIND_LEVELS, edits
from matchers.weights.spec import LinkageSpec, parse_spec


def one_field(kind: Kind) -> LinkageSpec:
    return parse_spec(
        {
            "id": "id",
            "fields": {"one": {"kind": str(kind)}, "other": {"kind": str(kind)}},
            "blocking": [["one"]],
            "comparisons": [{"field": "one"}],
        },
        str(kind),
    )


def level_of(spec: LinkageSpec, left: Mapping[str, str | None], right: Mapping[str, str | None], field: int = 0) -> str:
    con = duckdb.connect()
    for side, values in (("left", left), ("right", right)):
        columns = dict.fromkeys(spec.fields) | dict(values)
        con.execute(f"CREATE TABLE given_{side} (id VARCHAR, {', '.join(f'{name} VARCHAR' for name in columns)})")
        con.execute(f"INSERT INTO given_{side} VALUES ('1', {', '.join('?' * len(columns))})", list(columns.values()))
        read_table(con, f"given_{side}", spec, side)
    con.execute("CREATE TABLE pair AS SELECT 1 AS left_row, 1 AS right_row")
    prepare_pairs(con, spec, ["pair"])
    compared = comparisons(spec)
    compare_pairs(con, compared, "pair", "compared")
    places = con.execute(f"SELECT g_{compared[field].field} FROM compared").fetchall()
    return compared[field].level_names[int(places[0][0])]


@pytest.mark.parametrize(
    ("kind", "left", "right", "level"),
    [
        (Kind.HAN_NAME, "王芳", "王　芳", "equal"),
        (Kind.HAN_NAME, "張國榮", "张国荣", "variant"),
        (Kind.HAN_NAME, "王芳", "王方", "homophone"),
        (Kind.HAN_NAME, "王己", "王已", "look_alike"),
        (Kind.HAN_NAME, "张*三", "张小三", "masked"),
        (Kind.HAN_NAME, "张小三", "李小三", "same_given"),
        (Kind.HAN_NAME, "陈国强", "陈国富", "one_character"),
        (Kind.HAN_NAME, "陈国强", "陈秀英", "same_surname"),
        (Kind.HAN_NAME, "陈国强", "杨秀英", "else"),
        (Kind.HAN_NAME, "王芳", None, "missing"),
        (Kind.HAN_NAME, "***", "王芳", "missing"),
        (Kind.LATIN_NAME, "O'Brien", "o brien", "equal"),
        (Kind.LATIN_NAME, "stephen", "stephne", "edits_1"),
        (Kind.LATIN_NAME, "stephenson", "stephanssen", "jaro_winkler_90"),
        (Kind.LATIN_NAME, "smith", "jones", "else"),
        (Kind.LATIN_NAME, " ", "jones", "missing"),
        (Kind.TEXT, "pinkerton circuit", "circuit pinkerton", "sorted_words"),
        (Kind.TEXT, "lyster place", "lysterplace", "sorted_words"),
        (Kind.DATE, "19901231", "1990-12-31", "equal"),
        (Kind.DATE, "1990/1/5", "1990年01月05日", "equal"),
        (Kind.DATE, "19900201", "19900102", "swapped"),
        (Kind.DATE, "19901231", "19901221", "edits_1"),
        (Kind.DATE, "19901231", "19551231", "two_parts"),
        (Kind.DATE, "19901231", "19900115", "same_year"),
        (Kind.DATE, "19901231", "19550115", "else"),
        (Kind.ID_NUMBER, "529901199003072316", "529901900307231", "same_head"),
        (Kind.ID_NUMBER, "529901199003072316", "529901199003072317", "edits_1"),
        (Kind.ID_NUMBER, "529901199003072316", "52990119900307", "cut_off"),
        (Kind.ID_NUMBER, "529901199003072316", "529903199003074555", "same_birth"),
        (Kind.ID_NUMBER, "529901199003072316", "5.29901E+17", "same_division"),
        (Kind.ID_NUMBER, "529901199003072316", "无", "missing"),
        (Kind.ID_NUMBER, "529901199003072316", "111111111111111111", "missing"),
        (Kind.DIVISION, "520102019005", "520102019007", "same_township"),
        (Kind.DIVISION, "520102019005", "520102020007", "same_county"),
        (Kind.DIVISION, "520102019005", "520103020007", "same_city"),
        (Kind.ADDRESS, "贵州省贵阳市博爱路社区11组5号", "博爱路社区１１组5号", "same_door"),
        (Kind.ADDRESS, "博爱路社区11组5号", "博爱路社区12组5号", "same_place"),
        (Kind.ADDRESS, "贵州省贵阳市博爱路社区11组5号", "南明区博爱路社区11组5号", "same_door"),
        (Kind.PHONE, "+86 154-2387-6373", "15423876373", "equal"),
        (Kind.CODE, " m", "M", "equal"),
        (Kind.NUMBER, "2540", "2450", "edits_1"),
        (Kind.NUMBER, "36.4", "3.64", "else"),
        (Kind.NUMBER, "¥1,036.40", "1036.4", "equal"),
        (Kind.NUMBER, "529901001.0", "529901001", "equal"),
        (Kind.DIVISION, "529901001.0", "529901001", "equal"),
    ],
)
def test_level(kind: Kind, left: str | None, right: str | None, level: str) -> None:
    found = level_of(one_field(kind), {"one": left}, {"one": right})
    assert found == level
    assert level_of(one_field(kind), {"one": right}, {"one": left}) == found


def test_swapped_fields_agree_even_where_the_other_is_missing() -> None:
    spec = parse_spec(
        {
            "id": "id",
            "fields": {"one": {"kind": "latin_name"}, "other": {"kind": "latin_name"}},
            "blocking": [["one"]],
            "comparisons": [{"field": "one", "crossed": "other"}],
        },
        "x",
    )
    assert level_of(spec, {"one": "kim", "other": "lee"}, {"one": "lee", "other": "kim"}) == "crossed"
    assert level_of(spec, {"one": "kim", "other": None}, {"one": None, "other": "kim"}) == "crossed"
    assert level_of(spec, {"one": "kim", "other": "lee"}, {"one": None, "other": "moss"}) == "missing"


def test_two_fields_that_are_swapped_are_one_finding() -> None:
    spec = parse_spec(
        {
            "id": "id",
            "fields": {"one": {"kind": "latin_name"}, "other": {"kind": "latin_name"}},
            "blocking": [["one"]],
            "comparisons": [{"field": "one", "crossed": "other"}, {"field": "other", "crossed": "one"}],
        },
        "x",
    )
    one, other = {"one": "kim", "other": "lee"}, {"one": "lee", "other": "kim"}
    assert [level_of(spec, one, other, place) for place in (0, 1)] == ["crossed", "missing"]
    alike = {"one": "kim", "other": "kim"}
    assert [level_of(spec, alike, alike, place) for place in (0, 1)] == ["equal", "equal"]


@pytest.mark.parametrize(
    ("kind", "asked", "left", "right", "agrees"),
    [
        (Kind.NUMBER, {"within": 1.5}, "36.4", "37.9", True),
        (Kind.NUMBER, {"within": 1.5}, "36.4", "38", False),
        (Kind.DATE, {"within": 3}, "2022-02-27", "20220302", True),
        (Kind.DATE, {"within": 2}, "2022-02-27", "2022-03-02", False),
        (Kind.TEXT, {"prefix": 4}, "matthias corvinus", "matt c", True),
        (Kind.TEXT, {"prefix": 4}, "mat", "mat", False),
        (Kind.CODE, {"prefix": 3}, "Q17", "Q175", True),
        (Kind.TEXT, "cut_short", "MATTHIAS C payment BGC", "MATTHIAS C paym", True),
        (Kind.TEXT, {"contained_words": 1}, "linksys switch", "linksys etherfast switch ezxs55w", True),
        (Kind.TEXT, {"contained_words": 1}, "linksys router", "linksys etherfast switch", False),
        (Kind.TEXT, "initials", "g vossen m weske", "gottfried vossen mathias weske", True),
        (Kind.TEXT, "initials", "g vossen", "mathias weske", False),
        (Kind.TEXT, "same_codes", "switch EZXS-88W EZXS88W", "ezxs88w", True),
        (Kind.TEXT, {"rare_words": 0.9}, "kim", "kim", True),
        (Kind.NUMBER, {"sql": "abs(l.one.amount) = abs(r.one.amount)", "label": "paid_back"}, "-5", "5", True),
    ],
)
def test_a_level_that_a_spec_asks_for(
    kind: Kind, asked: str | dict[str, float | str], left: str, right: str, *, agrees: bool
) -> None:
    declared = one_field(kind).model_dump(mode="json") | {"comparisons": [{"field": "one", "levels": [asked]}]}
    spec = parse_spec(declared, "x")
    assert (level_of(spec, {"one": left}, {"one": right}) != "else") == agrees
    assert (level_of(spec, {"one": right}, {"one": left}) != "else") == agrees


FACTS = parse_spec(
    {
        "id": "id",
        "fields": {
            "number": {"kind": "id_number"},
            "born": {"kind": "date", "from_number": "number"},
            "division": {"kind": "division"},
            "address": {"kind": "address"},
        },
        "blocking": [["born"]],
        "comparisons": [{"field": name} for name in ("number", "born", "division", "address")],
    },
    "x",
)


@pytest.mark.parametrize(
    ("left", "right", "levels"),
    [
        # The number tells the birth date; it is not counted again.
        (("529901199003072316", None), ("529901199003072317", None), ["edits_1", "missing"]),
        (("529901199003072316", None), (None, "1990-03-07"), ["missing", "equal"]),
        (("529901199003072316", None), ("529903199003074555", None), ["else", "equal"]),
        # A division says nothing within an address that agrees; another one speaks against it.
        (
            (None, None, "529901001", "平寨村10组83号"),
            (None, None, "529901001", "平寨村10组83号"),
            ["missing", "equal"],
        ),
        ((None, None, "529901001", "平寨村10组83号"), (None, None, "520101001", "平寨村10组83号"), ["else", "equal"]),
        ((None, None, "529901001", "平寨村10组83号"), (None, None, "529901002", None), ["same_county", "missing"]),
    ],
)
def test_one_fact_counts_once(left: tuple[str | None, ...], right: tuple[str | None, ...], levels: list[str]) -> None:
    names = list(FACTS.fields)
    one, other = (dict(zip(names, row, strict=False)) for row in (left, right))
    first = 2 if len(left) > 2 else 0
    assert [level_of(FACTS, one, other, first + place) for place in (0, 1)] == levels


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_levels_with_labels(kind: Kind) -> None:
    levels = KIND_LEVELS[kind]
    assert len({level.name for level in levels}) == len(levels)
    assert all(level.zh and level.en for level in levels)
    assert {KINDS[kind].equal, KINDS[kind].present} <= set(KINDS[kind].keys)


def test_labels_follow_places() -> None:
    (compared,) = comparisons(one_field(Kind.CODE))
    assert [compared.label(place) for place in range(3)] == ["缺失", "相同", "不同"]
    assert [compared.label(place, "en") for place in range(3)] == ["missing", "equal", "different"]


@pytest.mark.parametrize("count", [1, 2])
def test_what_an_edit_needs_holds_wherever_so_few_edits_lie_between(count: int) -> None:
    """Every edit of every place: one sign wrong, lost, put in, or two neighbours swapped."""
    rng = np.random.default_rng(count)
    level = edits(count)
    assert level.needed is not None
    pairs = []
    for size in (2, 3, 5, 8, 11, 12, 13, 15, 18):
        for _ in range(600):
            text = "".join(rng.choice(list("0123456789"), size))
            other = text
            for _ in range(count):
                place = int(rng.integers(0, max(len(other), 1)))
                sign = str(rng.integers(0, 10))
                other = (
                    other[:place] + sign + other[place + 1 :],
                    other[:place] + other[place + 1 :],
                    other[:place] + sign + other[place:],
                    other[:place] + other[place : place + 2][::-1] + other[place + 2 :],
                )[int(rng.integers(0, 4))]
            pairs.append({"a": {"value": text}, "b": {"value": other}})
    con = duckdb.connect()
    con.register("pairs", pa.Table.from_pylist(pairs))
    missed = f"SELECT a.value, b.value FROM pairs WHERE {level.sql('a', 'b')} AND NOT ({level.needed('a', 'b')})"
    assert con.execute(missed).fetchall() == []
