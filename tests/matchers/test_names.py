"""Prepared names and the levels on which two of them agree."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.identity.levels import NAME_LEVELS, FormerName, level_name, name_rank
from matchers.identity.name_book import add_names
from matchers.identity.name_cells import former_names_in
from matchers.identity.name_forms import reference_groups
from matchers.identity.names import KEYS, prepare_keys
from schemas.masks import COMPOUND_SURNAMES


def keys(name: str) -> dict[str, Any]:
    rows = prepare_keys(pa.array([name], pa.string())).to_pylist()
    assert len(rows) == 1
    return dict(rows[0])


def test_keys_have_the_columns_declared() -> None:
    assert prepare_keys(pa.array(["王芳"])).schema.equals(KEYS)
    assert prepare_keys(pa.array([], pa.string())).schema.equals(KEYS)


def test_each_name_is_prepared_once_and_unreadable_ones_not_at_all() -> None:
    names = pa.array(["王芳", None, "王芳", "", "　", "**", "李强"], pa.string())
    assert prepare_keys(names)["name"].to_pylist() == ["王芳", "李强"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王　芳", "王芳"),
        (" 王 芳\t", "王芳"),
        ("Wang Ｆang", "WANGFANG"),
        ("买买提•艾合", "买买提·艾合"),
        ("买买提．艾合", "买买提·艾合"),
        ("买买提・・艾合·", "买买提·艾合"),
        ("张？三", "张*三"),
        ("张X三", "张*三"),
        ("XU XIN", "XUXIN"),
    ],
)
def test_written(name: str, written: str) -> None:
    assert keys(name)["written"] == written


@pytest.mark.parametrize(
    ("name", "pinyin", "other"),
    [
        ("单雄信", "shanxiongxin", "shanxiongxin"),
        ("李单", "lidan", "lidan"),
        ("覃勇", "qinyong", "tanyong"),
        ("尉迟恭", "yuchigong", "weichigong"),
        ("万俟雪", "moqixue", "wansixue"),
        ("吕布", "lvbu", "lvbu"),
        ("LYU BU", "lvbu", "lvbu"),
        ("王yuan", "wangyuan", "wangyuan"),
        ("張國強", "zhangguoqiang", "zhangguoqiang"),
        ("买买提·艾合", "maimaitiaihe", "maimaitiaihe"),
        ("张*三", None, None),
    ],
)
def test_pinyin(name: str, pinyin: str | None, other: str | None) -> None:
    found = keys(name)
    assert (found["pinyin"], found["pinyin_other"]) == (pinyin, other)


def test_what_is_hidden_becomes_a_pattern() -> None:
    found = keys("張*三")
    assert (found["pattern"], found["clear"], found["shape"]) == ("张_三", None, None)
    assert keys("张小三")["pattern"] is None


def test_parts_of_a_name_joined_by_dots() -> None:
    assert keys("買買提·艾合买提")["parts"] == ["买买提", "艾合买提"]
    assert keys("买买提")["parts"] is None


def test_characters_that_old_systems_drop() -> None:
    assert keys("王䶮芳")["without_rare"] == "王芳"
    assert keys("王䶮")["without_rare"] == "王"
    assert keys("王喆芳")["without_rare"] == "王芳"
    assert keys("王國芳")["without_rare"] is None
    assert keys("王小芳")["without_rare"] is None


@pytest.mark.parametrize("file_name", ["look_alikes.txt", "variants.txt"])
def test_a_character_stands_in_one_group(file_name: str) -> None:
    groups = reference_groups(file_name)
    characters = [character for group in groups for character in group]
    assert sorted(set(characters)) == sorted(characters)
    assert min(len(group) for group in groups) >= 2


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_text_can_be_prepared(texts: list[str]) -> None:
    prepared = prepare_keys(pa.array(texts, pa.string()))
    assert set(prepared["name"].to_pylist()) <= set(texts)
    assert prepared["normal"].null_count == 0


@given(st.text(alphabet="王李张芳方强華华喆哲·• 　*？", min_size=1, max_size=6))
def test_the_folded_form_is_stable(name: str) -> None:
    for found in prepare_keys(pa.array([name])).to_pylist():
        assert keys(found["normal"])["normal"] == found["normal"]
        assert keys(found["written"])["written"] == found["written"]


NAMES = [
    "王芳",
    "王方",
    "王己",
    "王已",
    "张小三",
    "张*三",
    "张**",
    "買買提·艾合",
    "买买提",
    "李A明",
    "王䶮芳",
    "ZHANG XIAO SAN",
]


@pytest.fixture(scope="module")
def book() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.register("given_names", pa.table({"name": NAMES}))
    add_names(con, "SELECT name FROM given_names")
    return con


def test_names_are_added_to_the_book_once(book: duckdb.DuckDBPyConnection) -> None:
    add_names(book, "SELECT '王芳' AS name UNION ALL SELECT '新人'")
    assert book.execute("SELECT count(*), count(DISTINCT name) FROM name_keys").fetchall() == [(13, 13)]


def test_agreement_is_the_same_both_ways_round(book: duckdb.DuckDBPyConnection) -> None:
    uneven = book.execute(
        "WITH named AS (SELECT *, unnest(['current', 'former']) AS kind FROM name_keys)"
        f" SELECT count(*) FROM named AS l, named AS r WHERE ({name_rank('l', 'r')}) IS DISTINCT FROM"
        f" ({name_rank('r', 'l')})"
    ).fetchall()
    assert uneven == [(0,)]


def test_every_level_explains_itself() -> None:
    assert all(level.zh and level.en for level in NAME_LEVELS)
    assert len({level.name for level in NAME_LEVELS}) == len(NAME_LEVELS)
    assert isinstance(NAME_LEVELS[-1], FormerName)


def test_a_rank_is_told_as_its_level(book: duckdb.DuckDBPyConnection) -> None:
    told = [book.execute(f"SELECT {level_name(str(rank))}").fetchall()[0][0] for rank in range(1, len(NAME_LEVELS) + 1)]
    assert told == [level.name for level in NAME_LEVELS]


@pytest.mark.parametrize(
    ("cell", "name", "former"),
    [
        ("陆秀芳(已故)", "陆秀芳", None),
        ("陆秀珍（户主）", "陆秀珍", None),
        ("王芳[注销]", "王芳", None),
        ("王芳（代", "王芳", None),
        ("(王芳)", "王芳", None),
        ("王芳-已故", "王芳", None),
        ("陆秀英1", "陆秀英", None),
        ("卢合二等2人", "卢合二", None),
        ("卢合二等人", "卢合二", None),
        ("&#29579;芳", "王芳", None),
        ("买买提&middot;热西提", "买买提·热西提", None),
        ("⻩⼩⽅", "黄小方", None),
        ("\uf90a大山", "金大山", None),
        ("王\ufe00洪波\u200e", "王洪波", None),
        ("吴刚\u2060", "吴刚", None),
        ("陆秀兰(曾用名陆招弟)", "陆秀兰", "陆招弟"),
        ("陆秀兰 曾用名：陆招弟", "陆秀兰", "陆招弟"),
        ("陆秀兰（原名陆招弟）", "陆秀兰", "陆招弟"),
        ("陆等", "陆等", None),
        ("王已故", "王已故", None),
    ],
)
def test_what_of_a_cell_is_the_name(cell: str, name: str, former: str | None) -> None:
    assert prepare_keys(pa.array([cell]))["written"].to_pylist() == [name]
    assert former_names_in(pa.array([cell])).to_pylist() == [former]


@pytest.mark.parametrize("cell", ["锟斤拷锟斤拷锟", "烫烫烫", "æ½˜æ–‡è‹±", "王锟斤拷"])
def test_an_unreadable_name_says_nothing_of_anybody(cell: str) -> None:
    assert prepare_keys(pa.array([cell])).num_rows == 0


def test_names_of_letters_with_accents_can_be_read() -> None:
    assert prepare_keys(pa.array(["João", "NGUYỄN", "Müller"])).num_rows == 3


def test_a_former_name_in_the_cell_of_the_name_is_in_the_book() -> None:
    con = duckdb.connect()
    add_names(con, "SELECT '陆秀兰(曾用名陆招弟)' AS name")
    assert con.execute("SELECT written, former FROM name_keys ORDER BY ALL").fetchall() == [
        ("陆招弟", None),
        ("陆秀兰", "陆招弟"),
    ]


def test_the_compound_surnames_are_those_that_are_shown_whole() -> None:
    assert set(reference_groups("compound_surnames.txt")) == COMPOUND_SURNAMES
