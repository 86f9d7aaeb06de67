"""What a file is by its name and place: all spellings of one meaning are one delivery, and nothing is guessed."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from pipelines.intake.delivery_name import Named, read_place
from pipelines.intake.place_questions import Question
from pipelines.intake.type_names import TypeNames
from schemas.catalogue import load_catalogue
from schemas.contract import Contract

CATALOGUE = load_catalogue()


@cache
def names() -> TypeNames:
    return TypeNames.of(CATALOGUE)


def read(place: str) -> Named | Question:
    *folders, name = place.split("/")
    return read_place(folders, name, names())


def facts(place: str) -> tuple[str, str, str | None, int, str, int] | None:
    """What a place says; None where it asks."""
    said = read(place)
    if isinstance(said, Question):
        assert said.zh
        assert said.en
        return None
    received = str(said.received) if said.received else None
    return said.contract.name, str(said.delivery_date), received, said.sequence, said.part, said.parts


VEHICLES = ("motor_vehicle", "2024-06-30", "2024-06-30", 1, "", 0)
LOOSE = ("motor_vehicle", "2024-06-30", None, 1, "", 0)


@pytest.mark.parametrize(
    "place",
    [
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630.CSV",
        "public_security/motor_vehicle/20240630/motor_vehicle_20240630.xlsx",
        "public_security/motorvehicle/2024-06-30/motorvehicle_20240630.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630 (1).csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630 - 副本.csv.gz",
        "public_security/motor_vehicle/2024年6月30日/机动车登记2024年6月30日.xls",
        "公安/机动车登记/2024-06-30/机动车.csv",
        "省公安厅/机动车登记/2024/06/30/机动车登记信息.dbf",
        "public_security/2024-06-30/ＭＯＴＯＲ　ＶＥＨＩＣＬＥ　２０２４－０６－３０．ＴＸＴ",
        "2024-06-30/public_security/motor_vehicle/motor vehicle.zip",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630235959.tsv",
    ],
)
def test_one_meaning_is_one_delivery(place: str) -> None:
    assert facts(place) == VEHICLES


@pytest.mark.parametrize(
    "place",
    ["motor_vehicle_20240630.csv", "public_security/motor_vehicle/机动车 2024.6.30.csv", "公安局/机动车_20240630"],
)
def test_without_a_day_s_folder_nothing_says_when_it_came(place: str) -> None:
    assert facts(place) == LOOSE


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dibao_roster_20240630_2.csv", (2, "", 0)),
        ("低保对象名册2024-06-30第2次.xlsx", (2, "", 0)),
        ("低保_20240630_v3.csv", (3, "", 0)),
        ("dibao_20240630_1of3.csv", (1, "1", 3)),
        ("dibao_roster_1 of 3_20240630.csv", (1, "1", 3)),
        ("低保20240630_3之2.csv", (1, "2", 3)),
        ("低保_20240630_第三部分共三部分.csv", (1, "3", 3)),
        ("低保_20240630_共12份第11份_2.csv", (2, "11", 12)),
        ("谢桥镇低保对象名册20240630.xls", (1, "谢桥镇", 0)),
    ],
)
def test_which_of_a_day_s_deliveries_it_is(name: str, said: tuple[int, str, int]) -> None:
    found = facts(f"civil_affairs/dibao_roster/2024-07-01/{name}")
    assert found == ("dibao_roster", "2024-06-30", "2024-07-01", *said)


@pytest.mark.parametrize(
    "place",
    [
        "readme.txt",
        "motor_vehicle.csv",
        "20240630.csv",
        "名册_20240630.csv",
        "natural_resources/不动产_20240630.csv",
        "public_security/motor_vehicle/2024-06-30/marriage_20240630.csv",
        "civil_affairs/cremation/2024-06-30/机动车.csv",
        "housing/motor_vehicle/2024-06-30/motor_vehicle_20240630.csv",
        "public_security/motor_vehicle/motor_vehicle_202406.csv",
        "public_security/motor_vehicle/2024-07-02/motor_vehicle_202406.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240601-20240630.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240631.csv",
        "public_security/motor_vehicle/2024-06-31/motor_vehicle_20240630.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630_1_3.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630_1-3.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630_4of3.csv",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630_第1部分.csv",
        "public_security/motor_vehicle/2024-06-30/notes.txt",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630.csv.md5",
        "public_security/motor_vehicle/2024-06-30/motor_vehicle_模板_20240630.xlsx",
        "已处理/public_security/motor_vehicle/2024-06-30/motor_vehicle_20240630.csv",
    ],
)
def test_what_may_mean_two_things_or_none_is_asked(place: str) -> None:
    assert facts(place) is None


@pytest.mark.parametrize(
    "name",
    [
        "x_20240630.csv.part",
        "x_20240630.csv.filepart",
        "x.tmp",
        "~$motor_vehicle_20240630.xlsx",
        ".~lock.x.xlsx#",
        "x~",
    ],
)
def test_what_is_still_on_its_way_is_said_to_be(name: str) -> None:
    said = read(f"public_security/motor_vehicle/2024-06-30/{name}")
    assert isinstance(said, Question)
    assert "仍在上传" in said.zh


DAYS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y.%m.%d}",
    lambda day: f"{day:%Y_%m_%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}-{day.month}-{day.day}",
)
SETS = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)} | {" ": "\u3000"})


@st.composite
def spelled(draw: st.DrawFn) -> tuple[Contract, date, date, int, str]:
    """A delivery, and one of the ways to name it."""
    contract = draw(st.sampled_from(list(CATALOGUE)))
    day, received = (draw(st.dates(date(2000, 1, 1), date(2099, 12, 31))) for _ in range(2))
    number = draw(st.integers(1, 999))
    department = CATALOGUE.departments[contract.department].title
    gap = draw(st.sampled_from(["_", "-", " ", "__", " - "]))
    calls = (
        contract.name,
        contract.title.zh,
        contract.title.en,
        contract.name.replace("_", gap),
        contract.name.upper(),
    )
    folders = [
        draw(
            st.sampled_from((contract.department, department.zh, department.en, contract.department.replace("_", "")))
        ),
        draw(st.sampled_from(calls)),
        draw(st.sampled_from(DAYS))(received),
    ]
    counted = draw(st.sampled_from(["{}", "第{}次", "v{}"])).format(number) if number > 1 else ""
    mark = draw(st.sampled_from(["", "(1)", " - 副本", " - Copy (2)"]))
    ending = draw(st.sampled_from([".csv", ".CSV", ".csv.gz", ".xlsx", ".txt", ".dbf", ".ZIP", ""]))
    name = gap.join(filter(None, (draw(st.sampled_from(calls)), draw(st.sampled_from(DAYS))(day), counted)))
    wide = draw(st.booleans())
    named = f"{name}{mark}{ending}"
    return contract, day, received, number, "/".join([*folders, named.translate(SETS) if wide else named])


@given(spelled())
def test_all_spellings_of_a_delivery_lead_to_it(delivery: tuple[Contract, date, date, int, str]) -> None:
    contract, day, received, number, place = delivery
    assert facts(place) == (contract.name, str(day), str(received), number, "", 0)


@given(spelled(), spelled())
def test_two_types_or_two_days_in_one_place_are_never_guessed(
    one: tuple[Contract, date, date, int, str], other: tuple[Contract, date, date, int, str]
) -> None:
    *folders, _ = one[-1].split("/")
    name = other[-1].rpartition("/")[2]
    if one[0] != other[0]:
        assert facts("/".join([*folders, name])) is None
    if one[1] != other[1]:
        assert facts("/".join([*folders, f"{one[0].name}_{one[1]:%Y%m%d}_{other[1]:%Y%m%d}.csv"])) is None


@pytest.mark.parametrize(
    ("place", "type_name"),
    [
        ("hunyin_dengji_20201031.csv", "marriage"),
        ("HunyinDengji20201031.csv", "marriage"),
        ("minzheng/2020-10-31/hunyin.xlsx", "marriage"),
        ("minzhengting/hunyin-dengji/2020-10-31/mingdan.csv", "marriage"),
        ("siwang_zhuxiao_20201031.csv", "death_cancellation"),
        ("gonganju/siwang_20201031.csv", "death_cancellation"),
        ("gongan/jidongche_20201031.csv", "motor_vehicle"),
        ("yibao/yiliao_feiyong_jiesuan_shuju_20201031.csv", "medical_expense"),
        ("canlian/canjirenzheng_20201031.csv", "disability_certificate"),
        ("public_security/hukou dengji/huji renkou 20201031.csv", "household_register"),
    ],
)
def test_a_name_in_pinyin_is_that_of_its_characters(place: str, type_name: str) -> None:
    said = facts(place)
    assert said is not None
    assert (said[0], said[1]) == (type_name, "2020-10-31")


@pytest.mark.parametrize("contract", [*CATALOGUE], ids=lambda one: one.name)
def test_every_title_is_known_by_its_sound(contract: Contract) -> None:
    sounds = "_".join(lazy_pinyin(contract.title.zh))
    said = facts(f"{sounds}_20201031.csv")
    assert said is not None
    assert (said[0], said[4]) == (contract.name, "")


@pytest.mark.parametrize(
    "place",
    [
        "siwang_20201031.csv",
        "xuejiao_20201031.csv",
        "minzheng/20201031.csv",
        "budongchan_20201031.csv",
        "ziran_ziyuan/budongchan_20201031.csv",
        "gongan/hunyin_dengji_20201031.csv",
        "minzheng/hunyin_dengji.csv",
        "hunyin_dengji_siwang_zhuxiao_20201031.csv",
    ],
    ids=["two characters", "inside a word", "no type", "two types", "two of one", "not theirs", "no day", "both"],
)
def test_a_name_in_pinyin_that_leaves_something_open_is_asked_about(place: str) -> None:
    assert facts(place) is None
