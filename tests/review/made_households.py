"""A county's worth of invented households for the browser: flags, records and what the registers say, all made up."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.review.made_nights import digest

TOWNSHIP = "520402106"
VILLAGE = "520402106254"
ANOTHER_VILLAGE = "520402002001"
ELSEWHERE = {3: "520303001004", 5: "520103019005"}
FAMILY_NAMES = "邱陈田廖余龚赵徐王潘吴罗何韦石莫蒙陆岑班"
GIVEN_NAMES = ("文俊", "秀芳", "朝阳", "美玲", "光明", "小兰", "永福", "桂花", "志强", "春燕")


def division(number: int) -> str:
    """Most of them in one village; some in the same county, some in two other cities."""
    if number % 7 in ELSEWHERE:
        return ELSEWHERE[number % 7]
    return VILLAGE if number % 4 else ANOTHER_VILLAGE


def id_number(number: int) -> str:
    """A sound number of an issuing code that no county has."""
    body = f"5299{number % 88 + 1:02d}19{40 + number % 55:02d}{number % 12 + 1:02d}{number % 27 + 1:02d}{number:03d}"
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[weighted % 11]


def name(number: int) -> str:
    return FAMILY_NAMES[number % len(FAMILY_NAMES)] + GIVEN_NAMES[number % len(GIVEN_NAMES)]


def vehicle(number: int, night: date) -> tuple[str, str, str, str, dict[str, Any]]:
    bought = night - timedelta(days=80 + number)
    facts = {
        "plate_number": f"贵G{number:05d}",
        "plate_kind": "02",
        "vehicle_kind": "K33",
        "brand": "五菱",
        "owner_id": id_number(number),
        "owner_name": name(number),
        "division": VILLAGE,
        "use_nature": "A",
        "first_registered_on": str(bought),
        "registered_on": str(bought),
        "status": "A",
    }
    return "motor_vehicle", "owner", f"车辆 贵G****{number % 10} 于 {bought} 登记，家庭未申报", "2020-10", facts


def job(number: int, night: date) -> tuple[str, str, str, str, dict[str, Any]]:
    wage = 3600 + 50 * number
    income = wage - 200
    month = f"{night - timedelta(days=31):%Y-%m}"
    facts = {
        "registration_no": f"JY{number:010d}",
        "id_number": id_number(number),
        "name": name(number),
        "employer_name": "遵红嘉禾商贸有限公司",
        "employment_kind": "private",
        "started_on": str(night - timedelta(days=120)),
        "monthly_wage": wage,
        "outside_province": "no",
        "division": VILLAGE,
    }
    computed = f"合计 {income}.00 元 ÷ 2 人 = 每人 {income / 2:.2f} 元，标准 359.83 元"
    reason = f"{month}：就业登记工资 {wage}.00；扣减务工成本 -200.00；{computed}"
    return "employment_registration", "self", reason, month, facts


def disability(number: int, night: date) -> tuple[str, str, str, str, dict[str, Any]]:
    facts = {
        "record_no": f"CJ{number:09d}",
        "id_number": id_number(number),
        "name": name(number),
        "kind": "4",
        "level": "2",
        "issued_on": str(night - timedelta(days=900)),
        "status": "valid",
    }
    reason = f"{name(number)[0]}* 符合分类施保（重度残疾 2 级），未领取"
    return "disability_certificate", "self", reason, "", facts


KINDS = (
    ("vehicle_owned", "doubt", 2, vehicle),
    ("wage_income_over_standard", "doubt", 3, job),
    ("supplement_missing", "protect", 2, disability),
)


def flags(night: date, households: int, texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One flag a household, every fifth household two."""
    versions = {text["id"]: text["version"] for text in texts}
    return [
        _flag(number, night, kind, versions[kind[0]])
        for number in range(1, households + 1)
        for kind in KINDS[number % 3 :][: 2 if number % 5 == 0 else 1]
    ]


def _flag(number: int, night: date, kind: tuple[str, str, int, Any], version: str) -> dict[str, Any]:
    rule, direction, severity, made = kind
    type_name, role, reason, period, facts = made(number, night)
    record = {
        "type": type_name,
        "role": role,
        "row_key": next(iter(facts.values())),
        "delivery_id": f"{night:%Y%m%d}-1-83a7774eb3",
        "delivery_date": str(night - timedelta(days=1)),
        "row_number": 100 + number,
        "link_reason": "exact",
        "row_hash": digest(json.dumps(facts, sort_keys=True)),
        "facts": facts,
    }
    return {
        "flag_id": digest(rule, str(number))[:32],
        "rule": rule,
        "rule_version": version,
        "policy_version": "3b54a983b2ec",
        "direction": direction,
        "severity": severity,
        "scheme": "dibao",
        "household_id": f"D{number:09d}",
        "member_id": f"M{number:09d}",
        "division": division(number),
        "head_name": name(number),
        "member_name": name(number),
        "member_id_number": id_number(number),
        "record_key": f"{type_name}:{record['row_key']}",
        "period": period,
        "amount": Decimal(300 + 37 * (number % 17)),
        "reason_zh": reason,
        "reason_en": "made up for the browser",
        "link_reason": "exact",
        "confidence": Decimal("1.00"),
        "evidence": json.dumps([record], ensure_ascii=False),
        "evidence_hash": digest(record["row_hash"]),
    }


def members(night: date, households: int) -> pa.Table:
    """Two people a household, as the roster lists them."""
    lines = []
    for number in range(1, households + 1):
        for place, relation in enumerate(("head", "spouse")):
            who = number + 400 * place
            facts = {
                "household_no": f"D{number:09d}",
                "member_no": f"M{who:09d}",
                "id_number": id_number(who),
                "name": name(who),
                "relation_to_head": relation,
                "recipient": "yes",
                "division": VILLAGE,
                "address": "贵州省安顺市西秀区七眼桥镇二铺村3组17号",
                "status": "active",
                "started_on": "2018-03-13",
                "assessed_on": str(night - timedelta(days=200)),
                "monthly_amount": 300 + 37 * (number % 17),
                "supplement_kind": "none",
                "declared_employment": "none",
                "declared_income": 0,
                "declared_vehicle": None,
                "declared_homes": 1,
            }
            lines.append(
                {
                    "scheme": "dibao",
                    "household_id": f"D{number:09d}",
                    "member_id": f"M{who:09d}",
                    "facts": json.dumps(facts, ensure_ascii=False),
                }
            )
    return pa.Table.from_pylist(lines)
