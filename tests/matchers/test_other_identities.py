"""Who is told otherwise than by one sound number: other papers, corrected numbers, several people in one cell."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from matchers.identity.id_numbers import clean, verdicts
from matchers.night.stages import link_records
from tests.matchers.made_registers import fifteen, link, membership, number, person_of, record, resolve

HOME, NEXT_VILLAGE = "529901001001", "529901001002"
OLD, NEW = number("19750302", 12), number("19750302", 34)


def found_of(
    listed: dict[str, str | None], told: dict[str, str | None], *, roster_paper: str | None, paper: str | None
) -> str | None:
    """Why a record with that number is linked to the only person of the register; None where it is not."""
    con = duckdb.connect()
    resolve(con, [{**membership("h1", roster_paper, "古丽"), **listed}])
    judged = clean(pa.array([paper], pa.string()))
    row = {**record("k", paper, "古丽"), "division": HOME, **told}
    row |= {"id_number": judged[0].as_py(), "id_verdict": verdicts(judged)[0].as_py()}
    con.register("one", pa.Table.from_pylist([row]))
    linked = link_records(con, "one", "made")
    reasons = con.execute(
        f"SELECT reason FROM {linked.links} UNION ALL SELECT reason FROM {linked.possible}"
    ).fetchall()
    return reasons[0][0] if reasons else None


@pytest.mark.parametrize(
    ("listed", "told", "roster_paper", "paper", "reason"),
    [
        ({}, {}, "E12345678", "E12345678", "paper"),
        ({}, {}, "E12345678", "e1234 5678", "paper"),
        ({}, {}, "E12345678", "E12345679", None),
        # The last two digits of a permit count the cards.
        ({"name": "陈志明"}, {"name": "陳志明"}, "H0123456700", "H0123456702", "paper"),
        ({"name": "陈志明"}, {"name": "陈志强"}, "H0123456700", "H0123456700", None),
        ({"name": "李强"}, {"name": "李强"}, "军字第1234567号", "军字1234567", "paper"),
        ({"birth_date": "1982-01-05"}, {"birth_date": "1982-01-05"}, "E12345678", "E12345678", "paper"),
        ({"birth_date": "1982-01-05"}, {"birth_date": "1990-01-05"}, "E12345678", "E12345678", None),
        ({"sex": "2"}, {"sex": "1"}, "E12345678", "E12345678", None),
        ({"name": "NGUYENTHIHOA"}, {"name": "HOA NGUYEN THI"}, "B1234567", "B1234567", None),
        (
            {"name": "NGUYENTHIHOA", "birth_date": "1991-05-06"},
            {"name": "HOA NGUYEN THI", "birth_date": "1991-05-06"},
            "B1234567",
            "B1234567",
            "paper",
        ),
        ({"name": "陈志明"}, {"name": "陈**"}, "E12345678", "E12345678", None),
        (
            {"name": "陈志明", "birth_date": "1982-01-05"},
            {"name": "陈**", "birth_date": "1982-01-05"},
            "E12345678",
            "E12345678",
            "paper",
        ),
        # The card of a foreign permanent resident tells the birth date.
        ({}, {"birth_date": "1982-01-05"}, "ZZZ529982010588", "ZZZ529982010588", "paper"),
        ({}, {"birth_date": "1983-01-05"}, "ZZZ529982010588", "ZZZ529982010588", None),
    ],
)
def test_the_same_paper_of_another_kind_is_an_identity(
    listed: dict[str, str | None], told: dict[str, str | None], roster_paper: str, paper: str, reason: str | None
) -> None:
    assert found_of(listed, told, roster_paper=roster_paper, paper=paper) == reason


WHOLE: dict[str, str | None] = {"name": "王桂花", "birth_date": "1975-03-02", "sex": "2", "division": HOME}


@pytest.mark.parametrize(
    ("told", "paper", "reason"),
    [
        ({}, NEW, "renumbered"),
        ({"birth_date": None, "sex": None}, NEW, "renumbered"),
        ({"division": NEXT_VILLAGE}, NEW, None),
        ({"division": None}, NEW, None),
        ({"birth_date": "1976-03-02"}, NEW, None),
        ({"name": "王桂英"}, NEW, None),
        ({"sex": "1"}, NEW, None),
        ({}, OLD, "exact"),
        ({}, fifteen(OLD), "upgraded"),
    ],
)
def test_a_number_corrected_since_is_a_lead_on_identity(
    told: dict[str, str | None], paper: str, reason: str | None
) -> None:
    assert found_of(WHOLE, WHOLE | told, roster_paper=OLD, paper=paper) == reason


def test_a_wedding_under_15_digits_and_a_death_under_18_are_one_mans() -> None:
    con, his = duckdb.connect(), number("19480702", 31)
    resolve(con, [membership("h1", his, "卢合一")])
    linked = link(con, [record("wedding", fifteen(his), "卢合一"), record("death", his, "卢合一")])
    assert sorted(con.execute(f"SELECT row_key, reason, person_id FROM {linked.links}").fetchall()) == [
        ("death", "exact", person_of(con, "h1")),
        ("wedding", "upgraded", person_of(con, "h1")),
    ]


LU, QIN = number("19770808", 11), number("19800202", 12)


@pytest.mark.parametrize(
    ("names", "numbers", "told"),
    [
        ("卢合一、覃秀花", f"{LU}、{QIN}", {"h1": "exact", "h2": "exact"}),
        ("卢合一,覃秀花", f"{LU},{QIN}", {"h1": "exact", "h2": "exact"}),
        ("卢合一 / 覃秀花", f"{LU} {QIN}", {"h1": "exact", "h2": "exact"}),
        ("覃秀花;卢合一", f"{QIN};{fifteen(LU)}", {"h1": "upgraded", "h2": "exact"}),
        ("卢合一、赵敏", f"{LU}、{QIN}", {"h1": "exact", "h2": "conflict"}),
        # Whose the one number is, nobody knows.
        ("卢合一、覃秀花", LU, {"h1": "unnamed"}),
        ("卢合一", f"{LU}、{QIN}", {"h1": "unnamed", "h2": "unnamed"}),
        ("卢合一(已故)、", LU, {"h1": "exact"}),
        ("卢合一,曾用名卢小一", LU, {"h1": "exact"}),
        ("卢合一、户主", LU, {"h1": "exact"}),
        ("卢合一等2人", LU, {"h1": "exact"}),
    ],
)
def test_people_together_in_a_cell_are_told_apart_or_left_to_a_person(
    names: str, numbers: str, told: dict[str, str]
) -> None:
    con = duckdb.connect()
    resolve(con, [membership("h1", LU, "卢合一"), membership("h2", QIN, "覃秀花")])
    linked = link(con, [record("deed", numbers, names)])
    rows = con.execute(
        "SELECT household_id, reason FROM person_memberships JOIN"
        f" (FROM {linked.links} UNION ALL FROM {linked.possible}) USING (person_id)"
    ).fetchall()
    assert dict(rows) == told
    assert len(rows) == len(told)


def test_a_birth_date_in_a_row_of_several_people_is_nobodys() -> None:
    con = duckdb.connect()
    resolve(con, [membership("h1", LU, "卢合一"), membership("h2", QIN, "覃秀花")])
    linked = link(con, [record("deed", f"{LU}、{QIN}", "卢合一、覃秀花", birth_date="1977-08-08", sex="1")])
    assert con.execute(f"SELECT reason, contradiction FROM {linked.links}").fetchall() == [("exact", None)] * 2


def test_name_and_number_in_each_others_column_are_read_the_right_way_round() -> None:
    con = duckdb.connect()
    resolve(con, [membership("h1", LU, "卢合一")])
    linked = link(con, [record("deed", "卢合一", LU), record("wrong", "覃秀花", LU, birth_date="1977-08-08")])
    assert sorted(con.execute(f"SELECT row_key, reason FROM {linked.links}").fetchall()) == [
        ("deed", "exact"),
        ("wrong", "conflict"),
    ]


HER = number("19770808", 100)


@pytest.mark.parametrize(
    ("listed", "told", "written", "reason"),
    [
        ("陆秀芳", "陆秀芳（故）", HER, "exact"),
        ("陆秀芳", "陆秀芳【代】", HER, "exact"),
        ("陆秀芳", "户主:陆秀芳", HER, "exact"),
        ("陆秀芳", "姓名：陆秀芳", HER, "exact"),
        ("陆秀芳", "法定代表人:陆秀芳", HER, "exact"),
        ("陆秀芳", "陆秀芳 女", HER, "exact"),
        ("陆秀芳", "陆秀芳(女)", HER, "exact"),
        ("陆秀芳", "陆秀芳 等三人", HER, "exact"),
        ("陆秀芳", "陆秀芳&nbsp;", HER, "exact"),
        ("陆秀芳", "&#38470;秀芳", HER, "exact"),
        ("陆秀芳", "陆秀芳２", HER, "exact"),
        ("陆秀芳", "陆秀芳①", HER, "exact"),
        ("陆秀芳", "陆秀芳、", HER, "exact"),
        ("陆秀芳", "“陆秀芳”", HER, "exact"),
        ("陆秀芳", "陆秀芳已注销", HER, "exact"),
        ("陆秀芳", "陆秀芳-已死亡", HER, "exact"),
        ("陆秀芳", "陆秀芳（陆秀英之姐）", HER, "exact"),
        ("陆招弟", "陆秀芳(原名陆招弟)", HER, "exact"),
        ("陆招弟", "陆秀芳,原名:陆招弟", HER, "exact"),
        ("陆秀芳", "Lu Xiu-fang", HER, "exact"),
        ("陆秀芳", "LU, XIUFANG", HER, "exact"),
        ("陆秀芳", "陆秀芳/Lu Xiufang", HER, "exact"),
        ("沙马·拉毅", "沙马 拉毅(彝)", HER, "exact"),
        ("石磊", "⽯磊", HER, "exact"),
        ("陆秀芳", "陆秀芳", f"{HER}(已核)", "exact"),
        ("陆秀芳", "陆秀芳", f"ID:{HER}", "exact"),
        ("陆秀芳", "陆秀芳", f"‘{HER}’", "exact"),
        ("陆秀芳", "陆秀芳", f"{HER}.", "exact"),
        # Whose the number is, the words say: a relative's.
        ("陆秀芳", "陆秀芳", f"{HER}(父亲)", None),
        ("陆秀芳", "陆秀芳之夫", HER, "conflict"),
        ("陆秀芳", "陆秀芳的儿子", HER, "conflict"),
        ("陆秀芳", "陆秀英", HER, "conflict"),
        ("买买提", "买买提:艾力", HER, "conflict"),
        # A cell that holds no name says nothing of anybody.
        ("陆秀芳", "无", HER, "unnamed"),
        ("陆秀芳", "不详", HER, "unnamed"),
        ("陆秀芳", "未知", HER, "unnamed"),
        ("陆秀芳", "-", HER, "unnamed"),
        ("陆秀芳", "/", HER, "unnamed"),
        ("陆秀芳", "N/A", HER, "unnamed"),
        ("陆秀芳", "锟斤拷", HER, "unnamed"),
    ],
)
def test_a_name_or_a_number_in_other_clothes_is_the_same(
    listed: str, told: str, written: str, reason: str | None
) -> None:
    assert found_of({"name": listed}, {"name": told}, roster_paper=HER, paper=written) == reason
