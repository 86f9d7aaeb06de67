"""Masks show what a person needs to recognise a case, and no more."""

import pytest

from review.known_people import NOBODY, KnownPeople
from review.masked_notes import mask_note
from review.masked_records import mask_facts, mask_key
from schemas.catalogue import load_catalogue
from schemas.column import ARROW_TYPES, Meaning
from schemas.contract import Contract
from schemas.masks import HIDDEN_WHOLE
from tests.review.made_family import HEAD, PHONE, SON

CONTRACTS = load_catalogue().contracts.values()
CODES = {Meaning.CODE, Meaning.DIVISION}


def test_a_sentence() -> None:
    said = (
        "李四(52990119900101123x)与王五、529901900101123同名；行哈希 a529901199001011234b 不变；曾示529901********1234"
    )
    assert KnownPeople.of([], ["李四", "王五"]).masked(said) == (
        "李*(529901************)与王*、529901*********同名；行哈希 a529901199001011234b 不变；曾示529901************"
    )


def test_a_name_of_one_sign_does_not_eat_the_sentence() -> None:
    assert KnownPeople.of([], ["王", ""]).masked("王某名下有车") == "王某名下有车"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_whatever_column_of_a_contract_holds_a_number_it_is_not_shown(contract: Contract) -> None:
    texts = [one.name for one in contract.columns if one.meaning not in CODES and one.meaning not in ARROW_TYPES]
    for value in (HEAD, HEAD.lower(), f"G{HEAD}", f"{HEAD}43B1", f"号码{HEAD}。", PHONE, f"{PHONE}（子）"):
        facts = dict.fromkeys(texts, value)
        shown = mask_facts(contract.name, facts, KnownPeople.of([(contract.name, facts)]))
        told = " ".join(str(one) for one in shown.values())
        assert PHONE not in told
        assert HEAD[14:] not in told
        key = mask_key(
            contract.name, "|".join(value if name in texts else "2020-10-01" for name in contract.key), NOBODY
        )
        assert HEAD[6:] not in key
        assert PHONE not in key


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_of_a_birth_date_the_year_is_shown_in_whichever_column_it_stands(contract: Contract) -> None:
    known = KnownPeople.of([], numbers=[HEAD])
    days = [one.name for one in contract.columns if one.meaning is Meaning.DATE]
    assert set(mask_facts(contract.name, dict.fromkeys(days, "1956-08-14"), known).values()) <= {"1956"}
    born = [one.birth_date for one in contract.identity if one.birth_date]
    shown = mask_facts(contract.name, dict.fromkeys(days, "1999-09-09"), NOBODY)
    assert {name for name, value in shown.items() if value == "1999"} == set(born)


def test_what_no_contract_gives_a_meaning_is_hidden_whole() -> None:
    facts = {"brand": "五菱", "told_by": "周大山", "weight": 7, "empty": None}
    shown = mask_facts("motor_vehicle", facts, NOBODY)
    assert shown == {"brand": "五菱", "told_by": HIDDEN_WHOLE, "weight": HIDDEN_WHOLE, "empty": None}
    assert set(mask_facts("no_longer_known", facts, NOBODY).values()) == {HIDDEN_WHOLE, None}
    assert mask_key("no_longer_known", SON, NOBODY) == HIDDEN_WHOLE


FAMILY = KnownPeople.of(
    [("dibao_roster", {"name": "罗小妹", "id_number": HEAD, "phone": PHONE})], ["李建国", "阿依·买买提", "欧阳春来"]
)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("门口停着车，已核实", "门口停着车，已核实"),
        ("务工合同已到期，单位证明在卷，月入 3500.00 元", "务工合同已到期，单位证明在卷，月入 3500.00 元"),
        ("2020-10-30 15:00 入户，2018年起在保", "2020-10-30 15:00 入户，2018年起在保"),
        ("罗 小\u200b妹、罗小妹不在", "罗**、罗**不在"),
        ("建国在家，春来外出，买买提未见", "**在家，**外出，***未见"),
        (f"{PHONE}、139-8541-2345、１３９８５４１２３４５、8224567", "13*******45、****、13*******45、****"),
        ("电话一三九八五四一二三四五", "电话****"),
        (f"尾号{HEAD[-4:]}，1956年8月14日生，八十大寿8月14日", "尾号****，1956生，八十大寿****"),
        ("", ""),
    ],
)
def test_a_note_is_shown_without_what_the_case_knows_of_its_people(note: str, shown: str) -> None:
    assert mask_note(note, FAMILY, may_unmask=True) == shown


@pytest.mark.parametrize(
    "note", ["邻居周大山说他外出打工", "王大妈反映", "户主弟弟名叫建军", "有个姓高 明的", "房东Lee、刘\u200b某"]
)
def test_a_note_that_may_name_somebody_unknown_is_hidden_whole(note: str) -> None:
    hidden = mask_note(note, FAMILY, may_unmask=True)
    assert hidden.startswith("〔")
    assert note[2:5] not in hidden
    assert str(len(note)) in hidden


def test_a_role_that_never_sees_personal_data_sees_no_note() -> None:
    assert "车" not in mask_note("门口停着车", FAMILY, may_unmask=False)
