"""Personal data as people may see it by default: one function a kind, used where data leaves the database."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "*"
# The compound surnames still in use; a surname tells little, so all of it stays.
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "皇甫",
        "尉迟",
        "令狐",
        "慕容",
        "夏侯",
        "东方",
        "公孙",
        "端木",
        "轩辕",
        "长孙",
        "宇文",
        "独孤",
        "南宫",
        "申屠",
        "钟离",
        "闻人",
        "澹台",
    )
)
NAME_DOTS = "·•・．."
# Not inside a longer run of letters and digits, such as a row's hash.
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")


def mask_id_number(number: str) -> str:
    """Keep issuing division, sequence and check: 529901********1234. What is not 15 or 18 long is hidden whole."""
    if len(number) == 18:
        return number[:6] + HIDDEN * 8 + number[14:]
    if len(number) == 15:
        return number[:6] + HIDDEN * 6 + number[12:]
    return HIDDEN * len(number)


def mask_name(name: str) -> str:
    """Keep the surname (张三 to 张*, 欧阳娜娜 to 欧阳**), or of a name joined by dots the first sign (阿*·***)."""
    kept = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    if len(name) <= 1:
        return HIDDEN * len(name)
    return name[:kept] + "".join(sign if sign in NAME_DOTS else HIDDEN for sign in name[kept:])


def mask_text(text: str, *names: str) -> str:
    """A sentence with every ID number in it, and every one of ``names``, masked."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    return ID_NUMBER.sub(lambda found: mask_id_number(found.group()), text)


# Columns that name an organisation or a place, not a person.
ORGANISATIONS = frozenset(
    ("business_name", "cooperative_name", "employer_name", "enterprise_name", "post_name", "project_name", "site_name")
)
# A disability certificate's number begins with the ID number of its holder, and is longer.
LONG_NUMBER = re.compile(r"\d{15,}[\dXx]*")
KEPT_OF_ADDRESS = 6


def mask_facts(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What a record said, column by column: names, numbers, telephones, plates and addresses hidden in part."""
    return {column: _fact(column, value, names) if isinstance(value, str) else value for column, value in facts.items()}


def mask_key(key: str, facts: Mapping[str, Any]) -> str:
    """A record's key with every value hidden that is hidden among its facts."""
    for column, value in facts.items():
        if isinstance(value, str) and len(value) > 1:
            key = key.replace(value, _fact(column, value, ()))
    return LONG_NUMBER.sub(_middle, key)


def _fact(column: str, value: str, names: tuple[str, ...]) -> str:
    if "name" in column and column not in ORGANISATIONS:
        return mask_name(value)
    if column.endswith(("_id", "id_number")):
        return mask_id_number(value)
    if "phone" in column or column in {"plate_number", "declared_vehicle", "document_no"}:
        return value[:2] + HIDDEN * max(len(value) - 4, 1) + value[-2:] if len(value) > 4 else HIDDEN * len(value)
    if "address" in column:
        return value[:KEPT_OF_ADDRESS] + HIDDEN * max(len(value) - KEPT_OF_ADDRESS, 0)
    return LONG_NUMBER.sub(_middle, mask_text(value, *names))


def _middle(found: re.Match[str]) -> str:
    number = found.group()
    return number[:6] + HIDDEN * (len(number) - 10) + number[-4:]
