"""Two values land on the level that is meant for them."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pytest

from matchers.tables.prepare_tables import prepare
from matchers.weights.compare import compare_pairs
from matchers.weights.comparisons import KIND_LEVELS, comparisons
from matchers.weights.field_kinds import KINDS, Kind
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


def level_of(spec: LinkageSpec, left: Mapping[str, str | None], right: Mapping[str, str | None]) -> str:
    con = duckdb.connect()
    for side, values in (("left", left), ("right", right)):
        con.execute(f"CREATE TABLE given_{side} (id VARCHAR, one VARCHAR, other VARCHAR)")
        con.execute(f"INSERT INTO given_{side} VALUES ('1', $one, $other)", {"one": None, "other": None, **values})
        prepare(con, f"given_{side}", spec, side)
    con.execute("CREATE TABLE pair AS SELECT 1 AS left_row, 1 AS right_row")
    compared = comparisons(spec)
    compare_pairs(con, compared, "pair", "compared")
    places = con.execute("SELECT g_one FROM compared").fetchall()
    return compared[0].level_names[int(places[0][0])]


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
