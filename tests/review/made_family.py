"""A family with everything a masked page could give away, and how much of a number a reader could work out."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]
SIGNS = "10X98765432"
# Fewer sound numbers left than this, and a page has told whose number it is.
ENOUGH = 1000


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sum(digits: str, place: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS[place:], strict=False)) % 11


def sound(body: str) -> str:
    """The ID number with these first 17 digits."""
    return body + SIGNS[_sum(body, 0)]


HEAD, WIFE, SON, FATHER = (
    sound(body) for body in ("52990119560814632", "52990119580302634", "52990119900101123", "52990119310705631")
)
NUMBERS = (HEAD, WIFE, SON, FATHER)
NAMES = ("慎独明", "慎独行", "仰望舒", "慎远山", "阿依·买买提")
PHONE, LANDLINE, PLATE, PASSPORT = "13985412345", "0851-82245671", "贵A8F3K2", "E56781234"
ADDRESS = "贵州省贵阳市南明区新华路街道青年社区3组17号"
NEIGHBOUR = "周大山"
NOTE = (
    f"仰望舒{PHONE}，独行在家；慎 独 明生于1956年8月14日，尾号{HEAD[-4:]}，"
    f"电话1 3 9 8 5 4 1 2 3 4 5，座机{LANDLINE}，车{PLATE}"
)
NOTE_ON_A_NEIGHBOUR = f"邻居{NEIGHBOUR}说他外出打工"
SECRETS = (
    *NAMES,
    *NUMBERS,
    *(number[:17] for number in NUMBERS),
    PHONE,
    LANDLINE,
    "82245671",
    PLATE,
    PASSPORT,
    ADDRESS,
    "慎 独 明",
    "1 3 9 8",
    "独行在家",
    NEIGHBOUR,
    "1956-08-14",
    "1956年8月14日",
    "1990-01-01",
    "1931-07-05",
)


def roster() -> pa.Table:
    """Head and wife as the roster lists them; a column the contract does not know; a birth date under another name."""
    lines = {
        "SHEN-7-1": {
            "name": "慎独明",
            "id_number": HEAD,
            "birth_date": "1956-08-14",
            "relation_to_head": "head",
            "address": ADDRESS,
            "phone": PHONE,
            "declared_vehicle": f"{PLATE}；慎独行名下",
            "moved_in_on": "1956-08-14",
            "told_by": "仰望舒",
        },
        "SHEN-7-2": {"name": "仰望舒", "id_number": WIFE, "birth_date": "1958-03-02", "relation_to_head": "spouse"},
    }
    return pa.Table.from_pylist(
        [
            {"scheme": "dibao", "household_id": "SHEN-7", "member_id": member, "facts": _as_json(facts)}
            for member, facts in lines.items()
        ]
    )


def records() -> str:
    """Records whose keys, texts and dates hold the numbers, names and birthdays of the family."""
    found: list[tuple[str, str, str, dict[str, Any]]] = [
        (
            "motor_vehicle",
            "owner",
            f"{PLATE}|02",
            {"plate_number": PLATE, "owner_id": SON, "owner_name": "慎独行", "address": ADDRESS, "brand": "五菱"},
        ),
        (
            "disability_certificate",
            "self",
            "CJ1",
            {"certificate_no": f"{SON}42", "id_number": SON, "name": "慎独行", "birth_date": "1990-01-01"},
        ),
        ("student_enrolment", "self", f"G{SON}", {"student_no": f"G{SON}", "id_number": SON, "name": "慎独行"}),
        (
            "household_register",
            "self",
            SON,
            {
                "person_no": SON,
                "id_number": SON,
                "father_name": "慎远山",
                "father_id": FATHER,
                "mother_id": WIFE,
                "registered_on": "1990-01-01",
            },
        ),
        ("exit_entry", "self", "CR1", {"document_no": PASSPORT, "id_number": PASSPORT, "name": "阿依·买买提"}),
        (
            "individual_business",
            "operator",
            f"{HEAD}00",
            {"uscc": f"{HEAD}00", "business_name": "慎独明百货店", "operator_id": HEAD, "business_scope": f"电{PHONE}"},
        ),
        ("no_longer_known", "self", SON, {"name": "慎独行", "some_number": SON}),
    ]
    return _as_json(
        [
            {
                "type": type_name,
                "role": role,
                "row_key": key,
                "delivery_id": "d1",
                "delivery_date": "2020-10-28",
                "row_number": 7,
                "link_reason": "exact",
                "row_hash": "h",
                "facts": facts,
            }
            for type_name, role, key, facts in found
        ]
    )


def given_away(text: str) -> list[str]:
    """What the text tells of the family: their secrets as they stand, and numbers that can be worked out from it."""
    worked_out = [number for number in NUMBERS if _left(number, text) < ENOUGH]
    return [secret for secret in SECRETS if secret in text] + worked_out


def _left(number: str, text: str) -> int:
    """How many sound numbers fit all that is shown of this one, its holder's sex and birth (the year at least)."""
    shown = ["*"] * len(number)
    for mask in re.findall(r"(?<![\dX*])[\dX*]{15,18}(?![\dX*])", text.upper()):
        if len(mask) == len(number) and _fits(number, mask):
            shown = [sign if sign != "*" else old for sign, old in zip(mask, shown, strict=True)]
    for length in range(1, 7):
        # A mask of something else that ends as the number does, such as that of a serial number made from it.
        if length > 1 and re.search(rf"\*{number[-length:]}(?!\d)", text):
            shown[-length:] = number[-length:]
    shown[:6] = number[:6]
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    forms = (f"{born}", f"{born:%Y%m%d}", f"{born.year}年{born.month}月{born.day}日")
    return numbers_left("".join(shown), born.year, born if any(form in text for form in forms) else None, number[16])


@cache
def numbers_left(mask: str, year: int, born: date | None, sex_digit: str) -> int:
    """Sound numbers that fit a mask, for a birthday that is known, or is any of the year, and a sex."""
    days: Iterable[date] = [born] if born else (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    begun = Counter(_sum(start, 0) for day in days if _fits(start := f"{mask[:6]}{day:%Y%m%d}", mask))
    odd_or_even = (f"{place:03d}" for place in range(int(sex_digit) % 2, 1000, 2))
    ended = Counter(_sum(place, 14) for place in odd_or_even if _fits(place, mask[14:]))
    return sum(
        times * others
        for start, times in begun.items()
        for end, others in ended.items()
        if _fits(SIGNS[(start + end) % 11], mask[17:])
    )


def _fits(digits: str, mask: str) -> bool:
    return all(shown in {"*", digit} for digit, shown in zip(digits, mask, strict=False))
